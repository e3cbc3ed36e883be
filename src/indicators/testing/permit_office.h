#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "center/center.h"
#include "indicators/engine.h"
#include "store/testing/fake_journal.h"

namespace fansipan::indicators::testing {

/// "2026-03-02 09:00" in UTC.
base::Timestamp At(std::string_view text);

/// A permit as a test writes it: missing moments stay missing.
struct Permit {
  std::int64_t id = 0;
  std::string commune;
  std::string channel = "online";
  base::Timestamp received;
  std::optional<base::Timestamp> due;
  std::optional<base::Timestamp> ended;
  std::int64_t revision = 1;
};

/// What a delivery shows of its contract: columns as they were; one column of another name than in
/// `reference`; so many rows accepted of those told.
model::ContractFacts AsBefore();
model::ContractFacts Renamed(model::Sequence reference);
model::ContractFacts Counted(std::uint64_t accepted, std::uint64_t told);

/// A center with two communes, one dataset of permits and a few indicators, a journal in memory and
/// the engine over it. Time is UTC. Beside the calendar it has the regime "reporting", from the
/// 15th to the 14th.
class PermitOffice {
 public:
  PermitOffice();

  center::Center& center() { return *center_; }
  /// Builds the engine; the center is not to be changed after.
  void Open();
  /// Builds the engine anew from the journal and the place's cell log.
  void Restore(const CellLogPlace& place);
  base::Status TryRestore(const CellLogPlace& place);
  /// One delivery of source "office" with these permits, received and recorded at `now`.
  void Deliver(base::Timestamp now, const std::vector<Permit>& permits);
  void Heartbeat(base::Timestamp now);
  /// A delivery that could not be taken.
  void Refuse(base::Timestamp now);
  /// One delivery without rows that shows this of the source's contract; gives its sequence.
  model::Sequence Show(base::Timestamp now, model::ContractFacts facts);
  /// A delivery whose only row was set aside.
  void SetAside(base::Timestamp now, std::uint32_t raw_row);
  /// A condition of the source begins, with a reason, or ends.
  void Note(base::Timestamp now, store::SourceCondition condition, bool begins,
            const std::string& reason = {});
  Engine& engine() { return *engine_; }
  store::Journal& journal() { return journal_; }
  std::shared_ptr<const center::Center> shared_center() const { return center_; }

  model::Figure Figure(const std::string& indicator, const std::string& period,
                       const std::string& unit = "root",
                       std::optional<base::Timestamp> as_of = std::nullopt) const;
  model::FigureKey Key(const std::string& indicator, const std::string& period,
                       const std::string& unit = "root") const;

 private:
  store::JournalEntry NextEntry(base::Timestamp now);
  void Record(const store::JournalEntry& entry);

  std::shared_ptr<center::Center> center_ = std::make_shared<center::Center>();
  store::FakeJournal journal_;
  std::unique_ptr<Engine> engine_;
  std::uint64_t entries_ = 0;
  std::uint64_t sequence_ = 0;
};

}  // namespace fansipan::indicators::testing
