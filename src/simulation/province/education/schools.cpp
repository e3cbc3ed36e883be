#include "simulation/province/education/schools.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "simulation/internal/dice.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;
using internal::MixSeeds;
using namespace std::chrono_literals;

constexpr std::uint64_t kSchoolsSeed = 0x7363686F6F6C;
constexpr double kWardKm2 = 75;
constexpr int kFirstYear = 2025;
constexpr int kYearsRecognised = 5;

/// How many people live there, against the mean.
double WeightOf(const Commune& commune, std::uint64_t seed) {
  Dice dice(SeedOfName(seed, commune.code));
  const double weight = dice.Spread(0.6, 1.5);
  return commune.area_km2 > 0 && commune.area_km2 < kWardKm2 ? 1.8 * weight : weight;
}

std::string_view NameOf(const std::vector<Level>& levels) {
  if (levels.size() > 1) return "Trường Tiểu học và Trung học cơ sở";
  switch (levels.front()) {
    case Level::kPreschool:
      return "Trường Mầm non";
    case Level::kPrimary:
      return "Trường Tiểu học";
    case Level::kLowerSecondary:
      return "Trường Trung học cơ sở";
    case Level::kUpperSecondary:
      return "Trường Trung học phổ thông";
    case Level::kContinuing:
      return "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên";
  }
  return "";
}

int UsualPupils(Level level) {
  switch (level) {
    case Level::kPreschool:
      return 260;
    case Level::kPrimary:
      return 430;
    case Level::kLowerSecondary:
      return 380;
    case Level::kUpperSecondary:
      return 640;
    case Level::kContinuing:
      return 180;
  }
  return 0;
}

double TeachersPerClass(Level level) {
  switch (level) {
    case Level::kPreschool:
      return 1.8;
    case Level::kPrimary:
      return 1.35;
    case Level::kLowerSecondary:
      return 1.8;
    case Level::kUpperSecondary:
      return 2.1;
    case Level::kContinuing:
      return 1.2;
  }
  return 1;
}

class Builder {
 public:
  explicit Builder(const Province& province)
      : province_(province), seed_(MixSeeds(province.seed, kSchoolsSeed)) {}

  std::vector<School> Build() {
    for (std::size_t i = 0; i < province_.places.communes.size(); ++i) AddOf(i);
    return std::move(schools_);
  }

 private:
  void AddOf(std::size_t commune) {
    const double weight = WeightOf(province_.places.communes[commune], seed_);
    Add(commune, {Level::kPreschool}, weight, false);
    if (weight < 1) {
      Add(commune, {Level::kPrimary, Level::kLowerSecondary}, weight, false);
    } else {
      Add(commune, {Level::kPrimary}, weight, false);
      Add(commune, {Level::kLowerSecondary}, weight, false);
    }
    if (weight > 2) Add(commune, {Level::kPreschool}, 0.5, true);
    if (commune % 5 == 0) Add(commune, {Level::kUpperSecondary}, weight, false);
    if (commune % 14 == 7) Add(commune, {Level::kContinuing}, 1, false);
  }

  void Add(std::size_t commune, std::vector<Level> levels, double weight, bool is_private) {
    const Commune& place = province_.places.communes[commune];
    School school;
    school.commune = commune;
    school.is_private = is_private;
    school.code = fmt::format("15-{}-{:03}", levels.size() > 1 ? "LC" : CodeOf(levels.front()),
                              schools_.size() + 1);
    school.seed = SeedOfName(seed_, school.code);
    Dice dice(school.seed);
    school.name = fmt::format("{} {}số {} ({})", NameOf(levels), is_private ? "tư thục " : "",
                              schools_.size() + 1, place.code);
    const double size = std::clamp(weight, 0.5, 2.2) * dice.Spread(0.8, 1.2);
    school.pupils = static_cast<int>(UsualPupils(levels.front()) * size / double(levels.size()));
    school.founded = Day(std::chrono::year(static_cast<int>(dice.Between(1975, 2020))) / 8 / 15);
    if (dice.Chance(0.62)) {
      school.recognised = Day(2020y / 9 / 1) + std::chrono::days(dice.Between(0, 2700));
    }
    school.standard_level = dice.Chance(0.2) ? 2 : 1;
    school.longitude = place.longitude + dice.Spread(-0.015, 0.015);
    school.latitude = place.latitude + dice.Spread(-0.015, 0.015);
    school.levels = std::move(levels);
    schools_.push_back(std::move(school));
  }

