#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/province/civil_days.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// As the register writes them: mầm non, tiểu học, trung học cơ sở, trung học phổ thông, giáo dục
/// thường xuyên.
enum class Level { kPreschool, kPrimary, kLowerSecondary, kUpperSecondary, kContinuing };

/// MN, TH, THCS, THPT, GDTX.
std::string_view CodeOf(Level level);

inline constexpr std::size_t kEthnicGroups = 7;  ///< Kinh, Tày, Mông, Dao, Thái, Giáy, others

struct School {
  std::string code;
  std::string name;
  std::size_t commune = 0;  ///< index in the province's places
  std::vector<Level> levels;
  bool is_private = false;
  int pupils = 0;  ///< of each level in the school year 2025–2026
  Day founded;
  std::optional<Day> recognised;  ///< first time that it was found to be of standard
  int standard_level = 1;
  double longitude = 0;
  double latitude = 0;
  std::uint64_t seed = 0;
};

/// The recognition that is the latest on a day; it holds for five years.
struct Recognition {
  Day from;
  Day until;
};
std::optional<Recognition> RecognitionOn(const School& school, Day day);

/// What a school returns of one of its levels.
struct Return {
  int classes = 0;
  int pupils = 0;
  int girls = 0;
  std::array<int, kEthnicGroups> groups{};
  int teachers = 0;
  int qualified = 0;
  int above = 0;
};
/// Revision 0 before the year begins, 1 at its start, 2 after the first term.
Return ReturnOf(const School& school, Level level, int school_year, int revision);

/// All levels together.
int PupilsOf(const School& school, int school_year, int revision);

/// A preschool in every commune, and more the more people live there; invented.
std::vector<School> BuildSchools(const Province& province);

}  // namespace fansipan::simulation
