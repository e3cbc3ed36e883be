#include "simulation/province/budget_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "simulation/province/state_budget/accounts.h"
#include "simulation/province/state_budget/office_days.h"
#include "simulation/province/state_budget/projects.h"
#include "simulation/province/state_budget/statements.h"
#include "simulation/province/state_budget/tables.h"

namespace fansipan::simulation {

using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::year_month;

namespace {

constexpr std::string_view kWorkbookType =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr std::string_view kPack = "state_budget";
/// In the extract of this month the treasury tells more lines than its workbook holds.
constexpr std::chrono::month kShortMonth = std::chrono::October;
constexpr std::size_t kHeldBack = 9;
constexpr int kMendedAfter = 12;

/// A delivery before its body is made, which costs more than to know when it is sent.
struct Planned {
  base::Timestamp at;
  std::function<SystemDelivery()> make;
};

year_month MonthOf(local_days day) {
  const std::chrono::year_month_day date(day);
  return date.year() / date.month();
}

bool Opens(int plan_year, year_month month) {
  return month == std::chrono::year{plan_year} / std::chrono::January;
}

class BudgetModel final : public SystemModel {
 public:
  explicit BudgetModel(const Province& province)
      : province_(province),
        projects_(province.places, province.seed),
        statements_(projects_, province.seed) {}

  std::vector<std::string> sources() const override {
    return {"treasury_capital", "agency_capital_reports", "treasury_revenue", "treasury_recurrent"};
  }

  /// The running budget year and the one before it.
  base::Duration history() const override { return std::chrono::days(760); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    std::vector<Planned> planned;
    // What is told of a month is sent within the two months behind it.
    const year_month last = MonthOf(LocalDay(until));
    for (year_month month = std::max(budget::kBooksOpened, MonthOf(LocalDay(from)) - months(2));
         month <= last; month += months(1)) {
      for (Planned& one : PlannedOf(month)) {
        if (one.at >= from && one.at < until) planned.push_back(std::move(one));
      }
    }
    std::stable_sort(planned.begin(), planned.end(),
                     [](const auto& left, const auto& right) { return left.at < right.at; });
    std::vector<SystemDelivery> deliveries;
    deliveries.reserve(planned.size());
    for (const Planned& one : planned) {
      deliveries.push_back(one.make());
      deliveries.back().at = one.at;
    }
    return deliveries;
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    const int last = static_cast<int>(MonthOf(LocalDay(until)).year());
    for (int year = static_cast<int>(budget::kBooksOpened.year()); year <= last; ++year) {
      for (PlantedStory& story : StoriesOf(year)) {
        if (story.from < until && story.until > from) stories.push_back(std::move(story));
      }
    }
    return stories;
  }

 private:
  using months = std::chrono::months;

  local_days LocalDay(base::Timestamp moment) const {
    return std::chrono::floor<std::chrono::days>(province_.zone.ToLocal(moment));
  }

  /// On the n-th office day of the month after, at a local time.
  base::Timestamp SentOn(year_month month, int office_day, minutes time) const {
    return At(budget::OfficeDay(month + months(1), office_day), time);
  }
  base::Timestamp At(local_days day, minutes time) const {
    return province_.zone.ToUtc(base::LocalTime(day) + time);
  }

  std::vector<Planned> PlannedOf(year_month month) const {
    std::vector<Planned> planned;
    planned.push_back(
        {SentOn(month, 2, hours(10) + minutes(20)), [this, month] { return Revenue(month); }});
    planned.push_back(
        {SentOn(month, 3, hours(14) + minutes(15)), [this, month] { return Recurrent(month); }});
    const int year = static_cast<int>(month.year());
    if (month.month() == std::chrono::January) AddPlanYear(year - 1, month, planned);
    AddPlanYear(year, month, planned);
    return planned;
  }

  void AddPlanYear(int plan_year, year_month month, std::vector<Planned>& planned) const {
    // Of two plan years in January the one that closes is sent first.
    const minutes later(Opens(plan_year, month) ? 40 : 0);
    const bool is_short = month.month() == kShortMonth;
    planned.push_back(
        {SentOn(month, 4, hours(9) + minutes(10) + later), [this, plan_year, month, is_short] {
           return Capital(plan_year, month, is_short ? kHeldBack : 0);
         }});
    if (is_short) {
      planned.push_back(
          {MendedAt(month), [this, plan_year, month] { return Capital(plan_year, month, 0); }});
    }
    const auto add = [&](base::Timestamp at,
                         std::vector<budget::OwnerStatement> (budget::Statements::*told)(
                             int, year_month) const) {
      planned.push_back({at, [this, told, plan_year, month, at] {
                           return Stated((statements_.*told)(plan_year, month), at);
                         }});
    };
    add(SentOn(month, 4, hours(16) + minutes(10) + later), &budget::Statements::First);
    add(SentOn(month, 6, hours(15) + later), &budget::Statements::Second);
    if (month.month() != std::chrono::December) return;
    const base::Timestamp at = CorrectedAt(plan_year);
    planned.push_back(
        {at, [this, plan_year, at] { return Stated(statements_.Mended(plan_year), at); }});
  }

