#include "territory/matcher.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "model/spelling/edit_distance.h"
#include "territory/name_form.h"

namespace fansipan::territory {
namespace {

constexpr std::size_t kMaxCandidates = 5;
constexpr std::size_t kFurthestShown = 3;  // letters, of a candidate that is shown to a person
constexpr std::size_t kMaxDepth = 16;      // levels of a list

constexpr int kSameToned = 100;
constexpr int kSamePlain = 95;
constexpr int kOtherStatus = 80;
constexpr int kNear = 75;
constexpr int kPerLetter = 10;

struct Claim {
  std::size_t statement = 0;
  Extent extent = Extent::kWhole;
};

// Everything at hand while statements are matched: who lies below whom, and who is claimed by whom.
class Matching {
 public:
  Matching(const std::vector<ListedUnit>& before, const std::vector<ListedUnit>& after,
           const std::vector<Decision>& decisions)
      : before_(before), after_(after), decisions_(decisions), used_(decisions.size(), false) {
    for (std::size_t i = 0; i < before.size(); ++i) by_code_.emplace(before[i].code, i);
    for (std::size_t i = 0; i < after.size(); ++i) statement_by_code_.emplace(after[i].code, i);
    parents_.resize(before.size());
    has_children_.resize(before.size(), false);
    for (std::size_t i = 0; i < before.size(); ++i) {
      forms_.push_back(FormOfName(before[i].name));
      glued_.push_back(GluedName(forms_.back().plain));
      const auto parent = by_code_.find(before[i].parent);
      if (parent == by_code_.end()) continue;
      parents_[i] = parent->second;
      has_children_[parent->second] = true;
    }
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!has_children_[i]) below_[TopOf(i)].push_back(i);
    }
  }

  MatchOutcome Run() && {
    MatchRound(true);
    MatchRound(false);
    MatchOutcome outcome;
    outcome.matches = std::move(matches_);
    std::ranges::stable_sort(outcome.matches, {}, &Match::statement);
    for (std::size_t i = 0; i < decisions_.size(); ++i) {
      if (!used_[i]) outcome.unused_decisions.push_back(i);
    }
    Account(outcome);
    return outcome;
  }

 private:
  std::size_t TopOf(std::size_t unit) const {
    for (std::size_t depth = 0; depth < kMaxDepth && parents_[unit]; ++depth) {
      unit = *parents_[unit];
    }
    return unit;
  }

  bool IsTop(std::size_t statement) const {
    return !statement_by_code_.contains(after_[statement].parent);
  }

  // Statements without a parent first, since they say below which units the others look.
  void MatchRound(bool tops) {
    const std::size_t first = matches_.size();
    for (std::size_t i = 0; i < after_.size(); ++i) {
      if (IsTop(i) == tops) Begin(i);
    }
    if (tops) NoteTops();
    bool again = true;
    while (again) {
      again = false;
      for (const auto& step : {&Matching::TryOthersClaimed, &Matching::TryDistrict,
                               &Matching::TryStatus, &Matching::TrySpelling}) {
        for (std::size_t i = first; i < matches_.size(); ++i) {
          if (matches_[i].open() && !settled_[i]) again = (this->*step)(i) || again;
        }
      }
      if (tops) NoteTops();
    }
    for (std::size_t i = first; i < matches_.size(); ++i) Explain(i);
  }

  void NoteTops() {
    tops_of_.clear();
    for (const Match& match : matches_) {
      auto& tops = tops_of_[after_[match.statement].code];
      tops.insert(tops.end(), match.units.begin(), match.units.end());
    }
  }

  void Begin(std::size_t statement) {
    const OriginStatement origin = ParseOrigin(after_[statement].origin);
    std::vector<Mention> mentions = origin.mentions;
    if (origin.unchanged) mentions = {{after_[statement].name, "", Extent::kWhole}};
    for (Mention& mention : mentions) {
      Match& match = matches_.emplace_back();
      match.statement = statement;
      match.mention = std::move(mention);
      match.unchanged = origin.unchanged;
      forms_of_mentions_.push_back(FormOfName(match.mention.text));
      settled_.push_back(false);
      const std::size_t index = matches_.size() - 1;
      if (Decide(index)) continue;
      FindSame(index);
      TrySame(index, origin.unchanged);
    }
    AddUnsaid(statement);
  }

