#include "indicators/health/contract_standing.h"

#include <algorithm>

#include "center/source_contract.h"

namespace fansipan::indicators {
namespace {

constexpr std::size_t kToldChanges = 5;

std::string DeliveryText(const ContractSent& sent) {
  return "delivery " + std::to_string(sent.delivery.value);
}

std::string TextOf(const model::ColumnChange& change) {
  std::string text = std::string(NameOf(change.kind)) + " '" + change.column + "'";
  if (!change.was.empty() && change.was != change.column) text += " from '" + change.was + "'";
  if (change.kind == model::ColumnChangeKind::kUnitChanged) return text + " by 10^" + change.now;
  if (!change.now.empty()) text += " to '" + change.now + "'";
  return text;
}

std::string TextOf(const model::ControlTotals& totals) {
  const std::string accepted = std::to_string(totals.rows_accepted) + " rows are accepted";
  const bool sum_differs = std::ranges::any_of(totals.sums, [](const model::ControlSum& sum) {
    return sum.told && sum.told != sum.accepted;
  });
  const std::string other =
      sum_differs ? ", and a sum differs" : ", and keys that were told are missing";
  if (!totals.rows_told) return accepted + other;
  const std::string told = std::to_string(*totals.rows_told);
  if (totals.rows_arrived > *totals.rows_told) {
    return std::to_string(totals.rows_arrived) + " rows came where " + told + " are told";
  }
  return accepted + " of " + told + " told" +
         (totals.rows_accepted == *totals.rows_told ? other : "");
}

}  // namespace

ContractStanding StandingNow(ContractStanding standing, const center::Source& source) {
  const center::SourceContract& contract = center::ContractOf(source);
  if (!contract.control_totals) {
    standing.incomplete = nullptr;
    standing.incomplete_deliveries = 0;
    standing.not_told = nullptr;
  }
  const auto& from = contract.schema.known_from;
  const bool known = standing.drifting && from && standing.drifting->received_at < *from;
  if (contract.schema.off || known) standing.drifting = nullptr;
  if (!contract.volume) standing.unusual_volume = nullptr;
  return standing;
}

std::vector<model::TrustMark> ContractMarks(const ContractStanding& standing) {
  std::vector<model::TrustMark> marks;
  if (standing.incomplete) marks.push_back(model::TrustMark::kIncomplete);
  if (standing.not_told) marks.push_back(model::TrustMark::kControlTotalMissing);
  if (standing.drifting) marks.push_back(model::TrustMark::kDrifting);
  if (standing.unusual_volume) marks.push_back(model::TrustMark::kUnusualVolume);
  return marks;
}

std::optional<SourceTrouble> DriftOf(const ContractStanding& standing) {
  if (!standing.drifting) return std::nullopt;
  const ContractSent& sent = *standing.drifting;
  const std::vector<model::ColumnChange>& changes = sent.facts.drift->changes;
  std::string message = DeliveryText(sent) + " has other columns than those before it: ";
  for (std::size_t i = 0; i < std::min(changes.size(), kToldChanges); ++i) {
    message += (i == 0 ? "" : ", ") + TextOf(changes[i]);
  }
  if (changes.size() > kToldChanges) {
    const std::uint64_t more = changes.size() - kToldChanges + sent.facts.drift->more;
    message += " and " + std::to_string(more) + " more";
  }
  message += "; ask the source whether that stays, then mend the mapping and declare known_from";
  return SourceTrouble{
      standing.drifting_since, "schema_drift", std::move(message), {}, sent.delivery};
}

std::optional<SourceTrouble> IncompleteOf(const ContractStanding& standing) {
  if (!standing.incomplete) return std::nullopt;
  const ContractSent& sent = *standing.incomplete;
  return SourceTrouble{standing.incomplete_since,
                       "control_totals",
                       DeliveryText(sent) + " does not agree with its control totals: " +
                           TextOf(*sent.facts.control) +
                           "; ask the source for what is missing, or mend what was set aside",
                       {},
                       sent.delivery};
}

}  // namespace fansipan::indicators
