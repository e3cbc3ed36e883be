#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulation/places.h"
#include "simulation/province/state_budget/amounts.h"

namespace fansipan::simulation::budget {

/// The first month of which the merged province's books tell: all that was disbursed before in the
/// year stands in it.
inline constexpr std::chrono::year_month kBooksOpened{std::chrono::year{2025}, std::chrono::July};

enum class Fund { kCentral, kLocal, kForeign, kCarriedOver };

/// One line of an extract: a project's plan from one fund, and what was disbursed of it.
struct PlanLine {
  std::string project_code;
  std::string project_name;
  std::string agency_code;
  std::string budget_code;   ///< the owner's seven digits
  std::string commune_code;  ///< of the province for what lies in several
  Fund fund = Fund::kLocal;
  int plan_year = 0;
  Tenths initial = 0;
  Tenths adjusted = 0;
  Tenths allocated = 0;
  Tenths paid_in_month = 0;
  Tenths paid_to_date = 0;
  std::optional<std::chrono::year_month_day> last_paid_on;
};

/// The public investment of a province as its treasury books it. The same places and seed give the
/// same books; a year's plan does not depend on what was asked before. Immutable.
class Projects {
 public:
  Projects(const Places& places, std::uint64_t seed);

  /// The books of the plan year at the end of the month, which lies between January of that year
  /// and January of the next one; by fund, and by project within.
  std::vector<PlanLine> LinesOf(int plan_year, std::chrono::year_month month) const;

  /// The commune whose largest project stands still from April to November of the plan year.
  const Commune& StalledCommune(int plan_year) const;
  /// The department whose own figures contradict the treasury's in the autumn of the plan year.
  std::string ContradictingOwner(int plan_year) const;

 private:
  /// A project that the plan of a year has.
  struct Project {
    std::string code;
    std::string name;
    std::string agency_code;
    std::string budget_code;
    std::string commune_code;
    double weight = 1;
    double pace = 1.5;        ///< exponent of the disbursement's course: the higher, the later
    double final_share = 1;   ///< of the plan, disbursed by 31 January
    double adjustment = 1;    ///< what the summer's adjustment does to its plan
    bool is_stalled = false;  ///< the one that stands still
    bool is_allocated_late = false;
    std::array<double, 3> funds{0, 1, 0};  ///< central, local, foreign
    std::uint64_t seed = 0;
  };
  /// What a project gets from one fund.
  struct Part {
    Project project;
    Fund fund = Fund::kLocal;
    Tenths initial = 0;
    Tenths adjusted = 0;
  };
  struct Owner {
    std::string agency_code;
    std::string budget_code;
    std::string commune_code;
    double weight = 1;
    int projects = 1;  ///< of a year, about
    bool is_slow = false;
    bool is_commune = false;
  };

  std::vector<Project> ProjectsOf(int plan_year) const;
  Project DrawProject(const Owner& owner, int plan_year, std::size_t number) const;
  std::vector<Part> PartsOf(int plan_year) const;
  std::vector<PlanLine> OwnLinesOf(int plan_year, std::chrono::year_month month) const;
  std::vector<PlanLine> CarriedLinesOf(int plan_year, std::chrono::year_month month) const;
  static std::uint64_t SeedOf(const Project& project, int step);
  static int PaidStep(const Project& project, int step);
  static double PaidShare(const Project& project, int step);
  static std::optional<std::chrono::year_month_day> LastPaidOn(const Project& project,
                                                               int plan_year, int step);

  std::vector<Commune> communes_;
  std::vector<Owner> owners_;
  std::string province_code_;
  std::uint64_t seed_;
};

/// Months of the plan year that are over at the month's end: 1 in January, 13 in the next one.
int StepOf(int plan_year, std::chrono::year_month month);
/// What the province's plan comes to at the start of the year, and after the summer's adjustment.
Tenths InitialTotal(int plan_year);
Tenths AdjustedTotal(int plan_year);

}  // namespace fansipan::simulation::budget
