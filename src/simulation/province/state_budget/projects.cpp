#include "simulation/province/state_budget/projects.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "simulation/internal/dice.h"

namespace fansipan::simulation::budget {

using internal::Dice;
using internal::MixSeeds;

namespace {

constexpr std::uint64_t kOwnerDraws = 0xB0D6E70001U;
constexpr std::uint64_t kProjectDraws = 0xB0D6E70002U;
constexpr std::uint64_t kStoryDraws = 0xB0D6E70003U;
constexpr std::string_view kProvinceCode = "15";
constexpr int kLastStep = 13;
constexpr int kAdjustedFromStep = 7;
constexpr int kStandsStillAfter = 4;
constexpr int kMovesAgainIn = 12;
constexpr double kSkippedMonths = 0.18;

constexpr std::array<std::string_view, 10> kCommuneProjects = {
    "Nâng cấp đường giao thông liên thôn",
    "Sửa chữa, mở rộng trường mầm non",
    "Xây dựng nhà văn hóa thôn",
    "Kiên cố hóa kênh mương thủy lợi",
    "Công trình cấp nước sinh hoạt tập trung",
    "Xây dựng nhà lớp học trường tiểu học",
    "Kè chống sạt lở bờ suối",
    "Sắp xếp dân cư vùng thiên tai",
    "Cải tạo trạm y tế xã",
    "Hạ tầng khu tái định cư"};
constexpr std::array<std::string_view, 10> kDepartmentProjects = {
    "Cải tạo, nâng cấp tỉnh lộ",
    "Đường kết nối cao tốc với khu công nghiệp",
    "Xây dựng cầu qua sông",
    "Hồ chứa nước và hệ thống kênh",
    "Mở rộng bệnh viện đa khoa khu vực",
    "Trường trung học phổ thông nội trú",
    "Hạ tầng khu kinh tế cửa khẩu",
    "Trồng và bảo vệ rừng phòng hộ",
    "Hệ thống thoát nước và xử lý nước thải đô thị",
    "Số hóa cơ sở dữ liệu ngành"};

std::string SevenDigits(std::uint64_t number) {
  const std::string digits = std::to_string(number % 10'000'000);
  return std::string(7 - digits.size(), '0') + digits;
}

/// An agency's number for its own draws: the same whatever other agencies there are.
std::uint64_t NumberOf(std::string_view code) {
  std::uint64_t number = 1469598103934665603U;
  for (const char c : code) number = (number ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return number;
}

}  // namespace

int StepOf(int plan_year, std::chrono::year_month month) {
  return (static_cast<int>(month.year()) - plan_year) * 12 +
         static_cast<int>(static_cast<unsigned>(month.month()));
}

Tenths InitialTotal(int plan_year) {
  return (9'500 + 1'000 * static_cast<Tenths>(plan_year - 2025)) * 10'000;
}

Tenths AdjustedTotal(int plan_year) { return InitialTotal(plan_year) + 400 * 10'000; }

Projects::Projects(const Places& places, std::uint64_t seed)
    : communes_(places.communes), province_code_(kProvinceCode), seed_(seed) {
  const auto add = [&](const std::string& agency, const std::string& commune, bool is_commune) {
    Dice dice(MixSeeds(MixSeeds(seed, kOwnerDraws), NumberOf(agency)));
    Owner owner{.agency_code = agency,
                .budget_code = SevenDigits(1'000'000 + NumberOf(agency) % 900'000),
                .commune_code = commune,
                .is_commune = is_commune};
    const bool builds_much = !is_commune && dice.Chance(0.4);
    owner.projects = builds_much ? static_cast<int>(dice.Between(6, 11)) : is_commune ? 1 : 2;
    owner.weight = is_commune ? dice.Spread(0.3, 1.2) : dice.Spread(2, builds_much ? 9 : 4);
    owner.is_slow = dice.Chance(0.04);
    owners_.push_back(std::move(owner));
  };
  for (const std::string& department : places.departments) add(department, province_code_, false);
  for (const Commune& commune : communes_) add(commune.agency_code, commune.code, true);
}

const Commune& Projects::StalledCommune(int plan_year) const {
  Dice dice(MixSeeds(MixSeeds(seed_, kStoryDraws), static_cast<std::uint64_t>(plan_year)));
  const auto last = static_cast<std::int64_t>(communes_.size()) - 1;
  return communes_[static_cast<std::size_t>(dice.Between(0, last))];
}

std::string Projects::ContradictingOwner(int plan_year) const {
  Dice dice(MixSeeds(MixSeeds(seed_, kStoryDraws), static_cast<std::uint64_t>(plan_year) + 1000));
  std::vector<std::string> codes;
  for (const Owner& owner : owners_) {
    // One that builds little, so that the province as a whole still agrees.
    if (!owner.is_commune && owner.projects == 2) codes.push_back(owner.agency_code);
  }
  if (codes.empty()) codes.push_back(owners_.front().agency_code);
  return codes[static_cast<std::size_t>(
      dice.Between(0, static_cast<std::int64_t>(codes.size()) - 1))];
}

Projects::Project Projects::DrawProject(const Owner& owner, int plan_year,
                                        std::size_t number) const {
  Project project;
  project.seed = MixSeeds(MixSeeds(MixSeeds(seed_, kProjectDraws), NumberOf(owner.agency_code)),
                          static_cast<std::uint64_t>(plan_year) * 100 + number);
  Dice dice(project.seed);
  const auto& names = owner.is_commune ? kCommuneProjects : kDepartmentProjects;
  project.name = std::string(names[static_cast<std::size_t>(dice.Between(0, 9))]) + ", gói " +
                 std::to_string(number + 1);
  project.agency_code = owner.agency_code;
  project.budget_code = owner.budget_code;
  project.commune_code = owner.commune_code;
  if (!owner.is_commune && dice.Chance(0.5)) {
    const auto last = static_cast<std::int64_t>(communes_.size()) - 1;
    project.commune_code = communes_[static_cast<std::size_t>(dice.Between(0, last))].code;
  }
  project.weight = owner.weight / owner.projects * dice.Spread(0.5, 1.5);
  project.pace = owner.is_slow ? dice.Spread(2.3, 2.8) : dice.Spread(1.2, 1.8);
  project.final_share = owner.is_slow ? dice.Spread(0.5, 0.68) : dice.Spread(0.88, 1.0);
  project.adjustment = owner.is_slow ? dice.Spread(0.85, 1.0) : dice.Spread(0.98, 1.1);
  project.is_allocated_late = dice.Chance(0.1);
  if (owner.is_commune) {
    if (dice.Chance(0.35)) project.funds = {0.6, 0.4, 0};
  } else {
    const double central = dice.Spread(0.2, 0.7);
    const double foreign = dice.Chance(0.2) ? 0.25 : 0;
    project.funds = {central, 1 - central - foreign, foreign};
    if (project.funds[1] < 0.05) project.funds = {0.7, 0.05, 0.25};
  }
  return project;
}

std::vector<Projects::Project> Projects::ProjectsOf(int plan_year) const {
  const std::string& stalled = StalledCommune(plan_year).agency_code;
  std::vector<Project> projects;
  for (const Owner& owner : owners_) {
    Dice dice(MixSeeds(NumberOf(owner.agency_code), static_cast<std::uint64_t>(plan_year)));
    const int more = dice.Chance(0.6) ? 1 : 0;
    for (int number = 0; number < owner.projects + more; ++number) {
      Project project = DrawProject(owner, plan_year, static_cast<std::size_t>(number));
      project.code = SevenDigits(8'000'000 + static_cast<std::uint64_t>(plan_year % 100) * 10'000 +
                                 projects.size() + 1);
      if (number == 0 && owner.agency_code == stalled) {
        project.is_stalled = true;
        project.weight = 4;
      }
      projects.push_back(std::move(project));
    }
  }
  return projects;
}

std::uint64_t Projects::SeedOf(const Project& project, int step) {
  return MixSeeds(project.seed, static_cast<std::uint64_t>(step) + 77);
}

/// The step at which what is paid by `step` was paid: nothing is paid in a skipped month, of which
/// never two follow each other, since that would be a project that stands still.
int Projects::PaidStep(const Project& project, int step) {
  const bool stands_still = project.is_stalled && step < kMovesAgainIn;
  if (stands_still) return std::min(step, kStandsStillAfter);
  bool skipped = false;
  for (int at = 3; at <= step && at < kLastStep - 1; ++at) {
    skipped = !skipped && !project.is_stalled && Dice(SeedOf(project, at)).Chance(kSkippedMonths);
  }
  return skipped && step < kLastStep - 1 ? step - 1 : step;
}

double Projects::PaidShare(const Project& project, int step) {
  const double part = static_cast<double>(PaidStep(project, step)) / kLastStep;
  return project.final_share * std::pow(part, project.pace);
}

std::optional<std::chrono::year_month_day> Projects::LastPaidOn(const Project& project,
                                                                int plan_year, int step) {
  const int paid = PaidStep(project, step);
  if (paid == 0) return std::nullopt;
  const std::chrono::year_month month =
      std::chrono::year{plan_year} / std::chrono::January + std::chrono::months(paid - 1);
  const auto day = static_cast<unsigned>(Dice(MixSeeds(SeedOf(project, paid), 5)).Between(12, 27));
  return month / std::chrono::day{project.is_stalled ? 20 : day};
}

std::vector<Projects::Part> Projects::PartsOf(int plan_year) const {
  std::vector<Part> parts;
  std::vector<double> initial_weights;
  std::vector<double> adjusted_weights;
  for (const Project& project : ProjectsOf(plan_year)) {
    for (std::size_t fund = 0; fund < project.funds.size(); ++fund) {
      if (project.funds[fund] <= 0) continue;
      initial_weights.push_back(project.weight * project.funds[fund]);
      adjusted_weights.push_back(initial_weights.back() * project.adjustment);
      parts.push_back({project, static_cast<Fund>(fund)});
    }
  }
  const std::vector<Tenths> initial = Divide(InitialTotal(plan_year), initial_weights);
  const std::vector<Tenths> adjusted = Divide(AdjustedTotal(plan_year), adjusted_weights);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].initial = initial[i];
    parts[i].adjusted = adjusted[i];
  }
  return parts;
}

std::vector<PlanLine> Projects::OwnLinesOf(int plan_year, std::chrono::year_month month) const {
  const int step = StepOf(plan_year, month);
  std::vector<PlanLine> lines;
  for (const Part& part : PartsOf(plan_year)) {
    const Project& project = part.project;
    PlanLine line{.project_code = project.code,
                  .project_name = project.name,
                  .agency_code = project.agency_code,
                  .budget_code = project.budget_code,
                  .commune_code = project.commune_code,
                  .fund = part.fund,
                  .plan_year = plan_year,
                  .initial = part.initial,
                  .adjusted = step < kAdjustedFromStep ? part.initial : part.adjusted};
    line.allocated =
        project.is_allocated_late && step < 5 ? ShareOf(line.adjusted, 0.5) : line.adjusted;
    // Of the adjusted plan also before it is known: what is paid never falls.
    line.paid_to_date = ShareOf(part.adjusted, PaidShare(project, step));
    line.paid_in_month = line.paid_to_date - ShareOf(part.adjusted, PaidShare(project, step - 1));
    line.last_paid_on = LastPaidOn(project, plan_year, step);
    lines.push_back(std::move(line));
  }
  return lines;
}

/// What the year before left undisbursed of some of its projects.
std::vector<PlanLine> Projects::CarriedLinesOf(int plan_year, std::chrono::year_month month) const {
  const int step = StepOf(plan_year, month);
  std::vector<PlanLine> lines;
  const std::chrono::year_month closed = std::chrono::year{plan_year} / std::chrono::January;
  for (PlanLine& line : OwnLinesOf(plan_year - 1, closed)) {
    const Tenths left = line.adjusted - line.paid_to_date;
    Project project{.pace = 1.1, .final_share = 0.92};
    project.seed = MixSeeds(NumberOf(line.project_code), static_cast<std::uint64_t>(line.fund));
    if (left * 12 < line.adjusted || !Dice(project.seed).Chance(0.6)) continue;
    line.fund = Fund::kCarriedOver;
    line.plan_year = plan_year;
    line.initial = line.adjusted = line.allocated = left;
    line.paid_to_date = ShareOf(left, PaidShare(project, step));
    line.paid_in_month = line.paid_to_date - ShareOf(left, PaidShare(project, step - 1));
    line.last_paid_on = LastPaidOn(project, plan_year, step);
    // A project may have left something of several funds: in the new plan that is one line.
    if (!lines.empty() && lines.back().project_code == line.project_code) continue;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<PlanLine> Projects::LinesOf(int plan_year, std::chrono::year_month month) const {
  std::vector<PlanLine> lines = OwnLinesOf(plan_year, month);
  for (PlanLine& line : CarriedLinesOf(plan_year, month)) lines.push_back(std::move(line));
  if (month == kBooksOpened) {
    for (PlanLine& line : lines) line.paid_in_month = line.paid_to_date;
  }
  std::stable_sort(lines.begin(), lines.end(), [](const PlanLine& left, const PlanLine& right) {
    return left.fund < right.fund;
  });
  return lines;
}

}  // namespace fansipan::simulation::budget
