#include "sources/connectors/database/row_lines.h"

#include <algorithm>
#include <set>
#include <utility>

namespace fansipan::sources {
namespace {

void AppendString(std::string_view text, std::string& line) {
  constexpr std::string_view kHex = "0123456789abcdef";
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      line += "\\u00";
      line += kHex[static_cast<unsigned char>(c) >> 4U];
      line += kHex[static_cast<unsigned char>(c) & 0xFU];
    } else {
      line += c;
    }
  }
  line += '"';
}

base::Error Unfit(const char* reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, reason, std::move(message)};
}

}  // namespace

base::Status RowLines::Begin(const std::vector<ResultColumn>& columns,
                             const std::vector<std::string>& wanted) {
  names_.clear();
  kinds_.clear();
  std::set<std::string> seen;
  for (const ResultColumn& column : columns) {
    if (column.kind == CellKind::kBytes) {
      return Unfit("column_binary", "the column '" + column.name +
                                        "' of the query holds bytes, which have no text; leave it "
                                        "out, or encode it in the query");
    }
    if (!seen.insert(column.name).second) {
      return Unfit("columns_ambiguous", "the query gives two columns named '" + column.name +
                                            "'; name them apart with AS");
    }
    std::string name(names_.empty() ? "{" : ",");
    AppendString(column.name, name);
    names_.push_back(name + ":");
    kinds_.push_back(column.kind);
  }
  for (const std::string& name : wanted) {
    if (!seen.contains(name)) {
      return Unfit("column_missing",
                   "the query gives no column '" + name +
                       "', which the source declares; has it been renamed at the source? Mend the "
                       "query, or the declared columns");
    }
  }
  return {};
}

std::string_view RowLines::Write(std::span<const Cell> cells) {
  line_.clear();
  const std::size_t count = std::min(cells.size(), names_.size());
  for (std::size_t i = 0; i < count; ++i) {
    line_ += names_[i];
    if (!cells[i]) {
      line_ += "null";
    } else if (kinds_[i] == CellKind::kBoolean) {
      line_ += cells[i]->starts_with('t') ? "\"true\"" : "\"false\"";
    } else {
      AppendString(*cells[i], line_);
    }
  }
  line_ += count == 0 ? "{}\n" : "}\n";
  return line_;
}

}  // namespace fansipan::sources
