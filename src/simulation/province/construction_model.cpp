#include "simulation/province/construction_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "simulation/province/civil_days.h"
#include "simulation/province/construction/inspections.h"
#include "simulation/province/construction/land_plan.h"
#include "simulation/province/construction/permits.h"
#include "simulation/province/construction/projects.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::months;
using namespace std::chrono_literals;

constexpr std::string_view kMark = "\xEF\xBB\xBF";  // spreadsheets write it before UTF-8
constexpr std::string_view kProgressHeader =
    "Mã dự án;Mã xã;Mã cơ quan;Tháng;Kế hoạch lũy kế (%);Thực hiện lũy kế (%);Thực hiện trong "
    "tháng (%);Báo cáo lúc\n";
constexpr base::Duration kPermitsAt = hours(16) + minutes(45);
constexpr base::Duration kInspectionsAt = hours(16) + minutes(30);
/// Months before it have other communes.
constexpr Month kFirstMonth = 2025y / 7;
/// How long a project that is done goes on being told.
constexpr months kToldAfter{6};

std::string Quoted(const std::optional<std::string>& text) {
  return text ? '"' + *text + '"' : "null";
}

/// 1234 hundredths as 12,34.
std::string PercentText(int hundredths) {
  return fmt::format("{},{:02}", hundredths / 100, hundredths % 100);
}

Day WorkingDayBefore(Day day) {
  do day -= days(1);
  while (!IsWorkingDay(day));
  return day;
}

class ConstructionModel final : public SystemModel {
 public:
  explicit ConstructionModel(const Province& province)
      : province_(province), permits_(province_), projects_(province_), inspections_(province_) {}

  std::vector<std::string> sources() const override {
    return {"construction_permits", "construction_projects", "project_progress",
            "construction_inspections", "land_use_plan"};
  }
  base::Duration history() const override { return days(200); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    std::vector<SystemDelivery> sent;
    for (Day day = DayOf(from, province_.zone); day <= DayOf(until, province_.zone);
         day += days(1)) {
      const auto send = [&](base::Duration time,
                            SystemDelivery (ConstructionModel::*make)(Day) const) {
        const base::Timestamp at = MomentOn(day, time, province_.zone);
        if (at < from || at >= until) return;
        sent.push_back((this->*make)(day));
        sent.back().at = at;
      };
      const std::chrono::year_month_day date(day);
      if (date.day() == 5d) send(hours(8) + minutes(30), &ConstructionModel::Projects);
      const bool begins_quarter = static_cast<unsigned>(date.month()) % 3 == 1 && date.day() == 1d;
      if (begins_quarter) send(hours(9), &ConstructionModel::Land);
      if (date.day() == 5d) send(hours(10), &ConstructionModel::Progress);
      if (std::chrono::weekday(day) == std::chrono::Friday) {
        send(kInspectionsAt, &ConstructionModel::Inspected);
      }
      if (IsWorkingDay(day)) send(kPermitsAt, &ConstructionModel::Permitted);
    }
    return sent;
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    const auto add = [&](PlantedStory story) {
      if (story.until > from && story.from < until) stories.push_back(std::move(story));
    };
    const std::int64_t last = Permits::CycleOf(DayOf(until, province_.zone));
    for (auto cycle = Permits::CycleOf(DayOf(from, province_.zone)) - 1; cycle <= last; ++cycle) {
      add(LateOfficeStory(permits_.LateOfficeOf(cycle)));
    }
    for (const StandingProject& standing : projects_.standing()) add(StandingStory(standing));
    return stories;
  }

 private:
  PlantedStory LateOfficeStory(const LateOffice& office) const {
    const Commune& commune = province_.places.communes[office.commune];
    // The first late permits are given when their term is over.
    return {.name = fmt::format("late_permits_{}", DayText(office.from)),
            .system = "construction",
            .indicator = "permits_on_time_rate",
            .unit = commune.code,
            .text = fmt::format("The office of commune {} grants its building permits late.",
                                commune.code),
            .from = MomentOn(office.from + days(22), base::Duration(0), province_.zone),
            .until = MomentOn(office.until + days(40), base::Duration(0), province_.zone)};
  }