  const Province& province_;
  std::uint64_t seed_;
  std::vector<School> schools_;
};

/// Pupils of each group; the commune's own mixture is that of its school's seed.
std::array<int, kEthnicGroups> DivideByGroup(int pupils, double kinh_share, std::uint64_t seed) {
  Dice dice(seed);
  std::array<double, kEthnicGroups - 1> weights{};
  for (double& weight : weights) weight = std::pow(dice.Unit(), 3) + 0.02;
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::array<int, kEthnicGroups> groups{};
  groups[0] = static_cast<int>(pupils * kinh_share);
  int left = pupils - groups[0];
  const int others = left;
  for (std::size_t i = 1; i + 1 < kEthnicGroups; ++i) {
    groups[i] = static_cast<int>(others * weights[i - 1] / sum);
    left -= groups[i];
  }
  groups.back() = left;
  return groups;
}

}  // namespace

std::string_view CodeOf(Level level) {
  constexpr std::array<std::string_view, 5> kCodes = {"MN", "TH", "THCS", "THPT", "GDTX"};
  return kCodes[static_cast<std::size_t>(level)];
}

std::optional<Recognition> RecognitionOn(const School& school, Day day) {
  if (!school.recognised || *school.recognised > day) return std::nullopt;
  const auto later = [](Day from) {
    const std::chrono::year_month_day date(from);
    return Day((date.year() + std::chrono::years(kYearsRecognised)) / date.month() / 1);
  };
  Recognition latest{*school.recognised, later(*school.recognised)};
  // Four in five are renewed.
  for (std::uint64_t round = 1; latest.until <= day; ++round) {
    if (Dice(MixSeeds(school.seed, round)).Chance(0.2)) break;
    latest = {latest.until, later(latest.until)};
  }
  return latest;
}

Return ReturnOf(const School& school, Level level, int school_year, int revision) {
  Dice place(MixSeeds(school.seed, 100 + static_cast<std::uint64_t>(level)));
  const double growth = place.Spread(-0.02, 0.025);
  const double kinh = std::pow(place.Unit(), 2) * 0.85;
  const double crowding = place.Spread(0, 1);
  Dice dice(MixSeeds(place.Between(0, 1 << 30), static_cast<std::uint64_t>(school_year)));
  Return told;
  told.pupils =
      std::max(12, static_cast<int>(school.pupils * (1 + growth * (school_year - kFirstYear))));
  const double most = level == Level::kPreschool ? 30 : level == Level::kPrimary ? 37 : 45;
  told.classes = static_cast<int>(std::ceil(told.pupils / (most - 12 + 12 * crowding)));
  // Some come late, and after the first term some have left.
  told.pupils += revision == 0 ? -static_cast<int>(dice.Between(0, 6)) : 0;
  told.pupils -= revision == 2 ? static_cast<int>(dice.Between(0, 4)) : 0;
  told.girls = static_cast<int>(told.pupils * dice.Spread(0.46, 0.5));
  told.groups = DivideByGroup(told.pupils, kinh, MixSeeds(school.seed, 7));
  told.teachers = std::max(
      2, static_cast<int>(told.classes * TeachersPerClass(level) * dice.Spread(0.9, 1.05)));
  told.above = static_cast<int>(told.teachers * dice.Spread(0.03, 0.15));
  told.qualified = static_cast<int>((told.teachers - told.above) * dice.Spread(0.88, 1));
  return told;
}

int PupilsOf(const School& school, int school_year, int revision) {
  int pupils = 0;
  for (const Level level : school.levels) {
    pupils += ReturnOf(school, level, school_year, revision).pupils;
  }
  return pupils;
}

std::vector<School> BuildSchools(const Province& province) { return Builder(province).Build(); }

}  // namespace fansipan::simulation
