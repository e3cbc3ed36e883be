#include "sources/contract/schema_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "model/spelling/edit_distance.h"
#include "model/spelling/folding.h"

namespace fansipan::sources {
namespace {

using model::ColumnChange;
using model::ColumnChangeKind;
using model::ColumnProfile;
using Profiles = std::vector<ColumnProfile>;

constexpr std::int32_t kPowerOfTen = 1000;       // in thousandths of a logarithm
constexpr std::int32_t kAboutAPower = 150;       // a factor of 1.4
constexpr std::size_t kMostComparedNames = 400;  // pairs of a missing and a new one

std::uint32_t Written(const ColumnProfile& column) { return column.cells - column.empty; }

double Share(std::uint32_t part, std::uint32_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// How nearly all of the written cells are; empty when they are mixed.
std::string_view TypeOf(const ColumnProfile& column) {
  constexpr double kNearlyAll = 0.9;
  constexpr double kNearlyNone = 0.1;
  const std::uint32_t written = Written(column);
  const std::uint32_t dates = column.day_first_dates + column.year_first_dates;
  if (Share(column.numbers, written) >= kNearlyAll) return "number";
  if (Share(column.day_first_dates, written) >= kNearlyAll) return "date_day_first";
  if (Share(column.year_first_dates, written) >= kNearlyAll) return "date_year_first";
  if (Share(column.numbers + dates, written) <= kNearlyNone) return "text";
  return "";
}

std::uint32_t CellsOf(const ColumnProfile& column, std::string_view type) {
  if (type == "number") return column.numbers;
  if (type == "date_day_first") return column.day_first_dates;
  if (type == "date_year_first") return column.year_first_dates;
  return Written(column) - column.numbers - column.day_first_dates - column.year_first_dates;
}

/// What a column mostly is now, when it is mixed.
std::string_view MostOf(const ColumnProfile& column) {
  std::string_view most = "text";
  for (const std::string_view type : {"number", "date_day_first", "date_year_first"}) {
    if (CellsOf(column, type) > CellsOf(column, most)) most = type;
  }
  return most;
}

bool IsWrittenAlike(const ColumnProfile& left, const ColumnProfile& right) {
  constexpr double kShare = 0.25;
  const bool few = Written(left) < kLeastComparedCells || Written(right) < kLeastComparedCells;
  if (few) return true;  // nothing speaks against it
  const auto alike = [&](std::uint32_t mine, std::uint32_t other) {
    return std::abs(Share(mine, Written(left)) - Share(other, Written(right))) <= kShare;
  };
  const auto [shorter, longer] = std::minmax(left.mean_length, right.mean_length);
  return alike(left.numbers, right.numbers) && alike(left.day_first_dates, right.day_first_dates) &&
         alike(left.year_first_dates, right.year_first_dates) && longer <= shorter * 2 + 2;
}

/// A column that is missing or new, with its name folded once.
struct Named {
  const ColumnProfile* column = nullptr;
  std::string folded;
};

/// How many letters of two names differ, when they are alike: half or less of them, or one name
/// holds the other. Names of quite other lengths need no count for that.
std::optional<std::size_t> DistanceOf(const std::string& left, const std::string& right) {
  const std::size_t shorter = std::min(left.size(), right.size());
  const std::size_t longer = std::max(left.size(), right.size());
  const bool holds = shorter >= 3 && (left.find(right) != std::string::npos ||
                                      right.find(left) != std::string::npos);
  if (holds) return longer - shorter;
  if ((longer - shorter) * 2 > longer) return std::nullopt;
  const std::size_t distance = model::EditDistance(left, right);
  return distance * 2 <= longer ? std::optional(distance) : std::nullopt;
}

class Comparison {
 public:
  Comparison(const Profiles& before, const Profiles& now, const std::vector<std::string>& measures)
      : before_(before), now_(now), measures_(measures) {}

  std::vector<ColumnChange> Run() {
    Pair();
    CompareNames();
    CompareOrder();
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (pairs_[i]) CompareCells(before_[i], now_[*pairs_[i]]);
    }
    return std::move(changes_);
  }

 private:
  /// The n-th column of a name is paired with the n-th of that name.
  void Pair() {
    pairs_.resize(before_.size());
    paired_.resize(now_.size());
    if (std::ranges::equal(before_, now_, {}, &ColumnProfile::name, &ColumnProfile::name)) {
      for (std::size_t i = 0; i < before_.size(); ++i) PairWith(i, i);
      return;
    }
    std::unordered_map<std::string_view, std::vector<std::size_t>> places;
    for (std::size_t i = now_.size(); i > 0; --i) places[now_[i - 1].name].push_back(i - 1);
    for (std::size_t i = 0; i < before_.size(); ++i) {
      const auto found = places.find(before_[i].name);
      if (found == places.end() || found->second.empty()) continue;
      PairWith(i, found->second.back());
      found->second.pop_back();
    }
  }

  void PairWith(std::size_t before, std::size_t now) {
    pairs_[before] = now;
    paired_[now] = true;
  }

  void CompareNames() {
    std::vector<Named> missing;
    std::vector<Named> added;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (!pairs_[i]) missing.push_back({&before_[i], {}});
    }
    for (std::size_t i = 0; i < now_.size(); ++i) {
      if (!paired_[i]) added.push_back({&now_[i], {}});
    }
    // Where nearly all names are others, none was renamed, and to compare all takes long.
    if (missing.size() * added.size() <= kMostComparedNames) {
      for (Named& one : missing) one.folded = model::FoldForSearch(one.column->name);
      for (Named& one : added) one.folded = model::FoldForSearch(one.column->name);
      for (const Named& was : missing) NameMissing(was, added);
    } else {
      for (const Named& was : missing) AddMissing(*was.column);
    }
    for (const Named& one : added) {
      changes_.push_back({ColumnChangeKind::kNew, one.column->name, "", ""});
    }
  }

