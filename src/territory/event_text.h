#pragma once

#include <string>
#include <vector>

#include "territory/matcher.h"

namespace fansipan::territory {

/// How the events of a match are written.
struct EventOptions {
  std::string day;     ///< YYYY-MM-DD, the first day of the new units
  std::string suffix;  ///< behind the codes of units that end, so that they are unique for all time
  std::string basis;   ///< the decision that all of it rests on
};

/// The center's own code of a unit of the list before: its code alone when the unit goes on, with
/// the suffix when it ends.
std::string OwnCodeOf(const std::vector<ListedUnit>& before, const std::vector<ListedUnit>& after,
                      const MatchOutcome& outcome, const EventOptions& options, std::size_t unit);

/// events.csv of a center, of all that is settled: merges, splits of unknown share with the rest
/// where it is told, changes of those that go on, and the end of units that had others below them
/// and that no statement names. Units that are not settled have no event, nor has what goes, whole
/// or with a part, into a unit of which a mention is open: what that is made of is not known yet.
std::string WriteEvents(const std::vector<ListedUnit>& before, const std::vector<ListedUnit>& after,
                        const MatchOutcome& outcome, const EventOptions& options);

/// What a person must decide, as CSV: what is open, with its candidates, best first, each as
/// "code name (score)".
std::string WriteOpen(const std::vector<ListedUnit>& before, const std::vector<ListedUnit>& after,
                      const MatchOutcome& outcome);

/// Every match as CSV: how it was found, and how alike it is.
std::string WriteMatches(const std::vector<ListedUnit>& before,
                         const std::vector<ListedUnit>& after, const MatchOutcome& outcome);

}  // namespace fansipan::territory
