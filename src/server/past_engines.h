#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "indicators/changes/figure_change.h"
#include "indicators/engine.h"
#include "model/expression.h"
#include "server/log_turns.h"
#include "store/archive.h"
#include "store/journal.h"

namespace fansipan::server {

/// Engines of centers that ran before, so that a past moment is answered by the rules that were
/// known then. The journal says which center ran when and the archive has its text; its cells are
/// those of its cell log, which stays when another center takes over. A log that is gone or ended
/// early is computed again from the journal when somebody asks, and then stays, too. Safe from any
/// thread. Engines are opened on a thread of its own, one at a time; who asks waits for it with
/// patience, and what was begun goes on for the next one.
class PastEngines {
 public:
  using EnginePointer = std::shared_ptr<const indicators::Engine>;

  struct Parts {
    store::Journal* journal = nullptr;
    store::Archive* archive = nullptr;
    const model::ExpressionParser* parser = nullptr;
    indicators::CellLogPlace place;
    /// The engine that runs when this is called; may give null. Empty: nothing else runs.
    std::function<EnginePointer()> running{};
  };

  explicit PastEngines(Parts parts) : parts_(std::move(parts)) {}
  ~PastEngines() { Stop(); }
  PastEngines(const PastEngines&) = delete;
  PastEngines& operator=(const PastEngines&) = delete;

  /// Ends what is being opened; nothing is opened any more.
  void Stop();
  /// To be taken by whoever else writes in the place.
  LogTurns& turns() { return turns_; }

  /// Logs of so many centers stay, the last ones that ran.
  static constexpr std::size_t kKeptLogs = 8;
  /// Whether the log of a center stays.
  bool Keeps(const std::string& revision);

  /// The engine that answers for `moment`: `running`, or that of the center of then. kCorrupt: the
  /// archived center can no longer be read. Errors of the patience: it may take as long as reading
  /// the journal does.
  base::Result<EnginePointer> EngineAt(base::Timestamp moment, const EnginePointer& running,
                                       const base::Patience& patience = {});
  /// All eras so far. Their engines are opened when they are asked for, with this patience.
  base::Result<std::vector<indicators::Era>> Eras(const EnginePointer& running,
                                                  const base::Patience& patience = {});
  /// Begins to make the log whole of the center that ran before the last one: a process that starts
  /// with another center had no time to note its end. Does not wait.
  void Prepare();

  /// Notes beside the log that it is whole up to `end`, where its center ceased to run.
  static base::Status NoteEnd(const indicators::CellLogPlace& place,
                              const indicators::Engine& engine, base::Timestamp end);

 private:
  /// One center's time, as the journal tells it.
  struct Reign {
    store::CenterChange center;
    base::Timestamp from;
    store::JournalEnd end;  ///< with the entry that ended it; of the last one: not known
  };

  /// In order of time.
  base::Result<std::vector<Reign>> ReadReigns();
  /// An engine that is opened, or will be. Guarded by opening_mutex_.
  struct Opening {
    Reign reign;
    bool asked = false;  ///< somebody waits, or waited: it is kept for the next one
    std::optional<base::Result<EnginePointer>> result;
  };

  base::Result<EnginePointer> Find(const std::vector<Reign>& reigns, std::size_t index,
                                   const EnginePointer& running, const base::Patience& patience);
  static std::size_t LastOf(const std::vector<Reign>& reigns, std::size_t index);
  std::shared_ptr<Opening> Want(const Reign& reign);
  void OpenWanted(const std::stop_token& stop);
  base::Result<EnginePointer> OpenInTurn(const Reign& reign, const std::stop_token& stop);
  base::Result<EnginePointer> Open(const Reign& reign, const std::stop_token& stop) const;

  const Parts parts_;
  std::mutex reigns_mutex_;  ///< guards what follows; held for moments only
  std::vector<Reign> reigns_;
  std::uint64_t read_ = 0;  ///< entries of the journal
  model::Sequence last_{};  ///< the highest sequence in them

  LogTurns turns_;

  std::mutex opening_mutex_;  ///< guards what follows; held for moments only
  std::condition_variable_any opening_changed_;
  std::list<EnginePointer> opened_;  ///< youngest use first, few
  std::list<std::shared_ptr<Opening>>
      wanted_;  ///< at most one for each center; the first is opened
  bool stopped_ = false;
  std::jthread opener_;  ///< started with the first one that is wanted
};

}  // namespace fansipan::server
