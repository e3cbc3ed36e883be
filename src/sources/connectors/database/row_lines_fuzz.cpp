// Feeds arbitrary bytes to what is made of a database's texts: lines of NDJSON, UTF-16 there and
// back, the column that is asked from, and the position.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "center/connectors/database_source.h"
#include "sources/connectors/database/database_position.h"
#include "sources/connectors/database/row_lines.h"
#include "sources/connectors/database/since_text.h"
#include "sources/connectors/database/wide_text.h"

namespace {

using namespace fansipan;
using namespace fansipan::sources;

void Require(bool holds) {
  if (!holds) std::abort();
}

/// Names and cells of a row, NUL between them.
void CheckLines(std::string_view bytes) {
  std::vector<std::string_view> texts;
  for (std::size_t at = 0; at <= bytes.size() && texts.size() < 16;) {
    texts.push_back(bytes.substr(at, bytes.find('\0', at) - at));
    at += texts.back().size() + 1;
  }
  std::vector<ResultColumn> columns;
  std::vector<Cell> cells;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
    columns.push_back({std::string(texts[i]), i % 6 == 4 ? CellKind::kBoolean : CellKind::kText});
    cells.push_back(texts[i + 1].empty() ? Cell() : Cell(texts[i + 1]));
  }
  RowLines lines;
  if (!lines.Begin(columns, {}).ok()) return;
  const std::string_view line = lines.Write(cells);
  Require(line.find('\n') == line.size() - 1);
}

void CheckWideText(std::string_view bytes) {
  std::u16string wide(bytes.size() / 2, u'\0');
  std::memcpy(wide.data(), bytes.data(), wide.size() * 2);
  static_cast<void>(ToNarrow(wide));
  const std::u16string read = ToWide(bytes);
  Require(ToWide(ToNarrow(read)) == read);
}

void CheckSince(const std::string& text) {
  center::DatabaseSince since;
  constexpr base::Timestamp kNow{std::chrono::seconds(1'767'225'600)};
  static_cast<void>(CountOf(since, text, kNow));
  since.overlap_number = 100;
  static_cast<void>(CountOf(since, text, kNow));
  const auto number = BeforeOverlap(since, text);
  Require(!number || CountOf(since, *number, kNow).ok());
  since.overlap_number.reset();
  since.overlap_moment = std::chrono::hours(1);
  static_cast<void>(CountOf(since, text, kNow));
  static_cast<void>(BeforeOverlap(since, text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckLines(bytes);
  CheckWideText(bytes);
  CheckSince(std::string(bytes));
  const std::string once = Encode(DecodeDatabasePosition(std::string(bytes)));
  Require(Encode(DecodeDatabasePosition(once)) == once);
  return 0;
}
