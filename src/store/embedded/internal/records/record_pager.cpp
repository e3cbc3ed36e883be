#include "store/embedded/internal/records/record_pager.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "store/embedded/internal/duckdb_sql_rendering.h"
#include "store/embedded/internal/fact_rows.h"
#include "store/embedded/internal/records/record_statement.h"

namespace fansipan::store::internal {
namespace {

constexpr std::size_t kMaxPage = 1'000;
constexpr std::uint64_t kFirstSpan = 1U << 17U;
constexpr std::uint64_t kGrowth = 4;
constexpr std::uint64_t kMaxSpan = std::uint64_t{1} << 60U;
constexpr std::string_view kDoing = "reading records from the fact store";

/// Where a page ended, and what it and the pages behind it are of.
struct Cursor {
  std::uint64_t before = 0;
  std::uint64_t as_of = 0;
};

std::string EncodeCursor(const Cursor& cursor) {
  return fmt::format("{}.{}", cursor.before, cursor.as_of);
}

std::optional<Cursor> DecodeCursor(const std::string& text) {
  Cursor cursor;
  const auto point = text.find('.');
  if (point == std::string::npos) return std::nullopt;
  std::from_chars(text.data(), text.data() + point, cursor.before);
  std::from_chars(text.data() + point + 1, text.data() + text.size(), cursor.as_of);
  return EncodeCursor(cursor) == text ? std::optional(cursor) : std::nullopt;
}

}  // namespace

base::Result<RecordPage> RecordPager::Read() {
  FANSIPAN_RETURN_IF_ERROR(Begin());
  const DisplacedVersions::Taken taken = parts_.displaced.Take();
  FANSIPAN_RETURN_IF_ERROR(parts_.connection.Run("BEGIN TRANSACTION READ ONLY", kDoing));
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto displaced,
      parts_.displaced.AsOf(page_.as_of, taken, parts_.connection, parts_.catalogue));
  parts_.in_use.Use(displaced.get());
  const base::Status read = ReadRanges();
  parts_.in_use.Use(nullptr);
  FANSIPAN_RETURN_IF_ERROR(read);
  return std::move(page_);
}

base::Status RecordPager::Begin() {
  if (query_.limit == 0 || query_.limit > kMaxPage) {
    return base::Error{base::ErrorCode::kInvalidArgument, "bad_query",
                       fmt::format("records of dataset '{}': a page has 1 to {} records",
                                   dataset_.name, kMaxPage)};
  }
  page_.as_of = query_.as_of;
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  before_ = query_.as_of.value == kLast ? kLast : query_.as_of.value + 1;
  if (query_.after.empty()) return {};
  const auto cursor = DecodeCursor(query_.after);
  if (!cursor) {
    return base::Error{base::ErrorCode::kInvalidArgument, "bad_cursor",
                       "this cursor is none that a page has ended with"};
  }
  page_.as_of.value = std::min(page_.as_of.value, cursor->as_of);
  before_ = std::min(before_, cursor->before);
  return {};
}

base::Status RecordPager::ReadRanges() {
  const std::uint64_t first = query_.changed ? query_.changed->after.value + 1 : 0;
  for (std::uint64_t span = kFirstSpan; before_ > first;
       span = std::min(span * kGrowth, kMaxSpan)) {
    const SequenceRange range{std::max(first, before_ - std::min(before_, span)), before_};
    const std::size_t missing = query_.limit + 1 - page_.records.size();
    FANSIPAN_ASSIGN_OR_RETURN(const RecordStatement statement,
                              BuildRecords(query_, dataset_, range, missing));
    FANSIPAN_RETURN_IF_ERROR(ReadRows(parts_.connection, statement.sql, statement.parameters,
                                      kDoing, [&](const DuckDbRows& rows) {
                                        page_.records.push_back(
                                            ReadVersion(rows, dataset_.name, statement.columns));
                                      }));
    before_ = range.from;
    if (page_.records.size() > query_.limit) {
      page_.records.pop_back();
      page_.next = EncodeCursor({page_.records.back().sequence.value, page_.as_of.value});
      return {};
    }
  }
  return {};
}

}  // namespace fansipan::store::internal
