#include "sources/internal/csv_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMaxColumns = 2000;

base::Error Refusal(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

std::string LowerAscii(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// One record of the file: its place, its fields, and whether its quotes are right.
struct Record {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::uint32_t line = 0;
  std::vector<std::string_view> fields;
  bool well_quoted = true;
};

class CsvReader {
 public:
  CsvReader(std::string_view payload, const center::CsvDialect& dialect, RowCollector& rows)
      : text_(payload), dialect_(dialect), rows_(rows) {}

  base::Status Run() {
    FANSIPAN_RETURN_IF_ERROR(SkipMark());
    clean_ = text_.find('\0') == std::string_view::npos && IsUtf8(text_);
    for (std::uint32_t i = 0; i < dialect_.skip; ++i) SkipLine();
    FANSIPAN_RETURN_IF_ERROR(ReadColumns());
    Record record;
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const bool found, Next(record));
      if (!found) return {};
      FANSIPAN_RETURN_IF_ERROR(Emit(record));
    }
  }

 private:
  base::Status SkipMark() {
    if (!text_.starts_with(kByteOrderMark)) return {};
    if (!dialect_.byte_order_mark) {
      return Refusal("byte_order_mark",
                     "the file begins with a UTF-8 byte order mark, which its source does not "
                     "declare; set `byte_order_mark: true`");
    }
    position_ = kByteOrderMark.size();
    return {};
  }

  void SkipLine() {
    const std::size_t end = text_.find('\n', position_);
    position_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
  }

  base::Status ReadColumns() {
    if (!dialect_.header) return rows_.Begin(dialect_.columns);
    Record header;
    FANSIPAN_ASSIGN_OR_RETURN(const bool found, Next(header));
    if (!found)
      return Refusal("wrong_columns", "the file has no row with the names of its columns");
    if (!IsSound(header)) return Refusal("not_utf8", "the row of column names is not UTF-8");
    if (!header.well_quoted) {
      return Refusal(
          "wrong_columns",
          fmt::format("line {}: the quotes in the row of column names do not match", header.line));
    }
    std::vector<std::string> terms(header.fields.begin(), header.fields.end());
    for (std::uint32_t row = 1; row < dialect_.header_rows; ++row) {
      FANSIPAN_RETURN_IF_ERROR(ReadTerms(terms));
    }
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                              NamesOf(header, std::move(terms)));
    return rows_.Begin(names);
  }

  /// One more row of a header: in the one above, an empty cell goes on with what stands left of it.
  base::Status ReadTerms(std::vector<std::string>& terms) {
    Record row;
    FANSIPAN_ASSIGN_OR_RETURN(const bool found, Next(row));
    if (!found || !IsSound(row) || !row.well_quoted || row.fields.size() != terms.size()) {
      return Refusal("wrong_columns",
                     fmt::format("line {}: the rows of column names must have {} cells each, in "
                                 "UTF-8 and rightly quoted",
                                 line_, terms.size()));
    }
    std::string above;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (!terms[i].empty()) above = terms[i];
      if (row.fields[i].empty()) continue;
      terms[i] =
          above.empty() ? std::string(row.fields[i]) : fmt::format("{} {}", above, row.fields[i]);
    }
    return {};
  }

  base::Result<std::vector<std::string>> NamesOf(const Record& header,
                                                 std::vector<std::string> terms) const {
    std::vector<std::string> names;
    std::set<std::string> taken = {"_row"};
    for (std::size_t i = 0; i < terms.size(); ++i) {
      std::string name = std::move(terms[i]);
      if (name.empty()) name = fmt::format("column_{}", i + 1);
      if (!taken.insert(LowerAscii(name)).second) {
        return Refusal("wrong_columns", fmt::format("line {}: the column name '{}' is {}",
                                                    header.line, CutUtf8(name, 100),
                                                    name == "_row" ? "reserved" : "there twice"));
      }
      names.push_back(std::move(name));
    }
    if (names.size() > kMaxColumns) {
      return Refusal("wrong_columns", fmt::format("the file has {} columns, at most {} are read",
                                                  names.size(), kMaxColumns));
    }
    std::string missing;
    for (const std::string& declared : dialect_.columns) {
      if (std::find(names.begin(), names.end(), declared) != names.end()) continue;
      missing += fmt::format("{}'{}'", missing.empty() ? "" : ", ", declared);
    }
    if (missing.empty()) return names;
    return Refusal(
        "wrong_columns",
        fmt::format("line {}: the declared column(s) {} are missing; the file has: {}", header.line,
                    missing, CutUtf8(fmt::format("{}", fmt::join(names, ", ")), 1000)));
  }

  /// The next record that is not an empty line. False at the end.
  base::Result<bool> Next(Record& record) {
    while (position_ < text_.size()) {
      record.fields.clear();
      record.well_quoted = true;
      record.offset = position_;
      record.line = line_;
      FANSIPAN_RETURN_IF_ERROR(ReadFields(record));
      if (record.length > 0) return true;
    }
    return false;
  }

  /// Reads up to and including the end of the line.
  base::Status ReadFields(Record& record) {
    while (true) {
      if (dialect_.quote != '\0' && position_ < text_.size() &&
          text_[position_] == dialect_.quote) {
        FANSIPAN_RETURN_IF_ERROR(ReadQuoted(record));
      } else {
        ReadUnquoted(record);
      }
      if (position_ < text_.size() && text_[position_] == dialect_.delimiter) {
        ++position_;
        continue;
      }
      break;
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
  bool AtLineEnd() const {
    if (position_ >= text_.size() || text_[position_] == '\n') return true;
    return text_[position_] == '\r' && position_ + 1 < text_.size() && text_[position_ + 1] == '\n';
  }

  void ReadUnquoted(Record& record) {
    const std::size_t start = position_;
    while (!AtLineEnd() && text_[position_] != dialect_.delimiter) {
      if (dialect_.quote != '\0' && text_[position_] == dialect_.quote) record.well_quoted = false;
      ++position_;
    }
    record.fields.push_back(text_.substr(start, position_ - start));
  }

  /// Stands on the opening quote. The closing one must be followed by a delimiter or the line's
  /// end.
  base::Status ReadQuoted(Record& record) {
    const std::uint32_t opened_on = line_;
    const std::size_t start = ++position_;
    bool doubled = false;
    while (true) {
      const std::size_t quote = text_.find(dialect_.quote, position_);
      if (quote == std::string_view::npos) {
        return Refusal("cut_off", fmt::format("the quote opened on line {} is never closed: the "
                                              "file is cut off, or a quote is missing",
                                              opened_on));
      }
      position_ = quote + 1;
      if (position_ >= text_.size() || text_[position_] != dialect_.quote) break;
      doubled = true;
      ++position_;
    }
    const std::string_view content = text_.substr(start, position_ - 1 - start);
    line_ += static_cast<std::uint32_t>(std::count(content.begin(), content.end(), '\n'));
    record.fields.push_back(doubled ? rows_.Keep(WithSingleQuotes(content)) : content);
    if (AtLineEnd() || text_[position_] == dialect_.delimiter) return {};
    record.well_quoted = false;
    while (!AtLineEnd() && text_[position_] != dialect_.delimiter) ++position_;
    return {};
  }

  std::string WithSingleQuotes(std::string_view content) const {
    std::string plain;
    plain.reserve(content.size());
    for (std::size_t i = 0; i < content.size(); ++i) {
      plain += content[i];
      if (content[i] == dialect_.quote) ++i;
    }
    return plain;
  }

  bool IsSound(const Record& record) const {
    if (clean_) return true;
    const std::string_view bytes = text_.substr(record.offset, record.length);
    return bytes.find('\0') == std::string_view::npos && IsUtf8(bytes);
  }

  bool IsMissing(std::string_view field) const {
    return field.empty() || std::find(dialect_.null_texts.begin(), dialect_.null_texts.end(),
                                      field) != dialect_.null_texts.end();
  }

  base::Status Emit(const Record& record) {
    FANSIPAN_RETURN_IF_ERROR(rows_.StartRow(record.offset, record.line));
    if (!IsSound(record)) {
      return rows_.RefuseRow(record.length, "invalid_utf8", "the row is not UTF-8 text");
    }
    if (!record.well_quoted) {
      return rows_.RefuseRow(record.length, "bad_quoting",
                             "a quote stands inside a cell, or text after a closing quote");
    }
    if (record.fields.size() != rows_.width()) {
      const bool more = record.fields.size() > rows_.width();
      return rows_.RefuseRow(
          record.length, more ? "too_many_columns" : "too_few_columns",
          fmt::format("the row has {} columns instead of {}", record.fields.size(), rows_.width()));
    }
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      if (!IsMissing(record.fields[i])) rows_.SetCell(i, record.fields[i]);
    }
    return rows_.EndRow(record.length);
  }

  std::string_view text_;
  const center::CsvDialect& dialect_;
  RowCollector& rows_;
  std::size_t position_ = 0;
  std::uint32_t line_ = 1;
  bool clean_ = false;
};

}  // namespace

base::Status DecodeCsv(std::string_view payload, const center::CsvDialect& dialect,
                       RowCollector& rows) {
  return CsvReader(payload, dialect, rows).Run();
}

}  // namespace fansipan::sources::internal
