#include <gtest/gtest.h>

#include <cstdlib>

#include "sources/connectors/database/database.h"
#include "sources/connectors/database/database_position.h"
#include "sources/connectors/database/odbc_database.h"
#include "sources/connectors/database/postgres_database.h"
#include "sources/connectors/database/postgres_environment.h"
#include "sources/connectors/database/row_lines.h"
#include "sources/connectors/database/since_text.h"
#include "sources/connectors/database/sql_state.h"
#include "sources/connectors/database/wide_text.h"

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""min;

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

std::string ReasonOf(const base::Status& status) {
  return status.ok() ? "fine" : status.error().reason;
}

TEST(RowLines, TellNullAndEmptyApartAndKeepEveryByte) {
  RowLines lines;
  ASSERT_TRUE(lines.Begin({{"a\"b"}, {"c"}, {"d", CellKind::kBoolean}}, {"c"}).ok());
  const std::vector<Cell> cells = {std::nullopt, "", "t"};
  EXPECT_EQ(lines.Write(cells), "{\"a\\\"b\":null,\"c\":\"\",\"d\":\"true\"}\n");
  const std::vector<Cell> odd = {"\n\\\"", "Bắc Hà \xFF", "f"};
  EXPECT_EQ(lines.Write(odd),
            "{\"a\\\"b\":\"\\u000a\\\\\\\"\",\"c\":\"Bắc Hà \xFF\",\"d\":\"false\"}\n");
}

TEST(RowLines, RefuseColumnsThatCannotBeKept) {
  RowLines lines;
  EXPECT_EQ(ReasonOf(lines.Begin({{"a"}, {"a"}}, {})), "columns_ambiguous");
  EXPECT_EQ(ReasonOf(lines.Begin({{"a", CellKind::kBytes}}, {})), "column_binary");
  EXPECT_EQ(ReasonOf(lines.Begin({{"a"}}, {"a", "b"})), "column_missing");
}

center::DatabaseSince Moments() {
  return {.column = "at", .key = "id", .start = {}, .overlap_moment = 10min, .overlap_number = {}};
}

TEST(SinceText, GoesBackByTheOverlapAsTheTextIsWritten) {
  EXPECT_EQ(BeforeOverlap(Moments(), "2026-07-01 00:05:00.123456+00"),
            "2026-06-30 23:55:00.123456+00:00");
  EXPECT_EQ(BeforeOverlap(Moments(), "2026-07-01 00:05:00"), "2026-06-30 23:55:00");
  EXPECT_EQ(BeforeOverlap(Moments(), "2026-07-01"), "2026-06-30 23:50:00");
  center::DatabaseSince numbers = Moments();
  numbers.overlap_moment = std::nullopt;
  EXPECT_EQ(BeforeOverlap(numbers, "17"), std::nullopt);
  numbers.overlap_number = 20;
  EXPECT_EQ(BeforeOverlap(numbers, "17"), "-3");
  EXPECT_EQ(BeforeOverlap(numbers, "-9223372036854775808"), "-9223372036854775808");
}

TEST(SinceText, SeesWhatWouldHideAllThatComesLater) {
  const auto reason = [](const center::DatabaseSince& since, const std::string& text) {
    const auto count = CountOf(since, text, kNow);
    return count.ok() ? "fine" : count.error().reason;
  };
  EXPECT_EQ(reason(Moments(), "2026-07-01 23:59:00"), "fine");
  EXPECT_EQ(reason(Moments(), "9999-12-31 00:00:00+00"), "since_in_future");
  EXPECT_EQ(reason(Moments(), "infinity"), "since_unreadable");
  center::DatabaseSince numbers = Moments();
  numbers.overlap_moment = std::nullopt;
  EXPECT_EQ(reason(numbers, "whatever"), "fine");
  numbers.overlap_number = 5;
  EXPECT_EQ(reason(numbers, "1.5"), "since_unreadable");
}

TEST(DatabasePosition, IsReadBackAndEndsWithItsRule) {
  center::DatabaseQuery query;
  query.since = Moments();
  DatabasePosition position = Under("db", query, {});
  position.last = RowPlace{"2026-07-01 00:00:00", "ä\"7"};
  position.taken = 3;
  EXPECT_EQ(DecodeDatabasePosition(Encode(position)), position);
  EXPECT_EQ(Under("db", query, position), position);
  query.since->start = "2020-01-01";
  EXPECT_EQ(Under("db", query, position).last, std::nullopt);
  EXPECT_EQ(Under("db", query, position).taken, 3U);
  EXPECT_EQ(DecodeDatabasePosition("nonsense"), DatabasePosition());
}