  /// Renamed to the nearest of the new names that is alike, or gone.
  void NameMissing(const Named& was, std::vector<Named>& added) {
    auto nearest = added.end();
    std::size_t least = 0;
    for (auto one = added.begin(); one != added.end(); ++one) {
      if (!IsWrittenAlike(*was.column, *one->column)) continue;
      const auto distance = DistanceOf(was.folded, one->folded);
      if (!distance || (nearest != added.end() && *distance >= least)) continue;
      nearest = one;
      least = *distance;
    }
    const std::string& name = was.column->name;
    if (nearest == added.end()) return AddMissing(*was.column);
    changes_.push_back({ColumnChangeKind::kRenamed, name, name, nearest->column->name});
    added.erase(nearest);
  }

  void AddMissing(const ColumnProfile& column) {
    changes_.push_back({ColumnChangeKind::kMissing, column.name, "", ""});
  }

  /// Of the columns that are in both, the first that another one stands in the place of.
  void CompareOrder() {
    std::vector<std::size_t> stands;
    for (const auto& pair : pairs_) {
      if (pair) stands.push_back(*pair);
    }
    std::vector<std::size_t> ordered = stands;
    std::ranges::sort(ordered);
    std::size_t next = 0;
    for (std::size_t i = 0; i < before_.size(); ++i) {
      if (!pairs_[i]) continue;
      if (stands[next] != ordered[next]) {
        changes_.push_back({ColumnChangeKind::kReordered, before_[i].name, "", ""});
        return;
      }
      ++next;
    }
  }

  void CompareCells(const ColumnProfile& was, const ColumnProfile& is) {
    constexpr double kHalf = 0.5;
    constexpr double kFew = 0.05;
    if (was.cells < kLeastComparedCells || is.cells < kLeastComparedCells) return;
    if (Share(Written(was), was.cells) >= kHalf && Share(Written(is), is.cells) <= kFew) {
      changes_.push_back({ColumnChangeKind::kEmptied, was.name, "", ""});
      return;
    }
    if (Written(was) < kLeastComparedCells || Written(is) < kLeastComparedCells) return;
    const std::string_view type = TypeOf(was);
    if (!type.empty() && Share(CellsOf(is, type), Written(is)) < kHalf) {
      changes_.push_back(
          {ColumnChangeKind::kTypeChanged, was.name, std::string(type), std::string(MostOf(is))});
      return;
    }
    CompareMagnitude(was, is);
  }

  void CompareMagnitude(const ColumnProfile& was, const ColumnProfile& is) {
    if (std::ranges::find(measures_, was.name) == measures_.end()) return;
    if (!was.magnitude || !is.magnitude) return;
    const std::int32_t moved = *is.magnitude - *was.magnitude;
    const auto power = static_cast<std::int32_t>(
        std::lround(static_cast<double>(moved) / static_cast<double>(kPowerOfTen)));
    if (power == 0 || std::abs(moved - power * kPowerOfTen) > kAboutAPower) return;
    changes_.push_back({ColumnChangeKind::kUnitChanged, was.name, "", std::to_string(power)});
  }

  const Profiles& before_;
  const Profiles& now_;
  const std::vector<std::string>& measures_;
  std::vector<std::optional<std::size_t>> pairs_;  ///< where each column of before stands now
  std::vector<bool> paired_;                       ///< each column of now
  std::vector<ColumnChange> changes_;
};

}  // namespace

std::vector<ColumnChange> CompareColumns(const Profiles& before, const Profiles& now,
                                         const std::vector<std::string>& measures) {
  return Comparison(before, now, measures).Run();
}

}  // namespace fansipan::sources
