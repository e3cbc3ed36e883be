#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "territory/origin_text.h"

namespace fansipan::territory {

/// A unit of the list before, or of the list after.
struct ListedUnit {
  std::string code;    ///< unique in its list
  std::string level;   ///< e.g. "province", "district", "commune"
  std::string name;    ///< in full, with its status: "Xã Bản Phiệt"
  std::string parent;  ///< code of the unit above; empty: none
  std::string origin;  ///< of the list after: the official text
  int line = 1;        ///< where it stands in its file
};

/// How a unit was found.
enum class Method {
  kDecision,   ///< a person decided
  kUnchanged,  ///< "giữ nguyên" and the same name
  kToned,      ///< the same name, accents and status among it
  kPlain,      ///< the same without accents
  kElsewhere,  ///< the same name; the other units so called belong to other statements
  kDistrict,   ///< the same name, in a district that the statement names others of
  kStatus,     ///< the same name with another status
  kSpelling,   ///< one letter differs, and nothing else comes near
  kOpen        ///< not certain; a person must decide
};
std::string_view NameOf(Method method);

/// A unit that a mention may mean.
struct Candidate {
  std::size_t unit = 0;  ///< index into the list before
  int score = 0;         ///< 0 to 100: how alike the names and places are
  bool operator==(const Candidate&) const = default;
};

/// What became of one mention of one statement.
struct Match {
  std::size_t statement = 0;  ///< index into the list after
  Mention mention;
  bool unchanged = false;  ///< the statement says that the unit was there before
  Method method = Method::kOpen;
  std::vector<std::size_t> units;     ///< of the list before; one, or as a person decided
  std::vector<Candidate> candidates;  ///< best first, at most 5
  std::string doubt;                  ///< why it is open; empty when it is not
  bool open() const { return method == Method::kOpen; }
};

/// What a person settled. `mention` is as in Mention::text; a decision with no units says that the
/// mention means none of the list.
struct Decision {
  std::string statement;           ///< code of the unit in the list after
  std::string mention;             ///< as written; empty: what the statement leaves unsaid
  std::vector<std::string> units;  ///< codes in the list before
  std::string who;
  std::string when;
  std::string why;
  int line = 1;
};

/// A unit of the list before of which something is not accounted for.
struct Unplaced {
  std::size_t unit = 0;
  std::string doubt;
  std::vector<std::size_t> statements;  ///< that name it, indexes into the list after
};

struct MatchOutcome {
  std::vector<Match> matches;      ///< by statement and mention
  std::vector<Unplaced> unplaced;  ///< lowest units that no statement, or a part only, names
  std::vector<std::size_t> unused_decisions;  ///< indexes
  std::size_t lowest = 0;                     ///< lowest units of the list before
  std::size_t settled = 0;                    ///< of these, wholly accounted for
};

/// Finds the units that statements name. A statement of a unit with a parent is looked up below the
/// units that the parent's own statement names; one without a parent, among units without one.
/// Nothing is taken that another reading comes near to: it is left open, with its candidates.
MatchOutcome MatchOrigins(const std::vector<ListedUnit>& before,
                          const std::vector<ListedUnit>& after,
                          const std::vector<Decision>& decisions);

}  // namespace fansipan::territory
