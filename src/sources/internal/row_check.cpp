#include "sources/internal/row_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "sources/internal/utf8.h"
#include "sources/internal/writings/refused_text.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kMaxValueBytes = 200;

bool IsPlaceKnown(const model::UnitTree& tree, const std::string& system, const std::string& code) {
  return system.empty() ? tree.FindByCode(code).has_value() : tree.KnowsCode(system, code);
}

bool IsOneOf(const std::vector<std::string>& allowed, const model::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return std::find(allowed.begin(), allowed.end(), text ? *text : model::ToText(value)) !=
         allowed.end();
}

}  // namespace

RowCheck::RowCheck(const model::Dataset& dataset, const center::Center& center,
                   const RawRowPlaces& places)
    : dataset_(dataset), center_(center), zone_(center.time_zone), raw_rows_(places) {
  // Loading the center has checked its conditions against the dataset.
  for (const model::Expression& rule : dataset.rules) {
    auto condition = model::RowCondition::Compile(rule, dataset);
    assert(condition.ok());
    if (condition.ok()) rules_.push_back({std::move(condition).value(), model::ToText(rule)});
  }
  if (dataset.withdrawn) {
    auto condition = model::RowCondition::Compile(*dataset.withdrawn, dataset);
    assert(condition.ok());
    if (condition.ok()) withdrawn_ = std::move(condition).value();
  }
  if (dataset.territory) places_.push_back({*dataset.territory, &center.territory});
  if (dataset.organisation) places_.push_back({*dataset.organisation, &center.organisation});
}

std::optional<model::Version> RowCheck::Check(
    const Candidate& candidate, bool is_accepted,
    std::vector<model::QuarantinedRow>& quarantined) const {
  const std::size_t before = quarantined.size();
  model::Version version;
  version.values.resize(dataset_.columns.size());
  for (std::size_t i = 0; i < dataset_.CountToldColumns(); ++i) {
    const model::Column& column = dataset_.columns[i];
    std::optional<Fault> fault = CheckColumn(i, candidate.texts[i], is_accepted, version.values[i]);
    if (!fault) continue;
    model::QuarantinedRow entry =
        EntryFor(candidate.raw_rows, fault->reason, std::move(fault->message));
    entry.column = column.name;
    if (candidate.texts[i]) {
      const auto refused = ParseRefusedText(*candidate.texts[i]);
      entry.value = column.personal ? kMasked
                                    : CutUtf8(refused ? refused->original : *candidate.texts[i],
                                              kMaxValueBytes);
    }
    quarantined.push_back(std::move(entry));
  }
  if (quarantined.size() == before && !is_accepted) {
    for (const Rule& rule : rules_) {
      if (rule.condition.Evaluate(version.values).value_or(true)) continue;
      quarantined.push_back(EntryFor(candidate.raw_rows, "rule_broken",
                                     fmt::format("the row breaks the rule: {}", rule.text)));
    }
  }
  if (quarantined.size() != before) return std::nullopt;
  version.dataset = dataset_.name;
  version.raw_rows = candidate.raw_rows;
  version.withdrawn = withdrawn_ && withdrawn_->Evaluate(version.values).value_or(false);
  return version;
}

model::QuarantinedRow RowCheck::EntryFor(const std::vector<std::uint32_t>& raw_rows,
                                         std::string_view reason, std::string message) const {
  model::QuarantinedRow entry;
  entry.dataset = dataset_.name;
  entry.raw_row = raw_rows.empty() ? 0 : raw_rows.front();
  if (entry.raw_row > 0 && entry.raw_row <= raw_rows_.offsets.size()) {
    entry.byte_offset = raw_rows_.offsets[entry.raw_row - 1];
  }
  entry.reason = std::string(reason);
  entry.message = raw_rows_.part.empty()
                      ? std::move(message)
                      : fmt::format("{}, row {}: {}", raw_rows_.part, entry.byte_offset, message);
  return entry;
}

std::string RowCheck::KeyText(const model::Row& values) const {
  std::string text;
  for (const std::size_t index : dataset_.key) {
    if (!text.empty()) text += " · ";
    text += dataset_.columns[index].personal ? kMasked : model::ToText(values[index]);
  }
  return std::string(CutUtf8(text, kMaxValueBytes));
}

bool RowCheck::IsKey(std::size_t index) const {
  return std::find(dataset_.key.begin(), dataset_.key.end(), index) != dataset_.key.end();
}

std::optional<RowCheck::Fault> RowCheck::CheckColumn(std::size_t index,
                                                     const std::optional<std::string_view>& text,
                                                     bool is_accepted, model::Value& value) const {
  if (!text || text->empty()) return CheckMissing(index);
  const model::Column& column = dataset_.columns[index];
  if (const auto refused = ParseRefusedText(*text)) {
    return Fault{std::string(refused->reason),
                 fmt::format("column '{}' {}", column.name, refused->message)};
  }
  auto parsed = model::ParseValue(*text, column.type, column.scale, zone_);
  if (!parsed.ok()) {
    // The parser's message shows the value.
    return Fault{
        parsed.error().reason,
        fmt::format("column '{}' must be of type {}{}", column.name, model::NameOf(column.type),
                    column.personal ? "" : ": " + parsed.error().message)};
  }
  value = std::move(parsed).value();
  if (!is_accepted && !column.one_of.empty() && !IsOneOf(column.one_of, value)) {
    return Fault{"not_allowed", fmt::format("column '{}' must be one of: {}", column.name,
                                            fmt::join(column.one_of, ", "))};
  }
  if (dataset_.reported && dataset_.reported->period == index) return CheckPeriod(value);
  return CheckPlace(index, value);
}

/// A period may be written in more than one way; it is kept in one.
std::optional<RowCheck::Fault> RowCheck::CheckPeriod(model::Value& value) const {
  const auto period = center_.ParsePeriod(model::ToText(value));
  if (!period.ok()) return Fault{"not_a_period", period.error().message};
  value = model::ToText(*period);
  return std::nullopt;
}

std::optional<RowCheck::Fault> RowCheck::CheckMissing(std::size_t index) const {
  const std::string& name = dataset_.columns[index].name;
  if (IsKey(index)) {
    return Fault{"missing_key", fmt::format("column '{}' belongs to the key and is missing", name)};
  }
  if (dataset_.columns[index].optional) return std::nullopt;
  return Fault{"missing_value", fmt::format("column '{}' is missing", name)};
}

std::optional<RowCheck::Fault> RowCheck::CheckPlace(std::size_t index,
                                                    const model::Value& value) const {
  for (const Place& place : places_) {
    if (place.column.column != index) continue;
    const auto* code = std::get_if<std::string>(&value);
    if (IsPlaceKnown(*place.tree, place.column.code_system, code ? *code : model::ToText(value))) {
      continue;
    }
    return Fault{"unknown_place",
                 fmt::format("column '{}': the code is not known in the code system '{}' of the {}",
                             dataset_.columns[index].name, place.column.code_system,
                             model::NameOf(place.tree->kind()))};
  }
  return std::nullopt;
}

}  // namespace fansipan::sources::internal