  PlantedStory StandingStory(const StandingProject& standing) const {
    // Three months without work are known when the third is reported.
    const Month seen = standing.from + months(3);
    return {.name = fmt::format("project_stands_still_{}", standing.code),
            .system = "construction",
            .indicator = "projects_standing_still",
            .unit = standing.commune_code,
            .text = fmt::format("Nothing is done on project {} in commune {} for five months.",
                                standing.code, standing.commune_code),
            .from = MomentOn(FirstDayOf(seen) + days(4), hours(10), province_.zone),
            .until = MomentOn(FirstDayOf(standing.until + months(1)) + days(4), hours(10),
                              province_.zone)};
  }

  SystemDelivery Permitted(Day day) const {
    SystemDelivery delivery{.source = "construction_permits", .media_type = "application/x-ndjson"};
    const auto versions =
        permits_.VersionsBetween(MomentOn(WorkingDayBefore(day), kPermitsAt, province_.zone),
                                 MomentOn(day, kPermitsAt, province_.zone));
    for (const PermitVersion& version : versions) {
      std::optional<std::string> closed;
      if (version.closed_at) closed = MomentText(*version.closed_at, province_.zone);
      delivery.body += fmt::format(
          R"({{"soHoSo":"{}","maXa":"{}","maCoQuan":"{}","loaiGiayPhep":{},"trangThai":{},)"
          R"("ngayNhanDuHoSo":"{}","soNgay":{},"ngayKetThuc":{},"dienTichSan":{:.1f},)"
          R"("capNhatLuc":"{}"}})"
          "\n",
          version.number, version.commune_code, version.agency_code, version.kind, version.status,
          MomentText(version.received_at, province_.zone), version.term_days, Quoted(closed),
          version.floor_area, MomentText(version.updated_at, province_.zone));
    }
    delivery.rows = versions.size();
    return delivery;
  }

  /// The day on which it was done, if that is known on `day`.
  std::optional<Day> DoneBy(const BuildingProject& project, Day day) const {
    const Day done = LastDayOf(project.last());
    return done < day ? std::optional(done) : std::nullopt;
  }

  bool IsTold(const BuildingProject& project, Day day) const {
    return FirstDayOf(project.first) + days(1) < day &&
           project.last() + kToldAfter >= MonthOf(day) && project.last() >= kFirstMonth;
  }

  SystemDelivery Projects(Day day) const {
    SystemDelivery delivery{.source = "construction_projects",
                            .media_type = "application/x-ndjson"};
    for (const BuildingProject& project : projects_.projects()) {
      if (!IsTold(project, day)) continue;
      const Day started = FirstDayOf(project.first) + days(1);
      const auto done = DoneBy(project, day);
      std::optional<std::string> done_text;
      if (done) done_text = DayText(*done);
      const Day updated = std::max(done.value_or(started), FirstDayOf(kFirstMonth));
      delivery.body += fmt::format(
          R"({{"maDuAn":"{}","tenDuAn":"{}","maXa":"{}","maCoQuan":"{}","nhomDuAn":"{}",)"
          R"("linhVuc":"{}","tongMucDauTu":{},"ngayKhoiCong":"{}","ngayHoanThanhKeHoach":"{}",)"
          R"("ngayHoanThanh":{},"kinhDo":{:.6f},"viDo":{:.6f},"capNhatLuc":"{}"}})"
          "\n",
          project.code, project.name, project.commune_code, project.agency_code, project.group,
          project.sector, project.investment, DayText(started),
          DayText(LastDayOf(project.planned_last())), Quoted(done_text), project.longitude,
          project.latitude,
          MomentText(MomentOn(updated, hours(17), province_.zone), province_.zone));
      ++delivery.rows;
    }
    return delivery;
  }

