#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/strong_id.h"
#include "model/text.h"
#include "model/value.h"

namespace fansipan::model {

enum class TreeKind { kTerritory, kOrganisation };
std::string_view NameOf(TreeKind kind);

/// Index of a unit in its tree; stable within one built center only. Stored records keep raw codes.
using UnitId = base::StrongId<struct UnitTag, std::uint32_t>;
inline constexpr UnitId kNoUnit{0xFFFFFFFFU};

/// What a unit is for a time: from its first day until the next state's first day, or the unit's
/// end.
struct UnitState {
  Date valid_from{};
  std::string level;
  LocalizedText name;
  LocalizedText full_name;
  UnitId parent = kNoUnit;
};

/// One unit of a tree, with the days on which it exists: valid_from included, valid_to excluded.
/// Level and names are those of its last state.
struct Unit {
  std::string code;   ///< the center's own code, unique in the tree for all time
  std::string level;  ///< e.g. "province", "commune", "department"
  LocalizedText name;
  LocalizedText full_name;
  /// Where its cells are added up: the parent of its last state. Build puts the root in for a unit
  /// that ended without a parent, so that no record is lost from the root.
  UnitId parent = kNoUnit;
  Date valid_from{};
  std::optional<Date> valid_to;
  std::optional<double> latitude;  ///< WGS 84 degrees, a point inside the unit
  std::optional<double> longitude;
  std::optional<Decimal> area_km2;
  /// In order of days, without a gap; Build makes one of the fields above where there is none.
  std::vector<UnitState> states;
};

/// What a foreign code means while it is valid: codes are reused, so a code means a unit only
/// together with a code system and a day.
struct UnitCode {
  std::string system;
  std::string code;
  UnitId unit;
  Date valid_from{};
  std::optional<Date> valid_to;
  bool inherited = false;  ///< of a unit that ended, and went whole into this one
};

/// The units of one tree. Built whole, then immutable; safe from any thread.
class UnitTree {
 public:
  /// Parents must come as ids into `units`. Exactly one unit without a parent has no end (or, where
  /// all end, ends last): the root. Errors name the unit: duplicate_code, unknown_parent, cycle,
  /// no_root (none or several), what FindUnitFaults finds, unknown_unit (of a code),
  /// overlapping_codes.
  static base::Result<UnitTree> Build(TreeKind kind, std::vector<Unit> units,
                                      std::vector<UnitCode> codes);
  UnitTree() = default;
  /// While the tree is built: more codes. unknown_unit, overlapping_codes.
  base::Status AddCodes(std::vector<UnitCode> codes);

  TreeKind kind() const { return kind_; }
  std::size_t size() const { return units_.size(); }
  bool empty() const { return units_.empty(); }
  UnitId root() const { return root_; }
  const Unit& Get(UnitId id) const { return units_[id.value]; }
  /// All units whose cells are added up in this one, those that have ended among them.
  const std::vector<UnitId>& ChildrenOf(UnitId id) const { return children_[id.value]; }
  const std::vector<UnitCode>& codes() const { return codes_; }

  bool IsValidOn(UnitId id, Date day) const;
  /// The day itself, or the nearest on which the unit exists.
  Date NearestDayOf(UnitId id, Date day) const;
  /// Nothing when the unit does not exist on `day`.
  const UnitState* FindStateOn(UnitId id, Date day) const;
  /// The units that exist on `day`, by id.
  std::vector<UnitId> UnitsOn(Date day) const;
  /// The units right below `id` on `day`, or on the nearest day on which it exists.
  std::vector<UnitId> ChildrenOn(UnitId id, Date day) const;
  /// From the top down to the unit on `day`, or on the nearest day on which it exists. The top need
  /// not be the root: a unit of the past may have lain below none.
  std::vector<UnitId> PathOn(UnitId id, Date day) const;

  std::optional<UnitId> FindByCode(std::string_view code) const;
  /// The unit that `code` of `system` means on `day`.
  std::optional<UnitId> Resolve(std::string_view system, std::string_view code, Date day) const;
  /// True when `code` of `system` means a unit on some day.
  bool KnowsCode(std::string_view system, std::string_view code) const;
  /// True when `code` of `system`, or the center's own code, ceases to mean a unit on some day.
  bool EverEnds(std::string_view system, std::string_view code) const;
  /// The day on which `code` of `system` (or, without one, the center's own code) had ceased to
  /// mean a unit of its own, when that is so on `day`: an heir may answer to it still.
  std::optional<Date> EndOfCode(std::string_view system, std::string_view code, Date day) const;
  /// The unit and everything below it.
  std::vector<UnitId> SubtreeOf(UnitId id) const;
  /// True when `unit` is `ancestor` or lies below it.
  bool IsWithin(UnitId unit, UnitId ancestor) const;
  /// From the root down to the unit.
  std::vector<UnitId> PathTo(UnitId id) const;
  /// Codes of `system` that mean a unit of the subtree, with their validity.
  std::vector<UnitCode> CodesWithin(UnitId id, std::string_view system) const;
  /// Up to `count` units whose code or unaccented name is nearest to `text`, for error messages.
  std::vector<UnitId> Nearest(std::string_view text, std::size_t count) const;

 private:
  base::Status CheckReachable() const;
  void IndexChildrenOfStates();
  base::Status IndexForeignCodes();

  TreeKind kind_ = TreeKind::kTerritory;
  std::vector<Unit> units_;
  std::vector<std::vector<UnitId>> children_;
  std::vector<std::vector<UnitId>> children_of_states_;  ///< of any of a child's states, by id
  std::vector<UnitCode> codes_;
  UnitId root_ = kNoUnit;
  std::unordered_map<std::string, UnitId> by_code_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_foreign_code_;  // system '\0' code
};

}  // namespace fansipan::model
