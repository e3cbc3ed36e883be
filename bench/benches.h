#pragma once

#include "base/result.h"
#include "bench/settings.h"

namespace fansipan::bench {

// One function per bench, each in a file of its own; all are listed in main.cpp. Each prints its
// report and writes it. An error means that it could not measure, and why; a missed budget is none.
base::Status RunIntake(const Settings& settings);
base::Status RunFreshness(const Settings& settings);
base::Status RunPanel(const Settings& settings);
base::Status RunAsOf(const Settings& settings);
base::Status RunExplain(const Settings& settings);
base::Status RunViewers(const Settings& settings);
base::Status RunRestart(const Settings& settings);
base::Status RunMemory(const Settings& settings);
base::Status RunClocks(const Settings& settings);
base::Status RunTerritory(const Settings& settings);
base::Status RunDecode(const Settings& settings);
base::Status RunSoak(const Settings& settings);

}  // namespace fansipan::bench
