#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "indicators/changes/figure_change.h"
#include "indicators/changes/figure_verification.h"
#include "indicators/figures.h"
#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using model::Expression;
using testing::At;
using testing::Permit;
using testing::PermitOffice;

constexpr model::Date kMerger{std::chrono::days(20'270)};  // 2025-07-01
constexpr model::Date kFirst{std::chrono::days(18'262)};   // 2020-01-01

model::Decimal Number(std::string_view text) { return *model::Decimal::Parse(text); }

Expression Name(std::string name) {
  Expression expression;
  expression.kind = Expression::Kind::kName;
  expression.name = std::move(name);
  return expression;
}

Expression Call(std::string function, Expression argument, std::int64_t years = 0) {
  Expression call;
  call.kind = Expression::Kind::kCall;
  call.name = std::move(function);
  call.operands = {std::move(argument)};
  if (years == 0) return call;
  call.operands.emplace_back();
  call.operands.back().literal = years;
  return call;
}

Expression Twice(const Expression& part) {
  Expression sum;
  sum.kind = Expression::Kind::kOperation;
  sum.operation = model::Operator::kAdd;
  sum.operands = {part, part};
  return sum;
}

/// Communes a and b become c on 1 July 2025. In June they received 2 permits in 2023, 4 in 2024 and
/// 9 in 2025; c received one in June 2026. Of other years nothing is known.
class YearsBefore : public ::testing::Test {
 protected:
  YearsBefore() {
    DeclareUnits();
    Declare("usual", Call("mean_of_years", Name("received"), 5));
    Declare("spread", Call("deviation_of_years", Name("received"), 5));
    Declare("known", Call("years_known", Name("received"), 5));
    Declare("two_before", Call("years_before", Name("received"), 2));
    Declare("twice_usual", Call("mean_of_years", Twice(Name("received_cases")), 5));
    Declare("of_year", Call("of_year", Name("received")));
    Declare("known_cases", Call("known", Name("received_cases")));
    Declare("twice_previous", Call("previous", Twice(Name("received"))));
    office_.Open();
    office_.Deliver(At("2026-06-20 09:00"), Permits());
  }

  void DeclareUnits() {
    std::vector<model::Unit> units(4);
    std::vector<model::UnitCode> codes;
    for (std::uint32_t i = 0; i < units.size(); ++i) {
      units[i].code = i == 0 ? "root" : std::string(1, static_cast<char>('a' + i - 1));
      units[i].valid_from = i == 3 ? kMerger : kFirst;
      if (i == 1 || i == 2) units[i].valid_to = kMerger;
      if (i > 0) units[i].parent = model::UnitId{0};
      codes.push_back({"own", units[i].code, {i}, units[i].valid_from, units[i].valid_to});
    }
    center::Center& center = office_.center();
    center.territory =
        model::UnitTree::Build(model::TreeKind::kTerritory, std::move(units), std::move(codes))
            .value();
    const auto merge = model::LineageKind::kMerge;
    const model::UnitId c{3};
    center.territory_history.lineage =
        model::Lineage::Build(center.territory, {{merge, kMerger, {1}, c, {}, false, "", ""},
                                                 {merge, kMerger, {2}, c, {}, false, "", ""}})
            .value();
  }

  void Declare(std::string name, Expression formula) {
    model::Indicator indicator;
    indicator.name = std::move(name);
    indicator.formula = std::move(formula);
    office_.center().indicators.push_back(std::move(indicator));
  }

  static std::vector<Permit> Permits() {
    std::vector<Permit> permits;
    const auto add = [&](std::string commune, std::string_view received, int times) {
      for (int i = 0; i < times; ++i) {
        const auto id = static_cast<std::int64_t>(permits.size()) + 1;
        permits.push_back({id, commune, "online", At(received), {}, {}});
      }
    };
    add("a", "2023-06-02 09:00", 1);
    add("b", "2023-06-30 23:00", 1);
    add("a", "2024-06-02 09:00", 2);
    add("b", "2024-06-02 09:00", 2);
    add("a", "2025-06-02 09:00", 3);
    add("b", "2025-06-02 09:00", 6);
    add("c", "2026-05-02 09:00", 3);
    add("c", "2026-06-02 09:00", 1);
    return permits;
  }

  model::Figure Ask(const std::string& indicator, const std::string& unit = "c") const {
    return office_.Figure(indicator, "2026-06", unit);
  }

  PermitOffice office_;
};

TEST_F(YearsBefore, AreThoseOfTheUnitsThatTheUnitWasMadeOf) {
  EXPECT_EQ(Ask("usual").value, Number("5"));
  EXPECT_EQ(Ask("spread").value, Number("3.605551275464"));
  EXPECT_EQ(Ask("two_before").value, Number("4"));
  EXPECT_EQ(Ask("usual", "root").value, Number("5"));
  EXPECT_TRUE(Ask("usual").trust.contains(model::TrustMark::kRestated));
  EXPECT_EQ(Ask("received_cases").value, Number("1"));
}

TEST_F(YearsBefore, OfWhichNothingIsKnownAreLeftOut) {
  EXPECT_EQ(Ask("known").value, Number("3"));
  EXPECT_EQ(office_.Figure("known", "2026-05", "c").value, Number("0"));
  EXPECT_EQ(office_.Figure("usual", "2026-05", "c").no_value_reason, "too_few_years");
  EXPECT_EQ(office_.Figure("usual", "2024-06", "a").value, Number("1"));
  EXPECT_EQ(office_.Figure("spread", "2024-06", "a").no_value_reason, "too_few_years");
}

TEST_F(YearsBefore, StandInThePassportOneByOne) {
  const model::Figure figure = Ask("usual");
  ASSERT_EQ(figure.parts.size(), 5U);
  EXPECT_EQ(figure.parts[0].name, "years_before(received, 1)");
  EXPECT_TRUE(figure.parts[0].is_measure);
  EXPECT_EQ(figure.parts[0].value, Number("9"));
  EXPECT_EQ(figure.parts[2].records, 2U);
  EXPECT_EQ(figure.parts[3].records, 0U);
  EXPECT_EQ(figure.records, 15U);
}

TEST_F(YearsBefore, AndOtherPeriodsTakeWholeFormulas) {
  EXPECT_EQ(Ask("twice_usual").value, Number("10"));
  const model::Figure figure = Ask("twice_previous");
  EXPECT_EQ(figure.value, Number("6"));
  ASSERT_EQ(figure.parts.size(), 1U);
  EXPECT_EQ(figure.parts[0].name, "previous(received)");
}

TEST_F(YearsBefore, OfWhichOneIsStatedStandUnderEachMonth) {
  const model::Figure figure = Ask("of_year");
  EXPECT_EQ(figure.value, Number("4"));
  EXPECT_EQ(figure.parts[0].name, "of_year(received)");
}

TEST_F(YearsBefore, AreNotZeroWhereNothingIsKnown) {
  EXPECT_EQ(Ask("known_cases").value, Number("1"));
  EXPECT_EQ(office_.Figure("received_cases", "2026-04", "c").value, Number("0"));
  EXPECT_EQ(office_.Figure("known_cases", "2026-04", "c").no_value_reason, "no_records");
}

TEST_F(YearsBefore, AreFoundByThePlainEvaluationToo) {
  PlainEvaluator plain(office_.shared_center());
  ASSERT_TRUE(office_.journal()
                  .Read(1,
                        [&](const store::JournalEntry& entry) -> base::Status {
                          plain.Add(entry);
                          return {};
                        })
                  .ok());
  std::vector<FigureName> names;
  for (const char* indicator : {"usual", "spread", "known", "two_before", "twice_usual",
                                "twice_previous", "of_year", "known_cases"}) {
    for (const char* unit : {"root", "a", "b", "c"}) {
      for (const char* period : {"2024-06", "2025-06", "2026-05", "2026-06"}) {
        names.push_back({indicator, model::TreeKind::kTerritory, unit, period});
      }
    }
  }
  FigureFindings found;
  ASSERT_TRUE(office_.engine()
                  .Read(std::nullopt,
                        [&](const View& view) { found = CompareFigures(view, plain, names, 100); })
                  .ok());
  EXPECT_EQ(found.compared, names.size());
  for (const auto& finding : found.findings) {
    ADD_FAILURE() << finding.what << ": expected " << finding.expected << ", found "
                  << finding.found;
  }
}

TEST_F(YearsBefore, MoveAFigureByWhatComesLateOfUnitsThatAreNoMore) {
  office_.Deliver(At("2026-06-21 09:00"), {{99, "a", "online", At("2024-06-03 09:00"), {}, {}}});
  auto& engine = office_.engine();
  const std::vector<Era> eras{
      {base::Timestamp::min(),
       [shared = std::shared_ptr<const Engine>(std::shared_ptr<void>(), &engine)]()
           -> base::Result<std::shared_ptr<const Engine>> { return shared; }}};
  const FigureName name{"usual", model::TreeKind::kTerritory, "c", "2026-06"};
  const auto from = At("2026-06-20 10:00");
  const auto to = At("2026-06-21 10:00");
  const auto change = ReadFigureChange(eras, name, from, to);
  ASSERT_TRUE(change.ok());
  EXPECT_EQ(change->before.value, Number("5"));
  EXPECT_EQ(change->after.value, Number("5.333333333333"));
  ASSERT_EQ(change->steps.size(), 1U);
  EXPECT_EQ(change->steps[0].causes, std::vector{Cause::kLate});
  const auto compared = CompareChange(eras, name, from, to);
  ASSERT_TRUE(compared.ok());
  EXPECT_TRUE(compared->findings.empty());
}

}  // namespace
}  // namespace fansipan::indicators
