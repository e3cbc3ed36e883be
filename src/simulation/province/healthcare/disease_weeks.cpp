#include "simulation/province/healthcare/disease_weeks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numbers>

#include "simulation/internal/dice.h"
#include "simulation/province/inhabitants.h"

namespace fansipan::simulation::healthcare {
namespace {

using internal::Dice;
using internal::MixSeeds;
using std::chrono::days;
using std::chrono::minutes;
using std::chrono::weeks;

constexpr std::uint64_t kDiseaseSeed = 0x64697365617365;
constexpr LocalDay kBegin{LocalDay(std::chrono::year(2023) / std::chrono::July / 3)};
constexpr std::size_t kCommunesOfAnOutbreak = 3;
constexpr int kMeaslesEvery = 8;   // weeks
constexpr int kMeaslesLasts = 10;  // so that one is always known already
constexpr int kDengueWeek = 33;
constexpr int kDengueLasts = 10;
constexpr double kWeeksOfAYear = 52.18;
constexpr double kPeople = 100'000;

/// Cases a week among 100,000 people: invented, of the size that is known of Vietnam's north.
struct Usual {
  double rate;
  double season;  ///< how far the year moves it
  int peak;       ///< week
  double fewer;   ///< by how much more it was each year before 2027
  double deadly;
};
constexpr std::array<Usual, kDiseases> kUsual = {{
    {0, 0, 1, 0, 0.02},            // cholera
    {0.03, 0.5, 30, 0, 0},         // typhoid
    {2.0, 0.4, 28, 0.05, 0},       // dysentery
    {2.4, 0.6, 40, 0.12, 0.001},   // hand, foot and mouth
    {0.4, 0.95, 36, 0, 0.001},     // dengue
    {0.04, 0.5, 30, 0, 0},         // malaria
    {0.08, 0.7, 26, 0, 0.03},      // encephalitis
    {0.25, 0.5, 12, 0, 0.001},     // measles
    {0.003, 0, 1, 0, 0.05},        // diphtheria
    {0.1, 0.3, 15, 0, 0},          // pertussis
    {0.6, 0.4, 12, 0.05, 0},       // mumps
    {2.6, 0.6, 10, 0.1, 0},        // chickenpox
    {42, 0.45, 3, 0.12, 0.00002},  // influenza
    {0.006, 0.2, 28, 0, 1},        // rabies
    {0.003, 0.3, 24, 0, 0},        // anthrax
    {0.01, 0.2, 28, 0, 0.1},       // streptococcus suis
    {6, 0.1, 20, 0.02, 0.0005},    // others
}};

constexpr std::string_view kHeader =
    "ma_xa,tuan,tu_ngay,den_ngay,ta,thuong_han,ly_truc_trung,tay_chan_mieng,sot_xuat_huyet,sot_ret,"
    "viem_nao_vi_rut,soi,bach_hau,ho_ga,quai_bi,thuy_dau,cum,dai,than,lien_cau_lon,khac,tu_vong,"
    "gui_luc\n";

/// ISO: the week is of the year that its Thursday lies in.
struct WeekNumber {
  int year;
  int week;
};

WeekNumber NumberOf(LocalDay monday) {
  const LocalDay thursday = monday + days(3);
  const int year = YearOf(thursday);
  const LocalDay first(std::chrono::year(year) / std::chrono::January / 1);
  return {year, static_cast<int>((thursday - first).count() / 7) + 1};
}

std::uint64_t CountOf(LocalDay day) {
  return static_cast<std::uint64_t>(day.time_since_epoch().count());
}

double ExpectedOf(const Usual& usual, LocalDay monday, double people) {
  const WeekNumber number = NumberOf(monday);
  const double turn = 2 * std::numbers::pi * (number.week - usual.peak) / kWeeksOfAYear;
  const double season = 1 + usual.season * std::cos(turn);
  const double trend = 1 + usual.fewer * std::max(0, 2027 - number.year);
  return people / kPeople * usual.rate * season * trend;
}

/// Counts by Knuth's method; means are small.
int CountAround(double mean, Dice& dice) {
  const double limit = std::exp(-mean);
  int count = 0;
  for (double product = dice.Unit(); product > limit; product *= dice.Unit()) ++count;
  return count;
}

std::size_t IndexOf(Disease disease) { return static_cast<std::size_t>(disease); }

}  // namespace

DiseaseWeeks::DiseaseWeeks(const Province& province)
    : seed_(MixSeeds(province.seed, kDiseaseSeed)) {
  const std::vector<std::int64_t> people = InhabitantsOf(province);
  std::map<std::string, std::size_t> sorted;
  const auto& communes = province.places.communes;
  for (std::size_t i = 0; i < communes.size(); ++i) sorted.emplace(communes[i].code, i);
  for (const auto& [code, i] : sorted) {
    const auto all = static_cast<double>(people[i]);
    codes_.push_back(code);
    now_.push_back({{code, all}});
    std::vector<Reporter> then;
    for (const std::string& former : communes[i].former_codes) {
      then.push_back({former, all / static_cast<double>(communes[i].former_codes.size())});
    }
    then_.push_back(then.empty() ? now_.back() : std::move(then));
  }
}

LocalDay DiseaseWeeks::begin() { return kBegin; }

std::vector<Reporter> DiseaseWeeks::ReportersOf(std::size_t commune, LocalDay monday) const {
  return monday + days(6) < kMergerDay ? then_[commune] : now_[commune];
}

base::LocalTime DiseaseWeeks::SentAt(const std::string& code, LocalDay monday) const {
  Dice dice(MixSeeds(SeedOf(seed_, code), CountOf(monday) + 1));
  const std::array<double, 4> by_day = {55, 32, 11, 2};
  const auto day = static_cast<int>(dice.Pick(by_day));
  return monday + weeks(1) + days(day) + minutes(dice.Between(8 * 60, 16 * 60));
}

DiseaseWeeks::Cases DiseaseWeeks::DrawCases(const Reporter& reporter, LocalDay monday) const {
  Dice dice(MixSeeds(SeedOf(seed_, reporter.code), CountOf(monday)));
  Cases cases{};
  for (std::size_t i = 0; i < kDiseases; ++i) {
    cases[i] = CountAround(ExpectedOf(kUsual[i], monday, reporter.people), dice);
  }
  return cases;
}

std::vector<Outbreak> DiseaseWeeks::OutbreaksIn(LocalDay monday) const {
  std::vector<Outbreak> outbreaks;
  if (codes_.size() < kCommunesOfAnOutbreak || monday < kStoriesFrom) return outbreaks;
  const auto place = [&](std::uint64_t number) {
    return static_cast<std::size_t>(MixSeeds(seed_, number) %
                                    (codes_.size() - kCommunesOfAnOutbreak + 1));
  };
  const auto since = static_cast<int>((monday - kStoriesFrom).count() / 7);
  for (int block = since / kMeaslesEvery; block >= 0; --block) {
    if (since >= block * kMeaslesEvery + kMeaslesLasts) break;
    outbreaks.push_back({Disease::kMeasles, kStoriesFrom + weeks(block * kMeaslesEvery),
                         kMeaslesLasts, place(static_cast<std::uint64_t>(block)), 7, 16});
  }
  const WeekNumber number = NumberOf(monday);
  if (number.week >= kDengueWeek && number.week < kDengueWeek + kDengueLasts) {
    outbreaks.push_back({Disease::kDengue, monday - weeks(number.week - kDengueWeek), kDengueLasts,
                         place(1'000'000 + static_cast<std::uint64_t>(number.year)), 6, 14});
  }
  return outbreaks;
}

std::vector<std::size_t> DiseaseWeeks::CommunesOf(const Outbreak& outbreak) const {
  std::vector<std::size_t> communes;
  for (std::size_t i = 0; i < kCommunesOfAnOutbreak; ++i) communes.push_back(outbreak.commune + i);
  return communes;
}

void DiseaseWeeks::AddOutbreaks(std::size_t commune, LocalDay monday, double part,
                                Cases& cases) const {
  for (const Outbreak& outbreak : OutbreaksIn(monday)) {
    if (commune < outbreak.commune || commune >= outbreak.commune + kCommunesOfAnOutbreak) continue;
    Dice dice(MixSeeds(SeedOf(seed_, codes_[commune]), CountOf(monday) + 2));
    const auto more = static_cast<double>(dice.Between(outbreak.least, outbreak.most));
    cases[IndexOf(outbreak.disease)] += static_cast<int>(std::lround(more * part));
  }
}

void DiseaseWeeks::AppendWeek(std::size_t commune, LocalDay monday, Table& table) const {
  const std::vector<Reporter> reporters = ReportersOf(commune, monday);
  const WeekNumber number = NumberOf(monday);
  for (const Reporter& reporter : reporters) {
    Cases cases = DrawCases(reporter, monday);
    AddOutbreaks(commune, monday, 1.0 / static_cast<double>(reporters.size()), cases);
    Dice dice(MixSeeds(SeedOf(seed_, reporter.code), CountOf(monday) + 3));
    int deaths = 0;
    for (std::size_t i = 0; i < kDiseases; ++i) {
      for (int one = 0; one < cases[i]; ++one) deaths += dice.Chance(kUsual[i].deadly) ? 1 : 0;
    }
    auto out = std::back_inserter(table.text);
    fmt::format_to(out, "{},{:02}/{},{},{}", reporter.code, number.week, number.year,
                   DayText(monday), DayText(monday + days(6)));
    for (const int count : cases) fmt::format_to(out, ",{}", count);
    fmt::format_to(out, ",{},{}\n", deaths, MomentText(SentAt(reporter.code, monday)));
    ++table.rows;
  }
}

Table DiseaseWeeks::ReportedOn(LocalDay day) const {
  Table all{std::string(kHeader), 0};
  const LocalDay this_monday = day - (std::chrono::weekday(day) - std::chrono::Monday);
  const LocalDay monday = this_monday - weeks(1);
  if (monday < kBegin) return all;
  for (std::size_t commune = 0; commune < codes_.size(); ++commune) {
    Table rows;
    AppendWeek(commune, monday, rows);
    // Each row of a commune is sent by a reporter of its own.
    std::size_t at = 0;
    for (const Reporter& reporter : ReportersOf(commune, monday)) {
      const std::size_t end = rows.text.find('\n', at) + 1;
      if (DayOf(SentAt(reporter.code, monday)) == day) {
        all.text.append(rows.text, at, end - at);
        ++all.rows;
      }
      at = end;
    }
  }
  return all;
}

Table DiseaseWeeks::SeriesBefore(LocalDay day, std::size_t first) const {
  Table all{std::string(kHeader), 0};
  for (std::size_t commune = first; commune < codes_.size(); commune += 2) {
    for (LocalDay monday = kBegin; monday + days(12) < day; monday += weeks(1)) {
      AppendWeek(commune, monday, all);
    }
  }
  return all;
}

}  // namespace fansipan::simulation::healthcare