  bool Decide(std::size_t index) {
    Match& match = matches_[index];
    for (std::size_t i = 0; i < decisions_.size(); ++i) {
      const Decision& decision = decisions_[i];
      if (decision.statement != after_[match.statement].code) continue;
      if (decision.mention.empty() || decision.mention != match.mention.text) continue;
      used_[i] = true;
      settled_[index] = true;
      // Who decided has read the enumeration too.
      if (match.mention.extent == Extent::kCarried) match.mention.extent = Extent::kWhole;
      Accept(index, Method::kDecision, UnitsOf(decision));
      return true;
    }
    return false;
  }

  // Decisions that add what a statement does not say.
  void AddUnsaid(std::size_t statement) {
    for (std::size_t i = 0; i < decisions_.size(); ++i) {
      const Decision& decision = decisions_[i];
      if (!decision.mention.empty() || decision.statement != after_[statement].code) continue;
      used_[i] = true;
      Match& match = matches_.emplace_back();
      match.statement = statement;
      match.mention.extent = Extent::kRest;
      forms_of_mentions_.emplace_back();
      settled_.push_back(true);
      Accept(matches_.size() - 1, Method::kDecision, UnitsOf(decision));
    }
  }

  std::vector<std::size_t> UnitsOf(const Decision& decision) const {
    std::vector<std::size_t> units;
    for (const std::string& code : decision.units) {
      if (const auto found = by_code_.find(code); found != by_code_.end()) {
        units.push_back(found->second);
      }
    }
    return units;
  }

  void Accept(std::size_t index, Method method, std::vector<std::size_t> units) {
    Match& match = matches_[index];
    match.method = method;
    match.units = std::move(units);
    for (const std::size_t unit : match.units) {
      claims_[unit].push_back({match.statement, match.mention.extent});
    }
  }

  // The units among which a statement's mentions are looked up.
  std::vector<std::size_t> PoolOf(std::size_t statement) const {
    std::vector<std::size_t> pool;
    if (IsTop(statement)) {
      for (const auto& [top, units] : below_) pool.push_back(top);
      return pool;
    }
    const auto tops = tops_of_.find(after_[statement].parent);
    if (tops == tops_of_.end()) return pool;
    for (const std::size_t top : tops->second) {
      const auto units = below_.find(top);
      if (units != below_.end())
        pool.insert(pool.end(), units->second.begin(), units->second.end());
    }
    return pool;
  }

  bool IsWithin(std::size_t unit, const NameForm& place) const {
    std::optional<std::size_t> above = parents_[unit];
    for (std::size_t depth = 0; depth < kMaxDepth && above; ++depth, above = parents_[*above]) {
      const NameForm& form = forms_[*above];
      const bool same_status = place.status.empty() || place.status == form.status;
      if (same_status && place.plain == form.plain) return true;
    }
    return false;
  }

  template <typename Take>
  void ForEachInPlace(std::size_t index, const Take& take) const {
    const Match& match = matches_[index];
    const NameForm place = FormOfName(match.mention.within);
    for (const std::size_t unit : PoolOf(match.statement)) {
      if (match.mention.within.empty() || IsWithin(unit, place)) take(unit);
    }
  }

  void FindSame(std::size_t index) {
    const NameForm& wanted = forms_of_mentions_[index];
    const std::string glued = GluedName(wanted.plain);
    if (glued.empty()) return;
    ForEachInPlace(index, [&](std::size_t unit) {
      const NameForm& form = forms_[unit];
      if (glued_[unit] != glued) return;
      int score = form.toned == wanted.toned ? kSameToned : kSamePlain;
      if (form.status != wanted.status) score -= kSameToned - kOtherStatus;
      matches_[index].candidates.push_back({unit, score});
    });
    SortCandidates(matches_[index]);
  }

  static void SortCandidates(Match& match) {
    std::ranges::stable_sort(match.candidates, std::greater<>(), &Candidate::score);
  }

  // Those as near as the first one.
  static std::vector<std::size_t> BestOf(const Match& match) {
    std::vector<std::size_t> best;
    for (const Candidate& candidate : match.candidates) {
      if (candidate.score == match.candidates.front().score) best.push_back(candidate.unit);
    }
    return best;
  }

