#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/big_history.h"
#include "bench/settings.h"

namespace fansipan::bench {

/// What the peer did; `seconds` 0 when it could not run, and the note says why.
struct PeerOutcome {
  double seconds = 0;
  std::uint64_t rows = 0;
  std::string settings;
  std::string note;
  double rate() const { return static_cast<double>(rows) / seconds; }
};

/// PostgreSQL of this machine, in a cluster of its own in a temporary folder, on a socket file
/// only, as a user without rights, ended by its id. It holds the newest version of each key of the
/// history, then takes the same payloads: each in one transaction that copies into a staging table,
/// keeps the roll-up of the twelve measures by signed differences, and upserts.
PeerOutcome RunPostgresPeer(const BigHistory& history, const std::vector<std::string>& payloads,
                            const Settings& settings);

}  // namespace fansipan::bench
