#include "simulation/province/education_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "simulation/province/civil_days.h"
#include "simulation/province/education/attendance.h"
#include "simulation/province/education/exam_results.h"
#include "simulation/province/education/schools.h"

namespace fansipan::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using namespace std::chrono_literals;

constexpr std::string_view kMark = "\xEF\xBB\xBF";  // spreadsheets write it before UTF-8
constexpr int kFirstYear = 2025;                    // places are told by the codes of today
constexpr Day kFirstCodes = Day(2025y / 7 / 1);

constexpr std::string_view kReturnHeader =
    "Mã trường;Mã xã;Cấp học;Năm học;Số lớp;Số học sinh;Nữ;Kinh;Tày;Mông;Dao;Thái;Giáy;Dân tộc "
    "khác;Số giáo viên;Đạt chuẩn;Trên chuẩn;Cập nhật lúc\n";
constexpr std::string_view kExamHeader =
    "Mã trường;Mã xã;Năm thi;Ngày công bố;Dự thi;Tốt nghiệp;Toán (dự thi);Toán (điểm TB);Ngữ văn "
    "(dự thi);Ngữ văn (điểm TB);Ngoại ngữ (dự thi);Ngoại ngữ (điểm TB);Cập nhật lúc\n";

std::string_view CodeOf(const School& school) {
  return school.levels.size() > 1 ? "LC" : CodeOf(school.levels.front());
}

std::string Quoted(const std::optional<std::string>& text) {
  return text ? '"' + *text + '"' : "null";
}

/// The revision of the returns that is sent on a day, if one is.
std::optional<int> RevisionSentOn(Day day) {
  const std::chrono::year_month_day date(day);
  const auto in_year = date.month() / date.day();
  if (in_year == 8 / 28d) return 0;
  if (in_year == 9 / 20d) return 1;
  if (in_year == 1 / 15d || in_year == 5 / 20d) return 2;
  return std::nullopt;
}

/// The school year that a return sent on the day is about: from August on the one that begins.
int YearTold(Day day) { return SchoolYearOf(day + days(10)); }

class EducationModel final : public SystemModel {
 public:
  explicit EducationModel(const Province& province)
      : province_(province), schools_(BuildSchools(province_)), attendance_(province_, schools_) {}

  std::vector<std::string> sources() const override {
    return {"school_registry", "school_census", "school_attendance", "exam_results"};
  }
  base::Duration history() const override { return days(360); }