TEST(DatabasePosition, SaysNothingOfAnotherDatabaseQueryOrColumn) {
  center::DatabaseQuery query;
  query.sql = "SELECT 1";
  DatabasePosition whole = Under("a", query, {});
  whole.content = "1-00";
  EXPECT_EQ(Under("a", query, whole).content, "1-00");
  EXPECT_EQ(Under("b", query, whole).content, "");
  query.since = Moments();
  DatabasePosition position = Under("a", query, {});
  position.last = RowPlace{"5", "7"};
  EXPECT_TRUE(Under("a", query, position).last);
  EXPECT_FALSE(Under("b", query, position).last);
  center::DatabaseQuery other = query;
  other.sql = "SELECT 2";
  EXPECT_FALSE(Under("a", other, position).last);
  other = query;
  other.since->column = "changed";
  EXPECT_FALSE(Under("a", other, position).last);
}

TEST(DatabaseIdentity, DiffersWithPlaceAndName) {
  center::PostgresSource source;
  source.database = "land";
  const auto identity = [&](const std::string& host, std::uint16_t port) {
    return MakePostgresDatabase(source, {host, port, center::Network::kPrivate})->Identity();
  };
  const std::string first = identity("a.vn", 5432);
  EXPECT_EQ(identity("a.vn", 5432), first);
  EXPECT_NE(identity("b.vn", 5432), first);
  EXPECT_NE(identity("a.vn", 5433), first);
  source.database = "licences";
  EXPECT_NE(identity("a.vn", 5432), first);
  center::OdbcSource odbc;
  odbc.attributes = {{"Server", "a"}};
  const std::string driver = MakeOdbcDatabase(odbc)->Identity();
  odbc.attributes = {{"Server", "b"}};
  EXPECT_NE(MakeOdbcDatabase(odbc)->Identity(), driver);
}

TEST(PostgresEnvironment, IsClosedAndOtherVariablesStay) {
  for (const char* name : {"PGSERVICE", "PGOPTIONS", "PGHOST"}) setenv(name, "/none", 1);
  setenv("FANSIPAN_PG", "kept", 1);
  ClearPostgresEnvironment();
  for (const char* name : {"PGSERVICE", "PGOPTIONS", "PGHOST"}) {
    EXPECT_EQ(std::getenv(name), nullptr) << name;
  }
  EXPECT_STREQ(std::getenv("FANSIPAN_PG"), "kept");
  unsetenv("FANSIPAN_PG");
}

TEST(ShownText, HidesTheSecretAndStaysOnOneShortLine) {
  EXPECT_EQ(ShownText("password=s3cret\nuser=x\n", "s3cret"), "password=*** user=x");
  EXPECT_EQ(ShownText("aa", ""), "aa");
  EXPECT_LE(ShownText(std::string(1'000, 'x'), "y").size(), 310U);
}

TEST(SqlState, IsToldByNameAndCode) {
  EXPECT_EQ(ErrorOfState("57014", "db", "canceled").reason, "statement_timeout");
  EXPECT_EQ(ErrorOfState("25006", "db", "").reason, "write_refused");
  EXPECT_EQ(ErrorOfState("28P01", "db", "").code, base::ErrorCode::kUnauthenticated);
  EXPECT_EQ(ErrorOfState("42501", "db", "").reason, "right_missing");
  EXPECT_EQ(ErrorOfState("42P01", "db", "").reason, "query_refused");
  EXPECT_EQ(ErrorOfState("XX000", "db", "").code, base::ErrorCode::kUnavailable);
  EXPECT_NE(ErrorOfState("42P01", "db", "no table").message.find("42P01 (no table)"),
            std::string::npos);
}

TEST(WideText, GoesThereAndBack) {
  for (const std::string text : {"", "Hồ sơ số 7", "𝄞 nhạc"}) {
    EXPECT_EQ(ToNarrow(ToWide(text)), text);
  }
  EXPECT_EQ(ToWide("a\xFF"), u"a\uFFFD");
  EXPECT_EQ(ToWide("\xED\xA0\x80").find(u'\xD800'), std::u16string::npos);
  // Half of a pair must not pass for a character.
  EXPECT_EQ(ToNarrow(std::u16string(1, u'\xD800')), "\xED\xA0\x80");
}

TEST(OdbcConnectionText, LetsNoValueEndBeforeItsEnd) {
  center::OdbcSource source;
  source.driver = "SQLite3";
  source.attributes = {{"Database", "/srv/a.db"}, {"Note", "x;PWD=y"}};
  source.query.user = "ioc";
  EXPECT_EQ(OdbcConnectionText(source, "p}w;d"),
            "DRIVER={SQLite3};Database=/srv/a.db;Note={x;PWD=y};UID=ioc;PWD={p}}w;d};");
}

}  // namespace
}  // namespace fansipan::sources
