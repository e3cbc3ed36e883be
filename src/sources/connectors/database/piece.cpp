#include "sources/connectors/database/piece.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources {
namespace {

base::Result<std::size_t> PlaceOf(const std::vector<ResultColumn>& columns,
                                  const std::string& name) {
  const auto found = std::ranges::find(columns, name, &ResultColumn::name);
  if (found != columns.end()) return static_cast<std::size_t>(found - columns.begin());
  return base::Error{base::ErrorCode::kInvalidArgument, "column_missing",
                     "the query gives no column '" + name +
                         "', which 'since' names; write it as the database gives it"};
}

/// Such a text can neither be recorded nor compared as it is.
base::Error Garbled(const RowPlace& place) {
  const auto shown = [](const std::string& text) { return ShownText(internal::AsUtf8(text), ""); };
  return {base::ErrorCode::kInvalidArgument, "key_unreadable",
          "the row '" + shown(place.key) + "' at '" + shown(place.column) +
              "' has bytes that are no text (UTF-8) in the columns that 'since' names; what comes "
              "before it is taken. Have it mended at the source, or leave it out in the query"};
}

base::Error TooLarge(const char* reason, std::string message) {
  return {base::ErrorCode::kTooLarge, reason, std::move(message)};
}

}  // namespace

base::Status PieceTaker::Begin(const std::vector<ResultColumn>& columns) {
  FANSIPAN_ASSIGN_OR_RETURN(column_, PlaceOf(columns, since_.column));
  FANSIPAN_ASSIGN_OR_RETURN(key_, PlaceOf(columns, since_.key));
  return lines_.Begin(columns, limits_.columns);
}

bool PieceTaker::EndWith(base::Error error) {
  fault_ = std::move(error);
  return false;
}

base::Result<bool> PieceTaker::Take(std::span<const Cell> cells) {
  if (!cells[column_] || !cells[key_]) return true;  // looked for apart, see RowRange::unplaced
  RowPlace place{std::string(*cells[column_]), std::string(*cells[key_])};
  if (!internal::IsUtf8(place.column) || !internal::IsUtf8(place.key))
    return EndWith(Garbled(place));
  const auto count = CountOf(since_, place.column, limits_.now);
  if (!count.ok()) return EndWith(count.error());
  const std::string_view line = lines_.Write(cells);
  if (line.size() > limits_.bytes) {
    return EndWith(TooLarge(
        "row_too_large",
        fmt::format("the row with the key '{}' has {} bytes; leave columns out of the query, or "
                    "raise limits.payload",
                    ShownText(place.key, ""), line.size())));
  }
  if (rows_ >= limits_.rows || payload_.size() + line.size() > limits_.bytes) {
    is_cut_ = true;
    return false;
  }
  ++rows_;
  const std::uint64_t fingerprint = RowFingerprint(line);
  if (!known_.Knows(fingerprint)) {
    payload_ += line;
    fresh_.push_back({.fingerprint = fingerprint, .column = place.column, .count = *count});
  }
  last_ = std::move(place);
  is_cut_ = rows_ >= limits_.rows;
  return true;  // the statement ends here by itself, and its connection can be kept
}

base::Result<bool> WholeTaker::Take(std::span<const Cell> cells) {
  const std::string_view line = lines_.Write(cells);
  if (rows_ >= limits_.rows || payload_.size() + line.size() > limits_.bytes) {
    return TooLarge(
        "result_too_large",
        fmt::format("the query gives more than {} rows or {} bytes; declare 'since', so "
                    "that it is read in pieces, or raise 'limits'",
                    limits_.rows, limits_.bytes));
  }
  const base::Fingerprint fingerprint = base::FingerprintOf(line);
  high_ += fingerprint.high;
  low_ += fingerprint.low;
  ++rows_;
  payload_ += line;
  return true;
}

std::string WholeTaker::Content() const {
  return fmt::format("{}-{:016x}{:016x}", rows_, high_, low_);
}

}  // namespace fansipan::sources