  bool TrySame(std::size_t index, bool unchanged) {
    const Match& match = matches_[index];
    if (match.candidates.empty() || match.candidates.front().score < kSamePlain) return false;
    const std::vector<std::size_t> best = BestOf(match);
    if (best.size() != 1) return false;
    const bool toned = match.candidates.front().score == kSameToned;
    Accept(index, unchanged ? Method::kUnchanged : toned ? Method::kToned : Method::kPlain, best);
    return true;
  }

  bool IsClaimedElsewhere(std::size_t unit, std::size_t statement) const {
    const auto claims = claims_.find(unit);
    return claims != claims_.end() && std::ranges::any_of(claims->second, [&](const Claim& claim) {
             return claim.statement != statement && claim.extent == Extent::kWhole;
           });
  }

  bool TryOthersClaimed(std::size_t index) {
    const Match& match = matches_[index];
    if (match.candidates.empty() || match.candidates.front().score < kSamePlain) return false;
    std::vector<std::size_t> best = BestOf(match);
    std::erase_if(best,
                  [&](std::size_t unit) { return IsClaimedElsewhere(unit, match.statement); });
    if (best.size() != 1) return false;
    Accept(index, Method::kElsewhere, best);
    return true;
  }

  // Districts that the statement's certain units lie in.
  std::set<std::size_t> DistrictsOf(std::size_t statement) const {
    std::set<std::size_t> districts;
    for (const Match& match : matches_) {
      if (match.statement != statement || match.method == Method::kDistrict) continue;
      for (const std::size_t unit : match.units) {
        if (parents_[unit]) districts.insert(*parents_[unit]);
      }
    }
    return districts;
  }

  bool TryDistrict(std::size_t index) {
    const Match& match = matches_[index];
    if (match.candidates.empty() || match.candidates.front().score < kSamePlain) return false;
    const std::set<std::size_t> districts = DistrictsOf(match.statement);
    std::vector<std::size_t> inside = BestOf(match);
    std::erase_if(inside, [&](std::size_t unit) {
      return !parents_[unit] || !districts.contains(*parents_[unit]);
    });
    if (inside.size() != 1) return false;
    Accept(index, Method::kDistrict, inside);
    return true;
  }

  bool TryStatus(std::size_t index) {
    const Match& match = matches_[index];
    if (match.candidates.empty() || match.candidates.front().score >= kSamePlain) return false;
    const std::vector<std::size_t> best = BestOf(match);
    if (best.size() != 1 || claims_.contains(best.front())) return false;
    Accept(index, Method::kStatus, best);
    return true;
  }

  // One unclaimed unit is one letter away, no other one nearly as near, and no other open mention
  // means it.
  bool TrySpelling(std::size_t index) {
    const Match& match = matches_[index];
    const NameForm& wanted = forms_of_mentions_[index];
    if (!match.candidates.empty() || wanted.plain.empty()) return false;
    std::vector<std::pair<std::size_t, std::size_t>> near;  // distance, unit
    ForEachInPlace(index, [&](std::size_t unit) {
      if (claims_.contains(unit) || forms_[unit].status != wanted.status) return;
      near.emplace_back(model::EditDistance(wanted.plain, forms_[unit].plain), unit);
    });
    std::ranges::sort(near);
    if (near.empty() || near.front().first > 1) return false;
    if (near.size() > 1 && near[1].first <= near[0].first + 1) return false;
    if (IsNearerToAnother(index, near.front().second, near.front().first)) return false;
    matches_[index].candidates = {{near.front().second, kNear}};
    Accept(index, Method::kSpelling, {near.front().second});
    return true;
  }

  bool IsNearerToAnother(std::size_t index, std::size_t unit, std::size_t distance) const {
    const std::string& parent = after_[matches_[index].statement].parent;
    for (std::size_t other = 0; other < matches_.size(); ++other) {
      if (other == index || !matches_[other].open()) continue;
      if (after_[matches_[other].statement].parent != parent) continue;
      const NameForm& form = forms_of_mentions_[other];
      const bool alike = form.status == forms_[unit].status;
      if (alike && model::EditDistance(form.plain, forms_[unit].plain) <= distance) return true;
    }
    return false;
  }

