#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "model/record.h"

namespace fansipan::model {

/// What a person decided about a quarantined row. The numbers are part of the journal's format.
enum class QuarantineVerdict : std::uint8_t {
  kDiscarded = 1,  ///< it stays out for good
  kAccepted = 2,   ///< it is taken in although it breaks what is declared of its values
  kReopened = 3,   ///< the decision before is taken back
};
std::string_view NameOf(QuarantineVerdict verdict);
std::optional<QuarantineVerdict> FindVerdict(std::string_view name);

/// A raw row of a delivery, as far as it was meant for one dataset.
struct DeliveredRow {
  Sequence delivery;          ///< the original one
  std::string dataset;        ///< empty when the row could not be decoded at all
  std::uint32_t raw_row = 0;  ///< 1-based in the archived payload
  auto operator<=>(const DeliveredRow&) const = default;
};

/// Of several decisions about one row the last one holds, also when the delivery is read again and
/// the row has another fault then.
struct QuarantineDecision {
  Sequence sequence;
  DeliveredRow row;
  QuarantineVerdict verdict = QuarantineVerdict::kDiscarded;
  std::string reason;      ///< in the words of whoever decided; never empty
  std::string decided_by;  ///< as in the audit log
  base::Timestamp decided_at;
  bool operator==(const QuarantineDecision&) const = default;
};

/// Dataset and raw row of those rows of one delivery that are accepted.
using AcceptedRows = std::set<std::pair<std::string, std::uint32_t>>;
/// Of each original delivery that has any.
using AcceptedByDelivery = std::map<Sequence, AcceptedRows>;

/// Notes the decision behind those before it.
void Note(const QuarantineDecision& decision, AcceptedByDelivery& accepted);
AcceptedRows AcceptedOf(const AcceptedByDelivery& accepted, Sequence delivery);

/// Whether a row set aside for this reason can be taken in: its values are of their types, its key,
/// period and place are known, only a declared check of values is broken.
bool IsAcceptable(std::string_view quarantine_reason);

}  // namespace fansipan::model
