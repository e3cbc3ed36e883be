#include "simulation/province/population_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "simulation/internal/dice.h"
#include "simulation/province/commune_origins.h"
#include "simulation/province/inhabitants.h"
#include "simulation/province/statistics_text.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;

constexpr int kMergerYear = 2025;
constexpr int kFirstYear = 2023;
constexpr int kMorning = 9 * 60;
constexpr std::uint64_t kLeavingSeed = 0x6C656176;

constexpr std::string_view kTitle = "DÂN SỐ VÀ SỐ HỘ THEO XÃ, PHƯỜNG\n";
constexpr std::string_view kHeader =
    "Mã đơn vị,Tên đơn vị,Cấp,Năm,Mức độ,Dân số (người),Số hộ,Từ ngày,Đến ngày,Ngày gửi,"
    "Người ký\n";

/// What all rows of one year say alike.
struct YearRows {
  int year = 0;
  bool final = false;
  std::string from;   ///< dd/mm/yyyy
  std::string until;  ///< the same, or empty
  std::string sent;
};

struct Count {
  std::string code;
  std::int64_t persons = 0;
  std::int64_t households = 0;
};

class PopulationModel final : public SystemModel {
 public:
  explicit PopulationModel(const Province& province)
      : province_(province), people_(InhabitantsOf(province)) {}

  std::vector<std::string> sources() const override { return {"population_statistics"}; }
  base::Duration history() const override { return std::chrono::days(4 * 365 + 1); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    SpanOfDeliveries span(from, until);
    const int last = MonthOf(province_.zone, until).year;
    for (int year = MonthOf(province_.zone, from).year; year <= last; ++year) {
      if (year < kFirstYear) continue;
      const base::Timestamp at = SentAt(year);
      span.Add(at, [&] { return Table(year, at); });
    }
    return span.Take();
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    const int last = MonthOf(province_.zone, until).year;
    for (int year = MonthOf(province_.zone, from).year; year <= last; ++year) {
      const base::Timestamp begins = SentAt(year);
      if (year <= kMergerYear || begins < from || begins >= until) continue;
      stories.push_back({.name = fmt::format("people_leave_{}", year),
                         .system = "population",
                         .indicator = "population_growth",
                         .unit = CodeOf(Leaving(year)),
                         .text = "A commune loses a tenth of its people within a year.",
                         .from = begins,
                         .until = SentAt(year + 1)});
    }
    return stories;
  }

 private:
  /// Mid-March; in the year of the merger when the new communes had been counted.
  base::Timestamp SentAt(int year) const {
    const bool merger = year == kMergerYear;
    return SendingMoment(province_.zone, {year, merger ? 7U : 3U}, 15, kMorning);
  }

  const std::string& CodeOf(std::size_t commune) const {
    return province_.places.communes[commune].code;
  }

  /// The commune that loses many people in the year.
  std::size_t Leaving(int year) const {
    Dice dice(internal::MixSeeds(province_.seed ^ kLeavingSeed, static_cast<std::uint64_t>(year)));
    return static_cast<std::size_t>(dice.Between(0, static_cast<std::int64_t>(people_.size()) - 1));
  }

  double GrowthOf(std::size_t commune, int year) const {
    if (year > kMergerYear && Leaving(year) == commune) return 0.9;
    Dice dice(SeedOf(internal::MixSeeds(province_.seed, static_cast<std::uint64_t>(year)),
                     "growth of " + CodeOf(commune)));
    return 1 + dice.Spread(-0.002, 0.016);
  }

  std::int64_t PersonsOf(std::size_t commune, int year) const {
    auto persons = static_cast<double>(people_[commune]);
    for (int y = kMergerYear + 1; y <= year; ++y) persons *= GrowthOf(commune, y);
    for (int y = kMergerYear; y > year; --y) persons /= GrowthOf(commune, y);
    return std::llround(persons);
  }

  std::int64_t HouseholdsOf(const std::string& code, std::int64_t persons) const {
    Dice dice(SeedOf(province_.seed, "household of " + code));
    return std::max<std::int64_t>(
        1, std::llround(static_cast<double>(persons) / dice.Spread(3.7, 4.7)));
  }

  /// What is preliminary is told a little wrong, but for the number that was published.
  std::int64_t Told(const std::string& code, std::int64_t persons, const YearRows& rows) const {
    if (rows.final || rows.year == kMergerYear) return persons;
    Dice dice(SeedOf(internal::MixSeeds(province_.seed, static_cast<std::uint64_t>(rows.year)),
                     "preliminary " + code));
    return std::llround(static_cast<double>(persons) * dice.Spread(0.996, 1.003));
  }

