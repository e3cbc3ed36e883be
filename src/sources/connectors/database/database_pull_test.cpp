#include "sources/connectors/database/database_pull.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "sources/connectors/database/database_position.h"
#include "sources/testing/collecting_passage.h"
#include "sources/testing/connector_contract.h"

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""min;
using testing::CollectingPassage;

struct TableRow {
  std::optional<std::int64_t> revision;
  std::int64_t id = 0;
  std::string text;
  std::string key{};  ///< instead of the id
};

/// A table with the columns revision, id and text, which understands the pieces' conditions.
class FakeDatabase final : public Database {
 public:
  explicit FakeDatabase(std::vector<TableRow>& table) : table_(table) {}

  base::Status Open(const std::string& password, const std::stop_token& stop) override {
    if (stop.stop_requested()) return ConnectorStopped();
    if (password == "right") return {};
    return base::Error{base::ErrorCode::kUnauthenticated, "sign_in_refused", "no"};
  }
  void Close() override {}
  std::string Identity() const override { return identity; }
  Dialect dialect() const override {
    return {.quote = "\"", .numbered = true, .compares_rows = true, .limits = true};
  }
  base::Status Read(const Statement& statement, std::uint64_t /*max_bytes*/, RowTaker& taker,
                    const std::stop_token& /*stop*/) override {
    FANSIPAN_RETURN_IF_ERROR(taker.Begin({{"revision"}, {"id"}, {"text"}}));
    std::vector<TableRow> found = Select(statement);
    for (const TableRow& row : found) {
      if (fails_after == 0) {
        return base::Error{base::ErrorCode::kUnavailable, "connection_lost", "gone"};
      }
      --fails_after;
      const std::string revision = std::to_string(row.revision.value_or(0));
      const std::string id = row.key.empty() ? std::to_string(row.id) : row.key;
      const std::vector<Cell> cells = {row.revision ? Cell(revision) : std::nullopt, id, row.text};
      FANSIPAN_ASSIGN_OR_RETURN(const bool more, taker.Take(cells));
      if (!more) return {};
    }
    return {};
  }

  int fails_after = 1'000'000;  ///< rows
  std::string identity = "registry";

 private:
  /// Null sorts first here, as in MySQL, SQL Server and SQLite.
  static std::pair<std::int64_t, std::int64_t> PlaceOf(const TableRow& row) {
    return {row.revision.value_or(-1), row.id};
  }

  std::vector<TableRow> Select(const Statement& statement) const {
    const auto has = [&](std::string_view text) {
      return statement.sql.find(text) != std::string::npos;
    };
    std::size_t next = 0;
    const auto number = [&]() -> std::int64_t {
      return std::stoll(statement.parameters.at(next++));
    };
    std::vector<TableRow> found = table_;
    if (has("IS NULL")) {
      std::erase_if(found, [](const TableRow& row) { return row.revision.has_value(); });
    }
    if (has("IS NOT NULL")) {
      std::erase_if(found, [](const TableRow& row) { return !row.revision; });
    }
    if (has("ORDER BY")) std::ranges::sort(found, {}, PlaceOf);
    if (has("\"revision\" >= ")) {
      const std::int64_t from = number();
      std::erase_if(found, [=](const TableRow& row) { return row.revision.value_or(-1) < from; });
    }
    if (has(") > (")) {
      const std::int64_t revision = number();
      const std::pair after(revision, number());
      std::erase_if(found, [=](const TableRow& row) { return PlaceOf(row) <= after; });
    }
    if (has(") <= (")) {
      const std::int64_t revision = number();
      const std::pair up_to(revision, number());
      std::erase_if(found, [=](const TableRow& row) { return PlaceOf(row) > up_to; });
    }
    if (statement.most_rows > 0 && found.size() > statement.most_rows) {
      found.resize(statement.most_rows);
    }
    return found;
  }

  std::vector<TableRow>& table_;
};

