#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace fansipan::simulation {

/// What a commune of today was made of on 1 July 2025, as the sample center's events.csv says.
struct CommuneOrigin {
  std::string_view code;
  std::string_view old_province;  ///< 10 was Lào Cai, 15 was Yên Bái
  bool ward = false;
  std::string_view old_communes;  ///< codes with a blank between them; its own when it was kept
};

/// All 99, in the order of units.csv.
std::span<const CommuneOrigin> CommuneOrigins();
/// Null: no such commune.
const CommuneOrigin* FindOrigin(std::string_view code);
std::vector<std::string_view> OldCommunesOf(const CommuneOrigin& origin);

}  // namespace fansipan::simulation
