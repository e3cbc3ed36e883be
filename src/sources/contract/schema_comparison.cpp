#include "sources/contract/schema_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "model/spelling/edit_distance.h"
#include "model/spelling/folding.h"

namespace fansipan::sources {
namespace {

using model::ColumnChange;
using model::ColumnChangeKind;
using model::ColumnProfile;
using Profiles = std::vector<ColumnProfile>;

constexpr std::int32_t kPowerOfTen = 1000;  // in thousandths of a logarithm
constexpr std::int32_t kAboutAPower = 150;  // a factor of 1.4

std::uint32_t Written(const ColumnProfile& column) { return column.cells - column.empty; }

double Share(std::uint32_t part, std::uint32_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

const ColumnProfile* Find(const Profiles& columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name, &ColumnProfile::name);
  return found == columns.end() ? nullptr : &*found;
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

/// Half or less of the letters differ, or one name holds the other.
bool IsNamedAlike(const std::string& left, const std::string& right) {
  const std::string a = model::FoldForSearch(left);
  const std::string b = model::FoldForSearch(right);
  const std::size_t shorter = std::min(a.size(), b.size());
  const bool holds = a.find(b) != std::string::npos || b.find(a) != std::string::npos;
  if (shorter >= 3 && holds) return true;
  return model::EditDistance(a, b) * 2 <= std::max(a.size(), b.size());
}

class Comparison {
 public:
  Comparison(const Profiles& before, const Profiles& now, const std::vector<std::string>& measures)
      : before_(before), now_(now), measures_(measures) {}

  std::vector<ColumnChange> Run() {
    CompareNames();
    CompareOrder();
    for (const ColumnProfile& was : before_) {
      const ColumnProfile* is = Find(now_, was.name);
      if (is != nullptr) CompareCells(was, *is);
    }
    return std::move(changes_);
  }

 private:
  void CompareNames() {
    std::vector<const ColumnProfile*> added;
    for (const ColumnProfile& column : now_) {
      if (Find(before_, column.name) == nullptr) added.push_back(&column);
    }
    for (const ColumnProfile& was : before_) {
      if (Find(now_, was.name) != nullptr) continue;
      const auto renamed = std::ranges::find_if(added, [&](const ColumnProfile* column) {
        return IsNamedAlike(was.name, column->name) && IsWrittenAlike(was, *column);
      });
      if (renamed == added.end()) {
        changes_.push_back({ColumnChangeKind::kMissing, was.name, "", ""});
        continue;
      }
      changes_.push_back({ColumnChangeKind::kRenamed, was.name, was.name, (*renamed)->name});
      added.erase(renamed);
    }
    for (const ColumnProfile* column : added) {
      changes_.push_back({ColumnChangeKind::kNew, column->name, "", ""});
    }
  }

  void CompareOrder() {
    auto next = now_.begin();
    for (const ColumnProfile& was : before_) {
      if (Find(now_, was.name) == nullptr) continue;
      while (next != now_.end() && Find(before_, next->name) == nullptr) ++next;
      if (next == now_.end()) return;
      if (next->name != was.name) {
        changes_.push_back({ColumnChangeKind::kReordered, was.name, "", ""});
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
  std::vector<ColumnChange> changes_;
};

}  // namespace

std::vector<ColumnChange> CompareColumns(const Profiles& before, const Profiles& now,
                                         const std::vector<std::string>& measures) {
  return Comparison(before, now, measures).Run();
}

}  // namespace fansipan::sources