std::vector<std::string> LinesOf(const CollectingPassage& passage) {
  std::vector<std::string> lines;
  for (const std::string& payload : passage.payloads) {
    for (std::size_t at = 0; at < payload.size();) {
      const std::size_t end = payload.find('\n', at);
      lines.push_back(payload.substr(at, end - at));
      at = end + 1;
    }
  }
  return lines;
}

std::string LineOf(const TableRow& row) {
  return "{\"revision\":\"" + std::to_string(*row.revision) + "\",\"id\":\"" +
         std::to_string(row.id) + "\",\"text\":\"" + row.text + "\"}";
}

class DatabasePullTest : public ::testing::Test {
 protected:
  DatabasePullTest() {
    source_.name = "licences";
    source_.format = center::Format::kNdjson;
    query_.sql = "SELECT * FROM licences";
    query_.every = 15min;
    query_.piece_rows = 3;
    query_.secret = "password";
    query_.since = {.column = "revision", .key = "id"};
    Restart();
  }

  static CollectingPassage Fresh() {
    CollectingPassage passage;
    passage.secrets = {{"password", "right"}};
    return passage;
  }
  void Restart() {
    auto database = std::make_unique<FakeDatabase>(table_);
    database_ = database.get();
    connector_ = MakeDatabasePull(source_, query_, "postgres", metrics_, std::move(database));
  }
  std::string Ask() {
    const base::Status status = connector_->Ask(passage_);
    message_ = status.ok() ? "" : status.error().message;
    return status.ok() ? "fine" : status.error().reason;
  }
  void Put(std::int64_t revision, std::int64_t id, const std::string& text = "a") {
    table_.push_back({revision, id, text});
  }
  std::vector<std::string> AllLines() const {
    std::vector<std::string> lines;
    for (const TableRow& row : table_) lines.push_back(LineOf(row));
    std::ranges::sort(lines);
    return lines;
  }
  std::vector<std::string> SortedLines() const {
    std::vector<std::string> lines = LinesOf(passage_);
    std::ranges::sort(lines);
    return lines;
  }

  base::MetricsRegistry metrics_;
  center::Source source_;
  center::DatabaseQuery query_;
  std::vector<TableRow> table_;
  CollectingPassage passage_ = Fresh();
  std::string message_;
  FakeDatabase* database_ = nullptr;
  std::unique_ptr<Connector> connector_;
};

TEST_F(DatabasePullTest, KeepsWhatAllConnectorsPromise) {
  for (int i = 0; i < 20; ++i) Put(i / 4, i);
  testing::ExpectConnectorContract({.make =
                                        [this] {
                                          return MakeDatabasePull(
                                              source_, query_, "postgres", metrics_,
                                              std::make_unique<FakeDatabase>(table_));
                                        },
                                    .secrets = {{"password", "right"}}});
}

TEST_F(DatabasePullTest, ReadsInPiecesAndThenOnlyWhatIsNew) {
  for (int i = 0; i < 8; ++i) Put(i / 2, i);
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 3U);
  EXPECT_EQ(SortedLines(), AllLines());
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 3U);
  EXPECT_EQ(passage_.heartbeats, 1);
  Put(9, 100);
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.back(), LineOf({9, 100, "a"}) + "\n");
}

TEST_F(DatabasePullTest, TellsRowsOfOneRevisionApartByKeyHoweverManyThereAre) {
  for (int i = 0; i < 20; ++i) Put(5, i);
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(SortedLines(), AllLines());
  Put(5, 20);
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(SortedLines(), AllLines());
}

TEST_F(DatabasePullTest, BeginsAtTheDeclaredStart) {
  query_.since->start = "3";
  for (int i = 0; i < 5; ++i) Put(i, i);
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(LinesOf(passage_),
            (std::vector<std::string>{LineOf({3, 3, "a"}), LineOf({4, 4, "a"})}));
}

