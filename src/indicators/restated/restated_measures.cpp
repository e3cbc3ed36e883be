#include "indicators/restated/restated_measures.h"

#include <algorithm>
#include <chrono>

#include "indicators/formula.h"
#include "indicators/restated/territories.h"
#include "model/days.h"

namespace fansipan::indicators {
namespace {

const model::Decimal& Whole() {
  static const model::Decimal kWhole = model::Decimal::FromInteger(1);
  return kWhole;
}

bool IsNothing(const Accumulator& sum) {
  return sum.count == 0 && sum.sum == 0 && sum.values.empty();
}

void AddTo(Accumulator& total, const Accumulator& other, int sign) {
  total.count += sign * other.count;
  total.sum += sign * other.sum;
  for (const auto& [value, times] : other.values) total.values.emplace_back(value, sign * times);
}

}  // namespace

/// Adds up what is read, whole numbers as such: shares are the exception.
class RestatedMeasures::Total {
 public:
  Total(const View& view, MeasureId id) : view_(view), id_(id) {}

  bool IsDivisible() const {
    const model::Aggregate aggregate = view_.plan->measure(id_).aggregate;
    return aggregate == model::Aggregate::kCount || aggregate == model::Aggregate::kSum ||
           aggregate == model::Aggregate::kAverage;
  }

  void Add(const Accumulator& sum, const model::Decimal& share) {
    if (share == Whole()) return AddTo(whole_, sum, 1);
    divided_ = true;
    divided_records_ += static_cast<std::uint64_t>(std::max<std::int64_t>(sum.count, 0));
    AddProduct(count_, model::Decimal::FromInteger(sum.count), share);
    AddProduct(sum_, model::Decimal(sum.sum, view_.plan->ScaleOf(id_)), share);
  }

  MeasureValue Value() {
    CombineValues(whole_.values);
    if (whole_.values.size() > model::kMaxDistinctValuesPerCell) {
      return NoMeasure("too_many_values");
    }
    if (!divided_) return Finish(view_, id_, whole_);
    AddProduct(count_, model::Decimal::FromInteger(whole_.count), Whole());
    AddProduct(sum_, model::Decimal(whole_.sum, view_.plan->ScaleOf(id_)), Whole());
    if (!count_ || !sum_) return NoMeasure("overflow");
    MeasureValue value;
    value.records =
        static_cast<std::uint64_t>(std::max<std::int64_t>(whole_.count, 0)) + divided_records_;
    const model::Aggregate aggregate = view_.plan->measure(id_).aggregate;
    value.value = aggregate == model::Aggregate::kCount ? count_ : sum_;
    if (aggregate == model::Aggregate::kAverage) {
      if (count_->is_zero()) return NoMeasure("no_records");
      value.value = Divide(*sum_, *count_, kQuotientDecimals);
      if (!value.value) return NoMeasure("overflow");
    }
    value.value = value.value->Normalized();
    return value;
  }

 private:
  static void AddProduct(std::optional<model::Decimal>& total, const model::Decimal& amount,
                         const model::Decimal& share) {
    const auto product = Multiply(amount.Normalized(), share.Normalized());
    total = total && product ? model::Add(*total, *product) : std::nullopt;
    if (total) total = total->Normalized();
  }

