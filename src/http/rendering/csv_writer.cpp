#include "http/rendering/csv_writer.h"

namespace fansipan::http {

void CsvWriter::Separate() {
  if (row_begun_) text_ += ',';
  row_begun_ = true;
}

void CsvWriter::Text(std::string_view cell) {
  Separate();
  constexpr std::string_view kFormula = "=+-@\t\r";
  const bool formula = !cell.empty() && kFormula.find(cell.front()) != std::string_view::npos;
  const bool quoted = cell.find_first_of(",\"\r\n\t") != std::string_view::npos;
  if (quoted) text_ += '"';
  if (formula) text_ += '\'';
  for (const char c : cell) {
    if (c == '"') text_ += '"';
    text_ += c;
  }
  if (quoted) text_ += '"';
}

void CsvWriter::Number(std::string_view cell) {
  Separate();
  text_ += cell;
}

void CsvWriter::EndRow() {
  text_ += "\r\n";
  row_begun_ = false;
}

}  // namespace fansipan::http
