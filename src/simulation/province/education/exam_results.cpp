#include "simulation/province/education/exam_results.h"

#include <algorithm>

#include "simulation/internal/dice.h"

namespace fansipan::simulation {

using internal::Dice;
using internal::MixSeeds;

bool HasExam(const School& school) {
  return school.levels.front() == Level::kUpperSecondary ||
         school.levels.front() == Level::kContinuing;
}

ExamResult ExamResultOf(const School& school, int year, bool reviewed) {
  const bool is_continuing = school.levels.front() == Level::kContinuing;
  Dice dice(MixSeeds(MixSeeds(school.seed, 5), static_cast<std::uint64_t>(year)));
  ExamResult result;
  result.candidates = PupilsOf(school, year - 1, 2) / 3;
  const double share = is_continuing ? dice.Spread(0.86, 0.97) : dice.Spread(0.965, 1);
  result.graduated = static_cast<int>(result.candidates * share);
  const int more = static_cast<int>(dice.Between(0, 2));
  if (reviewed) result.graduated = std::min(result.candidates, result.graduated + more);
  const std::array<std::int64_t, 3> lowest = is_continuing
                                                 ? std::array<std::int64_t, 3>{380, 520, 330}
                                                 : std::array<std::int64_t, 3>{480, 630, 430};
  for (std::size_t i = 0; i < lowest.size(); ++i) {
    const int chosen = static_cast<int>(result.candidates * dice.Spread(0.3, 0.6));
    // The first two are for everybody, the foreign language is chosen.
    result.subjects[i].candidates = i < 2 ? result.candidates : chosen;
    result.subjects[i].mean_hundredths = static_cast<int>(dice.Between(lowest[i], lowest[i] + 150));
  }
  return result;
}

}  // namespace fansipan::simulation