  std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                base::Timestamp until) const override {
    std::vector<SystemDelivery> sent;
    for (Day day = DayOf(from, province_.zone); day <= DayOf(until, province_.zone);
         day += days(1)) {
      const auto send = [&](base::Duration time,
                            SystemDelivery (EducationModel::*make)(Day) const) {
        const base::Timestamp at = MomentOn(day, time, province_.zone);
        if (at < from || at >= until) return;
        sent.push_back((this->*make)(day));
        sent.back().at = at;
      };
      const std::chrono::year_month_day date(day);
      if (date.day() == 5d) send(hours(8) + minutes(5), &EducationModel::Registry);
      if (IsSchoolDay(day)) send(hours(9) + minutes(15), &EducationModel::Morning);
      if (RevisionSentOn(day) && YearTold(day) >= kFirstYear) {
        send(hours(10), &EducationModel::Returns);
      }
      if (date.month() / date.day() == 7 / 18d || date.month() / date.day() == 8 / 10d) {
        if (static_cast<int>(date.year()) >= kFirstYear) send(hours(10), &EducationModel::Exams);
      }
    }
    return sent;
  }

  std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                           base::Timestamp until) const override {
    std::vector<PlantedStory> stories;
    const Month last = MonthOf(DayOf(until, province_.zone));
    for (Month month = MonthOf(DayOf(from, province_.zone)); month <= last;
         month += std::chrono::months(1)) {
      const auto week = attendance_.AbsentWeekOf(month);
      if (!week) continue;
      PlantedStory story = StoryOf(*week);
      if (story.until > from && story.from < until) stories.push_back(std::move(story));
    }
    return stories;
  }

 private:
  PlantedStory StoryOf(const AbsentWeek& week) const {
    const Commune& commune = province_.places.communes[week.commune];
    return {.name = fmt::format("pupils_at_home_{}", DayText(week.monday)),
            .system = "education",
            .indicator = "attendance_rate",
            .unit = commune.code,
            .text = fmt::format("More than half of the pupils of commune {} stay at home for a "
                                "school week: {}.",
                                commune.code, week.cause),
            .from = MomentOn(week.monday, hours(7), province_.zone),
            .until = MomentOn(week.monday + days(5), base::Duration(0), province_.zone)};
  }

  const std::string& CommuneOf(const School& school) const {
    return province_.places.communes[school.commune].code;
  }

  SystemDelivery Registry(Day day) const {
    SystemDelivery delivery{.source = "school_registry", .media_type = "application/x-ndjson"};
    for (const School& school : schools_) {
      const auto recognition = RecognitionOn(school, day);
      Day updated = kFirstCodes;
      std::optional<std::string> from;
      std::optional<std::string> until;
      if (recognition) {
        updated = std::max(updated, recognition->from);
        from = DayText(recognition->from);
        until = DayText(recognition->until);
      }
      delivery.body += fmt::format(
          R"({{"maTruong":"{}","tenTruong":"{}","maXa":"{}","capHoc":"{}","loaiHinh":"{}",)"
          R"("mucDoChuan":"{}","ngayCongNhan":{},"hetHieuLuc":{},"ngayThanhLap":"{}",)"
          R"("ngayGiaiThe":null,"kinhDo":{:.6f},"viDo":{:.6f},"capNhatLuc":"{}"}})"
          "\n",
          school.code, school.name, CommuneOf(school), CodeOf(school),
          school.is_private ? "TT" : "CL", recognition ? school.standard_level : 0, Quoted(from),
          Quoted(until), DayText(school.founded), school.longitude, school.latitude,
          MomentText(MomentOn(updated, hours(8), province_.zone), province_.zone));
    }
    delivery.rows = schools_.size();
    return delivery;
  }

  SystemDelivery Morning(Day day) const {
    SystemDelivery delivery{.source = "school_attendance", .media_type = "application/x-ndjson"};
    const auto rows = attendance_.ToldOn(day);
    for (const AttendanceRow& row : rows) {
      delivery.body += fmt::format(
          R"({{"maTruong":"{}","maXa":"{}","capHoc":"{}","ngay":"{}","siSo":{},"coMat":{},)"
          R"("vangCoPhep":{},"vangKhongPhep":{},"guiLuc":"{}"}})"
          "\n",
          row.school->code, CommuneOf(*row.school), CodeOf(*row.school), DayText(row.day),
          row.enrolled, row.present, row.with_leave, row.without_leave,
          MomentText(row.reported_at, province_.zone));
    }
    delivery.rows = rows.size();
    return delivery;
  }

  /// The year's return, and the last one of the year before.
  SystemDelivery Returns(Day day) const {
    SystemDelivery delivery{.source = "school_census",
                            .media_type = "text/csv",
                            .file_name = fmt::format("thong-ke-giao-duc-{}.csv", DayText(day))};
    delivery.body = std::string(kMark) + "THỐNG KÊ GIÁO DỤC (MÔ PHỎNG);;;;;;;;;;;;;;;;;\n";
    delivery.body += kReturnHeader;
    Return sum;
    const int year = YearTold(day);
    if (year > kFirstYear) AppendReturns(year - 1, 2, delivery, sum);
    AppendReturns(year, *RevisionSentOn(day), delivery, sum);
    delivery.body +=
        fmt::format("Tổng cộng;{};;;{};{};;;;;;;;;;;;\n", delivery.rows, sum.classes, sum.pupils);
    return delivery;
  }

  void AppendReturns(int year, int revision, SystemDelivery& delivery, Return& sum) const {
    const Day written = revision == 0   ? Day(std::chrono::year(year) / 8 / 25)
                        : revision == 1 ? Day(std::chrono::year(year) / 9 / 18)
                                        : Day(std::chrono::year(year + 1) / 1 / 10);
    const std::string told_at =
        VietnameseMomentText(MomentOn(written, hours(15), province_.zone), province_.zone);
    for (const School& school : schools_) {
      for (const Level level : school.levels) {
        const Return told = ReturnOf(school, level, year, revision);
        delivery.body += fmt::format(
            "{};{};{};{}-{};{};{};{};{};{};{};{};{}\n", school.code, CommuneOf(school),
            simulation::CodeOf(level), year, year + 1, told.classes, told.pupils, told.girls,
            fmt::join(told.groups, ";"), told.teachers, told.qualified, told.above, told_at);
        sum.classes += told.classes;
        sum.pupils += told.pupils;
        ++delivery.rows;
      }
    }
  }

  /// The year's results and those of the year before.
  SystemDelivery Exams(Day day) const {
    SystemDelivery delivery{.source = "exam_results",
                            .media_type = "text/csv",
                            .file_name = fmt::format("tot-nghiep-{}.csv", DayText(day))};
    delivery.body = std::string(kMark) + "KẾT QUẢ THI TỐT NGHIỆP (MÔ PHỎNG);;;;;;;;;;;;\n";
    delivery.body += kExamHeader;
    const std::chrono::year_month_day date(day);
    const int year = static_cast<int>(date.year());
    ExamResult sum;
    if (year > kFirstYear) AppendExams(year - 1, true, delivery, sum);
    AppendExams(year, date.month() == std::chrono::August, delivery, sum);
    delivery.body +=
        fmt::format("Tổng cộng;{};;;{};{};;;;;;;\n", delivery.rows, sum.candidates, sum.graduated);
    return delivery;
  }

  void AppendExams(int year, bool reviewed, SystemDelivery& delivery, ExamResult& sum) const {
    const Day published = Day(std::chrono::year(year) / 7 / 16);
    const Day written = reviewed ? Day(std::chrono::year(year) / 8 / 8) : published;
    for (const School& school : schools_) {
      if (!HasExam(school)) continue;
      const ExamResult result = ExamResultOf(school, year, reviewed);
      delivery.body +=
          fmt::format("{};{};{};{};{};{}", school.code, CommuneOf(school), year,
                      VietnameseDayText(published), result.candidates, result.graduated);
      for (const SubjectResult& subject : result.subjects) {
        delivery.body += fmt::format(";{};{},{:02}", subject.candidates,
                                     subject.mean_hundredths / 100, subject.mean_hundredths % 100);
      }
      delivery.body += fmt::format(
          ";{}\n",
          VietnameseMomentText(MomentOn(written, hours(9), province_.zone), province_.zone));
      sum.candidates += result.candidates;
      sum.graduated += result.graduated;
      ++delivery.rows;
    }
  }

  const Province province_;
  const std::vector<School> schools_;
  const Attendance attendance_;
};

}  // namespace

std::unique_ptr<SystemModel> MakeEducationModel(const Province& province) {
  return std::make_unique<EducationModel>(province);
}

}  // namespace fansipan::simulation
