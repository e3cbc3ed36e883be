#pragma once

#include <string>

namespace fansipan::bench {

/// Tables of the peer: `current` (newest version of each case), `sums` (what adds up, by commune,
/// agency, day and dimensions), `multisets` (value -> how often, for minimum, maximum, distinct).
extern const char kCreateTables[];
extern const char kCreateKey[];
/// Fills the roll-up from `current`.
std::string FirstRollUp();
/// psql script of one delivery in one transaction.
std::string BatchScript(const std::string& csv_file);

}  // namespace fansipan::bench