  void Explain(std::size_t index) {
    Match& match = matches_[index];
    if (match.open()) AddNear(index);
    if (match.candidates.size() > kMaxCandidates) match.candidates.resize(kMaxCandidates);
    if (!match.open()) return;
    const bool several =
        match.candidates.size() > 1 && match.candidates[0].score == match.candidates[1].score;
    if (match.candidates.empty()) {
      match.doubt = "no unit of the list before has such a name";
    } else if (several) {
      match.doubt = "several units are equally alike";
    } else {
      match.doubt = "the nearest unit is not alike enough, or belongs to another statement";
    }
  }

  void AddNear(std::size_t index) {
    const NameForm& wanted = forms_of_mentions_[index];
    std::vector<Candidate>& candidates = matches_[index].candidates;
    const auto known = [&](std::size_t unit) {
      return std::ranges::find(candidates, unit, &Candidate::unit) != candidates.end();
    };
    ForEachInPlace(index, [&](std::size_t unit) {
      const std::size_t distance = model::EditDistance(wanted.plain, forms_[unit].plain);
      if (distance > kFurthestShown || known(unit)) return;
      const int other = forms_[unit].status == wanted.status ? 0 : kPerLetter;
      candidates.push_back({unit, kNear - other - kPerLetter * static_cast<int>(distance)});
    });
    SortCandidates(matches_[index]);
  }

  void Account(MatchOutcome& outcome) const {
    for (std::size_t unit = 0; unit < before_.size(); ++unit) {
      if (has_children_[unit]) continue;
      ++outcome.lowest;
      const auto claims = claims_.find(unit);
      std::vector<std::size_t> statements;
      const std::string doubt =
          claims == claims_.end() ? "no statement names it" : DoubtOf(claims->second, statements);
      if (doubt.empty()) {
        ++outcome.settled;
      } else {
        outcome.unplaced.push_back({unit, doubt, std::move(statements)});
      }
    }
  }

  static std::string DoubtOf(const std::vector<Claim>& claims,
                             std::vector<std::size_t>& statements) {
    std::map<std::size_t, bool> whole_in;  // by statement
    bool carried = false;
    for (const Claim& claim : claims) {
      whole_in[claim.statement] = whole_in[claim.statement] || claim.extent == Extent::kWhole;
      carried = carried || claim.extent == Extent::kCarried;
    }
    std::size_t wholes = 0;
    for (const auto& [statement, whole] : whole_in) {
      statements.push_back(statement);
      if (whole) ++wholes;
    }
    if (wholes > 1) return "several statements name the whole of it";
    if (whole_in.size() > 1 || wholes == 1) return "";
    if (carried) return "named after a part, by one statement alone: is a part or the whole meant?";
    return "one statement names a part of it, and none the rest";
  }

  const std::vector<ListedUnit>& before_;
  const std::vector<ListedUnit>& after_;
  const std::vector<Decision>& decisions_;
  std::vector<bool> used_;
  std::unordered_map<std::string, std::size_t> by_code_;
  std::unordered_map<std::string, std::size_t> statement_by_code_;
  std::vector<std::optional<std::size_t>> parents_;
  std::vector<bool> has_children_;
  std::vector<NameForm> forms_;
  std::vector<std::string> glued_;
  std::map<std::size_t, std::vector<std::size_t>> below_;  ///< lowest units by their top
  std::vector<Match> matches_;
  std::vector<NameForm> forms_of_mentions_;  ///< as matches_
  std::vector<bool> settled_;                ///< by a decision, also one for nothing; as matches_
  std::map<std::size_t, std::vector<Claim>> claims_;
  std::unordered_map<std::string, std::vector<std::size_t>> tops_of_;  ///< by statement's code
};

}  // namespace

std::string_view NameOf(Method method) {
  switch (method) {
    case Method::kDecision:
      return "decision";
    case Method::kUnchanged:
      return "unchanged";
    case Method::kToned:
      return "same_name";
    case Method::kPlain:
      return "without_accents";
    case Method::kElsewhere:
      return "others_claimed";
    case Method::kDistrict:
      return "same_district";
    case Method::kStatus:
      return "other_status";
    case Method::kSpelling:
      return "spelling";
    case Method::kOpen:
      return "open";
  }
  return "";
}

MatchOutcome MatchOrigins(const std::vector<ListedUnit>& before,
                          const std::vector<ListedUnit>& after,
                          const std::vector<Decision>& decisions) {
  return Matching(before, after, decisions).Run();
}

}  // namespace fansipan::territory
