#include "sources/connectors/database/statement.h"

#include <gtest/gtest.h>

namespace fansipan::sources {
namespace {

Dialect Postgres() {
  return {.quote = "\"", .numbered = true, .compares_rows = true, .limits = true};
}

center::DatabaseQuery Query(const std::string& sql) {
  center::DatabaseQuery query;
  query.sql = sql;
  query.since = {.column = "changed", .key = "the \"id\"", .start = "0"};
  return query;
}

TEST(PieceStatement, BindsEveryValueInItsOrder) {
  const Statement statement = PieceStatement(
      Query("SELECT * FROM t WHERE c >= $since; -- end"),
      {.after = RowPlace{"5", "a"}, .up_to = RowPlace{"9", "b"}}, "5", 10, Postgres());
  EXPECT_EQ(statement.sql,
            "SELECT * FROM (\nSELECT * FROM t WHERE c >= $1\n) asked\n"
            "WHERE \"changed\" IS NOT NULL AND \"the \"\"id\"\"\" IS NOT NULL\n"
            "AND (\"changed\", \"the \"\"id\"\"\") > ($2, $3)\n"
            "AND (\"changed\", \"the \"\"id\"\"\") <= ($4, $5)\n"
            "ORDER BY \"changed\", \"the \"\"id\"\"\"\nLIMIT 10");
  EXPECT_EQ(statement.parameters, (std::vector<std::string>{"5", "5", "a", "9", "b"}));
}

TEST(PieceStatement, DoesWithoutWhatADatabaseMayNotKnow) {
  const Statement statement = PieceStatement(
      Query("SELECT 1"), {.from = "3", .up_to = RowPlace{"9", "b"}}, "", 10, Dialect());
  EXPECT_EQ(statement.sql,
            "SELECT * FROM (\nSELECT 1\n) asked\n"
            "WHERE \"changed\" IS NOT NULL AND \"the \"\"id\"\"\" IS NOT NULL\n"
            "AND \"changed\" >= ?\n"
            "AND (\"changed\" < ? OR (\"changed\" = ? AND \"the \"\"id\"\"\" <= ?))\n"
            "ORDER BY \"changed\", \"the \"\"id\"\"\"");
  EXPECT_EQ(statement.parameters, (std::vector<std::string>{"3", "9", "9", "b"}));
  EXPECT_EQ(statement.most_rows, 10U);
}

TEST(PieceStatement, AsksForRowsThatHaveNoPlace) {
  const Statement statement =
      PieceStatement(Query("SELECT 1"), {.unplaced = true}, "", 1, Postgres());
  EXPECT_EQ(statement.sql,
            "SELECT \"changed\", \"the \"\"id\"\"\" FROM (\nSELECT 1\n) asked\n"
            "WHERE \"changed\" IS NULL OR \"the \"\"id\"\"\" IS NULL\nLIMIT 1");
  EXPECT_TRUE(statement.parameters.empty());
}

TEST(WholeStatement, IsTheQueryAsItStands) {
  EXPECT_EQ(WholeStatement(Query("SELECT 1 ;"), Postgres()).sql, "SELECT 1 ");
}

}  // namespace
}  // namespace fansipan::sources