  Count CountOf(std::string code, std::int64_t persons, const YearRows& rows) const {
    const std::int64_t told = Told(code, persons, rows);
    const std::int64_t households = HouseholdsOf(code, told);
    return {std::move(code), told, households};
  }

  /// The commune itself, or what it was made of, which adds up to it.
  std::vector<Count> CountsOf(std::size_t commune, const YearRows& rows) const {
    const std::int64_t persons = PersonsOf(commune, rows.year);
    const CommuneOrigin* origin = FindOrigin(CodeOf(commune));
    if (rows.year >= kMergerYear || origin == nullptr) {
      return {CountOf(CodeOf(commune), persons, rows)};
    }
    const std::vector<std::string_view> old = OldCommunesOf(*origin);
    std::vector<double> weights;
    double all = 0;
    for (const std::string_view code : old) {
      Dice dice(SeedOf(province_.seed, "share of " + std::string(code)));
      all += weights.emplace_back(dice.Spread(0.6, 1.5));
    }
    std::vector<Count> counts;
    std::int64_t left = persons;
    for (std::size_t i = 0; i < old.size(); ++i) {
      const bool last = i + 1 == old.size();
      const auto part =
          last ? left : static_cast<std::int64_t>(static_cast<double>(persons) * weights[i] / all);
      left -= part;
      counts.push_back(CountOf(std::string(old[i]), part, rows));
    }
    return counts;
  }

  std::string ProvinceOf(std::size_t commune, int year) const {
    const CommuneOrigin* origin = FindOrigin(CodeOf(commune));
    return std::string(year >= kMergerYear || origin == nullptr ? "15" : origin->old_province);
  }

  void AppendRow(const Count& count, bool province, const YearRows& rows, std::string& text) const {
    fmt::format_to(std::back_inserter(text), "{0},{1} {0},{2},{3},{4},{5},{6},{7},{8},{9},{10}\n",
                   count.code, province ? "Tỉnh" : "Đơn vị", province ? "tỉnh" : "xã", rows.year,
                   rows.final ? "chính thức" : "sơ bộ", DottedNumber(count.persons),
                   DottedNumber(count.households), rows.from, rows.until, rows.sent,
                   "Trưởng Thống kê tỉnh");
  }

  std::size_t AppendYear(const YearRows& rows, std::string& text) const {
    std::map<std::string, Count> provinces;
    std::string communes;
    std::size_t lines = 0;
    for (std::size_t commune = 0; commune < people_.size(); ++commune) {
      const std::string above = ProvinceOf(commune, rows.year);
      Count& whole = provinces.try_emplace(above, Count{above, 0, 0}).first->second;
      for (const Count& count : CountsOf(commune, rows)) {
        whole.persons += count.persons;
        whole.households += count.households;
        AppendRow(count, false, rows, communes);
        ++lines;
      }
    }
    for (const auto& [code, whole] : provinces) AppendRow(whole, true, rows, text);
    text += communes;
    return lines + provinces.size();
  }

  /// A year's numbers hold from 1 January, those of the new communes from the merger.
  YearRows RowsOf(int year, bool final, base::Timestamp at) const {
    const auto begin = [](int of) {
      return of == kMergerYear ? std::string("01/07/2025") : fmt::format("01/01/{}", of);
    };
    return {year, final, begin(year), final ? begin(year + 1) : "", DayAndTime(province_.zone, at)};
  }

  SystemDelivery Table(int year, base::Timestamp at) const {
    SystemDelivery delivery;
    delivery.source = "population_statistics";
    delivery.media_type = "text/csv";
    delivery.file_name = fmt::format("dan_so_{}.csv", year);
    delivery.body = fmt::format("{}{}", kTitle, kHeader);
    if (year > kFirstYear) delivery.rows += AppendYear(RowsOf(year - 1, true, at), delivery.body);
    delivery.rows += AppendYear(RowsOf(year, false, at), delivery.body);
    delivery.body += fmt::format("Tổng số dòng,{}\n", delivery.rows);
    return delivery;
  }

  Province province_;
  std::vector<std::int64_t> people_;  ///< of 2025, by commune
};

}  // namespace

std::unique_ptr<SystemModel> MakePopulationModel(const Province& province) {
  return std::make_unique<PopulationModel>(province);
}

}  // namespace fansipan::simulation
