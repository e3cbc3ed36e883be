#include "sources/contract/contract_memory.h"

#include <algorithm>
#include <utility>

#include "model/spelling/composing.h"
#include "sources/contract/schema_comparison.h"
#include "sources/contract/usual_volume.h"

namespace fansipan::sources {
namespace {

using Profiles = std::vector<model::ColumnProfile>;

constexpr std::string_view kAccepted = "accepted";

/// Too few rows to say how columns are written.
bool IsThin(const Profiles& columns) {
  return columns.empty() || columns.front().cells < kLeastComparedCells;
}

}  // namespace

void ContractMemory::Learn(const model::Delivery& delivery) {
  if (delivery.replay_of || delivery.source == model::kCenterSource) return;
  const bool accepted = delivery.outcome == kAccepted;
  if (!accepted && !delivery.contract) return;
  Known& known = sources_[delivery.source];
  if (accepted) {
    known.rows.push_back(delivery.counts.raw_rows);
    if (known.rows.size() > kLearntFrom) known.rows.pop_front();
  }
  if (!delivery.contract) return;
  const model::ContractFacts& facts = *delivery.contract;
  if (facts.drift) known.drifted = true;
  if (facts.drift || facts.profile.empty()) return;
  known.drifted = false;
  // A few rows say that the columns are sound; they do not say how these are written.
  const bool better = known.columns.empty() || !IsThin(facts.profile) || IsThin(known.columns) ||
                      !std::ranges::equal(known.columns, facts.profile, {},
                                          &model::ColumnProfile::name, &model::ColumnProfile::name);
  if (!better) return;
  known.reference = delivery.sequence;
  known.received_at = delivery.received_at;
  known.columns = facts.profile;
  // Journals of earlier programs have names as the source wrote them.
  for (model::ColumnProfile& column : known.columns) column.name = model::Compose(column.name);
}

void ContractMemory::Keep(const std::string& source, Before& before) const {
  if (before.sources_.contains(source)) return;
  const auto known = sources_.find(source);
  before.sources_.emplace(source, known == sources_.end() ? Known() : known->second);
}

void ContractMemory::Restore(const Before& before) {
  for (const auto& [source, known] : before.sources_) sources_[source] = known;
}

void ContractMemory::Judge(const center::Source& source, model::Delivery& delivery) const {
  if (delivery.replay_of) return;
  static const Known kNothingKnown;
  const center::SourceContract& contract = center::ContractOf(source);
  const auto found = sources_.find(delivery.source);
  const Known& known = found == sources_.end() ? kNothingKnown : found->second;
  model::ContractFacts facts = std::move(delivery.contract).value_or(model::ContractFacts());
  JudgeSchema(contract, known, delivery, facts);
  if (delivery.outcome == kAccepted) {
    facts.unusual_volume = JudgeVolume(contract.volume, known.rows, delivery.counts.raw_rows);
  }
  delivery.contract = facts.IsEmpty() ? std::nullopt : std::optional(std::move(facts));
}

void ContractMemory::JudgeSchema(const center::SourceContract& contract, const Known& known,
                                 const model::Delivery& delivery, model::ContractFacts& facts) {
  if (contract.schema.off) facts.profile.clear();
  if (facts.profile.empty()) return;
  const auto& from = contract.schema.known_from;
  const bool comparable = !known.columns.empty() && (!from || known.received_at >= *from);
  if (comparable) {
    auto changes = CompareColumns(known.columns, facts.profile, contract.schema.measures);
    const std::size_t more = changes.size() - std::min(changes.size(), model::kMaxChanges);
    changes.resize(changes.size() - more);
    if (!changes.empty()) {
      facts.drift = model::SchemaDrift{known.reference, std::move(changes), more};
    }
  }
  // Small deliveries come often: their columns are kept when they are the first, differ, or are
  // sound again.
  const bool told = comparable && !facts.drift && !known.drifted;
  if (told && IsThin(facts.profile)) facts.profile.clear();
  if (delivery.outcome != kAccepted) facts.profile.clear();
}

}  // namespace fansipan::sources
