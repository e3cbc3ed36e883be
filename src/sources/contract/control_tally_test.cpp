#include "sources/contract/control_tally.h"

#include <gtest/gtest.h>

#include "sources/mapping_worker.h"

namespace fansipan::sources {
namespace {

model::Dataset Visits(bool personal = false) {
  model::Dataset dataset;
  dataset.name = "visit";
  dataset.columns = {{.name = "number", .personal = personal},
                     {.name = "fee", .type = model::ColumnType::kDecimal, .scale = 2}};
  dataset.key = {0};
  return dataset;
}

model::Decimal Number(const char* digits) { return *model::Decimal::Parse(digits); }

class ControlTallyTest : public ::testing::Test {
 protected:
  ControlTallyTest() {
    totals_.rows = center::ControlPlace{};
    totals_.sums = {{"visit", "fee", {}}};
  }

  /// Rows "1", "2", … with a fee of 10, of which those listed are set aside.
  std::optional<model::ControlTotals> Reconcile(std::uint32_t rows,
                                                const std::set<std::uint32_t>& set_aside,
                                                const ToldTotals& told, bool personal = false) {
    center::SourceContract contract;
    contract.control_totals = totals_;
    center::Source source;
    source.contract = std::make_shared<const center::SourceContract>(contract);
    const model::Dataset dataset = Visits(personal);
    ControlTally tally(source);
    tally.Begin(dataset);
    quarantined_.clear();
    for (std::uint32_t row = 1; row <= rows; ++row) {
      const std::string key = std::to_string(row);
      const Candidate candidate{.texts = {key, "10.00"}, .raw_rows = {row}};
      tally.Arrived(candidate);
      if (set_aside.contains(row)) {
        tally.SetAside(candidate);
        quarantined_.push_back({.dataset = "visit", .raw_row = row, .reason = "not_a_date"});
      } else {
        model::Version version;
        version.values = {key, Number("10.00")};
        tally.Accepted(version);
      }
    }
    model::DeliveryCounts counts;
    counts.raw_rows = rows;
    return tally.Reconcile(told, counts, quarantined_);
  }

  center::ControlTotals totals_;
  std::vector<model::QuarantinedRow> quarantined_;
};

TEST_F(ControlTallyTest, IsCompleteWhenRowsAndSumsAgree) {
  const auto control = Reconcile(3, {}, {.texts = {"3", "30"}});
  ASSERT_TRUE(control);
  EXPECT_EQ(control->outcome, model::Reconciliation::kComplete);
  EXPECT_EQ(control->missing, 0U);
}

TEST_F(ControlTallyTest, NamesTheFourOfFortyEightThatWereSetAside) {
  const auto control = Reconcile(48, {3, 9, 20, 48}, {.texts = {"48", "480.00"}});
  ASSERT_TRUE(control);
  EXPECT_EQ(control->outcome, model::Reconciliation::kIncomplete);
  EXPECT_EQ(control->rows_told, 48U);
  EXPECT_EQ(control->rows_arrived, 48U);
  EXPECT_EQ(control->rows_accepted, 44U);
  EXPECT_EQ(control->missing, 4U);
  ASSERT_EQ(control->named.size(), 4U);
  EXPECT_EQ(control->named[1], (model::MissingRow{"visit", "9", 9, "not_a_date"}));
  EXPECT_EQ(control->sums[0].arrived, Number("480"));
  EXPECT_EQ(control->sums[0].accepted, Number("440"));
}

TEST_F(ControlTallyTest, NamesThoseThatNeverCameByTheKeysTold) {
  totals_.keys_dataset = "visit";
  totals_.keys_at = "/keys";
  const auto control =
      Reconcile(2, {}, {.texts = {"4", "40"}, .keys = {"1", "2", "3", "4"}, .keys_told = true});
  ASSERT_TRUE(control);
  EXPECT_EQ(control->missing, 2U);
  ASSERT_EQ(control->named.size(), 2U);
  EXPECT_EQ(control->named[0], (model::MissingRow{"visit", "3", 0, "not_sent"}));
}

TEST_F(ControlTallyTest, ShowsNoPersonalKey) {
  totals_.keys_dataset = "visit";
  totals_.keys_at = "/keys";
  const auto control =
      Reconcile(2, {1}, {.texts = {"3", "30"}, .keys = {"1", "2", "3"}, .keys_told = true}, true);
  ASSERT_TRUE(control);
  ASSERT_EQ(control->named.size(), 2U);
  for (const model::MissingRow& row : control->named) EXPECT_EQ(row.key, "•••");
}

TEST_F(ControlTallyTest, SaysWhatWasNotTold) {
  for (const ToldTotals& told : {ToldTotals{}, ToldTotals{.texts = {"3", std::nullopt}},
                                 ToldTotals{.texts = {"none", "30"}}}) {
    const auto control = Reconcile(3, {}, told);
    ASSERT_TRUE(control);
    EXPECT_EQ(control->outcome, model::Reconciliation::kNotTold);
  }
}

TEST_F(ControlTallyTest, KeepsForAReplayWhatWasToldBesideThePayload) {
  totals_.rows->kind = center::ControlPlace::Kind::kHeader;
  ToldTotals told{.texts = {std::nullopt, "30"}};
  EXPECT_EQ(Reconcile(3, {}, told)->outcome, model::Reconciliation::kNotTold);
  told.before.emplace().rows_told = 3;
  EXPECT_EQ(Reconcile(3, {}, told)->outcome, model::Reconciliation::kComplete);
}

TEST_F(ControlTallyTest, CountsWhatTheCommitterPutsAsideLater) {
  auto control = Reconcile(3, {}, {.texts = {"3", "30"}});
  ASSERT_TRUE(control);
  Recount({{.dataset = "visit", .raw_row = 2, .reason = "conflict_with_recorded"}}, *control);
  EXPECT_EQ(control->outcome, model::Reconciliation::kIncomplete);
  EXPECT_EQ(control->missing, 1U);
  ASSERT_EQ(control->named.size(), 1U);
  EXPECT_EQ(control->named[0].raw_row, 2U);
}

TEST(ControlTally, SaysNothingOfASourceThatTellsNothing) {
  const ControlTally tally{center::Source()};
  EXPECT_FALSE(tally.Reconcile({}, {}, {}));
}

}  // namespace
}  // namespace fansipan::sources
