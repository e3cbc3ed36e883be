#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/record.h"

namespace fansipan::indicators {

/// What is known of a source at some moment.
struct SourceFacts {
  std::optional<base::Timestamp> last_sign_of_life;  ///< a delivery, a heartbeat, an empty poll
  std::optional<base::Timestamp> received_at;        ///< of the youngest accepted delivery
  std::optional<base::Timestamp> data_as_of;         ///< the latest moment its rows spoke of
  std::uint64_t deliveries = 0;                      ///< accepted ones, replays not counted
};

/// The youngest delivery of a source that named places by codes that had ended.
struct OldCodesSent {
  model::OldCodes codes;
  model::Sequence delivery;
  base::Timestamp received_at;
};

/// When each source delivered and gave signs of life, so that its state at any past moment is
/// known. Safe from any thread.
class SourceLog {
 public:
  void AddDelivery(const model::Delivery& delivery, base::Timestamp recorded_at);
  void AddLifeSign(std::string_view source, base::Timestamp at, base::Timestamp recorded_at);
  /// What was known of the source at `moment`.
  SourceFacts FactsAt(std::string_view source, base::Timestamp moment) const;
  std::optional<OldCodesSent> OldCodesAt(std::string_view source, base::Timestamp moment) const;

 private:
  struct Entry {
    base::Timestamp recorded_at;
    SourceFacts facts;  ///< up to and with this entry
  };
  /// Few sources send any, and those for a time.
  struct OldCodesEntry {
    base::Timestamp recorded_at;
    OldCodesSent sent;
  };
  Entry& NextEntry(std::string_view source, base::Timestamp recorded_at);

  mutable std::shared_mutex mutex_;  ///< guards what follows
  std::map<std::string, std::vector<Entry>, std::less<>> entries_;
  std::map<std::string, std::vector<OldCodesEntry>, std::less<>> old_codes_;
};

}  // namespace fansipan::indicators
