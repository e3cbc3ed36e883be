#include "simulation/case_system.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "simulation/internal/case_life.h"
#include "simulation/internal/dice.h"
#include "simulation/internal/filing_times.h"
#include "simulation/internal/office_hours.h"
#include "simulation/internal/procedures.h"

namespace fansipan::simulation {
namespace {

using internal::CaseLife;
using internal::Dice;
using internal::LocalDay;
using internal::MixSeeds;
using internal::Procedure;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kDepartmentShare = 0.2;
constexpr double kPostShare = 0.03;
constexpr double kDepartmentLateness = 0.04;
constexpr double kSmallAreaKm2 = 100;  // wards and towns: more people
constexpr double kLateCommuneShare = 0.05;
// An even stream opens cases faster than it ends them until this many are open.
constexpr std::size_t kEvenOpenCases = 20'000;

/// What is known of a commune beside its codes.
struct Habits {
  double weight = 1;        ///< of filings
  double lateness = 0;      ///< chance that a case ends after its due date
  double online_share = 0;  ///< on working days
};

/// Something that happens at a moment: a case goes on, or a row is sent as it is.
struct Event {
  base::Timestamp at;
  std::uint64_t order = 0;
  std::unique_ptr<CaseLife> life;
  std::unique_ptr<CaseRow> row;
};

/// For a heap with the earliest event on top.
bool IsLater(const Event& left, const Event& right) {
  return left.at != right.at ? left.at > right.at : left.order > right.order;
}

/// About the normal distribution: the sum of twelve uniform draws, less six.
double Bell(Dice& dice) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += dice.Unit();
  return sum;
}

std::vector<double> WeightsOf(std::span<const Procedure> procedures) {
  std::vector<double> weights;
  for (const Procedure& procedure : procedures) weights.push_back(procedure.weight);
  return weights;
}

/// Working time to the end as a share of what is allowed.
double PickFinishShare(Dice& dice, double lateness) {
  if (!dice.Chance(lateness)) return dice.Spread(0.25, 0.93);
  return dice.Chance(0.1) ? dice.Spread(6, 15) : dice.Spread(1.1, 2.4);
}

int PickDigitisation(Dice& dice, Channel channel) {
  constexpr std::array<double, 4> kOnline = {0.05, 0.25, 0.50, 0.20};
  constexpr std::array<double, 4> kElsewhere = {0.25, 0.55, 0.15, 0.05};
  return static_cast<int>(dice.Pick(channel == Channel::kOnline ? kOnline : kElsewhere));
}

}  // namespace

class CaseSystem::Model {
 public:
  Model(Places places, const CaseSystemOptions& options, const base::TimeZone& zone)
      : places_(std::move(places)),
        options_(options),
        hours_(zone),
        rules_{hours_, places_.communes, options.correction_rate} {
    DrawHabits();
    commune_procedure_weights_ = WeightsOf(internal::CommuneProcedures());
    department_procedure_weights_ = WeightsOf(internal::DepartmentProcedures());
  }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  void Start(base::Timestamp from) {
    events_.clear();
    next_day_ = std::chrono::floor<std::chrono::days>(hours_.zone().ToLocal(from));
  }

  std::vector<CaseRow> Take(base::Timestamp until, std::size_t limit) {
    std::vector<CaseRow> rows;
    while (rows.size() < limit) {
      FileDaysUntil(until);
      if (events_.empty() || events_.front().at > until) break;
      Event event = PopEvent();
      const base::Timestamp at = event.at;
      Play(std::move(event), at, rows);
    }
    return rows;
  }

  std::vector<CaseRow> TakeEven(base::Timestamp now, std::size_t count) {
    std::vector<CaseRow> rows;
    rows.reserve(count);
    while (rows.size() < count) {
      even_moment_ = std::max(now, even_moment_ + base::Duration(1));
      Dice dice(MixSeeds(options_.seed, Ticks(even_moment_)));
      const double birth_chance = events_.size() < kEvenOpenCases ? 0.3 : 0.15;
      if (events_.empty() || dice.Chance(birth_chance)) {
        Play(FileNow(dice), even_moment_, rows);
        continue;
      }
      Event event = PopEvent();
      if (event.life && !event.life->is_filed) DateFiling(*event.life, even_moment_);
      Play(std::move(event), even_moment_, rows);
    }
    return rows;
  }