  base::Timestamp MendedAt(year_month month) const {
    const local_days sent = budget::OfficeDay(month + months(1), 4);
    return At(budget::OfficeDaysAfter(sent, kMendedAfter), hours(8) + minutes(45));
  }
  base::Timestamp CorrectedAt(int plan_year) const {
    return SentOn(std::chrono::year{plan_year} / std::chrono::December, 6, hours(15) + minutes(5));
  }

  SystemDelivery Capital(int plan_year, year_month month, std::size_t held_back) const {
    const std::vector<budget::PlanLine> lines = projects_.LinesOf(plan_year, month);
    SystemDelivery delivery;
    delivery.source = "treasury_capital";
    delivery.media_type = kWorkbookType;
    delivery.file_name = fmt::format("giai-ngan-kh{}-{}.xlsx", plan_year, FileMonth(month));
    delivery.rows = lines.size() - held_back;
    delivery.body = budget::CapitalWorkbook(lines, plan_year, month, held_back);
    return delivery;
  }

  SystemDelivery Revenue(year_month month) const {
    const std::vector<budget::RevenueLine> lines = budget::RevenueOf(province_.seed, month);
    SystemDelivery delivery;
    delivery.source = "treasury_revenue";
    delivery.media_type = kWorkbookType;
    delivery.file_name = fmt::format("thu-nsnn-{}.xlsx", FileMonth(month));
    delivery.rows = lines.size();
    delivery.body = budget::RevenueWorkbook(lines, month);
    return delivery;
  }

  SystemDelivery Recurrent(year_month month) const {
    const auto lines = budget::RecurrentOf(province_.places, province_.seed, month);
    SystemDelivery delivery;
    delivery.source = "treasury_recurrent";
    delivery.media_type = "text/csv";
    delivery.file_name = fmt::format("chi-thuong-xuyen-{}.csv", FileMonth(month));
    delivery.rows = lines.size();
    delivery.body = budget::RecurrentTable(lines, month);
    return delivery;
  }

  SystemDelivery Stated(const std::vector<budget::OwnerStatement>& statements,
                        base::Timestamp at) const {
    const auto local = std::chrono::floor<std::chrono::seconds>(province_.zone.ToLocal(at));
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(local - day);
    const auto sent_at =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    time.hours().count(), time.minutes().count(), time.seconds().count());
    SystemDelivery delivery;
    delivery.source = "agency_capital_reports";
    delivery.media_type = "application/x-ndjson";
    delivery.rows = statements.size();
    delivery.headers = {{"X-Total-Count", std::to_string(statements.size())}};
    delivery.body = budget::EncodeStatements(statements, sent_at);
    return delivery;
  }

  static std::string FileMonth(year_month month) {
    return fmt::format("{}-{:02}", static_cast<int>(month.year()),
                       static_cast<unsigned>(month.month()));
  }

  std::vector<PlantedStory> StoriesOf(int year) const {
    const auto month_of = [&](unsigned month) {
      return std::chrono::year{year} / std::chrono::month{month};
    };
    const Commune& commune = projects_.StalledCommune(year);
    PlantedStory stalled{.name = fmt::format("budget_project_stands_still_{}", year),
                         .system = std::string(kPack),
                         .indicator = "capital_stalled_projects",
                         .unit = commune.code};
    stalled.text = "The largest project of the commune has had no disbursement since 20 April.";
    stalled.from = At(local_days(month_of(7) / 20), minutes(0));
    stalled.until = SentOn(month_of(12), 4, hours(9) + minutes(10));
    PlantedStory contradiction{.name = fmt::format("budget_owner_contradicts_treasury_{}", year),
                               .system = std::string(kPack),
                               .indicator = "capital_disbursed_reported",
                               .unit = projects_.ContradictingOwner(year)};
    contradiction.text =
        "The agency (its H38 identifier) states 12 % more than the treasury has booked.";
    contradiction.from = SentOn(month_of(9), 4, hours(16) + minutes(10));
    contradiction.until = CorrectedAt(year);
    PlantedStory untrue{.name = fmt::format("budget_extract_tells_more_than_it_holds_{}", year),
                        .system = std::string(kPack),
                        .indicator = "capital_disbursed",
                        .unit = "15"};
    untrue.text =
        fmt::format("The treasury's extract tells {} lines more than it holds.", kHeldBack);
    untrue.from = SentOn(month_of(10), 4, hours(9) + minutes(10));
    untrue.until = MendedAt(month_of(10));
    return {std::move(stalled), std::move(contradiction), std::move(untrue)};
  }

  Province province_;
  budget::Projects projects_;
  budget::Statements statements_;
};

}  // namespace

std::unique_ptr<SystemModel> MakeBudgetModel(const Province& province) {
  return std::make_unique<BudgetModel>(province);
}

}  // namespace fansipan::simulation
