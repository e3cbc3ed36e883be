#include "simulation/province/internal/citizen_reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

namespace fansipan::simulation::internal {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace std::chrono_literals;

constexpr std::int64_t kCycleDays = 35;
constexpr int kFirstSlowDay = 8;
constexpr int kSlowDays = 20;
constexpr double kBusyADay = 1.3;
constexpr double kTownArea = 75;
constexpr std::uint64_t kOfDays = 0xDA75;
constexpr std::uint64_t kOfStories = 0x51C0;

constexpr std::array<std::string_view, 10> kFields = {
    "environment",        "traffic",     "security_order", "land",
    "construction_order", "food_safety", "online_fraud",   "urban_infrastructure",
    "electricity_water",  "other"};
constexpr std::array<double, 10> kFieldWeights = {2.2, 1.8, 1.1, 0.9, 0.8, 0.4, 0.8, 1.6, 0.9, 0.6};
// Hours from midnight: citizens report by day, and after work.
constexpr std::array<double, 24> kHours = {0.1, 0.05, 0.05, 0.05, 0.1, 0.4, 0.9, 1.5,
                                           1.8, 1.7,  1.4,  1.0,  0.7, 1.0, 1.4, 1.4,
                                           1.3, 1.2,  1.1,  1.2,  1.0, 0.7, 0.4, 0.2};

std::uint64_t SeedOf(std::string_view text, std::uint64_t seed) {
  for (const char letter : text) seed = MixSeeds(seed, static_cast<unsigned char>(letter));
  return seed;
}

/// The Lunar New Year's holidays: hardly anybody reports.
bool IsTet(LocalDay day) {
  constexpr std::array<std::pair<LocalDay, LocalDay>, 3> tet{{
      {LocalDay{2025y / 1 / 27}, LocalDay{2025y / 2 / 2}},
      {LocalDay{2026y / 2 / 15}, LocalDay{2026y / 2 / 22}},
      {LocalDay{2027y / 2 / 4}, LocalDay{2027y / 2 / 12}},
  }};
  return std::ranges::any_of(
      tet, [&](const auto& span) { return span.first <= day && day <= span.second; });
}

double DayWeight(LocalDay day) { return IsTet(day) ? 0.35 : IsWeekend(day) ? 0.65 : 1.1; }

double ReportsADay(const Commune& commune, std::uint64_t seed) {
  Dice dice(SeedOf(commune.code, seed));
  const bool is_town = commune.area_km2 > 0 && commune.area_km2 < kTownArea;
  return is_town ? dice.Spread(kBusyADay, 2.6) : dice.Spread(0.15, 0.6);
}

base::Duration Part(base::Duration whole, double share) {
  return std::chrono::duration_cast<seconds>(whole * share);
}

std::string MomentText(const base::TimeZone& zone, base::Timestamp moment) {
  const base::LocalTime local = zone.ToLocal(moment);
  const auto day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(local - day));
  const auto offset = std::chrono::duration_cast<minutes>(zone.OffsetAt(moment)).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}",
                     static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), offset < 0 ? '-' : '+',
                     std::abs(offset) / 60, std::abs(offset) % 60);
}

}  // namespace

std::string EncodeReport(const ReportVersion& version, const base::TimeZone& zone) {
  const auto moment = [&](const std::optional<base::Timestamp>& value) {
    return value ? Json(MomentText(zone, *value)) : Json();
  };
  Json row;
  row["maPhanAnh"] = version.number;
  row["lanXuLy"] = version.round;
  row["kenh"] = version.channel;
  row["linhVuc"] = version.field;
  row["mucDo"] = version.is_urgent ? 2 : 1;
  row["maXa"] = version.commune_code;
  row["maCoQuanXuLy"] = version.agency_code.empty() ? Json() : Json(version.agency_code);
  row["trangThai"] = static_cast<int>(version.status);
  row["tiepNhanLuc"] = MomentText(zone, version.received_at);
  row["chuyenLuc"] = moment(version.routed_at);
  row["phanHoiDauLuc"] = moment(version.responded_at);
  row["soGioXuLy"] = version.term_hours;
  row["ketThucLuc"] = moment(version.closed_at);
  row["moLaiLuc"] = moment(version.reopened_at);
  row["diemDanhGia"] = version.rating ? Json(*version.rating) : Json();
  row["capNhatLuc"] = MomentText(zone, version.updated_at);
  return row.dump() + "\n";
}

