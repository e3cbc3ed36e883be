#include "simulation/province/socio_economic_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "simulation/province/inhabitants.h"
#include "simulation/province/socio_economic/economy.h"
#include "simulation/province/socio_economic/enterprises.h"
#include "simulation/province/socio_economic/lists.h"
#include "simulation/province/socio_economic/poverty.h"
#include "simulation/province/socio_economic/reports.h"

namespace fansipan::simulation {
namespace {

using socio::Area;
using socio::Observation;
using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr int kAt8 = 8 * 60;
constexpr int kAt9 = 9 * 60;
constexpr int kAt10 = 10 * 60;
constexpr int kAt1530 = 15 * 60 + 30;
constexpr int kAt16 = 16 * 60;
constexpr std::string_view kHeadOfStatistics = "Trưởng Thống kê tỉnh";

std::string Upper(std::string_view code) {
  std::string text(code);
  for (char& letter : text) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return text;
}

struct SdmxUnit {
  std::string_view unit;
  int multiplier = 0;
};

SdmxUnit UnitOf(std::string_view code) {
  if (code.starts_with("border_")) return {"USD", 6};
  if (code.starts_with("tourists")) return {"PS", 0};
  if (code.starts_with("iip")) return {"PT", 0};
  if (code == "fdi_capital") return {"USD", 6};
  if (code == "fdi_projects") return {"PJ", 0};
  return {"VND", 9};
}

class SocioEconomicModel final : public SystemModel {
 public:
  explicit SocioEconomicModel(const Province& province)
      : province_(province),
        economy_(SeedOf(province.seed, "economy")),
        grdp_(SeedOf(province.seed, "grdp")),
        enterprises_(province),
        poverty_(province) {}

  std::vector<std::string> sources() const override {
    return {"statistics_monthly",  "statistics_quarterly", "statistics_series",
            "border_trade",        "trade_department",     "tourism_department",
            "enterprise_registry", "poverty_review",       "new_rural_register",
            "ranking_editions",    "published_rankings",   "published_figures"};
  }
  base::Duration history() const override { return days(4 * 365 + 1); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    SpanOfDeliveries span(from, until);
    const ReportMonth last = MonthOf(province_.zone, until);
    for (ReportMonth month = MonthOf(province_.zone, from - days(7)); month <= last;
         month = MonthsLater(month, 1)) {
      AddStatistics(month, span);
      AddDepartments(month, span);
      AddYearly(month, span);
      AddRankings(month, span);
      AddWeeks(month, span);
    }
    AddOnce(span);
    std::vector<SystemDelivery> deliveries = span.Take();
    // A week of Tết has no change of an enterprise, and nothing is sent.
    std::erase_if(deliveries, [](const SystemDelivery& delivery) { return delivery.rows == 0; });
    return deliveries;
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    const auto add = [&](PlantedStory story) {
      story.system = "socio_economic";
      if (story.from >= from && story.from < until) stories.push_back(std::move(story));
    };
    const int last = MonthOf(province_.zone, until).year;
    for (int year = std::max(2025, MonthOf(province_.zone, from).year); year <= last; ++year) {
      add(OverstatedIndex(year));
      add(TwoOffices(year));
      if (year > 2025) add(GrownPoorer(year));
    }
    return stories;
  }

 private:
  base::Timestamp At(ReportMonth month, unsigned day, int minute) const {
    return SendingMoment(province_.zone, month, day, minute);
  }

  void AddStatistics(ReportMonth month, SpanOfDeliveries& span) const {
    if (month < socio::kMergerMonth) return;
    const base::Timestamp monthly = At(month, 28, kAt1530);
    const ReportMonth before = MonthsLater(month, -1);
    span.Add(monthly, [&] {
      const int founded = before < socio::Enterprises::kSince ? -1 : enterprises_.FoundedIn(before);
      auto sheet = socio::MonthlySheet(economy_, month, founded, province_.zone,
                                       {monthly, std::string(kHeadOfStatistics)});
      const std::size_t rows = sheet.rows.size();
      return socio::WorkbookDelivery("statistics_monthly",
                                     fmt::format("bao_cao_thang_{}.xlsx", PeriodOf(month)), rows,
                                     std::move(sheet));
    });
    if (month.month % 3 != 0) return;
    const base::Timestamp quarterly = At(month, 28, kAt16);
    span.Add(quarterly, [&] {
      auto sheet =
          socio::QuarterlySheet(grdp_, month.year, static_cast<int>(month.month / 3),
                                province_.zone, {quarterly, std::string(kHeadOfStatistics)});
      const std::size_t rows = sheet.rows.size();
      return socio::WorkbookDelivery("statistics_quarterly",
                                     fmt::format("grdp_{}.xlsx", PeriodOf(month)), rows,
                                     std::move(sheet));
    });
  }

