#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/units/territory_changes.h"

namespace fansipan::model {

/// Where cells are read for a unit of another day: those of `unit` with all that is added up in it,
/// or its own alone, and how much of them counts. Nothing: nobody knows.
struct RestatedReading {
  UnitId unit;
  bool own = false;
  std::optional<Decimal> share;
  std::set<UnitId> lacking;  ///< whose attribute would tell the share
  bool operator==(const RestatedReading&) const = default;
};

/// What a unit of one day's territory is made of, as things were counted on another day.
struct RestatedContent {
  /// The units of the other day, each the largest that goes whole into this one, or with its share.
  std::vector<Holding> units;
  std::vector<RestatedReading> readings;  ///< no unit twice, none below another one
  bool unchanged = false;                 ///< it is the unit itself, whole
};

/// The units as they were, or will be, on one day, and where on them lies what was recorded on any
/// other: a figure can be asked on the territory of that day. Problem: records keep the unit they
/// were counted in, and units are merged and divided. The root stands for everything, also on days
/// before it was founded. The tree, the lineage and the attributes must outlive it. Safe from any
/// thread; what was asked for is kept.
class RestatedTerritory {
 public:
  /// `share`: see TerritoryChanges.
  RestatedTerritory(const UnitTree& tree, const Lineage& lineage, const UnitAttributes& attributes,
                    Date day, const std::string& share);

  Date day() const { return day_; }
  /// The units right below one on the day; below a root that was not founded yet the topmost ones.
  std::vector<UnitId> ChildrenOf(UnitId unit) const;
  /// Where what was counted in `unit` on `on` lies on the day, by unit.
  Transfers PlacesOf(UnitId unit, Date on) const;

  /// Days from `from`, up to and without `to`, on which `unit` was made of the same.
  struct Piece {
    Date from;
    Date to;
    const RestatedContent* content = nullptr;  ///< lives as long as the territory
  };
  std::vector<Piece> PiecesOf(UnitId unit, Date from, Date to) const;
  const RestatedContent& ContentOf(UnitId unit, Date on) const;

 private:
  /// Days between which neither the tree nor what was handed on changes, by number.
  using Era = std::size_t;
  /// How much of what was counted in a unit lies in the one asked for.
  struct Inside {
    std::optional<Decimal> share;
    std::set<UnitId> lacking;
  };
  enum class Extent { kNone, kWhole, kMixed };

  Era EraOf(Date day) const;
  Transfers Settle(const Transfers& followed, std::set<UnitId>& visiting) const;
  std::set<UnitId> HoldersOf(UnitId ended, std::set<UnitId>& visiting) const;
  const std::vector<Transfers>& PlacesIn(Era era) const;
  bool LiesIn(UnitId holder, UnitId unit) const;
  Inside InsideOf(const Transfers& places, UnitId unit) const;
  void Read(const std::vector<Inside>& inside, RestatedContent& content) const;
  void Cover(const std::vector<Inside>& inside, Date on, UnitId unit,
             RestatedContent& content) const;
  RestatedContent Make(UnitId unit, Era era) const;

  const UnitTree* tree_;
  Date day_;
  TerritoryChanges changes_;
  std::vector<Date> eras_;                  ///< first days; the era 0 is before them
  std::vector<std::vector<UnitId>> paths_;  ///< of each unit on the day, from the top down

  mutable std::mutex mutex_;  ///< guards what follows, which only grows
  mutable std::map<Era, std::vector<Transfers>> places_;
  mutable std::map<std::pair<UnitId, Era>, std::unique_ptr<const RestatedContent>> contents_;
};

}  // namespace fansipan::model
