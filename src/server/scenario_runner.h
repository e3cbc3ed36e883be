#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "center/center.h"
#include "center/scenario.h"

namespace fansipan::server {

/// How one scenario ended.
struct ScenarioResult {
  enum class Outcome { kPassed, kFailed, kSkipped };
  Outcome outcome = Outcome::kPassed;
  std::vector<std::string>
      messages;  ///< "file:line: …" for each expectation not met, or why skipped
};

struct ScenarioSettings {
  std::string program;          ///< this binary, started as worker
  std::string scratch_folder;   ///< made and removed
  std::string external_folder;  ///< for files that a scenario calls external; may be empty
};

/// Runs a scenario against a center of its own on a virtual clock, through the whole way of a
/// record: worker, journal, stores, engine. At its end everything is verified, row by row.
ScenarioResult RunScenario(const std::shared_ptr<const center::Center>& center,
                           const center::Scenario& scenario, const ScenarioSettings& settings);

}  // namespace fansipan::server
