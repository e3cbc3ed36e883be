#include "indicators/restated/merger_rules.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>

#include "indicators/restated/territories.h"

namespace fansipan::indicators {
namespace {

using model::Decimal;

FormulaValue Nothing(std::string_view reason) { return {std::nullopt, std::string(reason)}; }

/// Σ weight × share × value, and Σ weight × share; nothing when a sum does not fit.
struct WeightedSum {
  std::optional<Decimal> product = Decimal();
  std::optional<Decimal> weight = Decimal();

  static std::optional<Decimal> Times(const std::optional<Decimal>& left, const Decimal& right) {
    const auto result = left ? Multiply(left->Normalized(), right.Normalized()) : std::nullopt;
    return result ? std::optional(result->Normalized()) : std::nullopt;
  }
  void Add(const Decimal& value, const Decimal& unit_weight, const Decimal& share) {
    const auto counted = Times(unit_weight, share);
    const auto part = Times(counted, value);
    weight = weight && counted ? model::Add(*weight, *counted) : std::nullopt;
    product = product && part ? model::Add(*product, *part) : std::nullopt;
  }
  FormulaValue Mean() const {
    if (!weight || !product) return Nothing("overflow");
    if (weight->is_zero()) return Nothing("division_by_zero");
    const auto mean = Divide(*product, *weight, kQuotientDecimals);
    if (!mean) return Nothing("overflow");
    return {mean->Normalized(), {}};
  }
  FormulaValue Sum() const {
    return product ? FormulaValue{product->Normalized(), {}} : Nothing("overflow");
  }
};

/// Reads the units' figures and weights, noting what is missing.
class UnitReader {
 public:
  UnitReader(const MergerQuestion& question, model::Date day, RestatementNotes& notes)
      : question_(question), rule_(question.indicator.across_merger), day_(day), notes_(notes) {}

  model::RestatedUnit Read(const model::Holding& part) {
    model::RestatedUnit unit{part.unit, part.share, std::nullopt, std::nullopt};
    model::FigureKey key = question_.key;
    key.unit = part.unit;
    key.territory = day_;
    unit.weight = WeightOf(key);
    const FormulaValue value = Value(question_.indicator, key, &notes_.records);
    unit.value = value.value;
    const bool counts = !unit.weight || !unit.weight->is_zero();
    if (counts && !unit.value) {
      notes_.gaps.insert({part.unit, "no_value", question_.indicator.name});
    }
    return unit;
  }

 private:
  FormulaValue Value(const model::Indicator& indicator, const model::FigureKey& key,
                     std::uint64_t* records = nullptr) {
    RestatementNotes inner;
    FormulaValue value = question_.read(indicator, key, inner);
    notes_.gaps.insert(inner.gaps.begin(), inner.gaps.end());
    if (records != nullptr) *records += inner.records;
    return value;
  }

  std::optional<Decimal> WeightOf(const model::FigureKey& key) {
    if (rule_.kind != model::MergerKind::kWeighted) return Decimal::FromInteger(1);
    std::optional<Decimal> weight;
    if (rule_.weight_is_attribute) {
      const auto& attributes = question_.view.center->HistoryOf(key.tree).attributes;
      const auto* known = attributes.Find(key.unit, rule_.weight, day_);
      if (known != nullptr) weight = known->value;
    } else if (const auto* indicator = question_.view.center->FindIndicator(rule_.weight)) {
      weight = Value(*indicator, key).value;
    }
    if (!weight) notes_.gaps.insert({key.unit, "no_weight", rule_.weight});
    return weight;
  }

  const MergerQuestion& question_;
  const model::MergerRule& rule_;
  model::Date day_;
  RestatementNotes& notes_;
};

}  // namespace

bool CombinesFigures(const model::Indicator& indicator) {
  const model::MergerRule& rule = indicator.across_merger;
  return indicator.reported || rule.kind == model::MergerKind::kMean ||
         rule.kind == model::MergerKind::kWeighted ||
         rule.kind == model::MergerKind::kNotComparable;
}

std::optional<FormulaValue> CombineUnits(const MergerQuestion& question, RestatementNotes& notes,
                                         std::vector<model::RestatedUnit>& units) {
  const model::FigureKey& key = question.key;
  const model::MergerRule& rule = question.indicator.across_merger;
  const auto territory = question.view.territories->On(key.tree, *key.territory, rule.share);
  const auto [first, last] = DaysOf(question.view, key.period);
  auto pieces = territory->PiecesOf(key.unit, first, last + std::chrono::days(1));
  // Before there was anything that it is made of, nothing was merged or divided.
  std::erase_if(pieces, [](const auto& piece) { return piece.content->units.empty(); });
  if (std::ranges::all_of(pieces, [](const auto& piece) { return piece.content->unchanged; })) {
    return std::nullopt;
  }
  notes.changed = true;
  for (const auto& piece : pieces) {
    for (const model::Holding& part : piece.content->units) {
      notes.units.emplace(part.unit, part.share);
    }
  }
  if (rule.kind == model::MergerKind::kNotComparable) return Nothing("not_comparable");
  if (pieces.size() > 1) return Nothing("changed_within_period");
  const std::set<model::RestatementGap> before = notes.gaps;
  UnitReader reader(question, last, notes);
  WeightedSum sum;
  for (const model::Holding& part : pieces.front().content->units) {
    units.push_back(reader.Read(part));
    const model::RestatedUnit& unit = units.back();
    if (!unit.share) {
      NoteUnknownShare(part.unit, territory->PlacesOf(part.unit, last).lacking, rule.share, notes);
    }
    if (unit.share && unit.value && unit.weight) sum.Add(*unit.value, *unit.weight, *unit.share);
  }
  if (notes.gaps != before) return Nothing("incomplete");
  return rule.kind == model::MergerKind::kSum ? sum.Sum() : sum.Mean();
}

}  // namespace fansipan::indicators
