#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/cell_range.h"

namespace fansipan::sources::internal {

/// One row of a sheet within the range that is read.
struct SheetRow {
  std::size_t offset = 0;  ///< bytes from the text's start
  std::size_t length = 0;
  std::uint32_t number = 0;  ///< of the sheet, counted from 1
  /// One for each column of the range; valid until the next row is read. What has blanks alone is
  /// empty.
  std::vector<std::string_view> cells;
  bool utf8 = true;

  bool IsWritten() const;
};

/// Reads the rows of a sheet's text (see sheet_text.h) one by one, within a range, with the text of
/// merged cells in each of them. One thread.
class SheetReader {
 public:
  /// Both live as long as the reader.
  SheetReader(std::string_view text, const center::CellRange& range) : text_(text), range_(range) {}

  /// To be called first. Errors: cut_off, wrong_columns (no column of the sheet is in the range).
  base::Status Begin();
  /// The cells of the text's first row, which is none of the sheet; until the next row is read.
  const std::vector<std::string_view>& first_cells() const { return cells_; }
  /// Columns that are read, counted from the range's first.
  std::size_t width() const { return width_; }
  /// False at the end of the range, which empty rows may precede. Error: cut_off.
  base::Result<bool> Next(SheetRow& row);

 private:
  /// A range of merged cells, with the text of its first cell once that has been read.
  struct Merged {
    center::CellRange range;
    std::string text;
  };

  base::Status ReadMerged();
  base::Status ReadRecord(std::size_t& length);
  base::Status ReadQuoted();
  void FillMerged(std::uint32_t number);
  std::string_view CellAt(std::uint32_t column) const;

  const std::string_view text_;
  const center::CellRange& range_;
  std::size_t position_ = 0;
  std::uint32_t number_ = 0;
  std::size_t width_ = 0;
  std::vector<Merged> merged_;           ///< by first row
  std::size_t begun_ = 0;                ///< of them, those whose first row has been read
  std::vector<std::size_t> open_;        ///< those of them that reach the row being read
  std::vector<std::string_view> cells_;  ///< of the row being read, from column A on
  std::deque<std::string> kept_;         ///< texts that are not written so
};

}  // namespace fansipan::sources::internal
