#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/clock.h"
#include "model/record.h"

namespace fansipan::indicators {

/// A delivery that showed its source's contract broken; never null where it is handed out.
struct ContractSent {
  model::ContractFacts facts;  ///< of what is broken alone; without the profile of its columns
  model::Sequence delivery;
  base::Timestamp received_at;
};

/// What the deliveries of a source have left standing of its contract. Null: nothing.
struct ContractStanding {
  /// The youngest that nothing has made good, with the first kNamedOfYoungest of its missing rows;
  /// at moments behind which a younger one came, without them.
  std::shared_ptr<const ContractSent> incomplete;
  std::uint64_t incomplete_deliveries = 0;       ///< how many of them there are
  base::Timestamp incomplete_since;              ///< when the oldest of them came
  std::shared_ptr<const ContractSent> not_told;  ///< the first in a row that told no such total
  std::shared_ptr<const ContractSent> drifting;  ///< the first in a row that differed so
  base::Timestamp drifting_since;                ///< when the first in a row that differed came
  std::shared_ptr<const ContractSent> unusual_volume;  ///< the first in a row of just so many rows
};
inline constexpr std::size_t kNamedOfYoungest = 10;
/// More incomplete deliveries of a source are counted, but each by itself can no longer be made
/// good.
inline constexpr std::size_t kMaxIncomplete = 1000;

/// Follows the deliveries of one source. What is alike in a row is kept once, so that a source that
/// is broken for years takes little memory. One thread.
class ContractHistory {
 public:
  /// What is left standing with this delivery.
  void Note(const model::Delivery& delivery, ContractStanding& standing);
  /// The same incomplete delivery without the names of its missing rows, for what is past.
  static std::shared_ptr<const ContractSent> WithoutNamed(const ContractSent& sent);

 private:
  using Sent = std::shared_ptr<const ContractSent>;
  void NoteControl(const model::Delivery& delivery, ContractStanding& standing);
  void AddIncomplete(const model::Delivery& delivery, model::Sequence own);
  void MakeGood(const model::ControlTotals& now);
  void MakeGoodByReplay(model::Sequence own);
  void Remember(model::Sequence made_good);
  void NoteNotTold(const model::Delivery& delivery, ContractStanding& standing);
  void SetIncomplete(ContractStanding& standing);

  /// Deliveries that nothing has made good, by the sequence of the original; without named rows.
  std::map<model::Sequence, Sent> incomplete_;
  Sent youngest_;               ///< the last of them that came, with named rows
  std::uint64_t left_out_ = 0;  ///< incomplete ones beyond kMaxIncomplete, the oldest
  std::optional<base::Timestamp> left_out_since_;
  /// Originals that a later delivery made good: their own replays open them no more.
  std::set<model::Sequence> made_good_;
  model::Sequence forgotten_{};  ///< up to here `made_good_` knows nothing any more
  std::optional<model::Sequence> last_not_told_;
};

}  // namespace fansipan::indicators
