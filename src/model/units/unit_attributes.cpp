#include "model/units/unit_attributes.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace fansipan::model {
namespace {

auto PlaceOf(const UnitAttribute& attribute) {
  return std::tuple(attribute.unit, std::string_view(attribute.name));
}

bool IsValidOn(const UnitAttribute& attribute, Date day) {
  return attribute.valid_from <= day && (!attribute.valid_to || day < *attribute.valid_to);
}

}  // namespace

base::Result<UnitAttributes> UnitAttributes::Build(std::vector<UnitAttribute> attributes) {
  std::ranges::sort(attributes, [](const UnitAttribute& left, const UnitAttribute& right) {
    return std::tuple(PlaceOf(left), left.valid_from) <
           std::tuple(PlaceOf(right), right.valid_from);
  });
  for (std::size_t i = 1; i < attributes.size(); ++i) {
    const UnitAttribute& earlier = attributes[i - 1];
    const UnitAttribute& later = attributes[i];
    if (PlaceOf(earlier) != PlaceOf(later)) continue;
    if (earlier.valid_to && *earlier.valid_to <= later.valid_from) continue;
    return base::Error{base::ErrorCode::kInvalidArgument, "overlapping_attributes",
                       "a unit has two values of '" + later.name + "' on " +
                           ToText(Value(later.valid_from)) +
                           "; end the one before the other begins"};
  }
  UnitAttributes built;
  built.attributes_ = std::move(attributes);
  return built;
}

const UnitAttribute* UnitAttributes::Find(UnitId unit, std::string_view name, Date day) const {
  const std::tuple place(unit, name);
  const auto first = std::lower_bound(attributes_.begin(), attributes_.end(), place,
                                      [](const UnitAttribute& attribute, const auto& wanted) {
                                        return PlaceOf(attribute) < wanted;
                                      });
  const auto last = std::upper_bound(first, attributes_.end(), place,
                                     [](const auto& wanted, const UnitAttribute& attribute) {
                                       return wanted < PlaceOf(attribute);
                                     });
  const auto found = std::find_if(
      first, last, [&](const UnitAttribute& attribute) { return IsValidOn(attribute, day); });
  return found == last ? nullptr : &*found;
}

std::vector<const UnitAttribute*> UnitAttributes::AllOf(UnitId unit, Date day) const {
  std::vector<const UnitAttribute*> known;
  auto attribute = std::lower_bound(
      attributes_.begin(), attributes_.end(), unit,
      [](const UnitAttribute& other, UnitId wanted) { return other.unit < wanted; });
  for (; attribute != attributes_.end() && attribute->unit == unit; ++attribute) {
    if (IsValidOn(*attribute, day)) known.push_back(&*attribute);
  }
  return known;
}

bool UnitAttributes::Knows(std::string_view name) const {
  return std::ranges::any_of(
      attributes_, [&](const UnitAttribute& attribute) { return attribute.name == name; });
}

std::vector<std::string> UnitAttributes::Names() const {
  std::set<std::string> names;
  for (const UnitAttribute& attribute : attributes_) names.insert(attribute.name);
  return {names.begin(), names.end()};
}

}  // namespace fansipan::model
