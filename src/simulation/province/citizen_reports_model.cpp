#include "simulation/province/citizen_reports_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

#include "simulation/province/internal/citizen_reports.h"

namespace fansipan::simulation {
namespace {

using internal::CitizenReports;
using internal::LocalDay;
using internal::ReportVersion;
using std::chrono::days;
using std::chrono::hours;

constexpr std::array kSendingHours = {8, 10, 12, 14, 16, 18, 20};

std::string DayText(LocalDay day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// A time of sending, and what was sent before it.
struct Sending {
  base::Timestamp after;
  base::Timestamp at;
};

class CitizenReportsModel final : public SystemModel {
 public:
  explicit CitizenReportsModel(const Province& province) : reports_(province) {}

  std::vector<std::string> sources() const override { return {"citizen_report_system"}; }
  base::Duration history() const override { return days(42); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    const std::vector<Sending> sendings = SendingsBetween(from, until);
    std::vector<SystemDelivery> deliveries;
    if (sendings.empty()) return deliveries;
    const std::vector<ReportVersion> versions =
        VersionsBetween(sendings.front().after, sendings.back().at);
    auto next = versions.begin();
    for (const Sending& sending : sendings) {
      const auto end = std::ranges::find_if(next, versions.end(), [&](const auto& version) {
        return version.updated_at >= sending.at;
      });
      if (next != end) deliveries.push_back(DeliveryOf(sending, {next, end}));
      next = end;
    }
    return deliveries;
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    const std::int64_t last = CitizenReports::CycleOf(reports_.DayOf(until));
    for (auto cycle = CitizenReports::CycleOf(reports_.DayOf(from)); cycle <= last; ++cycle) {
      const internal::SlowCommune slow = reports_.SlowOf(cycle);
      PlantedStory story{.name = fmt::format("citizen_reports_slow_{}", DayText(slow.from)),
                         .system = "citizen_reports",
                         .indicator = "citizen_reports_overdue",
                         .unit = slow.commune_code,
                         .text = "a commune falls behind with what its citizens report",
                         .from = MomentOf(slow.from, hours(0)),
                         .until = MomentOf(slow.until, hours(0))};
      const bool falls = story.from < until && from < story.until;
      if (falls && !story.unit.empty()) stories.push_back(std::move(story));
    }
    return stories;
  }

 private:
  base::Timestamp MomentOf(LocalDay day, base::Duration time) const {
    return reports_.zone().ToUtc(day + time);
  }

  std::vector<Sending> SendingsBetween(base::Timestamp from, base::Timestamp until) const {
    std::vector<Sending> sendings;
    LocalDay day = reports_.DayOf(from) - days(1);
    base::Timestamp before = MomentOf(day, hours(kSendingHours.back()));
    for (day += days(1); day <= reports_.DayOf(until); day += days(1)) {
      for (const int hour : kSendingHours) {
        const base::Timestamp at = MomentOf(day, hours(hour));
        if (from <= at && at < until) sendings.push_back({before, at});
        before = at;
      }
    }
    return sendings;
  }

  /// In the order in which they came to be.
  std::vector<ReportVersion> VersionsBetween(base::Timestamp from, base::Timestamp until) const {
    std::vector<ReportVersion> all;
    const LocalDay last = reports_.DayOf(until);
    for (LocalDay day = reports_.DayOf(from) - CitizenReports::kLongestLife; day <= last;
         day += days(1)) {
      for (ReportVersion& version : reports_.VersionsOf(day)) {
        const bool falls = from <= version.updated_at && version.updated_at < until;
        if (falls) all.push_back(std::move(version));
      }
    }
    std::ranges::stable_sort(all, [](const ReportVersion& left, const ReportVersion& right) {
      return std::tie(left.updated_at, left.number, left.round) <
             std::tie(right.updated_at, right.number, right.round);
    });
    return all;
  }

  SystemDelivery DeliveryOf(const Sending& sending, std::vector<ReportVersion> versions) const {
    SystemDelivery delivery{.at = sending.at,
                            .source = "citizen_report_system",
                            .media_type = "application/x-ndjson",
                            .file_name = {},
                            .body = {},
                            .rows = versions.size()};
    for (const ReportVersion& version : versions) {
      delivery.body += internal::EncodeReport(version, reports_.zone());
    }
    return delivery;
  }

  const CitizenReports reports_;
};

}  // namespace

std::unique_ptr<SystemModel> MakeCitizenReportsModel(const Province& province) {
  return std::make_unique<CitizenReportsModel>(province);
}

}  // namespace fansipan::simulation
