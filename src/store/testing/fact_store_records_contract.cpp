// Which versions are current, and how pages of them join.
#include <utility>

#include "store/testing/fact_store_contract.h"

namespace fansipan::store {

using model::Sequence;
using namespace std::string_literals;

namespace {

template <typename T>
T Get(base::Result<T> result) {
  EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().message);
  return result.ok() ? std::move(result).value() : T{};
}

model::Row Case(const std::string& number, std::int64_t revision = 1) {
  model::Row row = CaseRow(number, revision);
  row[kCaseReceived] = Hour(0);
  return row;
}

}  // namespace

TEST_P(FactStoreContract, TheHighestInOrderIsCurrentHoweverLateItCame) {
  Deliver({Case("a", 2), Case("b", 1)});
  const Sequence before = history_.last();
  Deliver({Case("a", 1), Case("b", 3), Case("c", 1)});
  RecordQuery query = AllCases();
  const RecordPage page = Get(store_->PageRecords(query));
  ASSERT_EQ(page.records.size(), 3U);
  EXPECT_EQ(page.records[1].values[kCaseRevision], model::Value(std::int64_t{3}));
  EXPECT_EQ(page.records[2].values[kCaseRevision], model::Value(std::int64_t{2}));
  query.as_of = before;
  EXPECT_EQ(Find(query), "a b");
  query.as_of = Sequence{0};
  EXPECT_EQ(Find(query), "");
}

TEST_P(FactStoreContract, GivesAllCurrentRecordsWhateverTheirMoments) {
  Deliver({Case("a", 1), CaseRow("without a moment", 1), Case("b", 1)});
  Deliver({Case("b", 2)});
  RecordQuery query = AllCases();
  EXPECT_EQ(Find(query), "a b");
  query.whole = true;
  query.from = kCaseFee;
  EXPECT_EQ(Find(query), "a b without a moment");
}

TEST_P(FactStoreContract, PagesJoinToTheWholeFromTheNewestWhateverComesMeanwhile) {
  std::vector<model::Row> rows;
  for (int index = 0; index < 25; ++index) rows.push_back(Case("k" + std::to_string(index)));
  rows.push_back(Case(std::string("k1\0", 3)));
  rows.push_back(Case(""));
  Deliver(rows);
  const Sequence before = history_.last();
  RecordQuery query = AllCases();
  std::vector<std::string> numbers;
  query.limit = 4;
  for (std::int64_t turn = 2; turn < 20; ++turn) {
    const RecordPage page = Get(store_->PageRecords(query));
    EXPECT_LE(page.records.size(), 4U);
    EXPECT_EQ(page.as_of, before);
    for (const model::Version& record : page.records) {
      numbers.push_back(model::ToText(record.values[kCaseNumber]));
    }
    query.after = page.next;
    if (page.next.empty()) break;
    Deliver({Case("k3", turn), Case("new")});
    query.as_of = history_.last();
  }
  std::vector<std::string> expected;
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    expected.push_back(model::ToText((*row)[kCaseNumber]));
  }
  EXPECT_EQ(numbers, expected);
}

TEST_P(FactStoreContract, WhatEntriesOfAnotherKeyDisplacedIsFoundOutWhenTheyCome) {
  model::Row first = Case("a", 1);
  model::Row second = Case("b", 1);
  model::Row third = Case("a", 2);
  first[kCaseChannel] = third[kCaseChannel] = std::string("post");
  second[kCaseChannel] = std::string("online");
  Deliver({first, second});
  const JournalEntry trailing = history_.Deliver({third});
  model::Dataset changed = CaseDataset();
  changed.key = {kCaseChannel};
  ASSERT_TRUE(store_->Declare({changed}, trailing.number).ok());
  EXPECT_EQ(Find(AllCases()), "a b");
  third[kCaseNumber] = std::string("c");
  history_.dataset() = changed;
  JournalEntry more = history_.Deliver({third});
  // As if it had been recorded under the old key too, like `trailing`.
  more.deliveries[0].versions[0].predecessor.reset();
  ASSERT_TRUE(store_->Declare({CaseDataset()}, more.number).ok());
  ASSERT_TRUE(store_->Declare({changed}, more.number).ok());
  Reopen();
  Append(trailing);
  Append(more);
  EXPECT_EQ(Find(AllCases()), "b c");
  EXPECT_EQ(Get(store_->PageRecords(AllCases())).records.size(), 2U);
}

