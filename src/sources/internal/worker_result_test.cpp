#include "sources/internal/worker_result.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "sources/contract/column_profiler.h"

namespace fansipan::sources::internal {
namespace {

WorkerJob JobOfOneMapping() {
  WorkerJob job;
  job.source.mappings.push_back({.dataset = "case", .file = "case.sql", .sql = ""});
  job.targets.push_back({{.name = "number"}, {.name = "note", .optional = true}});
  return job;
}

/// Three raw rows: one mapped, one skipped, one refused.
std::string MappedBytes(std::uint32_t raw_row = 1) {
  std::string bytes;
  WorkerResultWriter writer([&](std::string_view part) {
    bytes += part;
    return base::Status();
  });
  writer.BeginMapped();
  writer.BeginRow({raw_row});
  writer.Text("K-1");
  writer.Text(std::nullopt);
  writer.EndDataset();
  DecodedPayload decoded;
  decoded.rows = {{0, 5, 1}, {6, 5, 2}, {12, 5, 3}};
  model::QuarantinedRow refused;
  refused.raw_row = 3;
  refused.byte_offset = 12;
  refused.reason = "too_few_columns";
  decoded.refused.push_back(refused);
  model::DeliveryCounts counts;
  counts.raw_rows = 3;
  counts.mapped = 1;
  counts.skipped = 1;
  counts.refused = 1;
  writer.EndMapped(counts, decoded);
  model::ColumnProfile profile;
  profile.name = "number";
  profile.cells = 2;
  profile.magnitude = -301;
  writer.Beside({profile}, {});
  EXPECT_TRUE(writer.Finish().ok());
  return bytes;
}

TEST(WorkerResult, ComesBackAsItWasWritten) {
  const auto parsed = ParseMappedResult(MappedBytes(), JobOfOneMapping());
  ASSERT_TRUE(parsed.ok());
  ASSERT_EQ(parsed->datasets.size(), 1U);
  EXPECT_EQ(parsed->datasets[0].dataset, "case");
  ASSERT_EQ(parsed->datasets[0].rows.size(), 1U);
  EXPECT_EQ(parsed->datasets[0].rows[0].texts[0], "K-1");
  EXPECT_FALSE(parsed->datasets[0].rows[0].texts[1].has_value());
  EXPECT_EQ(parsed->offsets, (std::vector<std::uint64_t>{0, 6, 12}));
  EXPECT_EQ(parsed->refused[0].reason, "too_few_columns");
  EXPECT_EQ(parsed->counts.skipped, 1U);
}

/// A result that failed, beside a profile of one column.
std::string FailedBytes(const model::ColumnProfile& column) {
  std::string bytes;
  WorkerResultWriter writer([&](std::string_view part) {
    bytes += part;
    return base::Status();
  });
  writer.Failed({base::ErrorCode::kInvalidArgument, "mapping_failed", "no such column"}, {column});
  EXPECT_TRUE(writer.Finish().ok());
  return bytes;
}

TEST(WorkerResult, TellsHowColumnsAreWrittenWhenAMappingFailed) {
  const model::ColumnProfile column{"fee", 10, 2, 4, 2, 2, 6, 3000};
  EXPECT_EQ(ParseFailedProfile(FailedBytes(column)), std::vector{column});
}

TEST(WorkerResult, IsRefusedWhenItsProfileCannotHaveBeenCounted) {
  constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
  const std::vector<model::ColumnProfile> unsound = {
      {std::string(kMaxProfiledName + 1, 'n'), 10, 0, 0, 0, 0, 0, {}},
      {"more empty than cells", 10, 11, 0, 0, 0, 0, {}},
      {"more numbers than written", 10, 5, 6, 0, 0, 1, {}},
      {"wraps around", 10, 0, kMost, 2, 0, 1, {}},
      {"magnitude", 10, 0, 10, 0, 0, 1, std::numeric_limits<std::int32_t>::min()},
      {"magnitude", 10, 0, 10, 0, 0, 1, kMaxMagnitude + 1},
  };
  for (const model::ColumnProfile& column : unsound) {
    EXPECT_TRUE(ParseFailedProfile(FailedBytes(column)).empty()) << column.name;
    const auto parsed = ParseMappedResult(FailedBytes(column), JobOfOneMapping());
    ASSERT_FALSE(parsed.ok());
    EXPECT_EQ(parsed.error().reason, "worker_crashed") << column.name;
  }
}

TEST(WorkerResult, IsRefusedWhenCutAnywhereOrFollowedByBytes) {
  const std::string bytes = MappedBytes();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto parsed = ParseMappedResult(bytes.substr(0, length), JobOfOneMapping());
    ASSERT_FALSE(parsed.ok()) << length;
    EXPECT_EQ(parsed.error().reason, "worker_crashed");
  }
  EXPECT_FALSE(ParseMappedResult(bytes + "x", JobOfOneMapping()).ok());
}

TEST(WorkerResult, IsRefusedWhenItsCountsDoNotFollowFromItsRows) {
  EXPECT_FALSE(ParseMappedResult(MappedBytes(0), JobOfOneMapping()).ok());
  EXPECT_FALSE(ParseMappedResult(MappedBytes(3), JobOfOneMapping()).ok());
  EXPECT_FALSE(ParseMappedResult(MappedBytes(4), JobOfOneMapping()).ok());
}

TEST(WorkerResult, SurvivesAnyChangedByte) {
  const std::string bytes = MappedBytes();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const char change : {'\x01', '\x80', '\xFF'}) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ change);
      const auto parsed = ParseMappedResult(changed, JobOfOneMapping());
      if (!parsed.ok()) continue;
      EXPECT_EQ(parsed->counts.raw_rows, parsed->offsets.size());
    }
  }
}

TEST(WorkerResult, HandsOnTheWorkersError) {
  std::string bytes;
  WorkerResultWriter writer([&](std::string_view part) {
    bytes += part;
    return base::Status();
  });
  writer.Failed({base::ErrorCode::kTooLarge, "too_deep", "line 1"}, {});
  ASSERT_TRUE(writer.Finish().ok());
  const auto parsed = ParseMappedResult(bytes, JobOfOneMapping());
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, base::ErrorCode::kTooLarge);
  EXPECT_EQ(parsed.error().reason, "too_deep");
  EXPECT_FALSE(ParseLocatedResult(bytes, JobOfOneMapping()).ok());
}

}  // namespace
}  // namespace fansipan::sources::internal
