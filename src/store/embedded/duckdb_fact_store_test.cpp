#include "store/embedded/duckdb_fact_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include "base/testing/temporary_folder.h"
#include "store/embedded/internal/duckdb_connection.h"
#include "store/embedded/internal/ordered_bytes.h"
#include "store/embedded/internal/watchdog.h"
#include "store/testing/fact_store_contract.h"
#include "store/testing/fake_fact_store.h"
#include "store/testing/random_entries.h"

namespace fansipan::store {
namespace {

using base::ErrorCode;
using internal::DuckDb;

class DuckDbPlace final : public FactStorePlace {
 public:
  base::Result<std::unique_ptr<FactStore>> Open() override {
    FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<FactStore> store,
                              DuckDbFactStore::Open({folder_ / "facts"}, files_));
    return store;
  }

 private:
  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
};

class FakePlace final : public FactStorePlace {
 public:
  base::Result<std::unique_ptr<FactStore>> Open() override {
    return std::unique_ptr<FactStore>(std::make_unique<FakeFactStore>(kept_));
  }

 private:
  std::shared_ptr<FakeFactStore::Kept> kept_ = std::make_shared<FakeFactStore::Kept>();
};

INSTANTIATE_TEST_SUITE_P(
    Engines, FactStoreContract,
    testing::Values(FactStoreEngine{"DuckDb", [] { return std::make_unique<DuckDbPlace>(); }},
                    FactStoreEngine{"Fake", [] { return std::make_unique<FakePlace>(); }}),
    [](const auto& instance) { return instance.param.name; });

class DuckDbFactStoreTest : public testing::Test {
 protected:
  base::Result<std::unique_ptr<DuckDbFactStore>> Open() {
    return DuckDbFactStore::Open({folder_ / "facts"}, files_);
  }
  std::string File() { return folder_ / "facts/facts.duckdb"; }

  /// A closed store with some content.
  void Fill() {
    auto store = Open();
    ASSERT_TRUE(store.ok()) << store.error().message;
    FactHistory history(CaseDataset());
    ASSERT_TRUE((*store)->Declare({CaseDataset()}).ok());
    std::vector<model::Row> rows;
    for (int index = 0; index < 3'000; ++index) {
      rows.push_back(CaseRow("case " + std::to_string(index), index));
    }
    ASSERT_TRUE((*store)->Append({history.Deliver(rows)}).ok());
  }

