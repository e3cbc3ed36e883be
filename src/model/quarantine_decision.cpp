#include "model/quarantine_decision.h"

#include <algorithm>
#include <array>

namespace fansipan::model {
namespace {

struct Named {
  QuarantineVerdict verdict;
  std::string_view name;
};
constexpr std::array kNames{Named{QuarantineVerdict::kDiscarded, "discarded"},
                            Named{QuarantineVerdict::kAccepted, "accepted"},
                            Named{QuarantineVerdict::kReopened, "reopened"}};

}  // namespace

std::string_view NameOf(QuarantineVerdict verdict) {
  const auto found = std::ranges::find(kNames, verdict, &Named::verdict);
  return found == kNames.end() ? "" : found->name;
}

std::optional<QuarantineVerdict> FindVerdict(std::string_view name) {
  const auto found = std::ranges::find(kNames, name, &Named::name);
  if (found == kNames.end()) return std::nullopt;
  return found->verdict;
}

void Note(const QuarantineDecision& decision, AcceptedByDelivery& accepted) {
  const std::pair row{decision.row.dataset, decision.row.raw_row};
  const auto rows = accepted.try_emplace(decision.row.delivery).first;
  rows->second.erase(row);
  if (decision.verdict == QuarantineVerdict::kAccepted) rows->second.insert(row);
  if (rows->second.empty()) accepted.erase(rows);
}

AcceptedRows AcceptedOf(const AcceptedByDelivery& accepted, Sequence delivery) {
  const auto found = accepted.find(delivery);
  return found == accepted.end() ? AcceptedRows() : found->second;
}

bool IsAcceptable(std::string_view quarantine_reason) {
  return quarantine_reason == "not_allowed" || quarantine_reason == "rule_broken";
}

}  // namespace fansipan::model