TEST_F(DatabasePullTest, FindsRowsThatComeLateWithinTheOverlapAndRepeatsNone) {
  query_.since->overlap_number = 10;
  for (int i = 0; i < 12; ++i) Put(i, i);
  ASSERT_EQ(Ask(), "fine");
  Put(4, 100, "late");
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.back(), LineOf({4, 100, "late"}) + "\n");
  EXPECT_EQ(SortedLines(), AllLines());
  Put(0, 101, "too late");
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.back(), LineOf({4, 100, "late"}) + "\n");
}

TEST_F(DatabasePullTest, WithoutTheOverlapALateRowWouldBeMissed) {
  for (int i = 0; i < 12; ++i) Put(i, i);
  ASSERT_EQ(Ask(), "fine");
  Put(4, 100, "late");
  ASSERT_EQ(Ask(), "fine");
  EXPECT_NE(SortedLines(), AllLines());
}

TEST_F(DatabasePullTest, AKillBetweenPiecesLosesAndDoublesNothing) {
  for (int i = 0; i < 20; ++i) Put(i / 7, i);
  for (int kills = 0; kills < 4; ++kills) {
    passage_.deliveries_left = 1;
    EXPECT_EQ(Ask(), "connector_stopped");
    Restart();
  }
  passage_.deliveries_left = 100;
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(SortedLines(), AllLines());
}

TEST_F(DatabasePullTest, WhatWasReadButNotTakenIsReadAgain) {
  query_.since->overlap_number = 10;
  for (int i = 0; i < 9; ++i) Put(i, i);
  passage_.deliveries_left = 1;
  EXPECT_EQ(Ask(), "connector_stopped");
  passage_.deliveries_left = 100;
  database_->fails_after = 4;
  EXPECT_EQ(Ask(), "connection_lost");
  database_->fails_after = 1'000;
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(SortedLines(), AllLines());
}

TEST_F(DatabasePullTest, RowsThatNoRangeHoldsAreSaidAndHoldUpNobody) {
  query_.since->overlap_number = 10;
  Put(1, 1);
  table_.push_back({std::nullopt, 2, "unplaced"});
  EXPECT_EQ(Ask(), "since_missing");
  EXPECT_EQ(LinesOf(passage_), (std::vector<std::string>{LineOf({1, 1, "a"})}));
  table_.pop_back();
  EXPECT_EQ(Ask(), "fine");
}

TEST_F(DatabasePullTest, RowsWithoutAPlaceUseUpNoPieceAndAreCounted) {
  for (int i = 0; i < 7; ++i) table_.push_back({std::nullopt, i, "unplaced"});
  Put(1, 10);
  Put(2, 11);
  EXPECT_EQ(Ask(), "since_missing");
  EXPECT_EQ(LinesOf(passage_),
            (std::vector<std::string>{LineOf({1, 10, "a"}), LineOf({2, 11, "a"})}));
  EXPECT_NE(message_.find(" 7 rows"), std::string::npos) << message_;
}

TEST_F(DatabasePullTest, AKeyThatIsNoTextIsToldAndNotAltered) {
  Put(1, 1);
  table_.push_back({2, 2, "odd", "k\xFF"});
  EXPECT_EQ(Ask(), "key_unreadable");
  EXPECT_EQ(LinesOf(passage_), (std::vector<std::string>{LineOf({1, 1, "a"})}));
  EXPECT_EQ(DecodeDatabasePosition(passage_.position).last, (RowPlace{"1", "1"}));
}

TEST_F(DatabasePullTest, AnotherDatabaseOrQueryIsReadFromItsBeginning) {
  for (int i = 0; i < 4; ++i) Put(i, i);
  ASSERT_EQ(Ask(), "fine");
  ASSERT_EQ(LinesOf(passage_).size(), 4U);
  Restart();
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(LinesOf(passage_).size(), 4U) << "the same is read on";
  Restart();
  database_->identity = "another registry";
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(LinesOf(passage_).size(), 8U);
  query_.sql = "SELECT * FROM licences WHERE id > 0";
  Restart();
  database_->identity = "another registry";
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(LinesOf(passage_).size(), 12U);
}

