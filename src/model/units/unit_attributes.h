#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/unit.h"

namespace fansipan::model {

/// A number that is known of a unit for a time, e.g. population, households, area_km2.
struct UnitAttribute {
  UnitId unit;
  std::string name;
  Decimal value;
  Date valid_from{};
  std::optional<Date> valid_to;
  std::string origin;  ///< where the number is from; may be empty
};

/// The attributes of one tree's units. Built whole, then immutable; safe from any thread.
class UnitAttributes {
 public:
  /// overlapping_attributes when a unit has two values of one name on a day.
  static base::Result<UnitAttributes> Build(std::vector<UnitAttribute> attributes);
  UnitAttributes() = default;

  /// Nothing when no value is known on `day`.
  const UnitAttribute* Find(UnitId unit, std::string_view name, Date day) const;
  /// All that is known on `day`, by name.
  std::vector<const UnitAttribute*> AllOf(UnitId unit, Date day) const;
  /// Whether any unit has an attribute of this name.
  bool Knows(std::string_view name) const;
  /// All names, sorted.
  std::vector<std::string> Names() const;
  std::size_t size() const { return attributes_.size(); }

 private:
  std::vector<UnitAttribute> attributes_;  ///< by unit, name and first day
};

}  // namespace fansipan::model
