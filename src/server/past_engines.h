#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "indicators/changes/figure_change.h"
#include "indicators/engine.h"
#include "model/expression.h"
#include "store/archive.h"
#include "store/journal.h"

namespace fansipan::server {

/// Engines of centers that ran before, so that a past moment is answered by the rules that were
/// known then. The journal says which center ran when and the archive has its text; its cells are
/// those of its cell log, which stays when another center takes over. A log that is gone or ended
/// early is computed again from the journal when somebody asks, and then stays, too. Safe from any
/// thread; one engine is opened at a time.
class PastEngines {
 public:
  using EnginePointer = std::shared_ptr<const indicators::Engine>;

  struct Parts {
    store::Journal* journal = nullptr;
    store::Archive* archive = nullptr;
    const model::ExpressionParser* parser = nullptr;
    indicators::CellLogPlace place;
  };

  explicit PastEngines(Parts parts) : parts_(std::move(parts)) {}

  /// Logs of so many centers stay, the last ones that ran.
  static constexpr std::size_t kKeptLogs = 8;
  /// Whether the log of a center stays.
  bool Keeps(const std::string& revision);

  /// The engine that answers for `moment`: `running`, or that of the center of then. kCorrupt: the
  /// archived center can no longer be read.
  base::Result<EnginePointer> EngineAt(base::Timestamp moment, const EnginePointer& running);
  /// All eras so far. Their engines are opened when they are asked for.
  base::Result<std::vector<indicators::Era>> Eras(const EnginePointer& running);

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
  base::Result<EnginePointer> Find(const std::vector<Reign>& reigns, std::size_t index,
                                   const EnginePointer& running);
  base::Result<EnginePointer> Open(const Reign& reign) const;

  const Parts parts_;
  std::mutex reigns_mutex_;  ///< guards what follows; held for moments only
  std::vector<Reign> reigns_;
  std::uint64_t read_ = 0;  ///< entries of the journal
  model::Sequence last_{};  ///< the highest sequence in them

  std::mutex opening_mutex_;         ///< guards what follows; held while an engine is opened
  std::list<EnginePointer> opened_;  ///< youngest use first, few
};

}  // namespace fansipan::server
