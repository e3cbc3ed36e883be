#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/source.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// More columns are not read.
inline constexpr std::size_t kMaxCsvColumns = 2000;

/// One record of a CSV file: its place, its cells, and what is wrong with it.
struct CsvRecord {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::uint32_t line = 0;
  std::vector<std::string_view> cells;  ///< the first kMaxCsvColumns of them
  std::size_t cell_count = 0;
  std::size_t written = 0;  ///< cells up to the last that is not empty
  bool well_quoted = true;
  bool lone_return = false;  ///< a carriage return outside quotes that ends no line
};

/// Splits a text into lines and records. Used by one thread; refers to text, dialect and rows.
class CsvRecords {
 public:
  CsvRecords(std::string_view text, const center::CsvDialect& dialect, RowCollector& rows);

  std::string_view text() const { return text_; }
  std::size_t position() const { return position_; }
  std::uint32_t line() const { return line_; }
  bool at_end() const { return position_ >= text_.size(); }

  void Skip(std::size_t bytes) { position_ += bytes; }
  void SkipLine();
  /// The next record that is more than blanks and delimiters; false at the end. Cells with doubled
  /// quotes are kept in the collector. Error cut_off: a quote is never closed.
  base::Result<bool> Next(CsvRecord& record);
  /// Tries to read the record that begins here, within so many bytes, and stays here. False when
  /// none is there: a quote is not closed.
  bool Peek(std::size_t within, CsvRecord& record) const;
  /// The first written cell of the line that begins here begins so.
  bool StandsAt(std::string_view beginning) const;
  /// Goes to the next line with more than blanks and delimiters.
  base::Status SkipBlank();
  /// The record is text: no NUL, and nothing that could not be decoded.
  bool IsSound(const CsvRecord& record) const;

 private:
  base::Status ReadCells(CsvRecord& record);
  void ReadUnquoted(CsvRecord& record);
  base::Status ReadQuoted(CsvRecord& record);
  void SkipToCellEnd(CsvRecord& record);
  void AddCell(CsvRecord& record, std::string_view cell, bool doubled);
  bool AtLineEnd() const;
  bool IsBlank(const CsvRecord& record) const;
  std::string WithSingleQuotes(std::string_view content) const;

  std::string_view text_;
  const center::CsvDialect& dialect_;
  RowCollector& rows_;
  std::array<bool, 256> stops_{};  ///< characters at which an unquoted cell must be looked at
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
  bool clean_ = false;
};

}  // namespace fansipan::sources::internal
