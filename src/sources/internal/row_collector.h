#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/decoding.h"

namespace fansipan::sources::internal {

/// A cell with more bytes than this refuses its row.
inline constexpr std::size_t kMaxCellBytes = 16U << 20U;

/// Numbers the rows that a decoder finds, keeps their places, and hands them on in batches. Every
/// started row is either ended or refused. Used by one thread.
class RowCollector {
 public:
  RowCollector(std::uint64_t row_limit, RawRowConsumer& consumer)
      : row_limit_(row_limit), consumer_(consumer) {}

  base::Status Begin(const std::vector<std::string>& columns);
  std::size_t width() const { return batch_.width; }

  /// All cells of the new row are missing until set. Error: too_many_rows.
  base::Status StartRow(std::uint64_t offset, std::uint32_t line);
  /// `text` must live as long as the payload, or until Flush, or come from Keep.
  void SetCell(std::size_t column, std::string_view text);
  /// Holds a text until its batch has been handed over.
  std::string_view Keep(std::string text);
  /// Refuses the row instead when a cell of it is too large (cell_too_large).
  base::Status EndRow(std::uint64_t length);
  /// The started row cannot be decoded. Error: too_many_refused.
  base::Status RefuseRow(std::uint64_t length, std::string_view reason, std::string message,
                         std::string_view column = {});

  /// The cells of the row that ends the table.
  void NoteFooter(const std::vector<std::string_view>& cells);
  /// The line that begins at `offset` is no text, for which the decoder ends with an error.
  void NoteUnreadable(std::size_t offset) { unreadable_ = offset; }
  std::optional<std::size_t> unreadable() const { return unreadable_; }

  /// Hands over the rows that have ended.
  base::Status Flush();
  /// Hands over what is left.
  base::Result<DecodedPayload> Finish();

 private:
  base::Status RefuseOversized(std::uint64_t length);

  std::uint64_t row_limit_;
  RawRowConsumer& consumer_;
  std::vector<std::string> columns_;
  std::optional<std::size_t> oversized_;  ///< a column of the started row
  std::optional<std::size_t> unreadable_;
  RawBatch batch_;
  std::deque<std::string> kept_;
  DecodedPayload decoded_;
};

}  // namespace fansipan::sources::internal
