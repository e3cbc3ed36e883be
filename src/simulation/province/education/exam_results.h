#pragma once

#include <array>

#include "simulation/province/education/schools.h"

namespace fansipan::simulation {

struct SubjectResult {
  int candidates = 0;
  int mean_hundredths = 0;  ///< of a mark out of 10
};

/// What a school's candidates reached in the examination of a year.
struct ExamResult {
  int candidates = 0;
  int graduated = 0;
  std::array<SubjectResult, 3> subjects{};  ///< mathematics, literature, foreign language
};

bool HasExam(const School& school);
/// After the marks were looked at again, when `reviewed`.
ExamResult ExamResultOf(const School& school, int year, bool reviewed);

}  // namespace fansipan::simulation
