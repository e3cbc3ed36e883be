#include "sources/internal/sdmx/sdmx_structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

using nlohmann::json;

constexpr std::size_t kShownNames = 1000;

base::Error WrongShape(const std::string& message) {
  return {base::ErrorCode::kInvalidArgument, "wrong_shape", "the SDMX-JSON message: " + message};
}

/// The text was checked as JSON before: what is left is an escape that is no character.
base::Error NotText() { return WrongShape("a text of its structure has half of a surrogate pair"); }

std::string TextOf(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// A code has an id, a value without code stands by itself.
std::string ValueOf(const json& value) {
  if (!value.is_object()) return value.is_null() ? "" : TextOf(value);
  for (const char* key : {"id", "value", "name"}) {
    const auto found = value.find(key);
    if (found != value.end() && !found->is_null()) return TextOf(*found);
  }
  return "";
}

base::Result<SdmxComponent> ParseComponent(const json& value) {
  if (!value.is_object() || !value.contains("id") || !value["id"].is_string()) {
    return WrongShape("a component of its structure has no id");
  }
  SdmxComponent component;
  component.id = value["id"].get<std::string>();
  const auto fallback = value.find("default");
  if (fallback != value.end() && !fallback->is_null()) component.fallback = ValueOf(*fallback);
  const auto values = value.find("values");
  if (values == value.end() || !values->is_array()) return component;
  for (const json& each : *values) {
    component.values.push_back(ValueOf(each));
    if (component.values.back().find('\0') != std::string::npos) {
      return WrongShape("a value of its component '" + component.id + "' holds a NUL");
    }
  }
  return component;
}

/// The list of components that an object of levels has at one of them, by any of its names.
base::Result<std::vector<SdmxComponent>> ParseLevel(const json& levels, std::string_view name,
                                                    std::string_view other_name) {
  std::vector<SdmxComponent> components;
  for (const std::string_view key : {name, other_name}) {
    const auto list = levels.find(std::string(key));
    if (list == levels.end() || !list->is_array()) continue;
    for (const json& each : *list) {
      FANSIPAN_ASSIGN_OR_RETURN(SdmxComponent component, ParseComponent(each));
      components.push_back(std::move(component));
    }
    return components;
  }
  return components;
}

base::Status ParseLevels(const json& structure, const char* key,
                         std::vector<SdmxComponent> (&components)[3]) {
  const auto levels = structure.find(key);
  if (levels == structure.end() || !levels->is_object()) return {};
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"dataSet", "dataset"}, {"series", "series"}, {"observation", "observation"}};
  for (std::size_t level = 0; level < 3; ++level) {
    FANSIPAN_ASSIGN_OR_RETURN(components[level],
                              ParseLevel(*levels, kNames[level].first, kNames[level].second));
  }
  return {};
}

base::Status ParseMeasures(const json& structure, SdmxStructure& parsed) {
  const auto levels = structure.find("measures");
  if (levels != structure.end() && levels->is_object()) {
    FANSIPAN_ASSIGN_OR_RETURN(parsed.measures, ParseLevel(*levels, "observation", "observation"));
  }
  if (parsed.measures.empty()) parsed.measures.push_back({"OBS_VALUE", {}, std::nullopt});
  return {};
}

base::Status ParseGroups(const json& structure, SdmxStructure& parsed) {
  const auto levels = structure.find("attributes");
  if (levels == structure.end() || !levels->is_object()) return {};
  FANSIPAN_ASSIGN_OR_RETURN(const auto groups,
                            ParseLevel(*levels, "dimensionGroup", "dimensionGroup"));
  for (const SdmxComponent& group : groups) parsed.group_attributes.push_back(group.id);
  return {};
}

base::Result<SdmxStructure> Parse(const json& value) {
  if (!value.is_object()) return WrongShape("its structure is no object");
  SdmxStructure parsed;
  FANSIPAN_RETURN_IF_ERROR(ParseLevels(value, "dimensions", parsed.dimensions));
  FANSIPAN_RETURN_IF_ERROR(ParseLevels(value, "attributes", parsed.attributes));
  FANSIPAN_RETURN_IF_ERROR(ParseMeasures(value, parsed));
  FANSIPAN_RETURN_IF_ERROR(ParseGroups(value, parsed));
  return parsed;
}

}  // namespace

const SdmxComponent& SdmxStructure::At(const SdmxPlace& place) const {
  const auto level = static_cast<std::size_t>(place.level);
  switch (place.kind) {
    case SdmxPlace::Kind::kDimension:
      return dimensions[level][place.index];
    case SdmxPlace::Kind::kAttribute:
      return attributes[level][place.index];
    case SdmxPlace::Kind::kMeasure:
      break;
  }
  return measures[place.index];
}

base::Result<SdmxPlace> SdmxStructure::Find(std::string_view id) const {
  std::vector<std::string_view> known;
  const auto index_in = [&](const std::vector<SdmxComponent>& components) {
    for (const SdmxComponent& component : components) known.push_back(component.id);
    const auto found = std::ranges::find(components, id, &SdmxComponent::id);
    return static_cast<std::size_t>(found - components.begin());
  };
  using Kind = SdmxPlace::Kind;
  for (std::size_t level = 0; level < 3; ++level) {
    for (const Kind kind : {Kind::kDimension, Kind::kAttribute}) {
      const auto& components = kind == Kind::kDimension ? dimensions[level] : attributes[level];
      const std::size_t index = index_in(components);
      if (index < components.size()) return SdmxPlace{kind, static_cast<SdmxLevel>(level), index};
    }
  }
  const std::size_t index = index_in(measures);
  if (index < measures.size()) return SdmxPlace{Kind::kMeasure, SdmxLevel::kObservation, index};
  const bool of_group = std::ranges::find(group_attributes, id) != group_attributes.end();
  return base::Error{
      base::ErrorCode::kInvalidArgument, "wrong_columns",
      of_group ? fmt::format("the declared column '{}' is an attribute of groups of series, which "
                             "are not read; leave it out",
                             id)
               : fmt::format("the declared column '{}' is missing; the message has: {}", id,
                             CutUtf8(fmt::format("{}", fmt::join(known, ", ")), kShownNames))};
}

base::Result<SdmxStructure> ParseSdmxStructure(std::string_view text) {
  const json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return NotText();
  return Parse(value);
}

base::Result<std::vector<SdmxStructure>> ParseSdmxStructures(std::string_view text) {
  const json list = json::parse(text, nullptr, false);
  if (list.is_discarded()) return NotText();
  if (!list.is_array()) return WrongShape("its structures are no list");
  std::vector<SdmxStructure> structures;
  for (const json& each : list) {
    FANSIPAN_ASSIGN_OR_RETURN(SdmxStructure structure, Parse(each));
    structures.push_back(std::move(structure));
  }
  return structures;
}

}  // namespace fansipan::sources::internal
