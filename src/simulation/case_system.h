#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "simulation/case_row.h"
#include "simulation/places.h"

namespace fansipan::simulation {

struct CaseSystemOptions {
  std::uint64_t seed = 1;
  double cases_per_day = 20'000.0 / 60;  ///< mean over the days of a week
  double correction_rate = 0.015;        ///< of versions: a field is mended afterwards
  double repeat_rate = 0.01;             ///< of rows: sent a second time
  double disorder_rate = 0.01;           ///< of versions with a later one: sent after that one
  double bad_rate = 0.005;               ///< of rows: spoiled; half of them come again, mended
};

/// A model of a province's case system. The same places, options and moment give the same rows,
/// whatever was taken before: cases of a day come from the seed and the day alone, so that a
/// restarted simulation goes on with the cases it has already sent. Knows no network and no clock
/// but the moments it is asked for. Used by one thread at a time.
class CaseSystem {
 public:
  CaseSystem(Places places, const CaseSystemOptions& options, const base::TimeZone& zone);
  ~CaseSystem();
  CaseSystem(const CaseSystem&) = delete;
  CaseSystem& operator=(const CaseSystem&) = delete;

  /// Forgets all cases; the first ones are those filed on the local day of `from`.
  void Start(base::Timestamp from);

  /// Rows that are sent until `until` and were not taken before, in the order in which they are
  /// sent, at most `limit`. Fewer than `limit` when there are no more.
  std::vector<CaseRow> Take(base::Timestamp until, std::size_t limit);

  /// Exactly `count` rows for an even stream, dated from `now` on, a microsecond apart, without
  /// regard to office hours: new cases, and the next versions of open ones brought forward. Cases
  /// that are late are entered when they are already overdue.
  std::vector<CaseRow> TakeEven(base::Timestamp now, std::size_t count);

  /// Codes of the few communes that often miss their deadlines.
  std::set<std::string> LateCommunes() const;

 private:
  class Model;
  std::unique_ptr<Model> model_;
};

}  // namespace fansipan::simulation
