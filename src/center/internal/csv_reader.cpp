#include "center/internal/csv_reader.h"

#include <utility>

#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class Scanner {
 public:
  Scanner(const FileScope& scope, std::string_view text) : scope_(scope), text_(text) {}

  bool at_end() const { return offset_ == text_.size(); }
  bool failed() const { return failed_; }

  std::vector<CsvCell> ReadRow() {
    std::vector<CsvCell> row;
    while (!failed_) {
      row.push_back(ReadCell());
      if (failed_ || !Take(',')) break;
    }
    if (!failed_) EndRow();
    return row;
  }

 private:
  bool Is(char character) const { return offset_ < text_.size() && text_[offset_] == character; }

  bool Take(char character) {
    if (!Is(character)) return false;
    Advance();
    return true;
  }

  void Advance() {
    const char byte = text_[offset_++];
    if (byte == '\n') {
      at_ = {at_.line + 1, 1};
    } else if (offset_ == text_.size() ||
               (static_cast<unsigned char>(text_[offset_]) & 0xC0U) != 0x80U) {
      ++at_.column;  // once a character, at its last byte
    }
  }

  void Fail(Position at, std::string message) {
    scope_.Report(at, std::move(message));
    failed_ = true;
  }

  CsvCell ReadCell() {
    if (Is('"')) return ReadQuoted();
    CsvCell cell{"", at_};
    const std::size_t start = offset_;
    while (!at_end() && !Is(',') && !Is('\n') && !Is('\r')) {
      if (Is('"')) {
        Fail(at_,
             "a quote inside a cell that does not begin with one; put the whole cell in "
             "quotes and write the quote twice");
        return cell;
      }
      Advance();
    }
    cell.text = std::string(text_.substr(start, offset_ - start));
    return cell;
  }

  CsvCell ReadQuoted() {
    CsvCell cell{"", at_};
    Advance();
    while (!at_end()) {
      const char byte = text_[offset_];
      Advance();
      if (byte == '"' && !Take('"')) {
        if (!at_end() && !Is(',') && !Is('\n') && !Is('\r')) {
          Fail(at_, "text behind a closing quote; a comma or the end of the line must follow");
        }
        return cell;
      }
      cell.text += byte;
    }
    Fail(cell.at, "this quote is never closed");
    return cell;
  }

  void EndRow() {
    if (at_end()) return;
    Take('\r');
    if (!Take('\n') && !at_end()) Fail(at_, "a line ends with LF or CRLF, not with CR alone");
  }

  const FileScope& scope_;
  std::string_view text_;
  std::size_t offset_ = 0;
  Position at_;
  bool failed_ = false;
};

bool CheckHeader(const FileScope& scope, const std::vector<CsvCell>& header) {
  if (header.size() <= kMaxCsvColumns) return true;
  scope.Report({}, "more than " + std::to_string(kMaxCsvColumns) + " columns");
  return false;
}

}  // namespace

std::optional<CsvTable> ParseCsv(const FileScope& scope, std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (const auto bad = FindBadByte(text)) {
    scope.Report(PositionAt(text, *bad), "not UTF-8 text, or a control character");
    return std::nullopt;
  }
  Scanner scanner(scope, text);
  if (scanner.at_end()) {
    scope.Report({}, "the file is empty; its first line names the columns");
    return std::nullopt;
  }
  CsvTable table;
  table.header = scanner.ReadRow();
  if (scanner.failed() || !CheckHeader(scope, table.header)) return std::nullopt;
  while (!scanner.at_end()) {
    std::vector<CsvCell> row = scanner.ReadRow();
    if (scanner.failed()) return std::nullopt;
    if (row.size() != table.header.size()) {
      scope.Report(row.front().at, "this row has " + std::to_string(row.size()) +
                                       " cells, the header " + std::to_string(table.header.size()));
      continue;
    }
    table.rows.push_back(std::move(row));
    if (table.rows.size() * table.header.size() > kMaxCsvCells) {
      scope.Report(table.rows.back().front().at,
                   "more than " + std::to_string(kMaxCsvCells) + " cells in one file");
      return std::nullopt;
    }
  }
  return table;
}

}  // namespace fansipan::center