  Observation Stated(std::string_view code, Area area, ReportMonth month, char status) const {
    const SdmxUnit unit = UnitOf(code);
    return {.area = std::string(CodeOf(area)),
            .indicator = Upper(code),
            .period = PeriodOf(month),
            .value = status == 'E' ? economy_.Estimate(code, area, month)
                                   : economy_.Final(code, area, month),
            .decimals = socio::SeriesOf(code).decimals,
            .status = status,
            .unit = std::string(unit.unit),
            .multiplier = unit.multiplier,
            .note = ""};
  }

  /// The last month as an estimate, the one before as final, and the year so far.
  std::vector<Observation> StatedUpTo(ReportMonth last,
                                      std::initializer_list<std::string_view> codes) const {
    std::vector<Observation> all;
    const ReportMonth before = MonthsLater(last, -1);
    for (const std::string_view code : codes) {
      for (const Area area : socio::AreasIn(last)) all.push_back(Stated(code, area, last, 'E'));
      if (before >= socio::kFirstMonth) {
        for (const Area area : socio::AreasIn(before)) {
          all.push_back(Stated(code, area, before, 'A'));
        }
      }
      if (last < socio::kMergerMonth) continue;
      Observation year = Stated(code, Area::kToday, last, 'E');
      year.value = economy_.ToDate(code, last);
      year.note = fmt::format("{} tháng năm {}", last.month, last.year);
      year.period = std::to_string(last.year);
      all.push_back(std::move(year));
    }
    return all;
  }

  void AddDepartments(ReportMonth month, SpanOfDeliveries& span) const {
    const ReportMonth last = MonthsLater(month, -1);
    const base::Timestamp tourism = At(month, 3, kAt10);
    const base::Timestamp customs = At(month, 8, kAt9);
    if (last >= socio::kFirstMonth) {
      span.Add(tourism, [&] {
        return socio::SdmxMessage(
            "tourism_department", fmt::format("du_lich_{}.csv", PeriodOf(last)),
            StatedUpTo(last, {"tourists", "tourists_international", "tourism_revenue"}),
            province_.zone, {tourism, "Giám đốc Sở Văn hóa - Thể thao và Du lịch"});
      });
      span.Add(customs, [&] {
        return socio::SdmxMessage("border_trade", fmt::format("cua_khau_{}.csv", PeriodOf(last)),
                                  StatedUpTo(last, {"border_exports", "border_imports"}),
                                  province_.zone, {customs, "Cơ quan hải quan"});
      });
    }
    if (month < socio::kMergerMonth) return;
    const base::Timestamp trade = At(month, 27, kAt10);
    span.Add(trade, [&] {
      Observation retail = Stated("retail_sales", Area::kToday, month, 'E');
      retail.value = economy_.DepartmentRetail(month);
      return socio::SdmxMessage("trade_department",
                                fmt::format("cong_thuong_{}.csv", PeriodOf(month)), {retail},
                                province_.zone, {trade, "Giám đốc Sở Công Thương"});
    });
  }

  void AddYearly(ReportMonth month, SpanOfDeliveries& span) const {
    const int year = month.year;
    if (month.month == 11 && year >= 2025) {
      const base::Timestamp at = At(month, 25, kAt9);
      span.Add(at, [&] { return poverty_.Review(year, false, at); });
    }
    if (month.month != 12 || year < socio::PovertyReviews::kFirstYear) return;
    const base::Timestamp review = At(month, 18, kAt9);
    span.Add(review, [&] { return poverty_.Review(year, true, review); });
    const base::Timestamp rural = At(month, 24, kAt10);
    if (year < 2025) return;
    span.Add(rural, [&] { return socio::NewRuralRecognised(province_, year, rural); });
  }

  void AddRankings(ReportMonth month, SpanOfDeliveries& span) const {
    if (month.year < 2026) return;
    struct Edition {
      std::string_view index;
      unsigned month = 1;
      unsigned day = 1;
    };
    constexpr std::array<Edition, 4> kEditions = {
        {{"PAR Index", 4, 20}, {"PCI", 5, 8}, {"PAPI", 5, 20}, {"DTI", 10, 20}}};
    for (const Edition& edition : kEditions) {
      if (edition.month != month.month) continue;
      const base::Timestamp at = At(month, edition.day, kAt10);
      span.Add(at, [&] { return socio::RankingEdition(province_, edition.index, month.year, at); });
    }
  }

  /// The registry sends on Mondays.
  void AddWeeks(ReportMonth month, SpanOfDeliveries& span) const {
    const std::chrono::year_month of =
        std::chrono::year(month.year) / std::chrono::month(month.month);
    const local_days end(of / std::chrono::last);
    for (local_days day(of / 1); day <= end; day += days(1)) {
      if (std::chrono::weekday(day) != std::chrono::Monday) continue;
      if (day <= local_days(std::chrono::year(2025) / 7 / 1)) continue;
      const base::Timestamp at = province_.zone.ToUtc(base::LocalTime(day) + minutes(kAt8));
      span.Add(at, [&] { return enterprises_.WeekBefore(day); });
    }
  }

