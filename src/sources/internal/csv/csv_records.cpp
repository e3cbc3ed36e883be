#include "sources/internal/csv/csv_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {

CsvRecords::CsvRecords(std::string_view text, const center::CsvDialect& dialect, RowCollector& rows)
    : text_(text),
      dialect_(dialect),
      rows_(rows),
      clean_(text.find('\0') == std::string_view::npos && IsUtf8(text)) {
  for (const char c : {dialect.delimiter, dialect.quote, '\n', '\r'}) {
    if (c != '\0') stops_.at(static_cast<unsigned char>(c)) = true;
  }
}

void CsvRecords::SkipLine() {
  const std::size_t end = text_.find('\n', position_);
  position_ = end == std::string_view::npos ? text_.size() : end + 1;
  ++line_;
}

base::Result<bool> CsvRecords::Next(CsvRecord& record) {
  while (!at_end()) {
    record.cells.clear();
    record.cell_count = record.written = 0;
    record.well_quoted = true;
    record.lone_return = false;
    record.offset = position_;
    record.line = line_;
    FANSIPAN_RETURN_IF_ERROR(ReadCells(record));
    if (!IsBlank(record)) return true;
  }
  return false;
}

base::Status CsvRecords::SkipBlank() {
  CsvRecord record;
  while (!at_end()) {
    const std::size_t position = position_;
    const auto line = line_;
    record = {};
    record.offset = position_;
    record.line = line_;
    const char first = text_[position_];
    const bool may_be_blank = first == ' ' || first == '\t' || first == '\r' || first == '\n' ||
                              first == dialect_.delimiter;
    if (!may_be_blank) return {};
    FANSIPAN_RETURN_IF_ERROR(ReadCells(record));
    if (IsBlank(record)) continue;
    position_ = position;
    line_ = line;
    return {};
  }
  return {};
}

bool CsvRecords::Peek(std::size_t within, CsvRecord& record) const {
  CsvRecords ahead(*this);
  ahead.text_ = text_.substr(0, std::min(position_ + within, text_.size()));
  record = {};
  record.offset = position_;
  record.line = line_;
  return ahead.ReadCells(record).ok();
}

bool CsvRecords::StandsAt(std::string_view beginning) const {
  const auto is_before_text = [&](char c) {
    return c == ' ' || c == '\t' || c == dialect_.delimiter ||
           (dialect_.quote != '\0' && c == dialect_.quote);
  };
  std::size_t at = position_;
  while (at < text_.size() && is_before_text(text_[at])) ++at;
  return text_.substr(at).starts_with(beginning);
}

bool CsvRecords::IsSound(const CsvRecord& record) const {
  if (clean_) return true;
  const std::string_view bytes = text_.substr(record.offset, record.length);
  return bytes.find('\0') == std::string_view::npos && IsUtf8(bytes);
}

bool CsvRecords::IsBlank(const CsvRecord& record) const {
  const std::string_view bytes = text_.substr(record.offset, record.length);
  return std::all_of(bytes.begin(), bytes.end(),
                     [&](char c) { return c == ' ' || c == '\t' || c == dialect_.delimiter; });
}

/// Reads up to and including the end of the line.
base::Status CsvRecords::ReadCells(CsvRecord& record) {
  while (true) {
    if (dialect_.quote != '\0' && position_ < text_.size() && text_[position_] == dialect_.quote) {
      FANSIPAN_RETURN_IF_ERROR(ReadQuoted(record));
    } else {
      ReadUnquoted(record);
    }
    if (position_ >= text_.size() || text_[position_] != dialect_.delimiter) break;
    ++position_;
  }
  record.length = position_ - record.offset;
  if (position_ < text_.size()) {
    if (text_[position_] == '\r') ++position_;
    ++position_;
    ++line_;
  }
  return {};
}

/// True at the end of the text, at LF, and at CR LF.
bool CsvRecords::AtLineEnd() const {
  if (position_ >= text_.size() || text_[position_] == '\n') return true;
  return text_[position_] == '\r' && position_ + 1 < text_.size() && text_[position_ + 1] == '\n';
}

void CsvRecords::ReadUnquoted(CsvRecord& record) {
  const std::size_t start = position_;
  SkipToCellEnd(record);
  AddCell(record, text_.substr(start, position_ - start), false);
}

void CsvRecords::SkipToCellEnd(CsvRecord& record) {
  while (position_ < text_.size()) {
    if (!stops_[static_cast<unsigned char>(text_[position_])]) {
      ++position_;
      continue;
    }
    if (text_[position_] == dialect_.delimiter || AtLineEnd()) return;
    if (text_[position_] == '\r') {
      record.lone_return = true;
    } else {
      record.well_quoted = false;
    }
    ++position_;
  }
}

/// Stands on the opening quote. The closing one must be followed by a delimiter or the line's end.
base::Status CsvRecords::ReadQuoted(CsvRecord& record) {
  const std::uint32_t opened_on = line_;
  const std::size_t start = ++position_;
  bool doubled = false;
  while (true) {
    const std::size_t quote = text_.find(dialect_.quote, position_);
    if (quote == std::string_view::npos) {
      return base::Error{base::ErrorCode::kInvalidArgument, "cut_off",
                         fmt::format("the quote opened on line {} is never closed: the file is cut "
                                     "off, or a quote is missing",
                                     opened_on)};
    }
    position_ = quote + 1;
    if (position_ >= text_.size() || text_[position_] != dialect_.quote) break;
    doubled = true;
    ++position_;
  }
  const std::string_view content = text_.substr(start, position_ - 1 - start);
  line_ += static_cast<std::uint32_t>(std::count(content.begin(), content.end(), '\n'));
  AddCell(record, content, doubled);
  if (AtLineEnd() || text_[position_] == dialect_.delimiter) return {};
  record.well_quoted = false;
  SkipToCellEnd(record);
  return {};
}

void CsvRecords::AddCell(CsvRecord& record, std::string_view cell, bool doubled) {
  ++record.cell_count;
  if (!cell.empty()) record.written = record.cell_count;
  if (record.cells.size() == kMaxCsvColumns) return;
  record.cells.push_back(doubled ? rows_.Keep(WithSingleQuotes(cell)) : cell);
}

std::string CsvRecords::WithSingleQuotes(std::string_view content) const {
  std::string plain;
  plain.reserve(content.size());
  for (std::size_t i = 0; i < content.size(); ++i) {
    plain += content[i];
    if (content[i] == dialect_.quote) ++i;
  }
  return plain;
}

}  // namespace fansipan::sources::internal
