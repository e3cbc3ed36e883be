#include "sources/internal/old_codes.h"

#include <algorithm>
#include <string>

#include "model/days.h"

namespace fansipan::sources::internal {

OldCodeSearch::OldCodeSearch(const model::Dataset& dataset, const center::Center& center,
                             base::Timestamp received_at)
    : dataset_(dataset), center_(center), received_at_(received_at) {
  if (dataset.territory) places_.emplace_back(&center.territory, *dataset.territory);
  if (dataset.organisation) places_.emplace_back(&center.organisation, *dataset.organisation);
}

void OldCodeSearch::Look(const model::Row& values, std::optional<model::OldCodes>& found) const {
  const std::optional<model::Date> ended = EndOfCodes(values);
  if (!ended) return;
  if (!found) found = model::OldCodes{0, *ended};
  ++found->rows;
  found->ended = std::min(found->ended, *ended);
}

std::optional<model::Date> OldCodeSearch::EndOfCodes(const model::Row& values) const {
  std::optional<model::Date> earliest;
  std::optional<model::Date> day;
  for (const auto& [tree, place] : places_) {
    const model::Value& value = values[place.column];
    if (model::IsMissing(value)) continue;
    const auto* text = std::get_if<std::string>(&value);
    const std::string code = text != nullptr ? *text : model::ToText(value);
    // Most codes never end, and the day of a row takes a look at all its columns.
    if (!tree->EverEnds(place.code_system, code)) continue;
    if (!day) day = DayOfRow(values);
    const auto ended = tree->EndOfCode(place.code_system, code, *day);
    if (ended) earliest = std::min(earliest.value_or(*ended), *ended);
  }
  return earliest;
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
