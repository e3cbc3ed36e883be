#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "center/load.h"
#include "model/value.h"

namespace fansipan::center {

/// A figure that a scenario expects. Fields that are not set are not looked at.
struct ExpectedFigure {
  int line = 1;
  std::string indicator;
  std::string tree = "territory";
  std::string unit;                  ///< code; empty: the tree's root
  std::string period;                ///< text of a period
  std::optional<std::string> value;  ///< digits, or "none"
  std::optional<std::string> judgement;
  std::map<std::string, std::string> pace;  ///< member of Pace → its text, or "none"
  std::optional<std::vector<std::string>> trust;
  std::optional<std::string> vintage;              ///< of a reported value, or "none"
  std::optional<std::int64_t> statements;          ///< that are known of it, of all vintages
  std::map<std::string, std::string> comparisons;  ///< cross-check → agrees, not_comparable, or
                                                   ///< "contradicts by -0.5"
  std::optional<base::Timestamp> as_of;
  std::optional<model::Date> territory;                          ///< nothing: as reported
  std::optional<std::string> because;                            ///< reason why there is no value
  std::map<std::string, std::string> made_of;                    ///< unit → share, or "unknown"
  std::map<std::string, std::string> missing;                    ///< unit → what is missing of it
  std::optional<std::pair<std::string, std::string>> dimension;  ///< column, value
};

/// Why a figure changed, as a scenario expects it: since a moment, until the step.
struct ExpectedChange {
  int line = 1;
  std::string indicator;
  std::string tree = "territory";
  std::string unit;
  std::string period;
  base::Timestamp since;
  std::optional<std::string> difference;  ///< digits, or "none"
  /// Cause, or cause and aspect ("redefined formula") → digits; all that moved the figure.
  std::optional<std::map<std::string, std::string>> causes;
};

/// From this step on a file of the center reads otherwise, and is applied.
struct Redeclaration {
  int line = 1;
  std::string file;
  std::string replace;  ///< stands there once
  std::string with;
};

/// A record that a scenario expects, as it is known at the step's moment.
struct ExpectedRecord {
  int line = 1;
  std::string dataset;
  std::map<std::string, std::string> key;     ///< key column → text
  std::map<std::string, std::string> values;  ///< column → text, or "none"
  std::optional<base::Timestamp> as_of;
};

/// A moment of a scenario: what arrives, then what is expected.
struct ScenarioStep {
  int line = 1;
  base::Timestamp at;
  std::string source;                         ///< of the delivery; empty: nothing arrives
  std::string text;                           ///< the payload written in the scenario
  std::string file;                           ///< or a file of the center
  std::string external;                       ///< or a file of the folder named on the command line
  std::string heartbeat;                      ///< a source that gives a sign of life
  std::map<std::string, std::string> pause;   ///< source → why it is paused
  std::string resume;                         ///< a source whose pause ends
  std::optional<std::int64_t> replay;         ///< the n-th delivery of the scenario again, from 1
  std::vector<Redeclaration> declares;        ///< together one new center
  bool restart = false;                       ///< the program ends and starts again
  std::map<std::string, std::string> report;  ///< counts, outcome, refused_as
  std::vector<ExpectedFigure> figures;
  std::vector<ExpectedChange> changes;
  std::vector<ExpectedRecord> records;
  /// agrees, contradicts, not_comparable → how many comparisons of all that was reported
  std::map<std::string, std::string> comparisons;
  std::map<std::string, std::string> sources;  ///< source → its state, see SourceState
};

/// Deliveries at moments of a virtual clock and what is expected of them: a center's own test.
struct Scenario {
  std::string file;
  std::string title;
  base::Timestamp starts_at;
  std::vector<ScenarioStep> steps;
};

/// Reads a scenario (docs/guides/center.md). Local times are those of `zone`. Nothing when there
/// are problems, which are appended.
std::optional<Scenario> ParseScenario(const std::string& file, std::string_view text,
                                      const base::TimeZone& zone, std::vector<Problem>& problems);

}  // namespace fansipan::center