  std::set<std::string> LateCommunes() const {
    std::set<std::string> codes;
    for (const std::size_t index : late_communes_) codes.insert(places_.communes[index].code);
    return codes;
  }

 private:
  static std::uint64_t Ticks(base::Timestamp moment) {
    return static_cast<std::uint64_t>(moment.time_since_epoch().count());
  }

  void DrawHabits() {
    Dice dice(MixSeeds(options_.seed, 0));
    for (const Commune& commune : places_.communes) {
      const bool is_small = commune.area_km2 > 0 && commune.area_km2 < kSmallAreaKm2;
      const double weight = std::exp(0.6 * Bell(dice)) * (is_small ? 2.5 : 1.0);
      habits_.push_back({weight, dice.Spread(0.005, 0.04), dice.Spread(0.35, 0.72)});
      commune_weights_.push_back(weight);
    }
    const auto wanted = static_cast<std::size_t>(
        std::ceil(static_cast<double>(habits_.size()) * kLateCommuneShare));
    while (late_communes_.size() < wanted) {
      const auto last = static_cast<std::int64_t>(habits_.size()) - 1;
      const auto index = static_cast<std::size_t>(dice.Between(0, last));
      if (!late_communes_.insert(index).second) continue;
      habits_[index].lateness = dice.Spread(0.25, 0.4);
    }
  }

  void Push(Event event) {
    event.order = ++order_;
    events_.push_back(std::move(event));
    std::push_heap(events_.begin(), events_.end(), IsLater);
  }

  Event PopEvent() {
    std::pop_heap(events_.begin(), events_.end(), IsLater);
    Event event = std::move(events_.back());
    events_.pop_back();
    return event;
  }

  /// Files the cases of every day that may hold the next event.
  void FileDaysUntil(base::Timestamp until) {
    while (true) {
      const base::Timestamp begins = hours_.zone().ToUtc(base::LocalTime(next_day_));
      if (begins > until || (!events_.empty() && events_.front().at < begins)) return;
      FileDay(next_day_);
      next_day_ += std::chrono::days(1);
    }
  }

  void FileDay(LocalDay day) {
    const auto day_number = static_cast<std::uint64_t>(day.time_since_epoch().count());
    const std::uint64_t day_seed = MixSeeds(options_.seed, day_number);
    Dice dice(day_seed);
    const double mean =
        options_.cases_per_day * internal::FilingWeight(day) * dice.Spread(0.92, 1.08);
    const auto count = static_cast<std::uint64_t>(mean + dice.Unit());
    const bool only_online = internal::IsWeekend(day);
    for (std::uint64_t number = 1; number <= count; ++number) {
      auto life = MakeCase(Dice(MixSeeds(day_seed, number)), only_online);
      const base::LocalTime filed = internal::PickFilingTime(day, life->row.channel, life->dice);
      const base::Timestamp at = hours_.zone().ToUtc(filed);
      life->row.case_number =
          fmt::format("{}-{}-{:04}", life->row.agency_code, DayText(day), number);
      internal::FileAt(*life, at, at, hours_);
      Push({.at = at, .life = std::move(life)});
    }
  }

  /// A case of the even stream. Its number counts microseconds of the day: unique over restarts.
  Event FileNow(Dice& dice) {
    auto life = MakeCase(dice, false);
    const base::LocalTime local = hours_.zone().ToLocal(even_moment_);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    life->row.case_number = fmt::format("{}-{}-{:011}", life->row.agency_code, DayText(day),
                                        base::Duration(local - day).count());
    DateFiling(*life, even_moment_);
    return {.at = even_moment_, .life = std::move(life)};
  }

  /// Files the case `now`; one that shall be late was received long enough ago to be overdue.
  void DateFiling(CaseLife& life, base::Timestamp now) {
    base::Timestamp received = now;
    if (life.finish_share > 1) {
      const int days = life.procedure->working_days * 7 / 5 + 6;
      received = hours_.After(now - std::chrono::days(days), minutes(30));
    }
    internal::FileAt(life, received, now, hours_);
  }

