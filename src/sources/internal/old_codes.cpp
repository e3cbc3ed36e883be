#include "sources/internal/old_codes.h"

#include <algorithm>
#include <string>

#include "model/days.h"

namespace fansipan::sources::internal {

OldCodeSearch::OldCodeSearch(const model::Dataset& dataset, const center::Center& center,
                             base::Timestamp received_at)
    : dataset_(dataset), center_(center), received_at_(received_at) {}

void OldCodeSearch::Look(const model::Row& values, std::optional<model::OldCodes>& found) const {
  const std::optional<model::Date> ended = EndOfCodes(values);
  if (!ended) return;
  if (!found) found = model::OldCodes{0, *ended};
  ++found->rows;
  found->ended = std::min(found->ended, *ended);
}

std::optional<model::Date> OldCodeSearch::EndOfCodes(const model::Row& values) const {
  if (!dataset_.territory && !dataset_.organisation) return std::nullopt;
  const model::Date day = DayOfRow(values);
  std::optional<model::Date> earliest;
  const auto add = [&](const model::UnitTree& tree, const model::PlaceColumn& place) {
    const auto ended = EndOfCode(tree, place, values, day);
    if (ended) earliest = std::min(earliest.value_or(*ended), *ended);
  };
  if (dataset_.territory) add(center_.territory, *dataset_.territory);
  if (dataset_.organisation) add(center_.organisation, *dataset_.organisation);
  return earliest;
}

std::optional<model::Date> OldCodeSearch::EndOfCode(const model::UnitTree& tree,
                                                    const model::PlaceColumn& place,
                                                    const model::Row& values,
                                                    model::Date day) const {
  const model::Value& value = values[place.column];
  if (model::IsMissing(value)) return std::nullopt;
  const auto* code = std::get_if<std::string>(&value);
  return tree.EndOfCode(place.code_system, code != nullptr ? *code : model::ToText(value), day);
}

model::Date OldCodeSearch::DayOfRow(const model::Row& values) const {
  const model::Date received = model::DayOf(center_.time_zone.ToLocal(received_at_));
  if (dataset_.reported) {
    const auto period = center_.ParsePeriod(model::ToText(values[dataset_.reported->period]));
    return period.ok() ? std::min(model::LastDayOf(*period), received) : received;
  }
  std::optional<base::Timestamp> latest;
  for (std::size_t i = 0; i < dataset_.CountToldColumns(); ++i) {
    const auto moment = model::MomentOf(values[i], center_.time_zone);
    if (moment && *moment <= received_at_ && (!latest || *latest < *moment)) latest = moment;
  }
  return latest ? model::DayOf(center_.time_zone.ToLocal(*latest)) : received;
}

}  // namespace fansipan::sources::internal