  void RunOnFile(const std::string& sql) {
    auto database = DuckDb::Open(File(), {});
    ASSERT_TRUE(database.ok()) << database.error().message;
    auto connection = (*database)->Connect();
    ASSERT_TRUE(connection.ok());
    const base::Status run = connection->Run(sql, "a test");
    ASSERT_TRUE(run.ok()) << run.error().message;
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
};

TEST_F(DuckDbFactStoreTest, RefusesAFileThatIsNone) {
  ASSERT_TRUE(files_.MakeFolder(folder_ / "facts").ok());
  std::ofstream(File()) << std::string(20'000, 'x');
  auto opened = Open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt) << opened.error().message;
}

TEST_F(DuckDbFactStoreTest, FindsAChangedBit) {
  Fill();
  const auto size = std::filesystem::file_size(File());
  int found = 0;
  for (std::uintmax_t offset = 5'000; offset < size; offset += size / 7) {
    std::fstream file(File(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    const char original = static_cast<char>(file.get());
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(static_cast<char>(original ^ 1));
    file.close();
    auto opened = Open();
    auto read = opened.ok() ? (*opened)->VersionsOfDelivery(model::Sequence{1})
                            : base::Result<std::vector<model::Version>>(opened.error());
    if (!read.ok()) {
      EXPECT_EQ(read.error().code, ErrorCode::kCorrupt) << read.error().message;
      ++found;
    } else {
      EXPECT_EQ(read->size(), 3'000U);
    }
    if (opened.ok()) opened->reset();
    file.open(File(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(original);
  }
  EXPECT_GT(found, 0);
  EXPECT_TRUE(Open().ok());
}

TEST_F(DuckDbFactStoreTest, RefusesANewerFormat) {
  Fill();
  RunOnFile("UPDATE meta SET number = number + 1 WHERE name = 'format'");
  auto opened = Open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
}

TEST_F(DuckDbFactStoreTest, TakesUpWhatTheFormatBeforeHeld) {
  Fill();
  RunOnFile(
      "ALTER TABLE deliveries DROP COLUMN contract; ALTER TABLE deliveries DROP COLUMN "
      "codes_ended; ALTER TABLE deliveries DROP COLUMN old_codes; DROP TABLE decisions; UPDATE "
      "meta SET number = 2 WHERE name = 'format'");
  auto opened = Open();
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const auto delivery = (*opened)->FindDelivery(model::Sequence{1});
  ASSERT_TRUE(delivery.ok() && delivery->has_value());
  EXPECT_FALSE((*delivery)->old_codes.has_value());
  opened->reset();
  EXPECT_TRUE(Open().ok());
}

TEST_F(DuckDbFactStoreTest, TakesUpAFormatThatKnewOfNoDecisions) {
  Fill();
  RunOnFile(
      "ALTER TABLE deliveries DROP COLUMN contract; DROP TABLE decisions; UPDATE meta SET number = "
      "3 WHERE name = 'format'");
  auto opened = Open();
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_TRUE((*opened)->ListQuarantine({}, {}).ok());
}

TEST_F(DuckDbFactStoreTest, TakesUpAFormatThatKnewOfNoContracts) {
  Fill();
  RunOnFile(
      "ALTER TABLE deliveries DROP COLUMN contract; UPDATE meta SET number = 4 WHERE name = "
      "'format'");
  auto opened = Open();
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const auto delivery = (*opened)->FindDelivery(model::Sequence{1});
  ASSERT_TRUE(delivery.ok() && delivery->has_value());
  EXPECT_FALSE((*delivery)->contract.has_value());
}

TEST_F(DuckDbFactStoreTest, SaysWhenItsOwnNumbersAreGone) {
  Fill();
  RunOnFile("DELETE FROM meta WHERE name = 'applied'");
  auto opened = Open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
}

TEST_F(DuckDbFactStoreTest, LeavesNothingOutsideItsFolder) {
  Fill();
  int entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.path().filename(), "facts");
    ++entries;
  }
  EXPECT_EQ(entries, 1);
}

TEST_F(DuckDbFactStoreTest, ReadersSeeWholeEntriesWhileOneAppends) {
  auto store = Open();
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->Declare({CaseDataset()}).ok());
  std::atomic<bool> done = false;
  std::thread reader([&] {
    RecordQuery query;
    query.dataset = "case";
    query.as_of = model::Sequence{1'000'000};
    query.kind = model::MeasureKind::kStock;
    query.from = kCaseReceived;
    query.before = Hour(10);
    query.limit = 1'000;
    while (!done) {
      const auto page = (*store)->PageRecords(query);
      ASSERT_TRUE(page.ok()) << page.error().message;
      EXPECT_EQ(page->records.size() % 50, 0U);
    }
  });
  FactHistory history(CaseDataset());
  for (int entry = 0; entry < 20; ++entry) {
    if (entry == 10) {
      model::Column added;
      added.name = "added";
      history.dataset().columns.push_back(added);
    }
    std::vector<model::Row> rows;
    for (int index = 0; index < 50; ++index) {
      rows.push_back(CaseRow(std::to_string(entry * 50 + index), 1));
      rows.back()[kCaseReceived] = Hour(1);
      if (entry >= 10) rows.back().emplace_back(std::string("x"));
    }
    const base::Status appended = (*store)->Append({history.Deliver(rows)});
    EXPECT_TRUE(appended.ok()) << appended.error().message;
  }
  done = true;
  reader.join();
}

TEST(DuckDbSettings, StayLocked) {
  base::TemporaryFolder folder;
  auto database =
      DuckDb::Open("", {{"enable_external_access", "false"}, {"lock_configuration", "true"}});
  ASSERT_TRUE(database.ok());
  auto connection = (*database)->Connect();
  ASSERT_TRUE(connection.ok());
  for (const char* sql : {"SET enable_external_access = true", "SET memory_limit = '1TB'",
                          "SELECT * FROM read_text('/etc/hostname')", "INSTALL httpfs",
                          "LOAD httpfs", "COPY (SELECT 1) TO '/tmp/x.csv'", "ATTACH '/tmp/x.db'"}) {
    EXPECT_FALSE(connection->Run(sql, "a test").ok()) << sql;
  }
}

TEST(DuckDbSettings, RefuseAnUnknownName) {
  auto database = DuckDb::Open("", {{"no_such_setting", "1"}});
  ASSERT_FALSE(database.ok());
  EXPECT_EQ(database.error().code, ErrorCode::kUnsupported);
}

TEST(DuckDbFactStore, DoesNotBeginWhatNobodyWaitsFor) {
  DuckDbPlace place;
  auto store = place.Open();
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->Declare({CaseDataset()}).ok());
  std::stop_source gone;
  gone.request_stop();
  const base::Patience left(base::Patience::Moment::max(), gone.get_token());
  const base::Patience passed = base::Patience().AtMost(std::chrono::milliseconds(0));
  RecordQuery query;
  query.dataset = CaseDataset().name;
  query.from = kCaseReceived;
  EXPECT_EQ((*store)->PageRecords(query, left).error().reason, "given_up");
  for (const base::ErrorCode code :
       {(*store)->PageRecords(query, passed).error().code,
        (*store)->VersionsOfKey("case", {model::Value(std::string("a"))}, {}, passed).error().code,
        (*store)->FindVersion({}, passed).error().code,
        (*store)->VersionsOfDelivery({}, passed).error().code,
        (*store)->ListDeliveries({}, passed).error().code,
        (*store)->FindDelivery({}, passed).error().code,
        (*store)->ListQuarantine({}, passed).error().code}) {
    EXPECT_EQ(code, ErrorCode::kDeadlineExceeded);
  }
}

TEST(Watchdog, StopsAStatementAtItsDeadline) {
  auto database = DuckDb::Open("", {});
  ASSERT_TRUE(database.ok());
  auto connection = (*database)->Connect();
  ASSERT_TRUE(connection.ok());
  internal::Watchdog dog;
  {
    const auto watch =
        dog.Guard(*connection, base::Patience().AtMost(std::chrono::milliseconds(20)));
    const base::Status run = connection->Run(
        "SELECT count(*) FROM range(100000000000) a, range(1000000) b WHERE a.range % 7 = b.range",
        "counting");
    ASSERT_FALSE(run.ok());
    EXPECT_EQ(run.error().code, ErrorCode::kDeadlineExceeded) << run.error().message;
  }
  EXPECT_TRUE(connection->Run("SELECT 1", "after it").ok());
}

TEST(Watchdog, StopsAStatementWhenNobodyWaitsAnyMore) {
  auto database = DuckDb::Open("", {});
  ASSERT_TRUE(database.ok());
  auto connection = (*database)->Connect();
  ASSERT_TRUE(connection.ok());
  internal::Watchdog dog;
  std::stop_source gone;
  std::thread leaving;
  {
    const auto watch =
        dog.Guard(*connection, base::Patience(base::Patience::Moment::max(), gone.get_token()));
    leaving = std::thread([&] { gone.request_stop(); });
    const base::Status run = connection->Run(
        "SELECT count(*) FROM range(100000000000) a, range(1000000) b WHERE a.range % 7 = b.range",
        "counting");
    ASSERT_FALSE(run.ok());
    EXPECT_EQ(run.error().code, ErrorCode::kDeadlineExceeded) << run.error().message;
  }
  leaving.join();
  EXPECT_TRUE(connection->Run("SELECT 1", "after it").ok());
}

TEST(OrderedBytes, OrderAsValuesDo) {
  RandomEntries random(11);
  std::vector<model::Value> values = {{},
                                      std::string(),
                                      std::string("\0", 1),
                                      std::string("\0\xFF", 2),
                                      std::string("a"),
                                      std::string("a\0", 2),
                                      std::string("ab"),
                                      false,
                                      true,
                                      model::Decimal(10, 1),
                                      model::Decimal(100, 2),
                                      model::Decimal(-1, 18),
                                      model::Decimal(0, 5)};
  for (int turn = 0; turn < 30; ++turn) {
    for (const auto& committed : random.Next().deliveries) {
      for (const model::Version& version : committed.versions) {
        values.insert(values.end(), version.values.begin(), version.values.end());
      }
    }
  }
  ASSERT_GT(values.size(), 100U);
  std::vector<std::string> bytes;
  for (const model::Value& value : values) bytes.push_back(internal::OrderedBytes({value}));
  for (std::size_t left = 0; left < values.size(); ++left) {
    for (std::size_t right = 0; right < values.size(); right += 1 + left % 5) {
      const auto expected = model::Compare(values[left], values[right]);
      const int actual = bytes[left].compare(bytes[right]);
      ASSERT_EQ(expected < 0, actual < 0) << left << " " << right;
      ASSERT_EQ(expected == 0, actual == 0) << left << " " << right;
    }
  }
}

}  // namespace
}  // namespace fansipan::store