  static std::string DayText(LocalDay day) {
    const std::chrono::year_month_day date{day};
    return fmt::format("{:02}{:02}{:02}", static_cast<int>(date.year()) % 100,
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  }

  /// A case without number and dates.
  std::unique_ptr<CaseLife> MakeCase(Dice dice, bool only_online) {
    auto life = std::make_unique<CaseLife>();
    CaseRow& row = life->row;
    const std::size_t home = dice.Pick(commune_weights_);
    const Habits& habits = habits_[home];
    const bool is_department = dice.Chance(kDepartmentShare);
    row.commune_code = places_.communes[home].code;
    row.agency_code = is_department ? PickDepartment(dice) : places_.communes[home].agency_code;
    life->procedure =
        is_department ? &internal::DepartmentProcedures()[dice.Pick(department_procedure_weights_)]
                      : &internal::CommuneProcedures()[dice.Pick(commune_procedure_weights_)];
    row.procedure_code = life->procedure->code;
    row.field = life->procedure->field;
    row.fee = life->procedure->fee;
    if (only_online || dice.Chance(habits.online_share)) {
      row.channel = Channel::kOnline;
    } else if (dice.Chance(kPostShare / (1 - habits.online_share))) {
      row.channel = Channel::kPost;
    }
    row.digitisation = PickDigitisation(dice, row.channel);
    life->finish_share =
        PickFinishShare(dice, is_department ? kDepartmentLateness : habits.lateness);
    life->dice = dice;
    return life;
  }

  const std::string& PickDepartment(Dice& dice) const {
    const auto last = static_cast<std::int64_t>(places_.departments.size()) - 1;
    return places_.departments[static_cast<std::size_t>(dice.Between(0, last))];
  }

  /// Lets the event happen at `at`; adds at most one row.
  void Play(Event event, base::Timestamp at, std::vector<CaseRow>& rows) {
    if (event.row) {
      rows.push_back(std::move(*event.row));
      return;
    }
    CaseLife& life = *event.life;
    if (std::exchange(life.is_filed, true)) internal::ApplyNext(life, at, rules_);
    internal::PlanNext(life, rules_);
    Send(life, at, rows);
    if (life.next) Push({.at = life.next->at, .life = std::move(event.life)});
  }

  /// Sends the newest version as an imperfect system does: later than the next one, spoiled, or
  /// twice.
  void Send(CaseLife& life, base::Timestamp at, std::vector<CaseRow>& rows) {
    Dice& dice = life.dice;
    const bool releases = life.held.has_value();
    if (releases) {
      PushRow(*std::exchange(life.held, std::nullopt), at + seconds(dice.Between(60, 1800)));
    }
    if (!releases && life.next && dice.Chance(options_.disorder_rate)) {
      life.held = life.row;
      return;
    }
    if (dice.Chance(options_.bad_rate)) {
      rows.push_back(life.row);
      rows.back().defect = static_cast<Defect>(dice.Between(1, kDefects));
      if (dice.Chance(0.5)) PushRow(life.row, at + seconds(dice.Between(600, 4 * 3600)));
      return;
    }
    rows.push_back(life.row);
    if (dice.Chance(options_.repeat_rate)) {
      PushRow(life.row, at + seconds(dice.Between(60, 2 * 3600)));
    }
  }

  void PushRow(const CaseRow& row, base::Timestamp at) {
    Push({.at = at, .row = std::make_unique<CaseRow>(row)});
  }

  const Places places_;
  const CaseSystemOptions options_;
  const internal::OfficeHours hours_;
  const internal::LifeRules rules_;
  std::vector<Habits> habits_;  // in the order of the communes
  std::vector<double> commune_weights_;
  std::vector<double> commune_procedure_weights_;
  std::vector<double> department_procedure_weights_;
  std::set<std::size_t> late_communes_;
  std::vector<Event> events_;  // a heap
  std::uint64_t order_ = 0;
  LocalDay next_day_{};
  base::Timestamp even_moment_{};
};

CaseSystem::CaseSystem(Places places, const CaseSystemOptions& options, const base::TimeZone& zone)
    : model_(std::make_unique<Model>(std::move(places), options, zone)) {}

CaseSystem::~CaseSystem() = default;

void CaseSystem::Start(base::Timestamp from) { model_->Start(from); }

std::vector<CaseRow> CaseSystem::Take(base::Timestamp until, std::size_t limit) {
  return model_->Take(until, limit);
}

std::vector<CaseRow> CaseSystem::TakeEven(base::Timestamp now, std::size_t count) {
  return model_->TakeEven(now, count);
}

std::set<std::string> CaseSystem::LateCommunes() const { return model_->LateCommunes(); }

}  // namespace fansipan::simulation
