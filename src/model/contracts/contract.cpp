#include "model/contracts/contract.h"

#include <utility>

namespace fansipan::model {

std::string_view NameOf(Reconciliation outcome) {
  switch (outcome) {
    case Reconciliation::kComplete:
      return "complete";
    case Reconciliation::kIncomplete:
      return "incomplete";
    case Reconciliation::kNotTold:
      return "not_told";
  }
  return "";
}

std::string_view NameOf(ClearedBy cleared_by) {
  switch (cleared_by) {
    case ClearedBy::kAny:
      return "any";
    case ClearedBy::kSamePeriod:
      return "same_period";
    case ClearedBy::kReplay:
      return "replay";
  }
  return "";
}

std::string_view NameOf(ColumnChangeKind kind) {
  switch (kind) {
    case ColumnChangeKind::kNew:
      return "new";
    case ColumnChangeKind::kMissing:
      return "missing";
    case ColumnChangeKind::kRenamed:
      return "renamed";
    case ColumnChangeKind::kReordered:
      return "reordered";
    case ColumnChangeKind::kEmptied:
      return "emptied";
    case ColumnChangeKind::kTypeChanged:
      return "type_changed";
    case ColumnChangeKind::kUnitChanged:
      return "unit_changed";
  }
  return "";
}

std::optional<ContractFacts> WithoutProfile(std::optional<ContractFacts> facts) {
  if (!facts) return facts;
  facts->profile = {};
  return facts->IsEmpty() ? std::nullopt : std::move(facts);
}

}  // namespace fansipan::model
