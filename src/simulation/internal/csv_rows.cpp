#include "simulation/internal/csv_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fansipan::simulation::internal {
namespace {

class CsvWalk {
 public:
  explicit CsvWalk(std::string_view text) : text_(text) {}

  bool AtEnd() const { return at_ >= text_.size(); }
  std::size_t line() const { return line_; }

  base::Result<std::vector<std::string>> ReadRow() {
    std::vector<std::string> cells;
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(std::string cell, ReadCell());
      cells.push_back(std::move(cell));
      if (!AtEnd() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      if (!AtEnd() && text_[at_] == '\r') ++at_;
      if (!AtEnd()) ++at_;  // the line's end
      ++line_;
      return cells;
    }
  }

 private:
  base::Result<std::string> ReadCell() {
    if (!AtEnd() && text_[at_] == '"') return ReadQuoted();
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    std::string cell(text_.substr(at_, end - at_));
    at_ = end;
    return cell;
  }

  base::Result<std::string> ReadQuoted() {
    std::string cell;
    for (++at_; !AtEnd(); ++at_) {
      if (text_[at_] != '"') {
        cell += text_[at_];
        continue;
      }
      ++at_;
      if (AtEnd() || text_[at_] != '"') return cell;
      cell += '"';
    }
    return base::Error{base::ErrorCode::kInvalidArgument, "open_quote",
                       fmt::format("line {}: a quote is never closed", line_)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

std::optional<std::size_t> CsvRows::FindColumn(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

base::Result<CsvRows> ParseCsvRows(std::string_view text) {
  CsvWalk walk(text);
  CsvRows table;
  FANSIPAN_ASSIGN_OR_RETURN(table.header, walk.ReadRow());
  while (!walk.AtEnd()) {
    const std::size_t line = walk.line();
    FANSIPAN_ASSIGN_OR_RETURN(std::vector<std::string> row, walk.ReadRow());
    if (row.size() != table.header.size()) {
      return base::Error{base::ErrorCode::kInvalidArgument, "wrong_width",
                         fmt::format("line {}: {} cells, the header has {}", line, row.size(),
                                     table.header.size())};
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace fansipan::simulation::internal