  void AddOnce(SpanOfDeliveries& span) const {
    const base::Timestamp series = At(socio::kMergerMonth, 25, kAt9);
    span.Add(series, [&] { return SeriesBeforeTheMerger(series); });
    const base::Timestamp rural = At(socio::kMergerMonth, 15, kAt10);
    span.Add(rural, [&] { return socio::NewRuralRegister(province_, rural); });
    span.Add(At({2025, 10}, 24, kAt9), [] { return socio::PublishedRankings(); });
    const base::Timestamp growth = At({2026, 1}, 6, kAt9);
    span.Add(growth, [&] { return socio::PublishedGrowth(province_.zone, growth); });
  }

  SystemDelivery SeriesBeforeTheMerger(base::Timestamp at) const {
    std::vector<Observation> all;
    for (ReportMonth month = socio::kFirstMonth; month < socio::kMergerMonth;
         month = MonthsLater(month, 1)) {
      for (const Area area : socio::AreasIn(month)) {
        for (const std::string_view code : socio::ReportedSeries()) {
          all.push_back(Stated(code, area, month, 'A'));
        }
        if (month.month % 3 == 0) AddQuarter(area, month, all);
      }
    }
    return socio::SdmxMessage("statistics_series", "chuoi_so_lieu_truoc_hop_nhat.csv", all,
                              province_.zone, {at, std::string(kHeadOfStatistics)});
  }

  void AddQuarter(Area area, ReportMonth month, std::vector<Observation>& all) const {
    const int quarter = static_cast<int>(month.month / 3);
    const socio::GrdpValues values =
        grdp_.Quarter(area, month.year, quarter, socio::GrdpVintage::kFinal);
    const auto add = [&](std::string indicator, double value) {
      all.push_back({.area = std::string(CodeOf(area)),
                     .indicator = std::move(indicator),
                     .period = fmt::format("{}-Q{}", month.year, quarter),
                     .value = value,
                     .decimals = 1,
                     .status = 'A',
                     .unit = "VND",
                     .multiplier = 9,
                     .note = ""});
    };
    add("GRDP_TOTAL_CONSTANT", socio::Sum(values.constant));
    add("GRDP_TOTAL_CURRENT", socio::Sum(values.current));
    add("GRDP_AGRICULTURE_CURRENT", values.current[0]);
    add("GRDP_INDUSTRY_CURRENT", values.current[1]);
    add("GRDP_SERVICES_CURRENT", values.current[2]);
    add("GRDP_TAXES_CURRENT", values.current[3]);
  }

  /// From the report that brings the final value.
  PlantedStory OverstatedIndex(int year) const {
    const ReportMonth month = economy_.OverstatedMonth(year);
    const ReportMonth next = MonthsLater(month, 1);
    return {.name = fmt::format("industrial_index_revised_{}", PeriodOf(month)),
            .system = "",
            .indicator = "iip",
            .unit = "15",
            .text = fmt::format("The final industrial index of {} is nine points below what was "
                                "first estimated.",
                                PeriodOf(month)),
            .from = At(next, 28, kAt1530),
            .until = At(MonthsLater(next, 3), 28, kAt1530)};
  }

  PlantedStory TwoOffices(int year) const {
    const ReportMonth month = economy_.ContradictedMonth(year);
    return {.name = fmt::format("retail_sales_contradicted_{}", PeriodOf(month)),
            .system = "",
            .indicator = "retail_sales",
            .unit = "15",
            .text = fmt::format("The trade department states retail sales of {} almost six percent "
                                "above the statistics office.",
                                PeriodOf(month)),
            .from = At(month, 28, kAt1530),
            .until = At(MonthsLater(month, 3), 28, kAt1530)};
  }

  /// From 1 December on, when the year's review begins to hold.
  PlantedStory GrownPoorer(int year) const {
    const local_days begins(std::chrono::year(year) / 12 / 1);
    const local_days ends(std::chrono::year(year + 1) / 12 / 1);
    return {.name = fmt::format("a_commune_grows_poorer_{}", year),
            .system = "",
            .indicator = "poverty_rate_change",
            .unit = poverty_.GrownPoorer(year),
            .text = "The poverty rate of one commune rises by almost half while others' fall.",
            .from = province_.zone.ToUtc(base::LocalTime(begins)),
            .until = province_.zone.ToUtc(base::LocalTime(ends))};
  }

  Province province_;
  socio::Economy economy_;
  socio::Grdp grdp_;
  socio::Enterprises enterprises_;
  socio::PovertyReviews poverty_;
};

}  // namespace

std::unique_ptr<SystemModel> MakeSocioEconomicModel(const Province& province) {
  return std::make_unique<SocioEconomicModel>(province);
}

}  // namespace fansipan::simulation