CitizenReports::CitizenReports(const Province& province)
    : seed_(province.seed), places_(province.places), office_(province.zone) {
  for (const Commune& commune : places_.communes) {
    communes_.push_back({&commune, ReportsADay(commune, seed_)});
    if (communes_.back().a_day >= kBusyADay) busy_.push_back(communes_.size() - 1);
  }
}

LocalDay CitizenReports::DayOf(base::Timestamp moment) const {
  return std::chrono::floor<days>(zone().ToLocal(moment));
}

std::int64_t CitizenReports::CycleOf(LocalDay day) {
  const std::int64_t count = day.time_since_epoch().count();
  return count >= 0 ? count / kCycleDays : (count - kCycleDays + 1) / kCycleDays;
}

SlowCommune CitizenReports::SlowOf(std::int64_t cycle) const {
  const LocalDay from{days(cycle * kCycleDays + kFirstSlowDay)};
  SlowCommune slow{.commune_code = {}, .from = from, .until = from + days(kSlowDays)};
  if (busy_.empty()) return slow;
  Dice dice(MixSeeds(MixSeeds(seed_, kOfStories), static_cast<std::uint64_t>(cycle)));
  const auto last = static_cast<std::int64_t>(busy_.size()) - 1;
  slow.commune_code =
      communes_[busy_[static_cast<std::size_t>(dice.Between(0, last))]].commune->code;
  return slow;
}

bool CitizenReports::IsSlow(const Commune& commune, LocalDay day) const {
  const SlowCommune slow = SlowOf(CycleOf(day));
  return commune.code == slow.commune_code && slow.from <= day && day < slow.until;
}

std::string CitizenReports::HandlingAgency(const Commune& commune, std::string_view field,
                                           Dice& dice) const {
  const bool is_provincial = dice.Chance(field == "online_fraud" ? 0.6 : 0.15);
  if (!is_provincial || places_.departments.empty()) return commune.agency_code;
  const auto last = static_cast<std::int64_t>(places_.departments.size()) - 1;
  return places_.departments[static_cast<std::size_t>(dice.Between(0, last))];
}

ReportVersion CitizenReports::Receive(const Commune& commune, LocalDay day, int number,
                                      Dice& dice) const {
  const std::chrono::year_month_day date{day};
  ReportVersion report;
  report.number =
      fmt::format("PA-{:02}{:02}{:02}-{:04}", static_cast<int>(date.year()) % 100,
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), number);
  report.channel = 1 + static_cast<int>(dice.Pick(std::array{0.62, 0.28, 0.10}));
  report.field = kFields.at(dice.Pick(kFieldWeights));
  report.is_urgent = dice.Chance(0.08);
  report.commune_code = commune.code;
  report.term_hours = report.is_urgent ? 8 : 24;
  const auto hour = static_cast<int>(dice.Pick(kHours));
  report.received_at = zone().ToUtc(day + hours(hour) + seconds(dice.Between(0, 3599)));
  report.updated_at = report.received_at;
  return report;
}

