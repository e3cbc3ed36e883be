#include "indicators/reported/reported_values.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fansipan::indicators {
namespace {

model::Date Day(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) /
                               static_cast<int>(day));
}

/// A country with two provinces, of which one was merged into the other on 1 August 2008, and one
/// dataset of statements in three vintages.
std::shared_ptr<center::Center> MakeCenter() {
  auto center = std::make_shared<center::Center>();
  std::vector<model::Unit> units(3);
  const model::Date first = Day(1990, 1, 1);
  units[0].code = "vn";
  units[1].code = "hanoi";
  units[1].parent = model::UnitId{0};
  units[2].code = "hatay";
  units[2].parent = model::UnitId{0};
  units[2].valid_to = Day(2008, 8, 1);
  for (model::Unit& unit : units) unit.valid_from = first;
  std::vector<model::UnitCode> codes = {
      {"t", "VN", model::UnitId{0}, first, std::nullopt},
      {"t", "HN", model::UnitId{1}, first, std::nullopt},
      {"t", "HT", model::UnitId{2}, first, Day(2008, 8, 1)},
      {"t", "HT", model::UnitId{1}, Day(2008, 8, 1), std::nullopt, true}};
  center->territory =
      *model::UnitTree::Build(model::TreeKind::kTerritory, std::move(units), std::move(codes));
  model::Dataset dataset;
  dataset.name = "statement";
  dataset.kind = model::DatasetKind::kReported;
  for (const auto* name : {"unit", "period", "vintage"}) {
    dataset.columns.emplace_back().name = name;
  }
  model::Column& value = dataset.columns.emplace_back();
  value.name = "value";
  value.type = model::ColumnType::kInteger;
  dataset.territory = model::PlaceColumn{0, "t"};
  dataset.key = {0, 1, 2};
  dataset.reported.emplace();
  dataset.reported->period = 1;
  dataset.reported->vintage = 2;
  dataset.reported->value = 3;
  dataset.reported->vintages = {{"estimate", {}, model::VintageMark::kEstimate},
                                {"preliminary", {}, model::VintageMark::kPreliminary},
                                {"final", {}, model::VintageMark::kNone}};
  center->datasets.push_back(std::move(dataset));
  return center;
}

const std::vector<std::string> kVintages = {"estimate", "preliminary", "final"};
const model::ReportedRule kRule{"statement", ""};

model::Version MakeVersion(std::uint64_t sequence, const std::string& unit,
                           const std::string& period, const std::string& vintage,
                           std::int64_t value) {
  model::Version version;
  version.sequence = model::Sequence(sequence);
  version.delivery = model::Sequence(sequence);
  version.dataset = "statement";
  version.values = {unit, period, vintage, value};
  return version;
}

class Reports : public ::testing::Test {
 protected:
  void Add(const model::Version& version) { values_.Add(0, version, "office", {}); }

  StatedOf Of(const std::string& unit, const std::string& period) const {
    return StatedOf::Of(model::TreeKind::kTerritory, *center_->territory.FindByCode(unit),
                        *center_->ParsePeriod(period));
  }
  std::string Shown(const std::string& unit, const std::string& period,
                    std::uint64_t known = 1'000) const {
    const auto shown = values_.FindShown(kRule, Of(unit, period), {model::Sequence(known), {}});
    return shown ? shown->value->ToText() + " " + kVintages[shown->vintage] : "nothing";
  }

  std::shared_ptr<center::Center> center_ = MakeCenter();
  ReportedValues values_{*center_};
};

TEST_F(Reports, ALaterEstimateDoesNotHideAFinalValue) {
  Add(MakeVersion(1, "VN", "2007", "estimate", 10));
  EXPECT_EQ(Shown("vn", "2007"), "10 estimate");
  Add(MakeVersion(2, "VN", "2007", "final", 12));
  Add(MakeVersion(3, "VN", "2007", "estimate", 11));
  EXPECT_EQ(Shown("vn", "2007"), "12 final");
  Add(MakeVersion(4, "VN", "2007", "final", 13));
  EXPECT_EQ(Shown("vn", "2007"), "13 final");
  EXPECT_EQ(Shown("vn", "2007", 3), "12 final");
  EXPECT_EQ(Shown("vn", "2007", 1), "10 estimate");
  EXPECT_EQ(Shown("vn", "2007", 0), "nothing");
}

TEST_F(Reports, AWithdrawnFinalValueGivesWayToTheNextBest) {
  Add(MakeVersion(1, "VN", "2007", "preliminary", 10));
  Add(MakeVersion(2, "VN", "2007", "final", 12));
  model::Version withdrawal = MakeVersion(3, "VN", "2007", "final", 12);
  withdrawal.withdrawn = true;
  Add(withdrawal);
  EXPECT_EQ(Shown("vn", "2007"), "10 preliminary");
  const auto all = values_.FindAll(kRule, Of("vn", "2007"), model::Sequence(9));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].state, StatementState::kShown);
  EXPECT_EQ(all[1].state, StatementState::kReplaced);
  EXPECT_EQ(all[1].difference, model::Decimal::FromInteger(2));
  EXPECT_EQ(all[2].state, StatementState::kWithdrawn);
}

