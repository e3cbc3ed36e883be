#include "sources/contract/column_profiler.h"

#include <gtest/gtest.h>

namespace fansipan::sources {
namespace {

class Rows final : public RawRowConsumer {
 public:
  base::Status Begin(const std::vector<std::string>& columns) override {
    width = columns.size();
    return {};
  }
  base::Status Take(const RawBatch& batch) override {
    taken += batch.rows.size();
    return {};
  }
  std::size_t width = 0;
  std::size_t taken = 0;
};

std::vector<model::ColumnProfile> ProfileOf(const std::vector<std::string>& cells) {
  Rows rows;
  ColumnProfiler profiler(rows);
  EXPECT_TRUE(profiler.Begin({"column"}).ok());
  RawBatch batch;
  batch.width = 1;
  for (const std::string& cell : cells) {
    batch.rows.push_back(static_cast<std::uint32_t>(batch.rows.size() + 1));
    batch.cells.push_back({cell, cell.empty()});
  }
  EXPECT_TRUE(profiler.Take(batch).ok());
  EXPECT_EQ(rows.taken, cells.size());
  return profiler.Profile();
}

TEST(CellForm, TellsNumbersDatesAndTextApart) {
  for (const auto* number : {"0", "-12", "1.234.567,89", "1,234.5", "+7", " 12 ", "1 234"}) {
    EXPECT_EQ(FormOf(number), CellForm::kNumber) << number;
  }
  for (const auto* date :
       {"31/12/2025", "1-2-2025", "31.12.2025", "31/12/2025 08:30", "05/03/25"}) {
    EXPECT_EQ(FormOf(date), CellForm::kDayFirstDate) << date;
  }
  for (const auto* date :
       {"2025-12-31", "2025-12-31T08:00:00+07:00", "2025/1/2", "20251231T080000"}) {
    EXPECT_EQ(FormOf(date), CellForm::kYearFirstDate) << date;
  }
  for (const auto* text :
       {"", "Bắc Hà", "HS-001", "12 km", "-", "1/2", "12/2025", "1e9", "31/12-2025"}) {
    EXPECT_EQ(FormOf(text), CellForm::kText) << text;
  }
}

TEST(CellForm, ReadsHowLargeANumberIsInBothWritings) {
  EXPECT_DOUBLE_EQ(MagnitudeOf("1.234,5"), 1234.5);
  EXPECT_DOUBLE_EQ(MagnitudeOf("1,234.5"), 1234.5);
  EXPECT_DOUBLE_EQ(MagnitudeOf("1.234.567"), 1234567);
  EXPECT_DOUBLE_EQ(MagnitudeOf("1.234"), 1234);
  EXPECT_DOUBLE_EQ(MagnitudeOf("0.234"), 0.234);
  EXPECT_DOUBLE_EQ(MagnitudeOf("-12"), 12);
}

TEST(ColumnProfiler, CountsHowCellsAreWritten) {
  const auto profile = ProfileOf({"1", "100", "", "31/12/2025", "2025-12-31", "text", "10000"});
  ASSERT_EQ(profile.size(), 1U);
  const model::ColumnProfile& column = profile[0];
  EXPECT_EQ(column.name, "column");
  EXPECT_EQ(column.cells, 7U);
  EXPECT_EQ(column.empty, 1U);
  EXPECT_EQ(column.numbers, 3U);
  EXPECT_EQ(column.day_first_dates, 1U);
  EXPECT_EQ(column.year_first_dates, 1U);
  EXPECT_EQ(column.magnitude, 2000);
  EXPECT_EQ(column.mean_length, (1 + 3 + 10 + 10 + 4 + 5) / 6);
}

TEST(ColumnProfiler, HasNoMagnitudeWithoutNumbersOrOfZero) {
  EXPECT_FALSE(ProfileOf({"a", "b"})[0].magnitude);
  EXPECT_FALSE(ProfileOf({"0", "0", "0"})[0].magnitude);
}

TEST(ColumnProfiler, LooksAtFewOfManyRows) {
  const std::vector<std::string> cells(kProfiledRows + 10 * kProfileStride, "1");
  EXPECT_EQ(ProfileOf(cells)[0].cells, kProfiledRows + 10);
}

TEST(ColumnProfiler, LeavesColumnsBeyondItsLimitAlone) {
  Rows rows;
  ColumnProfiler profiler(rows);
  ASSERT_TRUE(profiler.Begin(std::vector<std::string>(kMaxProfiledColumns + 5, "c")).ok());
  EXPECT_EQ(rows.width, kMaxProfiledColumns + 5);
  EXPECT_EQ(profiler.Profile().size(), kMaxProfiledColumns);
}

std::vector<model::ColumnProfile> ProfileOfNames(const std::vector<std::string>& names) {
  Rows rows;
  ColumnProfiler profiler(rows);
  EXPECT_TRUE(profiler.Begin(names).ok());
  return profiler.Profile();
}

TEST(ColumnProfiler, CutsLongNamesAndTellsThoseApartThatBeginAlike) {
  const auto profile =
      ProfileOfNames({std::string(500, 'n'), std::string(500, 'n') + "2", std::string(100, 'n')});
  EXPECT_EQ(profile[0].name.size(), kMaxProfiledName);
  EXPECT_TRUE(profile[0].name.starts_with(std::string(100, 'n') + "~"));
  EXPECT_NE(profile[0].name, profile[1].name);
  EXPECT_EQ(profile[2].name, std::string(100, 'n'));
}

TEST(ColumnProfiler, MendsNamesThatAreNotUtf8AndCutsThemBetweenCharacters) {
  const auto profile =
      ProfileOfNames({"\xFFten", std::string(99, 'n') + "ộ" + std::string(20, 'n')});
  EXPECT_EQ(profile[0].name, "\xEF\xBF\xBDten");
  EXPECT_EQ(profile[1].name.size(), 99 + kNameHash);
  EXPECT_TRUE(profile[1].name.starts_with(std::string(99, 'n') + "~"));
}

}  // namespace
}  // namespace fansipan::sources
