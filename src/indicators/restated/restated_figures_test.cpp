#include <gtest/gtest.h>

#include <chrono>

#include "indicators/figures.h"
#include "indicators/testing/permit_office.h"

namespace fansipan::indicators {
namespace {

using testing::At;
using testing::PermitOffice;

constexpr model::Date kMerger{std::chrono::days(20'270)};  // 2025-07-01
constexpr model::Date kFirst{std::chrono::days(18'262)};   // 2020-01-01

model::Decimal Number(std::string_view text) { return *model::Decimal::Parse(text); }

/// Communes a and b become c on 1 July 2025; d is divided 3 to 7 between e and f.
class RestatedFigure : public ::testing::Test {
 protected:
  RestatedFigure() {
    std::vector<model::Unit> units(7);
    std::vector<model::UnitCode> codes;
    for (std::uint32_t i = 0; i < units.size(); ++i) {
      units[i].code = i == 0 ? "root" : std::string(1, static_cast<char>('a' + i - 1));
      units[i].valid_from = IsNew(i) ? kMerger : kFirst;
      if (IsOld(i)) units[i].valid_to = kMerger;
      if (i > 0) units[i].parent = model::UnitId{0};
      codes.push_back({"own", units[i].code, {i}, units[i].valid_from, units[i].valid_to});
    }
    center().territory =
        model::UnitTree::Build(model::TreeKind::kTerritory, std::move(units), std::move(codes))
            .value();
    const auto merge = model::LineageKind::kMerge;
    const auto split = model::LineageKind::kSplit;
    center().territory_history.lineage =
        model::Lineage::Build(center().territory,
                              {{merge, kMerger, Unit("a"), Unit("c"), {}, false, "", ""},
                               {merge, kMerger, Unit("b"), Unit("c"), {}, false, "", ""},
                               {split, kMerger, Unit("d"), Unit("e"), Number("0.3"), false, "", ""},
                               {split, kMerger, Unit("d"), Unit("f"), {}, true, "", ""}})
            .value();
    office_.Open();
    const auto due = At("2025-06-20 00:00");
    office_.Deliver(At("2025-08-20 09:00"),
                    {{1, "a", "online", At("2025-06-02 09:00"), due, At("2025-06-05 09:00")},
                     {2, "a", "online", At("2025-06-02 09:00"), due, At("2025-06-09 09:00")},
                     {3, "b", "counter", At("2025-06-03 09:00"), due, At("2025-06-25 09:00")},
                     {4, "b", "counter", At("2025-06-04 09:00"), due, std::nullopt},
                     {5, "c", "counter", At("2025-08-04 09:00"), due, At("2025-08-05 09:00")},
                     {6, "d", "online", At("2025-06-04 09:00"), due, At("2025-06-05 09:00")},
                     {7, "d", "online", At("2025-06-04 10:00"), due, At("2025-06-25 09:00")},
                     {8, "", "online", At("2025-06-04 11:00"), due, std::nullopt}});
  }

  static bool IsOld(std::uint32_t i) { return i == 1 || i == 2 || i == 4; }
  static bool IsNew(std::uint32_t i) { return i == 3 || i == 5 || i == 6; }
  center::Center& center() { return office_.center(); }
  model::UnitId Unit(const std::string& code) { return *center().territory.FindByCode(code); }

  model::Figure Ask(const std::string& indicator, const std::string& period,
                    const std::string& unit, std::optional<model::Date> territory) {
    model::FigureKey key = office_.Key(indicator, period, unit);
    key.territory = territory;
    model::Figure figure;
    const auto read = office_.engine().Read(
        std::nullopt, [&](const View& view) { figure = ReadFigure(view, key); });
    EXPECT_TRUE(read.ok());
    return figure;
  }

  PermitOffice office_;
};

TEST_F(RestatedFigure, OfAMergedUnitHoldsWhatWasCountedInThoseItWasMadeOf) {
  EXPECT_EQ(Ask("received_cases", "2025-06", "c", std::nullopt).value, Number("0"));
  const model::Figure figure = Ask("received_cases", "2025-06", "c", kMerger);
  EXPECT_EQ(figure.value, Number("4"));
  EXPECT_TRUE(figure.trust.contains(model::TrustMark::kRestated));
  ASSERT_TRUE(figure.restatement);
  EXPECT_EQ(figure.restatement->territory, kMerger);
  ASSERT_EQ(figure.restatement->units.size(), 2U);
  EXPECT_EQ(figure.restatement->units[0].unit, Unit("a"));
  EXPECT_EQ(figure.restatement->units[0].share, Number("1"));
}

TEST_F(RestatedFigure, RecomputesARateFromItsParts) {
  // a: 2 of 2 on time, b: 0 of 1. The mean of both rates would be 50.
  EXPECT_EQ(Ask("on_time_rate", "2025-06", "c", kMerger).value, Number("66.666666666667"));
}

TEST_F(RestatedFigure, OfAPartHasItsShareAndBothPartsHaveAll) {
  EXPECT_EQ(Ask("received_cases", "2025-06", "e", kMerger).value, Number("0.6"));
  EXPECT_EQ(Ask("received_cases", "2025-06", "f", kMerger).value, Number("1.4"));
}

TEST_F(RestatedFigure, CarriesWhatIsStillThereToTheUnitThatTookItOver) {
  EXPECT_EQ(Ask("open_cases", "2025-08", "c", std::nullopt).value, Number("0"));
  EXPECT_EQ(Ask("open_cases", "2025-08", "c", kMerger).value, Number("1"));
}

TEST_F(RestatedFigure, OfAFormerUnitIsNotToldWhereNobodyKnowsTheShare) {
  const model::Date before = kMerger - std::chrono::days(1);
  const model::Figure unknown = Ask("received_cases", "2025-08", "a", before);
  EXPECT_EQ(unknown.value, std::nullopt);
  EXPECT_EQ(unknown.no_value_reason, "incomplete");
  EXPECT_TRUE(unknown.trust.contains(model::TrustMark::kIncomplete));
  ASSERT_EQ(unknown.restatement->gaps.size(), 1U);
  EXPECT_EQ(unknown.restatement->gaps[0].unit, Unit("c"));
  EXPECT_EQ(unknown.restatement->gaps[0].reason, "unknown_share");
  EXPECT_EQ(Ask("received_cases", "2025-08", "d", before).value, Number("0"));
}

TEST_F(RestatedFigure, OfTheRootIsAllThereIs) {
  const model::Date before = kMerger - std::chrono::days(1);
  for (const model::Date day : {before, kMerger}) {
    EXPECT_EQ(Ask("received_cases", "2025-06", "root", day).value, Number("7"));
    EXPECT_EQ(Ask("received_cases", "2025-08", "root", day).value, Number("1"));
  }
}

TEST_F(RestatedFigure, IsNoneOfAUnitThatDoesNotExistOnTheDay) {
  EXPECT_EQ(Ask("received_cases", "2025-06", "a", kMerger).no_value_reason, "unit_not_on_day");
}

TEST_F(RestatedFigure, RecordsBehindItAreThoseOfTheUnitsItIsMadeOf) {
  const auto codes_of = [&](const std::string& unit, const std::string& period) {
    model::FigureKey key = office_.Key("", period, unit);
    key.territory = kMerger;
    std::vector<std::string> codes;
    const auto read = office_.engine().Read(std::nullopt, [&](const View& view) {
      const auto query = RecordsBehind(view, *view.plan->FindMeasure("received"), key);
      ASSERT_TRUE(query.ok());
      ASSERT_TRUE(query->place);
      for (const auto& span : query->place->codes) codes.push_back(span.code);
    });
    EXPECT_TRUE(read.ok());
    return codes;
  };
  EXPECT_EQ(codes_of("c", "2025-06"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(codes_of("e", "2025-06"), (std::vector<std::string>{"d", "e"}));
}

}  // namespace
}  // namespace fansipan::indicators
