#include "simulation/province/socio_economic/enterprises.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "simulation/internal/dice.h"
#include "simulation/province/commune_origins.h"
#include "simulation/province/inhabitants.h"

namespace fansipan::simulation::socio {
namespace {

using internal::Dice;
using internal::MixSeeds;
using std::chrono::local_days;
using std::chrono::year_month_day;
using namespace std::chrono_literals;

constexpr std::uint64_t kSeed = 0x656E74;
constexpr double kWardWeight = 6;
/// A working day, each kind: founded, dissolved, suspended, resumed.
constexpr std::array<double, 4> kADay = {5.6, 0.9, 1.6, 1.3};

/// The first days of the lunar years that simulations are likely to see.
constexpr auto kNewYears = std::to_array<year_month_day>(
    {2026y / 2 / 17, 2027y / 2 / 6, 2028y / 1 / 26, 2029y / 2 / 13, 2030y / 2 / 3});

bool IsTet(local_days day) {
  return std::ranges::any_of(kNewYears, [&](const year_month_day& first) {
    const auto off = day - local_days(first);
    return off >= std::chrono::days(-2) && off <= std::chrono::days(5);
  });
}

/// Enterprises suspend their business in January.
double SeasonOf(local_days day, std::size_t kind) {
  const bool january = year_month_day(day).month() == std::chrono::January;
  if (kind == 2) return january ? 4 : 0.8;
  return kind == 3 && january ? 2 : 1;
}

int Draw(Dice& dice, double mean) {
  const double whole = std::floor(mean * dice.Spread(0.4, 1.6));
  return static_cast<int>(whole) + (dice.Chance(mean - std::floor(mean)) ? 1 : 0);
}

}  // namespace

Enterprises::Enterprises(const Province& province) : province_(province) {
  const std::vector<std::int64_t> people = InhabitantsOf(province);
  for (std::size_t i = 0; i < people.size(); ++i) {
    const CommuneOrigin* origin = FindOrigin(province.places.communes[i].code);
    const bool ward = origin != nullptr && origin->ward;
    weights_.push_back(static_cast<double>(people[i]) * (ward ? kWardWeight : 1));
  }
}

std::vector<Enterprises::Change> Enterprises::ChangesOn(local_days day) const {
  std::vector<Change> changes;
  const unsigned weekday = std::chrono::weekday(day).iso_encoding();
  if (weekday > 5 || IsTet(day) || day < local_days(2025y / 7 / 1)) return changes;
  const auto number = static_cast<std::uint64_t>(day.time_since_epoch().count());
  Dice dice(MixSeeds(MixSeeds(province_.seed, kSeed), number));
  for (std::size_t kind = 0; kind < kADay.size(); ++kind) {
    const int count = Draw(dice, kADay[kind] * SeasonOf(day, kind));
    for (int i = 0; i < count; ++i) {
      Change change;
      change.kind = static_cast<int>(kind) + 1;
      change.code = fmt::format(
          "5300{:06}", ((number % 9000) * 100 + kind * 25 + static_cast<unsigned>(i)) % 1'000'000);
      change.commune = dice.Pick(weights_);
      if (kind == 0) change.capital = dice.Between(3, 90) * 100'000'000;
      changes.push_back(std::move(change));
    }
  }
  return changes;
}

SystemDelivery Enterprises::WeekBefore(local_days monday) const {
  SystemDelivery delivery;
  delivery.source = "enterprise_registry";
  delivery.media_type = "application/x-ndjson";
  for (int back = 7; back >= 1; --back) {
    const local_days day = monday - std::chrono::days(back);
    const year_month_day date(day);
    for (const Change& change : ChangesOn(day)) {
      fmt::format_to(
          std::back_inserter(delivery.body),
          R"({{"maSoDoanhNghiep":"{}","loaiThayDoi":{},"ngay":"{:04}-{:02}-{:02}","maXa":"{}",)"
          R"("vonDieuLe":{}}})"
          "\n",
          change.code, change.kind, static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
          province_.places.communes[change.commune].code,
          change.kind == 1 ? std::to_string(change.capital) : "null");
      ++delivery.rows;
    }
  }
  return delivery;
}

int Enterprises::FoundedIn(ReportMonth month) const {
  const auto first_of = [](ReportMonth of) {
    return local_days(std::chrono::year(of.year) / std::chrono::month(of.month) / 1);
  };
  int count = 0;
  const local_days end = first_of(MonthsLater(month, 1));
  for (local_days day = first_of(month); day < end; day += std::chrono::days(1)) {
    const std::vector<Change> changes = ChangesOn(day);
    count += static_cast<int>(std::ranges::count(changes, 1, &Change::kind));
  }
  return count;
}

}  // namespace fansipan::simulation::socio
