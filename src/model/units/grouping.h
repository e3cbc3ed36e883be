#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/text.h"
#include "model/unit.h"

namespace fansipan::model {

/// A group of a grouping, such as one of the regions or health districts.
struct UnitGroup {
  std::string grouping;
  std::string code;  ///< unique in its grouping
  LocalizedText name;
  std::optional<UnitId> unit{};  ///< that stands for the group where values are stated of it
};

/// That a unit belongs to a group for a time.
struct GroupMember {
  std::string grouping;
  std::string group;
  UnitId unit;
  Date valid_from{};
  std::optional<Date> valid_to;
};

/// The groupings over one tree's units, beside the tree itself. Built whole, then immutable; safe
/// from any thread.
class Groupings {
 public:
  /// duplicate_group, unknown_group (of a member), two_groups when a unit is in two groups of one
  /// grouping on a day.
  static base::Result<Groupings> Build(std::vector<UnitGroup> groups,
                                       std::vector<GroupMember> members);
  Groupings() = default;

  /// By grouping and code.
  const std::vector<UnitGroup>& groups() const { return groups_; }
  /// The group of `grouping` that the unit is in on `day`.
  const UnitGroup* FindGroupOf(std::string_view grouping, UnitId unit, Date day) const;
  /// The members on `day`, by id.
  std::vector<UnitId> MembersOf(const UnitGroup& group, Date day) const;

 private:
  const UnitGroup* Find(std::string_view grouping, std::string_view group) const;

  std::vector<UnitGroup> groups_;
  std::vector<GroupMember> members_;  ///< by grouping, unit and first day
};

}  // namespace fansipan::model