TEST_P(FactStoreContract, AnotherKeyOrOrderHoldsForOldVersionsToo) {
  model::Row first = Case("a", 9);
  first[kCasePages] = std::int64_t{1};
  model::Row second = Case("b", 1);
  second[kCasePages] = std::int64_t{2};
  first[kCaseChannel] = second[kCaseChannel] = std::string("online");
  Deliver({first, second});
  EXPECT_EQ(Find(AllCases()), "a b");
  model::Dataset changed = CaseDataset();
  changed.key = {kCaseChannel};
  ASSERT_TRUE(store_->Declare({changed}).ok());
  EXPECT_EQ(Find(AllCases()), "a");
  changed.order = kCasePages;
  ASSERT_TRUE(store_->Declare({changed}).ok());
  EXPECT_EQ(Find(AllCases()), "b");
  Reopen();
  EXPECT_EQ(Find(AllCases()), "b");
  EXPECT_EQ(Get(store_->VersionsOfKey("case", {std::string("online")}, history_.last())).size(),
            2U);
}

TEST_P(FactStoreContract, GivesTheLastVersionsOfAKeyThatHasVeryMany) {
  std::vector<model::Row> rows;
  for (std::int64_t revision = 1; revision <= 1'002; ++revision)
    rows.push_back(Case("a", revision));
  Deliver(rows);
  const auto versions = Get(store_->VersionsOfKey("case", {{"a"s}}, Sequence{100'000}));
  ASSERT_EQ(versions.size(), FactStore::kMaxVersionsOfKey);
  EXPECT_EQ(versions.front().values[kCaseRevision], model::Value(std::int64_t{3}));
}

TEST_P(FactStoreContract, TellsWhatChangedBetweenTwoSequencesByItsEffect) {
  model::Row free = Case("a", 1);
  model::Row costly = Case("b", 1);
  costly[kCasePages] = std::int64_t{5};
  Deliver({free, costly});
  const Sequence before = history_.last();
  costly[kCaseRevision] = std::int64_t{2};
  Deliver({costly});  // changes nothing that a count would see
  costly[kCaseRevision] = std::int64_t{3};
  costly[kCasePages] = std::int64_t{7};
  model::Row late = Case("b", 0);
  late[kCasePages] = std::int64_t{9};
  Deliver({costly, Case("c", 1), late});  // the last one was outranked and never counted
  RecordQuery query = AllCases();
  query.changed = {before, VersionEffect::kArrived};
  EXPECT_EQ(Find(query), "c");
  query.changed->effect = VersionEffect::kCorrected;
  EXPECT_EQ(Find(query), "");
  query.not_missing = kCasePages;
  EXPECT_EQ(Get(store_->PageRecords(query)).records.size(), 1U);
  EXPECT_EQ(Find(query), "b");
  query.changed->effect = VersionEffect::kArrived;
  EXPECT_EQ(Find(query), "");
  query.changed.reset();
  EXPECT_EQ(Find(query), "b");
}

TEST_P(FactStoreContract, TellsOfAChangeThatWasDisplacedSince) {
  Deliver({Case("a", 1)});
  const Sequence before = history_.last();
  model::Row elsewhere = Case("a", 2);
  elsewhere[kCaseFinished] = Hour(1);
  Deliver({elsewhere});
  const Sequence between = history_.last();
  Deliver({Case("a", 3)});
  RecordQuery query = AllCases();
  query.changed = {before, VersionEffect::kCorrected};
  query.until = kCaseFinished;
  const auto page = Get(store_->PageRecords(query));
  ASSERT_EQ(page.records.size(), 2U);
  EXPECT_EQ(page.records[1].sequence, between);
  query.limit = 1;
  const auto first = Get(store_->PageRecords(query));
  ASSERT_EQ(first.records.size(), 1U);
  query.after = first.next;
  const auto second = Get(store_->PageRecords(query));
  ASSERT_EQ(second.records.size(), 1U);
  EXPECT_EQ(second.records[0].sequence, between);
  EXPECT_EQ(second.next, "");
}

TEST_P(FactStoreContract, TellsWhatTheCenterToldAgainFromWhatASourceCorrected) {
  const JournalEntry first = history_.Deliver({Case("a", 1), Case("b", 1)});
  ASSERT_TRUE(store_->Append({first}).ok());
  const Sequence before = history_.last();
  const auto finished = [](model::Row row) {
    row[kCaseFinished] = Hour(1);
    return row;
  };
  const auto& versions = first.deliveries.front().versions;
  ASSERT_TRUE(store_->Append({history_.TellAgain(versions[0], finished(Case("a", 1)))}).ok());
  Deliver({finished(Case("b", 2))});
  RecordQuery query = AllCases();
  query.until = kCaseFinished;
  query.changed = {before, VersionEffect::kRedefined};
  EXPECT_EQ(Find(query), "a");
  query.changed->effect = VersionEffect::kCorrected;
  EXPECT_EQ(Find(query), "b");
}

}  // namespace fansipan::store