/// From the receipt to the answer, or to a refusal at the desk.
void CitizenReports::Live(ReportVersion report, bool is_slow, Dice& dice,
                          std::vector<ReportVersion>& versions) const {
  versions.push_back(report);
  const base::Timestamp desk = office_.After(report.received_at, minutes(dice.Between(5, 150)));
  report.updated_at = desk;
  if (dice.Chance(0.06)) {
    report.status = ReportStatus::kRefused;
    report.closed_at = desk;
    versions.push_back(report);
    return;
  }
  report.status = ReportStatus::kRouted;
  report.routed_at = desk;
  versions.push_back(report);
  const base::Duration wait =
      is_slow ? Part(hours(30), dice.Spread(0.5, 1.5)) : minutes(dice.Between(10, 110));
  report.status = ReportStatus::kProcessing;
  report.responded_at = report.updated_at = office_.After(desk, wait);
  versions.push_back(report);
  const base::Duration term = hours(report.term_hours);
  const bool is_late = dice.Chance(0.03);
  double share = is_late ? dice.Spread(1.1, 1.8) : dice.Spread(0.35, 0.92);
  if (is_slow) share = dice.Spread(2.5, 6);
  const base::Timestamp answered = office_.After(report.received_at, Part(term, share));
  report.closed_at = report.updated_at = std::max(answered, *report.responded_at + minutes(10));
  report.status = ReportStatus::kAnswered;
  versions.push_back(report);
  Judge(std::move(report), dice, versions);
}

/// Half of the citizens rate the answer; who is not content may have it opened again.
void CitizenReports::Judge(ReportVersion report, Dice& dice,
                           std::vector<ReportVersion>& versions) const {
  if (!dice.Chance(0.5)) return;
  const bool is_slow = *report.responded_at - report.received_at > days(2);
  const auto best =
      is_slow ? std::array{0.3, 0.3, 0.2, 0.15, 0.05} : std::array{0.02, 0.03, 0.1, 0.35, 0.5};
  report.rating = 1 + static_cast<int>(dice.Pick(best));
  report.updated_at = *report.closed_at + minutes(dice.Between(20, 2 * 24 * 60));
  versions.push_back(report);
  if (!dice.Chance(*report.rating <= 2 ? 0.35 : 0.03)) return;
  report.reopened_at = report.updated_at = report.updated_at + minutes(dice.Between(5, 60));
  versions.push_back(report);
  LiveAgain(report, dice, versions);
}

/// The second round goes to the same agency at once, and takes half of the term.
void CitizenReports::LiveAgain(const ReportVersion& first, Dice& dice,
                               std::vector<ReportVersion>& versions) const {
  ReportVersion again = first;
  again.round = 2;
  again.rating = std::nullopt;
  again.reopened_at = std::nullopt;
  again.closed_at = std::nullopt;
  again.responded_at = std::nullopt;
  again.status = ReportStatus::kRouted;
  again.received_at = again.updated_at = *first.reopened_at;
  again.routed_at = again.received_at;
  versions.push_back(again);
  const base::Duration term = hours(again.term_hours);
  again.responded_at = office_.After(again.received_at, Part(term, dice.Spread(0.05, 0.12)));
  again.closed_at = office_.After(again.received_at, Part(term, dice.Spread(0.3, 0.9)));
  again.updated_at = *again.closed_at;
  again.status = ReportStatus::kAnswered;
  versions.push_back(again);
}

std::vector<ReportVersion> CitizenReports::VersionsOf(LocalDay day) const {
  std::vector<ReportVersion> versions;
  Dice dice(MixSeeds(MixSeeds(seed_, kOfDays),
                     static_cast<std::uint64_t>(day.time_since_epoch().count())));
  const base::Timestamp end = zone().ToUtc(day + base::Duration(0)) + kLongestLife;
  int number = 0;
  for (const Weighted& place : communes_) {
    const double mean = place.a_day * DayWeight(day);
    const double whole = std::floor(mean);
    const int count = static_cast<int>(whole) + (dice.Chance(mean - whole) ? 1 : 0);
    for (int i = 0; i < count; ++i) {
      ReportVersion report = Receive(*place.commune, day, ++number, dice);
      const std::string agency = HandlingAgency(*place.commune, report.field, dice);
      const std::size_t first = versions.size();
      const bool is_slow = agency == place.commune->agency_code && IsSlow(*place.commune, day);
      Live(std::move(report), is_slow, dice, versions);
      for (std::size_t at = first; at < versions.size(); ++at) {
        if (versions[at].routed_at) versions[at].agency_code = agency;
      }
    }
  }
  std::erase_if(versions, [&](const ReportVersion& version) { return version.updated_at >= end; });
  return versions;
}

}  // namespace fansipan::simulation::internal
