#include "sources/contract/control_tally.h"

#include <gtest/gtest.h>

#include <set>

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
    ControlTally tally(source, told);
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
    return tally.Reconcile(counts, quarantined_);
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

TEST_F(ControlTallyTest, HidesNoDifferenceBehindATotalThatWasNotTold) {
  const auto short_of_rows = Reconcile(48, {3, 9, 20, 48}, {.texts = {"48", std::nullopt}});
  ASSERT_TRUE(short_of_rows);
  EXPECT_EQ(short_of_rows->outcome, model::Reconciliation::kIncomplete);
  EXPECT_EQ(short_of_rows->missing, 4U);
  const auto other_sum = Reconcile(3, {}, {.texts = {std::nullopt, "31"}});
  ASSERT_TRUE(other_sum);
  EXPECT_EQ(other_sum->outcome, model::Reconciliation::kIncomplete);
}

TEST_F(ControlTallyTest, HoldsWhatATakenBackVersionSaysAgainstWhatWasTold) {
  auto control = Reconcile(3, {}, {.texts = {"3", "30"}});
  ASSERT_TRUE(control);
  model::Version version;
  version.values = {std::string("2"), Number("10.00")};
  version.raw_rows = {2};
  std::vector<bool> aside(4);
  TakeBack(version, Visits(), "conflict_with_recorded", aside, *control);
  EXPECT_EQ(control->outcome, model::Reconciliation::kIncomplete);
  EXPECT_EQ(control->missing, 1U);
  EXPECT_EQ(control->rows_accepted, 2U);
  EXPECT_EQ(control->sums[0].accepted, Number("20"));
  ASSERT_EQ(control->named.size(), 1U);
  EXPECT_EQ(control->named[0], (model::MissingRow{"visit", "2", 2, "conflict_with_recorded"}));
  // The same raw row of another candidate is missing once.
  TakeBack(version, Visits(), "conflict_with_recorded", aside, *control);
  EXPECT_EQ(control->missing, 1U);
  EXPECT_EQ(control->named.size(), 1U);
}

TEST_F(ControlTallyTest, TakesNoKeyOfAPersonalRecordBackInTheOpen) {
  auto control = Reconcile(3, {}, {.texts = {"3", "30"}}, true);
  ASSERT_TRUE(control);
  model::Version version;
  version.values = {std::string("2"), Number("10.00")};
  version.raw_rows = {2};
  std::vector<bool> aside(4);
  TakeBack(version, Visits(true), "conflict_with_recorded", aside, *control);
  ASSERT_EQ(control->named.size(), 1U);
  EXPECT_EQ(control->named[0].key, "•••");
}

/// A source that tells rows, and the keys of `visit`, with raw rows of which one candidate is made.
class TalliedRowsTest : public ::testing::Test {
 protected:
  TalliedRowsTest() {
    center::SourceContract contract;
    center::ControlTotals& totals = contract.control_totals.emplace();
    totals.rows = center::ControlPlace{};
    totals.keys_dataset = "visit";
    totals.keys_at = "/keys";
    source_.contract = std::make_shared<const center::SourceContract>(contract);
  }

  center::Source source_;
  const model::Dataset dataset_ = Visits();
  std::vector<model::QuarantinedRow> quarantined_;
};

TEST_F(TalliedRowsTest, AreAllMissingWhenTheirOneCandidateIsSetAside) {
  const ToldTotals told{.texts = {"4"}, .keys = {"1", "2"}, .keys_told = true};
  ControlTally tally(source_, told);
  tally.Begin(dataset_);
  const Candidate made_of_three{.texts = {"1", "10.00"}, .raw_rows = {1, 2, 3}};
  tally.Arrived(made_of_three);
  tally.SetAside(made_of_three);
  model::Version sound;
  sound.values = {std::string("2"), Number("1")};
  tally.Accepted(sound);
  quarantined_.push_back({.dataset = "visit", .raw_row = 1, .reason = "not_a_date"});
  model::DeliveryCounts counts;
  counts.raw_rows = 4;
  const auto control = tally.Reconcile(counts, quarantined_);
  ASSERT_TRUE(control);
  EXPECT_EQ(control->rows_accepted, 1U);
  EXPECT_EQ(control->missing, 3U);
}

TEST_F(TalliedRowsTest, AreMissingOnceWhenTheyCouldNotBeDecoded) {
  const ToldTotals told{.texts = {"2"}, .keys = {"1", "2"}, .keys_told = true};
  ControlTally tally(source_, told);
  tally.Begin(dataset_);
  model::Version sound;
  sound.values = {std::string("1"), Number("1")};
  tally.Accepted(sound);
  quarantined_.push_back({.raw_row = 2, .reason = "too_few_columns"});
  model::DeliveryCounts counts;
  counts.raw_rows = 2;
  counts.refused = 1;
  const auto control = tally.Reconcile(counts, quarantined_);
  ASSERT_TRUE(control);
  EXPECT_EQ(control->missing, 1U);
  ASSERT_EQ(control->named.size(), 1U);
  EXPECT_EQ(control->named[0].reason, "too_few_columns");
}

TEST_F(TalliedRowsTest, CutTheKeysThatTheyKeep) {
  const ToldTotals told{.texts = {"200"}, .keys = {}, .keys_told = true};
  ControlTally tally(source_, told);
  tally.Begin(dataset_);
  const std::string long_key(1U << 20U, 'k');
  for (std::uint32_t row = 1; row <= 200; ++row) {
    const Candidate candidate{.texts = {long_key, "1"}, .raw_rows = {row}};
    tally.SetAside(candidate);
    quarantined_.push_back({.dataset = "visit", .raw_row = row, .reason = "not_a_date"});
  }
  model::DeliveryCounts counts;
  counts.raw_rows = 200;
  const auto control = tally.Reconcile(counts, quarantined_);
  ASSERT_TRUE(control);
  EXPECT_EQ(control->missing, 200U);
  ASSERT_EQ(control->named.size(), model::kMaxNamedMissing);
  for (const model::MissingRow& row : control->named) EXPECT_EQ(row.key.size(), 200U);
}

TEST(ControlTally, SaysNothingOfASourceThatTellsNothing) {
  const center::Source source;
  const ToldTotals told;
  const ControlTally tally(source, told);
  EXPECT_FALSE(tally.Reconcile({}, {}));
}

}  // namespace
}  // namespace fansipan::sources
