#include "model/units/grouping.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace fansipan::model {
namespace {

base::Error Refuse(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

auto PlaceOf(const UnitGroup& group) {
  return std::tuple(std::string_view(group.grouping), std::string_view(group.code));
}

auto PlaceOf(const GroupMember& member) {
  return std::tuple(std::string_view(member.grouping), member.unit, member.valid_from);
}

bool IsMemberOn(const GroupMember& member, Date day) {
  return member.valid_from <= day && (!member.valid_to || day < *member.valid_to);
}

}  // namespace

base::Result<Groupings> Groupings::Build(std::vector<UnitGroup> groups,
                                         std::vector<GroupMember> members) {
  Groupings built;
  built.groups_ = std::move(groups);
  std::ranges::sort(built.groups_, [](const UnitGroup& left, const UnitGroup& right) {
    return PlaceOf(left) < PlaceOf(right);
  });
  for (std::size_t i = 1; i < built.groups_.size(); ++i) {
    if (PlaceOf(built.groups_[i - 1]) != PlaceOf(built.groups_[i])) continue;
    return Refuse("duplicate_group", "the group '" + built.groups_[i].code + "' of '" +
                                         built.groups_[i].grouping + "' is there twice");
  }
  std::ranges::sort(members, [](const GroupMember& left, const GroupMember& right) {
    return PlaceOf(left) < PlaceOf(right);
  });
  for (std::size_t i = 0; i < members.size(); ++i) {
    const GroupMember& member = members[i];
    if (built.Find(member.grouping, member.group) == nullptr) {
      return Refuse("unknown_group",
                    "'" + member.group + "' is no group of '" + member.grouping + "'");
    }
    if (i == 0) continue;
    const GroupMember& earlier = members[i - 1];
    const bool same = earlier.grouping == member.grouping && earlier.unit == member.unit;
    if (!same || (earlier.valid_to && *earlier.valid_to <= member.valid_from)) continue;
    return Refuse("two_groups", "a unit is in '" + earlier.group + "' and '" + member.group +
                                    "' of '" + member.grouping + "' on " +
                                    ToText(Value(member.valid_from)));
  }
  built.members_ = std::move(members);
  return built;
}

const UnitGroup* Groupings::Find(std::string_view grouping, std::string_view group) const {
  const auto found = std::ranges::find_if(groups_, [&](const UnitGroup& candidate) {
    return candidate.grouping == grouping && candidate.code == group;
  });
  return found == groups_.end() ? nullptr : &*found;
}

const UnitGroup* Groupings::FindGroupOf(std::string_view grouping, UnitId unit, Date day) const {
  for (const GroupMember& member : members_) {
    if (member.grouping == grouping && member.unit == unit && IsMemberOn(member, day)) {
      return Find(grouping, member.group);
    }
  }
  return nullptr;
}

std::vector<UnitId> Groupings::MembersOf(const UnitGroup& group, Date day) const {
  std::vector<UnitId> units;
  for (const GroupMember& member : members_) {
    const bool inside = member.grouping == group.grouping && member.group == group.code;
    if (inside && IsMemberOn(member, day)) units.push_back(member.unit);
  }
  std::ranges::sort(units);
  return units;
}

}  // namespace fansipan::model
