#include "indicators/restated/restated_verification.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using model::Date;
using model::Decimal;
using model::LineageKind;
using testing::At;
using testing::PermitOffice;

constexpr Date kFirst{std::chrono::days(18'262)};   // 2020-01-01
constexpr Date kMerger{std::chrono::days(20'270)};  // 2025-07-01
constexpr std::chrono::days kDay{1};

Decimal Number(std::string_view text) { return *Decimal::Parse(text); }

/// Units, what happens to them and what is known of them, as a test writes them down.
struct Land {
  std::vector<model::Unit> units;
  std::vector<model::LineageEvent> events;
  std::vector<model::UnitAttribute> people;

  model::UnitId Add(std::string code, Date from, model::UnitId parent = model::UnitId{0}) {
    model::Unit unit;
    unit.code = std::move(code);
    unit.level = "commune";
    unit.valid_from = from;
    unit.parent = parent;
    units.push_back(std::move(unit));
    return {static_cast<std::uint32_t>(units.size() - 1)};
  }
  void End(model::UnitId unit, Date day) { units[unit.value].valid_to = day; }
  void Happens(LineageKind kind, Date day, model::UnitId from, model::UnitId to,
               std::optional<Decimal> share = std::nullopt) {
    events.push_back({kind, day, from, to, std::move(share), false, "", ""});
  }
  void Counts(model::UnitId unit, std::string_view number, Date from, std::optional<Date> to) {
    people.push_back({unit, "people", Number(number), from, to, ""});
  }
  void Declare(center::Center& center) const {
    std::vector<model::UnitCode> codes;
    for (std::uint32_t i = 1; i < units.size(); ++i) {
      codes.push_back({"own", units[i].code, {i}, units[i].valid_from, units[i].valid_to});
    }
    center.territory = model::UnitTree::Build(model::TreeKind::kTerritory, units, codes).value();
    center.territory_history.lineage = model::Lineage::Build(center.territory, events).value();
    center.territory_history.attributes = model::UnitAttributes::Build(people).value();
  }
};

/// One of every aggregate that cannot be divided, and an indicator for each rule.
void DeclareRules(center::Center& center) {
  const std::vector<std::pair<model::Aggregate, std::size_t>> undivided = {
      {model::Aggregate::kMinimum, 1},
      {model::Aggregate::kMaximum, 1},
      {model::Aggregate::kDistinct, 3}};
  for (const auto& [aggregate, column] : undivided) {
    model::Measure measure = *center.FindMeasure("received");
    measure.name = std::string(NameOf(aggregate));
    measure.aggregate = aggregate;
    measure.value = column;
    center.measures.push_back(measure);
  }
  const auto add = [&](std::string name, const std::string& like, const model::MergerRule& rule) {
    model::Indicator indicator = *center.FindIndicator(like);
    indicator.name = std::move(name);
    indicator.across_merger = rule;
    center.indicators.push_back(indicator);
  };
  using Kind = model::MergerKind;
  add("divided", "received_cases", {Kind::kRecompute, "", false, "people"});
  add("divided_rate", "on_time_rate", {Kind::kRecompute, "", false, "people"});
  add("mean", "on_time_rate", {Kind::kMean, "", false, "people"});
  add("by_people", "on_time_rate", {Kind::kWeighted, "people", true, ""});
  add("by_cases", "on_time_rate", {Kind::kWeighted, "received_cases", false, "people"});
  add("broken", "open_cases", {Kind::kNotComparable, "", false, ""});
}

std::vector<Finding> Compare(PermitOffice& office, std::shared_ptr<const center::Center> center) {
  PlainEvaluator plain(std::move(center));
  EXPECT_TRUE(office.journal()
                  .Read(1,
                        [&](const store::JournalEntry& entry) -> base::Status {
                          plain.Add(entry);
                          return {};
                        })
                  .ok());
  std::vector<Finding> findings;
  EXPECT_TRUE(office.engine()
                  .Read(std::nullopt,
                        [&](const View& view) { findings = CompareRestated(view, plain, 10'000); })
                  .ok());
  return findings;
}

/// On 1 July 2025 a and b become c, d is divided between e and f, and g gives a part to h; of no
/// part a share is stated.
class RestatedVerification : public ::testing::Test {
 protected:
  RestatedVerification() {
    Land land;
    land.Add("root", kFirst, model::kNoUnit);
    const auto a = land.Add("a", kFirst);
    const auto b = land.Add("b", kFirst);
    const auto c = land.Add("c", kMerger);
    const auto d = land.Add("d", kFirst);
    const auto e = land.Add("e", kMerger);
    const auto f = land.Add("f", kMerger);
    const auto g = land.Add("g", kFirst);
    const auto h = land.Add("h", kFirst);
    for (const auto unit : {a, b, d}) land.End(unit, kMerger);
    land.Happens(LineageKind::kMerge, kMerger, a, c);
    land.Happens(LineageKind::kMerge, kMerger, b, c);
    land.Happens(LineageKind::kSplit, kMerger, d, e);
    land.Happens(LineageKind::kSplit, kMerger, d, f);
    land.Happens(LineageKind::kPart, kMerger, g, h);
    for (const auto& [unit, before] : std::vector<std::pair<model::UnitId, std::string>>{
             {a, "60"}, {b, "30"}, {d, "90"}, {g, "50"}, {h, "20"}}) {
      land.Counts(unit, before, kFirst, kMerger);
    }
    for (const auto& [unit, after] : std::vector<std::pair<model::UnitId, std::string>>{
             {c, "90"}, {e, "30"}, {f, "60"}, {g, "42"}, {h, "28"}}) {
      land.Counts(unit, after, kMerger, std::nullopt);
    }
    land.Declare(office_.center());
    DeclareRules(office_.center());
    office_.Open();
    const auto due = At("2025-06-20 00:00");
    office_.Deliver(At("2025-08-20 09:00"),
                    {{1, "a", "online", At("2025-06-02 09:00"), due, At("2025-06-05 09:00"), 3},
                     {2, "a", "post", At("2025-06-02 09:00"), due, At("2025-06-09 09:00"), 1},
                     {3, "b", "counter", At("2025-06-03 09:00"), due, At("2025-06-25 09:00"), 9},
                     {4, "b", "counter", At("2025-06-04 09:00"), due, std::nullopt},
                     {5, "c", "counter", At("2025-08-04 09:00"), due, At("2025-08-05 09:00")},
                     {6, "d", "online", At("2025-06-04 09:00"), due, At("2025-06-05 09:00"), 2},
                     {7, "d", "online", At("2025-06-04 10:00"), due, At("2025-06-25 09:00")},
                     {8, "g", "online", At("2025-06-04 11:00"), due, std::nullopt},
                     {9, "h", "online", At("2025-07-04 11:00"), due, At("2025-07-24 11:00")}});
  }

  /// What is found when the plain evaluation goes by a center that differs: as if the engine had
  /// the fault.
  std::vector<Finding> CompareWith(const std::function<void(center::Center&)>& change) {
    auto other = std::make_shared<center::Center>(office_.center());
    change(*other);
    return Compare(office_, other);
  }

  static bool Names(const std::vector<Finding>& findings, std::string_view what,
                    std::string_view expected, std::string_view found) {
    return std::ranges::any_of(findings, [&](const Finding& finding) {
      return finding.what == what && finding.expected == expected && finding.found == found;
    });
  }

  PermitOffice office_;
};

TEST_F(RestatedVerification, FindsNothingWhereNothingIsWrong) {
  for (const Finding& finding : CompareWith([](center::Center&) {})) {
    ADD_FAILURE() << finding.what << ": expected " << finding.expected << ", found "
                  << finding.found;
  }
}

TEST_F(RestatedVerification, FindsAShareThatTheAttributeDoesNotTell) {
  const auto findings = CompareWith([](center::Center& center) {
    std::vector<model::UnitAttribute> people;
    for (std::uint32_t i = 0; i < center.territory.size(); ++i) {
      for (const Date day : {kFirst, kMerger}) {
        const auto* known = center.territory_history.attributes.Find({i}, "people", day);
        if (known == nullptr || known->valid_from != day) continue;
        people.push_back(*known);
        if (center.territory.Get({i}).code == "e") people.back().value = Number("60");
      }
    }
    center.territory_history.attributes = model::UnitAttributes::Build(people).value();
  });
  EXPECT_TRUE(Names(findings,
                    "figure divided, territory e, 2025-06 on the territory of 2025-07-01, divided "
                    "by people",
                    "1", "0.666666666666"));
  EXPECT_TRUE(Names(findings,
                    "measure received, territory e, 2025-06 on the territory of 2025-07-01, "
                    "divided by people",
                    "1", "0.666666666666"));
}

TEST_F(RestatedVerification, FindsAWeightThatIsAnotherOne) {
  const auto findings = CompareWith([](center::Center& center) {
    for (model::Indicator& indicator : center.indicators) {
      if (indicator.name == "by_people") indicator.across_merger.kind = model::MergerKind::kMean;
      if (indicator.name == "mean") {
        indicator.across_merger = {model::MergerKind::kWeighted, "people", true, "people"};
      }
    }
  });
  // a: 100 % of 60 people, b: 0 % of 30.
  EXPECT_TRUE(Names(findings,
                    "figure by_people, territory c, 2025-06 on the territory of 2025-07-01", "50",
                    "66.666666666667"));
  EXPECT_TRUE(Names(findings,
                    "figure mean, territory c, 2025-06 on the territory of 2025-07-01, divided by "
                    "people",
                    "66.666666666667", "50"));
}

TEST_F(RestatedVerification, FindsARuleThatWasNotFollowed) {
  const auto findings = CompareWith([](center::Center& center) {
    for (model::Indicator& indicator : center.indicators) {
      if (indicator.name == "broken") indicator.across_merger.kind = model::MergerKind::kRecompute;
      if (indicator.name == "open_cases") {
        indicator.across_merger.kind = model::MergerKind::kNotComparable;
      }
    }
  });
  EXPECT_TRUE(std::ranges::any_of(findings, [](const Finding& finding) {
    return finding.found == "not_comparable";
  })) << findings.size();
}

TEST_F(RestatedVerification, FindsSmallestGreatestAndDifferentValuesThatAreOthers) {
  const auto findings = CompareWith([](center::Center& center) {
    for (model::Measure& measure : center.measures) {
      // As if only what came over the counter, or by another column, had been read.
      if (measure.aggregate == model::Aggregate::kMinimum)
        measure.aggregate = model::Aggregate::kMaximum;
      else if (measure.aggregate == model::Aggregate::kMaximum)
        measure.aggregate = model::Aggregate::kMinimum;
      if (measure.aggregate == model::Aggregate::kDistinct) measure.value = 0;
    }
  });
  const std::string where = ", territory c, 2025-06 on the territory of 2025-07-01";
  EXPECT_TRUE(Names(findings, "measure minimum" + where, "9", "1"));
  EXPECT_TRUE(Names(findings, "measure maximum" + where, "1", "9"));
  EXPECT_TRUE(Names(findings, "measure distinct" + where, "4", "3"));
}

TEST_F(RestatedVerification, HasNoSmallestValueOfAPart) {
  // Of a part no smallest value is known: an engine that told one would be found.
  const auto findings = CompareWith([](center::Center& center) {
    for (model::Measure& measure : center.measures) {
      if (measure.name == "minimum") measure.aggregate = model::Aggregate::kCount;
    }
  });
  EXPECT_TRUE(
      Names(findings,
            "measure minimum, territory e, 2025-06 on the territory of 2025-07-01, divided by "
            "people",
            "0.666666666666", "incomplete"));
}

/// Communes below two districts, to which things happen on three days, with permits in all of them.
class RandomLand {
 public:
  explicit RandomLand(std::uint64_t seed) : random_(seed) {
    land_.Add("root", kFirst, model::kNoUnit);
    for (const char* district : {"p", "q"}) land_.Add(district, kFirst);
    for (int i = 0; i < 7; ++i)
      alive_.push_back(Found(kFirst, {static_cast<std::uint32_t>(1 + Below(2))}));
    for (const int day : {-400, -40, 0}) Change(kMerger + std::chrono::days(day));
    Count();
    land_.Declare(office_.center());
    DeclareRules(office_.center());
    office_.Open();
    Deliver();
  }

  PermitOffice& office() { return office_; }

 private:
  std::uint64_t Below(std::uint64_t limit) { return random_() % limit; }

  model::UnitId Found(Date day, model::UnitId parent) {
    return land_.Add("u" + std::to_string(land_.units.size()), day, parent);
  }
  model::UnitId TakeOne() {
    const auto at = alive_.begin() + static_cast<std::ptrdiff_t>(Below(alive_.size()));
    const model::UnitId unit = *at;
    alive_.erase(at);
    return unit;
  }
  model::UnitId ParentOf(model::UnitId unit) const { return land_.units[unit.value].parent; }

  std::optional<Decimal> MaybeShare() {
    if (Below(2) == 0) return std::nullopt;
    return Decimal(static_cast<model::Int128>(1 + Below(4)), 1);
  }

  void Change(Date day) {
    days_.push_back(day);
    std::vector<model::UnitId> after;
    for (int i = 0; i < 2 && alive_.size() > 3; ++i) {
      const model::UnitId one = TakeOne();
      switch (Below(4)) {
        case 0:
          Merge(one, day, after);
          break;
        case 1:
          Split(one, day, after);
          break;
        default:
          GivePart(one, day, after);
      }
    }
    alive_.insert(alive_.end(), after.begin(), after.end());
  }

  void Merge(model::UnitId one, Date day, std::vector<model::UnitId>& after) {
    const model::UnitId other = TakeOne();
    const bool goes_on = Below(2) == 0;
    const model::UnitId into = goes_on ? other : Found(day, ParentOf(one));
    land_.End(one, day);
    land_.Happens(LineageKind::kMerge, day, one, into);
    if (!goes_on) {
      land_.End(other, day);
      land_.Happens(LineageKind::kMerge, day, other, into);
    }
    after.push_back(into);
  }

  void Split(model::UnitId one, Date day, std::vector<model::UnitId>& after) {
    land_.End(one, day);
    const std::size_t stated = Below(3);  // of three parts
    for (std::size_t i = 0; i < 3; ++i) {
      const model::UnitId part = Found(day, ParentOf(one));
      land_.Happens(LineageKind::kSplit, day, one, part,
                    i < stated ? std::optional(Number("0.3")) : std::nullopt);
      after.push_back(part);
    }
  }

  void GivePart(model::UnitId one, Date day, std::vector<model::UnitId>& after) {
    const model::UnitId other = TakeOne();
    land_.Happens(LineageKind::kPart, day, one, other, MaybeShare());
    after.insert(after.end(), {one, other});
  }

  /// People between two changes; of one unit in twelve nobody knows them.
  void Count() {
    std::vector<Date> from{kFirst};
    from.insert(from.end(), days_.begin(), days_.end());
    for (std::uint32_t unit = 3; unit < land_.units.size(); ++unit) {
      if (Below(12) == 0) continue;
      for (std::size_t i = 0; i < from.size(); ++i) {
        const bool last = i + 1 == from.size();
        const auto until = last ? std::nullopt : std::optional(from[i + 1]);
        land_.Counts({unit}, std::to_string(100 + Below(900)), from[i], until);
      }
    }
  }

  void Deliver() {
    std::vector<testing::Permit> permits;
    for (std::int64_t id = 1; id <= 120; ++id) {
      testing::Permit permit;
      permit.id = id;
      permit.commune = Below(10) == 0 ? "" : land_.units[Below(land_.units.size())].code;
      permit.channel = std::vector{"online", "counter", "post"}[Below(3)];
      permit.received =
          base::Timestamp(kMerger - std::chrono::days(520)) + std::chrono::hours(Below(24 * 580));
      permit.due = permit.received + std::chrono::hours(24 * 5);
      if (Below(3) > 0) permit.ended = permit.received + std::chrono::hours(Below(24 * 9));
      permit.revision = static_cast<std::int64_t>(Below(50));
      permits.push_back(permit);
    }
    office_.Deliver(At("2025-09-20 09:00"), permits);
  }

  std::mt19937_64 random_;
  Land land_;
  std::vector<model::UnitId> alive_;
  std::vector<Date> days_;
  PermitOffice office_;
};

TEST(RestatedVerificationProperty, AgreesAfterAnySequenceOfMergersAndDivisions) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    RandomLand land(seed);
    const auto findings = Compare(land.office(), land.office().shared_center());
    for (std::size_t i = 0; i < std::min<std::size_t>(findings.size(), 5); ++i) {
      ADD_FAILURE() << "seed " << seed << ": " << findings[i].what << ": expected "
                    << findings[i].expected << ", found " << findings[i].found;
    }
  }
}

}  // namespace
}  // namespace fansipan::indicators