TEST_F(Reports, CountCauseByCauseOnTheWayToALaterMoment) {
  Add(MakeVersion(1, "VN", "2007", "estimate", 10));
  Add(MakeVersion(2, "VN", "2007", "final", 12));
  Add(MakeVersion(3, "VN", "2007", "final", 13));
  Add(MakeVersion(4, "VN", "2007", "final", 14));
  const auto shown = [&](std::vector<Cause> causes) {
    const KnownReports known{model::Sequence(1), model::Sequence(3), std::move(causes)};
    return values_.FindShown(kRule, Of("vn", "2007"), known)->value->ToText();
  };
  EXPECT_EQ(shown({}), "10");
  EXPECT_EQ(shown({Cause::kNew}), "12");
  EXPECT_EQ(shown({Cause::kNew, Cause::kCorrected}), "13");
}

TEST_F(Reports, AVersionIsTakenOnce) {
  Add(MakeVersion(1, "VN", "2007", "final", 10));
  Add(MakeVersion(1, "VN", "2007", "final", 10));
  EXPECT_EQ(values_.FindAll(kRule, Of("vn", "2007"), model::Sequence(9)).size(), 1U);
}

TEST_F(Reports, StayWithTheUnitTheyWereStatedOf) {
  Add(MakeVersion(1, "HT", "2007", "final", 10));
  Add(MakeVersion(2, "HT", "2008", "final", 11));
  Add(MakeVersion(3, "HT", "2009", "final", 12));
  Add(MakeVersion(4, "HN", "2008", "final", 100));
  EXPECT_EQ(Shown("hatay", "2007"), "10 final");
  EXPECT_EQ(Shown("hatay", "2008"), "11 final");
  EXPECT_EQ(Shown("hatay", "2009"), "12 final");
  EXPECT_EQ(Shown("hanoi", "2008"), "100 final");
  EXPECT_EQ(Shown("hanoi", "2009"), "nothing");
}

TEST_F(Reports, ArePlacesInOrder) {
  Add(MakeVersion(1, "HN", "2007", "final", 10));
  Add(MakeVersion(2, "VN", "2007", "final", 11));
  EXPECT_EQ(values_.FindPlaces(kRule, model::Sequence(1)).size(), 1U);
  const auto places = values_.FindPlaces(kRule, model::Sequence(2));
  ASSERT_EQ(places.size(), 2U);
  EXPECT_EQ(places[0].first.unit.value, 0U);
}

/// What is shown, found by going through everything that was stated.
std::string PlainlyShown(const std::vector<model::Version>& versions, std::uint64_t known) {
  std::map<std::string, const model::Version*> last;
  for (const model::Version& version : versions) {
    if (version.sequence.value > known) continue;
    const model::Version*& best = last[std::get<std::string>(version.values[2])];
    if (best == nullptr || model::Precedes(*best, version, std::nullopt)) best = &version;
  }
  for (const auto* vintage : {"final", "preliminary", "estimate"}) {
    const auto found = last.find(vintage);
    if (found == last.end() || found->second->withdrawn) continue;
    return model::ToText(found->second->values[3]) + " " + vintage;
  }
  return "nothing";
}

/// Up to a dozen statements of one value, replays and withdrawals among them.
std::vector<model::Version> AnyStatements() {
  std::vector<model::Version> versions;
  const int count = *rc::gen::inRange(0, 12);
  for (int i = 1; i <= count; ++i) {
    const int vintage = *rc::gen::inRange(0, 3);
    model::Version version =
        MakeVersion(static_cast<std::uint64_t>(i), "VN", "2007",
                    kVintages[static_cast<std::size_t>(vintage)], *rc::gen::inRange(0, 100));
    // A replay: an earlier delivery is read again.
    version.delivery = model::Sequence(static_cast<std::uint64_t>(*rc::gen::inRange(1, i + 1)));
    version.mapping_revision =
        model::MappingRevision(static_cast<std::uint32_t>(*rc::gen::inRange(1, 3)));
    version.withdrawn = *rc::gen::inRange(0, 4) == 0;
    versions.push_back(version);
  }
  return versions;
}

TEST(ReportsProperty, ShowWhatAPlainSearchFindsAtEveryMoment) {
  const auto center = MakeCenter();
  const bool holds = rc::check("shown at every moment", [&] {
    const std::vector<model::Version> versions = AnyStatements();
    ReportedValues values(*center);
    // They may be read back in any order.
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
      values.Add(0, *version, "office", {});
    }
    const StatedOf of =
        StatedOf::Of(model::TreeKind::kTerritory, model::UnitId{0}, *center->ParsePeriod("2007"));
    for (std::uint64_t known = 0; known <= versions.size(); ++known) {
      const auto shown = values.FindShown(kRule, of, {model::Sequence(known), {}});
      const std::string found =
          shown ? shown->value->ToText() + " " + kVintages[shown->vintage] : "nothing";
      RC_ASSERT(found == PlainlyShown(versions, known));
    }
  });
  EXPECT_TRUE(holds);
}

/// Each sheet states the value anew. To look at all others for each of them would take minutes.
TEST_F(Reports, AreShownThoughOneValueWasStatedVeryOften) {
  constexpr std::uint64_t kVersions = 60'000;
  for (std::uint64_t i = 1; i <= kVersions; ++i) {
    Add(MakeVersion(i, "VN", "2007", "estimate", static_cast<std::int64_t>(i)));
  }
  for (const std::uint64_t known : {std::uint64_t{1}, kVersions / 2, kVersions}) {
    EXPECT_EQ(Shown("vn", "2007", known), std::to_string(known) + " estimate");
  }
  EXPECT_EQ(values_.FindAll(kRule, Of("vn", "2007"), model::Sequence(kVersions))[0].state,
            StatementState::kReplaced);
}

}  // namespace
}  // namespace fansipan::indicators
