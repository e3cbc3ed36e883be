#include "simulation/province/public_services_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/hash.h"
#include "simulation/case_system.h"
#include "simulation/internal/dice.h"
#include "simulation/province/public_services/index_scores.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;
using internal::MixSeeds;
using public_services::IndexCounts;
using public_services::IndexPoints;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::months;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr const char* kSource = "service_index_portal";
constexpr const char* kProvinceCode = "15";
constexpr std::uint64_t kPortalSeed = 0x706F7274616CU;
constexpr int kPublishingDay = 3;
// Cases of the months before that may still be open.
constexpr days kBefore{60};
// What the portal had not received of one commune's digitised cases.
constexpr double kLostShare = 0.5;
// Enough of them that the commune's points say something.
constexpr double kReceivedForAStory = 100;
constexpr std::size_t kNewestPiece = 100'000;

/// What the portal reckons of a month, by unit.
struct PublishedMonth {
  std::map<std::string, IndexPoints> points;
  std::string lost;  ///< the commune of which digitised cases were lost
};

std::string PointsText(double points) {
  std::string text = fmt::format("{:.2f}", points);
  std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

class PublicServicesModel : public SystemModel {
 public:
  explicit PublicServicesModel(const Province& province) : province_(province) {}

  std::vector<std::string> sources() const override { return {kSource}; }
  base::Duration history() const override { return days(35); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    std::vector<SystemDelivery> deliveries;
    ForMonths(from, until, [&](year_month month) {
      const base::Timestamp at = PublishedAt(month);
      if (at >= from && at < until) deliveries.push_back(Publish(month, at));
    });
    return deliveries;
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    for (const MovedDueDates& moved : Cases().MovedDueDatesBetween(from, until)) {
      stories.push_back({fmt::format("due_dates_moved_{}", MonthText(MonthOf(moved.from))),
                         "public_services", "due_dates_moved_late", moved.commune,
                         fmt::format("{} due dates are moved after they had passed, so that the "
                                     "cases count as on time",
                                     moved.count),
                         moved.from, moved.until});
    }
    ForMonths(from, until, [&](year_month month) {
      const base::Timestamp at = PublishedAt(month);
      if (at < from || at + days(1) > until) return;
      const PublishedMonth published = Reckon(month);
      if (published.lost.empty()) return;
      stories.push_back({fmt::format("digitised_cases_lost_{}", MonthText(month)),
                         "public_services", "service_index_difference", published.lost,
                         fmt::format("of {} the portal did not receive half of the digitised "
                                     "cases, and published fewer points than the cases give",
                                     MonthText(month)),
                         at, at + days(1)});
    });
    return stories;
  }

 private:
  CaseSystem Cases() const {
    return CaseSystem(province_.places, {.seed = province_.seed}, province_.zone);
  }

  base::Timestamp Start(year_month month) const {
    return province_.zone.ToUtc(base::LocalTime(local_days{month / 1}));
  }

  /// In the month after it.
  base::Timestamp PublishedAt(year_month month) const {
    return Start(month + months(1)) + days(kPublishingDay - 1) + hours(8);
  }

  year_month MonthOf(base::Timestamp moment) const {
    const year_month_day date{std::chrono::floor<days>(province_.zone.ToLocal(moment))};
    return date.year() / date.month();
  }

  static std::string MonthText(year_month month) {
    return fmt::format("{:04}_{:02}", static_cast<int>(month.year()),
                       static_cast<unsigned>(month.month()));
  }

  template <typename Action>
  void ForMonths(base::Timestamp from, base::Timestamp until, const Action& action) const {
    for (year_month month = MonthOf(from) - months(1); Start(month) < until; month += months(1)) {
      action(month);
    }
  }

  /// The newest version of each case when the month is published, faults left out.
  std::vector<CaseRow> NewestAt(year_month month) const {
    std::map<std::string, CaseRow> newest;
    CaseSystem cases = Cases();
    cases.Start(Start(month) - kBefore);
    while (true) {
      auto rows = cases.Take(PublishedAt(month), kNewestPiece);
      for (CaseRow& row : rows) {
        if (row.defect != Defect::kNone) continue;
        CaseRow& known = newest[row.case_number];
        if (known.case_number.empty() || row.updated_at > known.updated_at) known = std::move(row);
      }
      if (rows.size() < kNewestPiece) break;
    }
    std::vector<CaseRow> all;
    all.reserve(newest.size());
    for (auto& [number, row] : newest) all.push_back(std::move(row));
    return all;
  }

  PublishedMonth Reckon(year_month month) const {
    auto counts =
        public_services::CountMonth(NewestAt(month), Start(month), Start(month + months(1)));
    PublishedMonth published;
    published.lost = PickLost(month, counts);
    if (!published.lost.empty()) counts[published.lost].received_digitised *= kLostShare;
    IndexCounts all;
    for (const auto& [commune, of_commune] : counts) {
      public_services::Add(of_commune, all);
      if (!public_services::IsWhole(of_commune)) continue;
      published.points[commune] = PointsOf(of_commune, Transparency(month, commune));
    }
    if (public_services::IsWhole(all)) {
      published.points[kProvinceCode] = PointsOf(all, Transparency(month, kProvinceCode));
    }
    return published;
  }

  /// Like what is told of the whole: from 14 to the 18 points of the group.
  double Transparency(year_month month, const std::string& unit) const {
    Dice dice(MixSeeds(MixSeeds(province_.seed, SeedOf(month)), base::FingerprintOf(unit).low));
    return dice.Spread(14, 18);
  }

  static std::uint64_t SeedOf(year_month month) {
    return MixSeeds(kPortalSeed,
                    static_cast<std::uint64_t>(local_days{month / 1}.time_since_epoch().count()));
  }

  std::string PickLost(year_month month, const std::map<std::string, IndexCounts>& counts) const {
    std::vector<std::string> large;
    for (const auto& [commune, of_commune] : counts) {
      if (of_commune.received >= kReceivedForAStory && public_services::IsWhole(of_commune)) {
        large.push_back(commune);
      }
    }
    if (large.empty()) return {};
    Dice dice(MixSeeds(province_.seed, SeedOf(month)));
    const auto last = static_cast<std::int64_t>(large.size()) - 1;
    return large[static_cast<std::size_t>(dice.Between(0, last))];
  }

  SystemDelivery Publish(year_month month, base::Timestamp at) const {
    const PublishedMonth published = Reckon(month);
    SystemDelivery delivery{.at = at,
                            .source = kSource,
                            .media_type = "text/csv",
                            .file_name = fmt::format("chi_so_phuc_vu_{}.csv", MonthText(month)),
                            .body = "ky,maDonVi,nhom,diem,ngayCongBo\n",
                            .rows = 0,
                            .headers = {}};
    const year_month_day day{std::chrono::floor<days>(province_.zone.ToLocal(at))};
    const std::string told =
        fmt::format("{:02}/{:02}/{:04} 08:00", static_cast<unsigned>(day.day()),
                    static_cast<unsigned>(day.month()), static_cast<int>(day.year()));
    for (const auto& [unit, points] : published.points) {
      const std::array<std::pair<const char*, double>, 7> groups = {
          {{"tong", points.Total()},
           {"cong_khai", points.transparency},
           {"tien_do", points.progress},
           {"so_hoa", points.digitisation},
           {"truc_tuyen", points.online_service},
           {"thanh_toan", points.online_payment},
           {"hai_long", points.satisfaction}}};
      for (const auto& [group, value] : groups) {
        delivery.body +=
            fmt::format("{:04}-{:02},{},{},\"{}\",{}\n", static_cast<int>(month.year()),
                        static_cast<unsigned>(month.month()), unit, group, PointsText(value), told);
        ++delivery.rows;
      }
    }
    delivery.body += fmt::format("Tổng số dòng,{},,,\n", delivery.rows);
    return delivery;
  }

  const Province province_;
};

}  // namespace

std::unique_ptr<SystemModel> MakePublicServicesModel(const Province& province) {
  return std::make_unique<PublicServicesModel>(province);
}

}  // namespace fansipan::simulation
