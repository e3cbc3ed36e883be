#include "territory/event_text.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "center/text_table.h"

namespace fansipan::territory {
namespace {

using Units = std::vector<ListedUnit>;

std::string Row(std::initializer_list<std::string_view> cells) {
  std::string row;
  bool first = true;
  for (const std::string_view cell : cells) {
    if (!first) row += ',';
    first = false;
    row += center::QuoteCell(cell);
  }
  return row + '\n';
}

// Who takes what of each unit, by index into the list after.
struct Taken {
  std::map<std::size_t, Extent> by;
  bool unchanged = false;
};

std::map<std::size_t, Taken> TakenOf(const MatchOutcome& outcome) {
  std::map<std::size_t, Taken> taken;
  for (const Match& match : outcome.matches) {
    for (const std::size_t unit : match.units) {
      Taken& of_unit = taken[unit];
      of_unit.unchanged = of_unit.unchanged || match.unchanged;
      const auto [place, added] = of_unit.by.emplace(match.statement, match.mention.extent);
      if (!added && match.mention.extent == Extent::kWhole) place->second = Extent::kWhole;
    }
  }
  return taken;
}

class EventWriter {
 public:
  EventWriter(const Units& before, const Units& after, const MatchOutcome& outcome,
              const EventOptions& options)
      : before_(before), after_(after), options_(options), taken_(TakenOf(outcome)) {
    for (const Unplaced& unplaced : outcome.unplaced) unplaced_.insert(unplaced.unit);
    for (std::size_t i = 0; i < before.size(); ++i) by_code_.emplace(before[i].code, i);
    for (const ListedUnit& unit : before) parents_.insert(unit.parent);
    for (const Match& match : outcome.matches) {
      if (match.open()) undecided_.insert(match.statement);
    }
  }

  // A unit goes on when its statement keeps it as it is, under the same code.
  bool GoesOn(std::size_t unit) const {
    const auto taken = taken_.find(unit);
    return taken != taken_.end() && taken->second.unchanged && taken->second.by.size() == 1 &&
           after_[taken->second.by.begin()->first].code == before_[unit].code;
  }

  std::string CodeOf(std::size_t unit) const {
    return before_[unit].code + (GoesOn(unit) ? "" : options_.suffix);
  }

  std::string Write() {
    text_ = "day,kind,from,to,share,system,basis\n";
    for (std::size_t unit = 0; unit < before_.size(); ++unit) {
      if (unplaced_.contains(unit)) continue;
      const auto taken = taken_.find(unit);
      if (taken != taken_.end()) {
        if (!IsUndecided(taken->second)) WriteTaken(unit, taken->second);
      } else if (parents_.contains(before_[unit].code)) {
        Add("end", CodeOf(unit), "", "");
      }
    }
    return std::move(text_);
  }

 private:
  void Add(std::string_view kind, std::string_view from, std::string_view to,
           std::string_view share) {
    text_ += Row({options_.day, kind, from, to, share, "", options_.basis});
  }

  // What a statement with an open mention makes is not known yet, so nothing goes into it; nor is
  // one part of a unit told without the others.
  bool IsUndecided(const Taken& taken) const {
    return std::ranges::any_of(taken.by,
                               [&](const auto& part) { return undecided_.contains(part.first); });
  }

  void WriteTaken(std::size_t unit, const Taken& taken) {
    if (GoesOn(unit)) return WriteChanges(unit, after_[taken.by.begin()->first]);
    if (taken.by.size() == 1) {
      return Add("merge", CodeOf(unit), after_[taken.by.begin()->first].code, "");
    }
    const auto rests = std::ranges::count_if(
        taken.by, [](const auto& part) { return part.second == Extent::kRest; });
    for (const auto& [statement, extent] : taken.by) {
      const bool rest = rests == 1 && extent == Extent::kRest;
      Add("split", CodeOf(unit), after_[statement].code, rest ? "rest" : "");
    }
  }

  void WriteChanges(std::size_t unit, const ListedUnit& now) {
    const ListedUnit& then = before_[unit];
    // "Giữ nguyên" changes neither name nor status; where the lists spell it otherwise, it is
    // theirs.
    if (then.level != now.level) Add("status", now.code, "", "");
    const auto parent = by_code_.find(then.parent);
    const std::string above = parent == by_code_.end() ? "" : CodeOf(parent->second);
    if (above != now.parent) Add("parent", now.code, "", "");
  }

  const Units& before_;
  const Units& after_;
  const EventOptions& options_;
  std::map<std::size_t, Taken> taken_;
  std::set<std::size_t> unplaced_;
  std::set<std::size_t> undecided_;  // statements of the list after with an open mention
  std::unordered_map<std::string, std::size_t> by_code_;
  std::set<std::string> parents_;
  std::string text_;
};

std::string Describe(const ListedUnit& unit) { return unit.code + " " + unit.name; }

std::string CandidatesText(const Units& before, const Match& match) {
  std::string text;
  for (const Candidate& candidate : match.candidates) {
    text += (text.empty() ? "" : "; ") + Describe(before[candidate.unit]) + " (" +
            std::to_string(candidate.score) + ")";
  }
  return text;
}

}  // namespace

std::string OwnCodeOf(const Units& before, const Units& after, const MatchOutcome& outcome,
                      const EventOptions& options, std::size_t unit) {
  return EventWriter(before, after, outcome, options).CodeOf(unit);
}

std::string WriteEvents(const Units& before, const Units& after, const MatchOutcome& outcome,
                        const EventOptions& options) {
  return EventWriter(before, after, outcome, options).Write();
}

std::string WriteOpen(const Units& before, const Units& after, const MatchOutcome& outcome) {
  std::string text = "statement,statement_name,mention,extent,doubt,candidates\n";
  for (const Match& match : outcome.matches) {
    if (!match.open()) continue;
    const ListedUnit& statement = after[match.statement];
    text += Row({statement.code, statement.name, match.mention.text, NameOf(match.mention.extent),
                 match.doubt, CandidatesText(before, match)});
  }
  for (const Unplaced& unplaced : outcome.unplaced) {
    std::string statements;
    for (const std::size_t index : unplaced.statements) {
      statements += (statements.empty() ? "" : "; ") + Describe(after[index]);
    }
    text +=
        Row({"", "", "", "", Describe(before[unplaced.unit]) + ": " + unplaced.doubt, statements});
  }
  return text;
}

std::string WriteMatches(const Units& before, const Units& after, const MatchOutcome& outcome) {
  std::string text = "statement,mention,within,extent,method,score,units\n";
  for (const Match& match : outcome.matches) {
    std::string units;
    for (const std::size_t unit : match.units) {
      units += (units.empty() ? "" : " ") + before[unit].code;
    }
    std::string score;
    for (const Candidate& candidate : match.candidates) {
      const bool taken = !match.units.empty() && candidate.unit == match.units.front();
      if (taken) score = std::to_string(candidate.score);
    }
    text += Row({after[match.statement].code, match.mention.text, match.mention.within,
                 NameOf(match.mention.extent), NameOf(match.method), score, units});
  }
  return text;
}

}  // namespace fansipan::territory
