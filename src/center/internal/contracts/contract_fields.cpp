#include "center/internal/contracts/contract_fields.h"

#include "center/source_contract.h"

namespace fansipan::center {
namespace {

std::string TextOf(const ControlPlace& place) {
  return Joined({std::to_string(static_cast<int>(place.kind)), std::to_string(place.line),
                 std::to_string(place.cell), place.at, place.header, place.url, place.after});
}

void AppendControlTotals(const ControlTotals& totals, Fields& fields) {
  std::string places;
  for (const ControlPlace* place : PlacesOf(totals)) places += TextOf(*place) + "; ";
  std::string sums;
  for (const ControlSumPlace& sum : totals.sums) sums += sum.dataset + "." + sum.column + " ";
  fields.emplace_back("control_totals", places);
  fields.emplace_back("control_totals.sums", sums);
  fields.emplace_back("control_totals.keys", Joined({totals.keys_dataset, totals.keys_at}));
  fields.emplace_back("control_totals.counts", totals.mapped_only ? "mapped" : "all");
  fields.emplace_back("control_totals.cleared_by", std::string(NameOf(totals.cleared_by)));
  fields.emplace_back("control_totals.decimal_mark", std::string(1, totals.decimal_mark));
}

}  // namespace

void AppendContract(const Source& source, Fields& fields) {
  const SourceContract& contract = ContractOf(source);
  if (contract.contact) {
    fields.emplace_back("contact", Joined({contract.contact->name, contract.contact->phone,
                                           contract.contact->email}));
  }
  fields.emplace_back("freshness", TextOf(contract.freshness));
  fields.emplace_back("cadence", contract.cadence ? ToText(*contract.cadence) : "");
  if (contract.volume) {
    fields.emplace_back("volume", Joined({contract.volume->learnt ? "learnt" : "declared",
                                          std::to_string(contract.volume->least),
                                          std::to_string(contract.volume->most)}));
  }
  fields.emplace_back("schema.watch", contract.schema.off ? "false" : "true");
  fields.emplace_back("schema.measures", TextOf(contract.schema.measures));
  if (contract.schema.known_from) {
    fields.emplace_back("schema.known_from",
                        model::ToText(model::Value(*contract.schema.known_from)));
  }
  if (contract.control_totals) AppendControlTotals(*contract.control_totals, fields);
}

}  // namespace fansipan::center
