#include "bench/case_clocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "center/load.h"
#include "indicators/engine.h"
#include "store/embedded/duckdb_expression_parser.h"

namespace fansipan::bench {
namespace {

using base::Timestamp;
using std::chrono::days;
using std::chrono::minutes;

constexpr std::size_t kVersionsEach = 3;
constexpr std::size_t kGroup = 10'000;

constexpr const char* kDatasets = R"(datasets:
  case:
    title: {en: Case}
    kind: state
    key: [id]
    order: changed_at
    places: {territory: {column: place, codes: own}}
    columns:
      id: {type: integer}
      changed_at: {type: timestamp}
      place: {type: text}
      status: {type: text, one_of: [processing, supplement, done]}
      received_at: {type: timestamp}
      term: {type: integer}
      finished_at: {type: timestamp, optional: true}
)";
constexpr const char* kClock = R"(    clocks:
      processing:
        title: {en: Processing}
        calendar: office
        from: received_at
        until: finished_at
        allowed: {working_days: term}
        paused: {when: status = 'supplement'}
)";

/// `overdue`: the stock that begins with the due moment, where there is a clock.
std::map<std::string, std::string, std::less<>> Files(bool with_clock) {
  const std::string overdue =
      with_clock ? "  overdue: {dataset: case, stock: {from: processing.due, until: finished_at}}\n"
                 : "";
  const std::string hours = R"(["07:30-11:30", "13:30-17:00"])";
  std::string calendar = "calendars:\n  office:\n    week: {";
  for (const char* day : {"monday", "tuesday", "wednesday", "thursday", "friday"}) {
    calendar += std::string(day) + ": " + hours + (std::string(day) == "friday" ? "}\n" : ", ");
  }
  calendar += "    years:\n";
  for (int year = 2024; year <= 2027; ++year) {
    calendar += fmt::format(
        "      {0}: {{basis: {{en: Law}}, holidays: [{{day: {0}-01-01, title: {{en: New Year}}}}, "
        "{{from: {0}-02-16, to: {0}-02-20, title: {{en: Lunar New Year}}}}]}}\n",
        year);
  }
  return {{"center.yaml",
           "name: clocks\ntitle: {en: Clocks}\nlanguages: [en]\ntime_zone: Asia/Ho_Chi_Minh\n"},
          {"territory/units.csv", "code,level,name,valid_from\np,province,Province,2000-01-01\n"},
          {"territory/codes.csv", "system,code,unit,valid_from\nown,p,p,2000-01-01\n"},
          {"calendars/office.yaml", calendar},
          {"systems/s/system.yaml", "title: {en: Cases}\n"},
          {"systems/s/sources.yaml",
           "sources:\n  desk: {title: {en: Desk}, connector: push, format: csv, mappings: {case: "
           "mappings/case.sql}}\n"},
          {"systems/s/mappings/case.sql", "SELECT *, _row FROM raw\n"},
          {"systems/s/datasets.yaml", std::string(kDatasets) + (with_clock ? kClock : "")},
          {"systems/s/indicators.yaml",
           "measures:\n  open: {dataset: case, stock: {from: received_at, until: finished_at}}\n" +
               overdue +
               "indicators:\n  open_cases: {title: {en: Open}, formula: open, unit_of_measure: "
               "case}\n"}};
}

base::Result<std::unique_ptr<indicators::Engine>> MakeEngine(bool with_clock) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto parser, store::DuckDbExpressionParser::Open());
  const center::LoadOutcome outcome = center::LoadCenterFiles(Files(with_clock), *parser);
  if (!outcome.center) {
    return base::Error{base::ErrorCode::kInternal, "", ToText(outcome.problems.front())};
  }
  return indicators::Engine::Create(outcome.center);
}

/// The versions of a case, one day after the other.
class Cases {
 public:
  model::Version Next(std::size_t number, std::size_t step, const model::Dataset& dataset) {
    const auto below = [this](std::uint64_t bound) {
      return static_cast<std::int64_t>(random_() % bound);
    };
    const auto first = Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5));
    const Timestamp received = first + minutes(static_cast<std::int64_t>(number % 400'000));
    model::Version version;
    version.sequence = version.delivery = {++sequence_};
    version.dataset = dataset.name;
    version.values.resize(dataset.columns.size());
    version.values[0] = static_cast<std::int64_t>(number);
    version.values[1] = received + days(2 * step) + minutes(below(600));
    version.values[2] = std::string("p");
    version.values[3] = std::string(step == 1 ? "supplement" : "processing");
    version.values[4] = received;
    version.values[5] = 1 + static_cast<std::int64_t>(number % 30);
    return version;
  }

 private:
  std::mt19937_64 random_{20'261'129};
  std::uint64_t sequence_ = 0;
};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Seconds for all versions, of them those for what clocks say.
struct Staged {
  double all = 0;
  double reckoned = 0;
};

Staged Stage(indicators::Engine& engine, std::size_t cases) {
  const model::Dataset& dataset = engine.center().datasets.front();
  Cases source;
  Staged staged;
  store::JournalEntry entry;
  std::vector<model::Version> group;
  for (std::size_t step = 0; step < kVersionsEach; ++step) {
    for (std::size_t number = 0; number < cases; number += kGroup) {
      group.clear();
      for (std::size_t i = number; i < std::min(cases, number + kGroup); ++i) {
        group.push_back(source.Next(i, step, dataset));
      }
      entry.recorded_at = Timestamp(std::chrono::sys_days(std::chrono::year(2025) / 1 / 1)) +
                          minutes(++entry.number);
      const auto start = std::chrono::steady_clock::now();
      engine.Begin(entry.recorded_at);
      for (model::Version& version : group) engine.Reckon(version);
      staged.reckoned += SecondsSince(start);
      for (const model::Version& version : group) engine.Stage(version);
      engine.Publish(entry);
      staged.all += SecondsSince(start);
    }
  }
  return staged;
}

}  // namespace

base::Status MeasureCaseClocks(std::size_t cases, Report& report) {
  FANSIPAN_ASSIGN_OR_RETURN(auto plain, MakeEngine(false));
  const Staged without = Stage(*plain, cases);
  plain.reset();
  FANSIPAN_ASSIGN_OR_RETURN(auto engine, MakeEngine(true));
  const Staged with = Stage(*engine, cases);
  const auto versions = static_cast<double>(cases * kVersionsEach);
  const auto each = [](double seconds, double count) {
    return fmt::format("{}, {:.0f} ns each", NumberText(seconds, "s"), seconds * 1e9 / count);
  };
  report.AddFigure(fmt::format("clocks of {} versions of {} cases, when they are recorded",
                               cases * kVersionsEach, cases),
                   each(with.reckoned, versions));
  report.AddFigure("the same with index, differences and the stock of overdue cases",
                   each(with.all, versions), "", "without a clock: " + each(without.all, versions));
  const auto start = std::chrono::steady_clock::now();
  std::size_t changed = 0;
  while (const auto again = engine->ReckonNext(kGroup)) changed += again->size();
  report.AddFigure("all current cases again, as after a change of calendar",
                   each(SecondsSince(start), static_cast<double>(cases)));
  if (changed > 0) report.AddNote(fmt::format("{} cases changed; there must be none", changed));
  return {};
}

}  // namespace fansipan::bench