  SystemDelivery Progress(Day day) const {
    SystemDelivery delivery{.source = "project_progress",
                            .media_type = "text/csv",
                            .file_name = fmt::format("tien-do-{}.csv", DayText(day))};
    delivery.body = std::string(kMark) + "BÁO CÁO TIẾN ĐỘ DỰ ÁN (MÔ PHỎNG);;;;;;;\n";
    delivery.body += kProgressHeader;
    for (const BuildingProject& project : projects_.projects()) {
      if (!IsTold(project, day)) continue;
      for (const ProgressMonth& month : project.progress) {
        if (month.month < kFirstMonth || month.month >= MonthOf(day)) continue;
        const Day written = FirstDayOf(month.month + months(1)) + days(3);
        delivery.body += fmt::format(
            "{};{};{};{};{};{};{};{}\n", project.code, project.commune_code, project.agency_code,
            MonthText(month.month), PercentText(month.planned), PercentText(month.actual),
            PercentText(month.done),
            VietnameseMomentText(MomentOn(written, hours(9), province_.zone), province_.zone));
        ++delivery.rows;
      }
    }
    delivery.body += fmt::format("Tổng cộng;{};;;;;;\n", delivery.rows);
    return delivery;
  }

  SystemDelivery Inspected(Day day) const {
    SystemDelivery delivery{.source = "construction_inspections",
                            .media_type = "application/x-ndjson"};
    const base::Timestamp until = MomentOn(day, kInspectionsAt, province_.zone);
    const base::Timestamp after = MomentOn(day - days(7), kInspectionsAt, province_.zone);
    for (const InspectionRow& row : inspections_.RowsBetween(after, until)) {
      delivery.body += row.violation.empty() ? InspectionText(row) : ViolationText(row);
      ++delivery.rows;
    }
    return delivery;
  }

  std::string InspectionText(const InspectionRow& row) const {
    return fmt::format(
        R"({{"loai":"KT","soBienBan":"{}","soViPham":null,"maXa":"{}","maCoQuan":"{}",)"
        R"("ngayKiemTra":"{}","hanhVi":null,"ngayPhatHien":null,"soNgayXuLy":null,)"
        R"("ngayXuLyXong":null,"capNhatLuc":"{}"}})"
        "\n",
        row.inspection, row.commune_code, row.agency_code, DayText(row.inspected),
        MomentText(row.updated_at, province_.zone));
  }

  std::string ViolationText(const InspectionRow& row) const {
    std::optional<std::string> handled;
    if (row.handled_at) handled = MomentText(*row.handled_at, province_.zone);
    return fmt::format(
        R"({{"loai":"VP","soBienBan":"{}","soViPham":"{}","maXa":"{}","maCoQuan":"{}",)"
        R"("ngayKiemTra":null,"hanhVi":{},"ngayPhatHien":"{}","soNgayXuLy":{},)"
        R"("ngayXuLyXong":{},"capNhatLuc":"{}"}})"
        "\n",
        row.inspection, row.violation, row.commune_code, row.agency_code, row.kind,
        MomentText(row.found_at, province_.zone), row.term_days, Quoted(handled),
        MomentText(row.updated_at, province_.zone));
  }

  SystemDelivery Land(Day day) const {
    LandPlan plan = LandPlanOn(province_, day);
    return {.source = "land_use_plan",
            .media_type = "application/geo+json",
            .file_name = fmt::format("quy-hoach-su-dung-dat-{}.geojson", DayText(day)),
            .body = std::move(plan.geojson),
            .rows = plan.zones};
  }

  const Province province_;
  const Permits permits_;
  const BuildingProjects projects_;
  const Inspections inspections_;
};

}  // namespace

std::unique_ptr<SystemModel> MakeConstructionModel(const Province& province) {
  return std::make_unique<ConstructionModel>(province);
}

}  // namespace fansipan::simulation
