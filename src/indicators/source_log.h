#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "indicators/health/contract_history.h"
#include "indicators/health/source_conditions.h"
#include "model/record.h"
#include "store/journal.h"

namespace fansipan::indicators {

/// What is known of a source at some moment.
struct SourceFacts {
  std::optional<base::Timestamp> last_sign_of_life;  ///< a delivery, a heartbeat, an empty poll
  std::optional<base::Timestamp> received_at;        ///< of the youngest accepted delivery
  std::optional<base::Timestamp> data_as_of;         ///< the latest moment its rows spoke of
  std::uint64_t deliveries = 0;                      ///< accepted ones, replays not counted
};

/// The youngest delivery of a source that named places by codes that had ended, as it was read
/// last.
struct OldCodesSent {
  model::OldCodes codes;
  model::Sequence delivery;
  base::Timestamp received_at;
};

/// All that is known of a source at some moment.
struct SourceKnowledge {
  SourceFacts facts;
  SourceConditions conditions;
  ContractStanding contract;
};

/// From when on something else was known of a source; each up to and with the entry.
struct FactsEntry {
  base::Timestamp recorded_at;
  SourceFacts facts;
};
struct ContractEntry {
  base::Timestamp recorded_at;
  ContractStanding standing;
};

/// What was known of one source over a span of time: a copy, to be judged while the log goes on.
struct SourceEntries {
  base::Timestamp from;
  SourceKnowledge before;  ///< at `from`
  std::vector<FactsEntry> facts;
  std::vector<ConditionsEntry> conditions;
  std::vector<ContractEntry> contracts;

  /// `left_out`: so many changes of its conditions right before this moment are not kept.
  using Visit =
      std::function<void(base::Timestamp, const SourceKnowledge&, std::uint64_t left_out)>;
  /// Calls `visit` with `from` and what was known then, then with each moment at which that
  /// changed, in order.
  void Follow(const Visit& visit) const;
};

/// When each source delivered and gave signs of life, so that its state at any past moment is
/// known. Safe from any thread.
class SourceLog {
 public:
  void AddDelivery(const model::Delivery& delivery, base::Timestamp recorded_at);
  void AddLifeSign(std::string_view source, base::Timestamp at, base::Timestamp recorded_at);
  void AddNote(const store::SourceNote& note, base::Timestamp recorded_at);
  /// What was known of the source at `moment`.
  SourceFacts FactsAt(std::string_view source, base::Timestamp moment) const;
  SourceConditions ConditionsAt(std::string_view source, base::Timestamp moment) const;
  ContractStanding ContractAt(std::string_view source, base::Timestamp moment) const;
  std::optional<OldCodesSent> OldCodesAt(std::string_view source, base::Timestamp moment) const;

  /// What changed after `from`, up to `to`.
  SourceEntries EntriesOf(std::string_view source, base::Timestamp from, base::Timestamp to) const;

 private:
  /// Few sources send any, and those for a time.
  struct OldCodesEntry {
    base::Timestamp recorded_at;
    std::optional<OldCodesSent> sent;  ///< nothing: no delivery is left that names any
  };
  using OldCodesByDelivery = std::map<model::Sequence, OldCodesSent>;  ///< by the original one
  void NoteOutcome(const model::Delivery& delivery, base::Timestamp recorded_at);
  void SetConditions(std::string_view source, base::Timestamp recorded_at,
                     const std::function<void(SourceConditions&)>& change);
  void NoteOldCodes(const model::Delivery& delivery, base::Timestamp recorded_at);
  void NoteContract(const model::Delivery& delivery, base::Timestamp recorded_at);
  FactsEntry& NextEntry(std::string_view source, base::Timestamp recorded_at);

  mutable std::shared_mutex mutex_;  ///< guards what follows
  std::map<std::string, std::vector<FactsEntry>, std::less<>> entries_;
  std::map<std::string, std::vector<OldCodesEntry>, std::less<>> old_codes_;
  std::map<std::string, OldCodesByDelivery, std::less<>> old_codes_by_delivery_;
  std::map<std::string, ConditionLog, std::less<>> conditions_;  ///< few sources have any
  std::map<std::string, std::vector<ContractEntry>, std::less<>> contracts_;  ///< where one changed
  std::map<std::string, ContractHistory, std::less<>> contract_histories_;
};

}  // namespace fansipan::indicators