TEST_F(DatabasePullTest, ARowThatIsTooLargeEndsNothingThatComesBeforeIt) {
  source_.limits.payload_bytes = 100;
  Put(1, 1);
  Put(2, 2, std::string(200, 'x'));
  EXPECT_EQ(Ask(), "row_too_large");
  EXPECT_EQ(LinesOf(passage_), (std::vector<std::string>{LineOf({1, 1, "a"})}));
}

TEST_F(DatabasePullTest, PiecesEndBeforeTheLimitOfAPayload) {
  query_.piece_rows = 1'000;
  source_.limits.payload_bytes = 120;
  for (int i = 0; i < 10; ++i) Put(i, i);
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 4U);
  EXPECT_EQ(SortedLines(), AllLines());
}

TEST_F(DatabasePullTest, TheWholeResultIsTakenWhenItIsAnotherOne) {
  query_.since = std::nullopt;
  for (int i = 0; i < 5; ++i) Put(i, i);
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 1U);
  std::ranges::reverse(table_);
  Restart();
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 1U) << "the same rows in another order are no news";
  EXPECT_EQ(passage_.heartbeats, 1);
  table_[0].text = "b";
  ASSERT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.payloads.size(), 2U);
  source_.limits.rows = 4;
  EXPECT_EQ(Ask(), "result_too_large");
}

TEST_F(DatabasePullTest, AColumnThatTheSourceDeclaresMustBeThere) {
  source_.json.columns = {{"text", ""}, {"commune", ""}};
  Put(1, 1);
  EXPECT_EQ(Ask(), "column_missing");
  EXPECT_TRUE(passage_.payloads.empty());
}

TEST_F(DatabasePullTest, AWrongPasswordAsksForNothing) {
  passage_.secrets["password"] = "wrong";
  EXPECT_EQ(Ask(), "sign_in_refused");
  EXPECT_EQ(passage_.contacts, 0);
}

/// A table that is changed as a system would, with kills: in the end every row as it last was has
/// been delivered, and without a kill none twice.
TEST_F(DatabasePullTest, RandomHistoriesLoseAndDoubleNothing) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    std::mt19937 dice(seed);
    const bool kills = seed % 2 == 0;
    table_.clear();
    passage_ = Fresh();
    query_.since->overlap_number = 6;
    query_.piece_rows = static_cast<std::uint32_t>(1 + dice() % 5);
    Restart();
    std::int64_t revision = 0;
    for (int step = 0; step < 40; ++step) {
      for (auto changes = dice() % 6; changes > 0; --changes) {
        revision += static_cast<std::int64_t>(dice() % 2);
        const auto late = static_cast<std::int64_t>(dice() % 4);
        const std::int64_t id = static_cast<std::int64_t>(dice() % 30);
        std::erase_if(table_, [id](const TableRow& row) { return row.id == id; });
        Put(std::max<std::int64_t>(revision - late, 0), id, std::to_string(step));
      }
      if (kills && dice() % 3 == 0) {
        passage_.deliveries_left = static_cast<int>(dice() % 3);
        Ask();
        Restart();
        passage_.deliveries_left = 1'000'000;
      } else {
        ASSERT_EQ(Ask(), "fine");
      }
    }
    ASSERT_EQ(Ask(), "fine");
    const std::vector<std::string> lines = LinesOf(passage_);
    const std::set<std::string> taken(lines.begin(), lines.end());
    for (const std::string& line : AllLines()) EXPECT_TRUE(taken.contains(line)) << seed << line;
    EXPECT_TRUE(kills || taken.size() == lines.size()) << seed;
  }
}

}  // namespace
}  // namespace fansipan::sources