  const View& view_;
  MeasureId id_;
  Accumulator whole_;
  bool divided_ = false;
  std::uint64_t divided_records_ = 0;
  std::optional<model::Decimal> count_ = model::Decimal();
  std::optional<model::Decimal> sum_ = model::Decimal();
};

std::pair<model::Date, model::Date> DaysOf(const View& view, const model::Period& period) {
  const model::Date first = model::DayOf(period.from);
  const model::Date last = std::min(model::LastDayOf(period), model::DayOf(LocalNow(view)));
  return {first, std::max(first, last)};
}

std::optional<std::vector<RestatedMeasures::Piece>> RestatedMeasures::PiecesOf(
    MeasureId measure, const model::FigureKey& key,
    const model::RestatedTerritory& territory) const {
  const auto range = RangeOf(view_, measure, key);
  if (!range) return std::nullopt;
  const auto [first_day, last_day] = DaysOf(view_, key.period);
  if (view_.plan->measure(measure).kind == model::MeasureKind::kStock) {
    return std::vector<Piece>{
        {&territory.ContentOf(key.unit, last_day), last_day, range->first, range->last}};
  }
  const model::Grain grain = view_.plan->measure_set(view_.plan->SetOf(measure)).grain;
  const auto leaf_of = [&](model::Date day) {
    return model::LeafOf(base::LocalTime(day.time_since_epoch()), grain);
  };
  std::vector<Piece> pieces;
  const auto parts = territory.PiecesOf(key.unit, first_day, last_day + std::chrono::days(1));
  pieces.reserve(parts.size());
  for (const auto& part : parts) {
    pieces.push_back({part.content, part.from, std::max(range->first, leaf_of(part.from)),
                      std::min(range->last, leaf_of(part.to))});
  }
  // What is dated ahead of the view's day lies where today's records lie.
  if (!pieces.empty()) pieces.back().last = range->last;
  return pieces;
}

Accumulator RestatedMeasures::ReadCells(MeasureId measure, const CellRange& range,
                                        const model::RestatedReading& reading) const {
  const std::uint32_t set = view_.plan->SetOf(measure);
  CellRange at = range;
  at.unit = reading.unit;
  Accumulator sum = view_.cells->Read(measure, set, at);
  if (!reading.own) return sum;
  for (const model::UnitId child : view_.center->TreeOf(range.tree).ChildrenOf(reading.unit)) {
    at.unit = child;
    AddTo(sum, view_.cells->Read(measure, set, at), -1);
  }
  CombineValues(sum.values);
  return sum;
}

void NoteUnknownShare(model::UnitId unit, const std::set<model::UnitId>& lacking,
                      const std::string& attribute, RestatementNotes& notes) {
  for (const model::UnitId other : lacking) notes.gaps.insert({other, "no_attribute", attribute});
  if (lacking.empty()) notes.gaps.insert({unit, "unknown_share", ""});
}

MeasureValue RestatedMeasures::Read(MeasureId measure, const model::FigureKey& key,
                                    const std::string& share) const {
  const auto territory = view_.territories->On(key.tree, *key.territory, share);
  const auto pieces = PiecesOf(measure, key, *territory);
  if (!pieces) return NoMeasure("finer_than_recorded");
  const model::UnitTree& tree = view_.center->TreeOf(key.tree);
  Total total(view_, measure);
  RestatementNotes notes;
  CellRange range{key.tree, key.unit, 0, 0, Accepts(view_, view_.plan->SetOf(measure), filter_)};
  for (const Piece& piece : *pieces) {
    notes.changed |= !piece.content->unchanged;
    for (const model::Holding& unit : piece.content->units) {
      notes.units.emplace(unit.unit, unit.share);
    }
    range.first = piece.first;
    range.last = piece.last;
    for (const model::RestatedReading& reading : piece.content->readings) {
      const Accumulator sum = ReadCells(measure, range, reading);
      if (IsNothing(sum)) continue;
      if (!tree.IsValidOn(reading.unit, piece.day)) {  // under a code that was not in force
        notes.units.emplace(reading.unit, reading.share);
        notes.changed |= reading.unit != key.unit;
      }
      if (!reading.share) {
        NoteUnknownShare(reading.unit, reading.lacking, share, notes);
      } else if (*reading.share != Whole() && !total.IsDivisible()) {
        notes.gaps.insert({reading.unit, "not_divisible", view_.plan->measure(measure).name});
      } else {
        total.Add(sum, *reading.share);
      }
    }
  }
  if (notes_ != nullptr) {
    notes_->units.insert(notes.units.begin(), notes.units.end());
    notes_->gaps.insert(notes.gaps.begin(), notes.gaps.end());
    notes_->changed |= notes.changed;
  }
  return notes.gaps.empty() ? total.Value() : NoMeasure("incomplete");
}

}  // namespace fansipan::indicators
