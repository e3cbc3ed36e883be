// Parquet all the way: written by DuckDB, read by another one in its confined process, mapped.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sources/internal/parquet/parquet_columns.h"
#include "sources/testing/converted_source.h"
#include "sources/testing/parquet_files.h"

namespace fansipan::sources {
namespace {

using testing::ConvertedSource;
using testing::ParquetOf;
using testing::Texts;

ConvertedSource SourceOf(const std::vector<std::string>& columns) {
  return {SOURCES_WORKER_PROBE, center::Format::kParquet, columns};
}

TEST(Parquet, ValuesComeAsTextInTheOrderOfTheFile) {
  ConvertedSource table = SourceOf({"a", "b", "c", "d", "e", "f"});
  const auto mapped = table.Map(ParquetOf(
      "SELECT * FROM (VALUES (2, 'Lào \"Cai\",\n1', DATE '2026-01-02', 1.50::DECIMAL(9,2), "
      "0.1::DOUBLE, TIMESTAMPTZ '2026-01-02 10:00:00+07'), (1, '', NULL, NULL, NULL, NULL)) "
      "t(a, b, c, d, e, f)"));
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(ConvertedSource::RowsOf(*mapped),
            (std::vector<Texts>{
                {"2", "Lào \"Cai\",\n1", "2026-01-02", "1.50", "0.1", "2026-01-02T03:00:00Z"},
                {"1", std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt}}));
  EXPECT_EQ(mapped->offsets, (std::vector<std::uint64_t>{1, 2})) << "rows of the file";
}

TEST(Parquet, DeclaredColumnsLeadIntoFields) {
  const std::string file =
      ParquetOf("SELECT 7 AS ma, {'ward': 'Sa Pa', 'o''k': {'n': 3}} AS address, [1, 2] AS l");
  ConvertedSource table = SourceOf({"ma", "ward", "n"});
  EXPECT_EQ(table.ReasonOf(file), "wrong_columns") << "a field that is made of others";
  table.source.parquet.columns = {{"ma", ""}, {"ward", "/address/ward"}, {"n", "/address/o'k/n"}};
  const auto mapped = table.Map(file);
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(ConvertedSource::RowsOf(*mapped), (std::vector<Texts>{{"7", "Sa Pa", "3"}}));
  table.source.parquet.columns = {{"ma", "/address/nothing"}, {"ward", ""}, {"n", ""}};
  EXPECT_EQ(table.ReasonOf(file), "parquet_unreadable");
  table.source.parquet.columns = {{"ma", ""}, {"ward", "/l"}, {"n", "/ma"}};
  EXPECT_EQ(table.ReasonOf(file), "wrong_columns") << "a list";
}

TEST(Parquet, MoreRowsThanASheetHasAreRead) {
  ConvertedSource table = SourceOf({"i"});
  table.source.skip_rows = "CAST(i AS BIGINT) < 1099999";
  table.source.limits.rows = 2'000'000;
  table.source.limits.worker_memory_bytes = 1ULL << 30U;
  const auto mapped = table.Map(ParquetOf("SELECT range AS i FROM range(1100000)"));
  ASSERT_TRUE(mapped.ok()) << mapped.error().message;
  EXPECT_EQ(mapped->counts.raw_rows, 1'100'000U);
  EXPECT_EQ(ConvertedSource::RowsOf(*mapped), (std::vector<Texts>{{"1099999"}}));
}

TEST(Parquet, RowsAreLocatedByTheirNumber) {
  ConvertedSource table = SourceOf({"a"});
  const auto located = table.Locate(ParquetOf("SELECT 'x' || range AS a FROM range(3)"), {3});
  ASSERT_TRUE(located.ok()) << located.error().message;
  EXPECT_EQ(located->spans.at(0).line, 3U);
  EXPECT_EQ(located->text.substr(located->spans[0].offset, located->spans[0].length), "\"x2\"");
}

TEST(Parquet, WhatIsNoneIsRefused) {
  ConvertedSource table = SourceOf({"a"});
  const std::string whole = ParquetOf("SELECT range AS a FROM range(1000)");
  ASSERT_EQ(table.ReasonOf(whole), "");
  for (const std::string& other :
       {std::string(), std::string("a,b\n"), std::string("PAR1"), std::string("PAR1PARE"),
        whole.substr(0, whole.size() - 1), std::string("PAR1....PAR1").substr(0, 8)}) {
    EXPECT_EQ(table.ReasonOf(other), "not_parquet") << other.size();
  }
  EXPECT_EQ(table.ReasonOf("PAR1" + std::string("\xFF\xFF\xFF\x7F") + "PAR1"),
            "parquet_unreadable");
  std::string middle = whole;
  middle.erase(100, 200);
  EXPECT_NE(table.ReasonOf(middle), "");
}

TEST(Parquet, NoDamagedFooterIsReadOrEndsTheServer) {
  ConvertedSource table = SourceOf({"a"});
  const std::string whole = ParquetOf("SELECT range AS a, 'x' AS b FROM range(10)");
  for (std::size_t at = whole.size() - 60; at + 12 < whole.size(); at += 12) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(~damaged[at]);
    static_cast<void>(table.ReasonOf(damaged));
  }
  EXPECT_EQ(table.ReasonOf(whole), "");
}

/// Much in little: a value that is told once for a million rows.
TEST(Parquet, ABombIsStoppedAtItsLimits) {
  ConvertedSource table = SourceOf({"a"});
  const std::string bomb = ParquetOf("SELECT repeat('x', 4000) AS a FROM range(100000)");
  ASSERT_LT(bomb.size(), 4U << 20U);
  table.source.limits.payload_bytes = 8U << 20U;
  EXPECT_EQ(table.ReasonOf(bomb), "payload_too_large");
}

TEST(Parquet, TwoThousandColumnsAreTheMost) {
  std::string select = "SELECT 1 AS a";
  for (int i = 0; i < 2000; ++i) select += ", " + std::to_string(i) + " AS c" + std::to_string(i);
  const std::string wide = ParquetOf(select);
  ConvertedSource table = SourceOf({"a"});
  EXPECT_EQ(table.ReasonOf(wide), "wrong_columns");
  table.source.parquet.columns = {{"a", ""}};
  EXPECT_EQ(table.ReasonOf(wide), "");
}

TEST(ParquetColumns, FieldsAreQuoted) {
  using internal::FieldOf;
  EXPECT_EQ(FieldOf({"a\"b", ""}), "\"a\"\"b\"");
  EXPECT_EQ(FieldOf({"x", "/a/b'c"}), "struct_extract(\"a\", 'b''c')");
  const auto parsed =
      internal::ParseParquetColumns(internal::EncodeParquetColumns({{"a", ""}, {"b", "/c/d"}}));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ((*parsed)[1].name + (*parsed)[1].path, "b/c/d");
  EXPECT_FALSE(internal::ParseParquetColumns("[1]").ok());
}

}  // namespace
}  // namespace fansipan::sources
