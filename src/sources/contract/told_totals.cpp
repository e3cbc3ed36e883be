#include "sources/contract/told_totals.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "center/cell_range.h"
#include "sources/internal/csv/csv_records.h"
#include "sources/internal/encodings/payload_text.h"
#include "sources/internal/json_decoder.h"
#include "sources/internal/row_collector.h"
#include "sources/internal/utf8.h"
#include "sources/internal/workbook/sheet_reader.h"
#include "sources/internal/writings/blanks.h"
#include "sources/internal/writings/number_writing.h"
#include "sources/internal/writings/refused_text.h"
#include "sources/internal/xml/xml_decoder.h"

namespace fansipan::sources {
namespace {

using center::ControlPlace;
using center::Format;

constexpr char kBetweenKeys = '\x1E';  // no XML text can hold it
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Keeps the first row.
class FirstRow final : public RawRowConsumer {
 public:
  base::Status Begin(const std::vector<std::string>&) override { return {}; }
  base::Status Take(const RawBatch& batch) override {
    if (!cells.empty()) return {};
    for (std::size_t i = 0; i < batch.width; ++i) {
      const RawCell& cell = batch.cells[i];
      cells.push_back(cell.missing ? std::nullopt : std::optional(std::string(cell.text)));
    }
    return {};
  }

  std::vector<std::optional<std::string>> cells;
};

std::optional<std::string> Told(std::string_view text) {
  if (text.empty() || text.size() > kMaxToldText || !internal::IsUtf8(text)) return std::nullopt;
  return std::string(text);
}

std::optional<std::string> CellOf(const std::vector<std::string>& cells, std::uint32_t cell) {
  return cell <= cells.size() ? Told(cells[cell - 1]) : std::nullopt;
}

/// The top of a payload as text: whole lines of its first kTop bytes.
class TopLines {
 public:
  TopLines(std::string_view payload, center::Encoding encoding, const center::CsvDialect& dialect)
      : dialect_(dialect), read_(internal::PayloadText::Read(payload.substr(0, kTop), encoding)) {
    if (!read_.ok()) return;
    text_ = read_->text();
    if (payload.size() > kTop) text_ = text_.substr(0, text_.rfind('\n') + 1);
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }
  TopLines(const TopLines&) = delete;
  TopLines& operator=(const TopLines&) = delete;

  /// The cells of a line of it.
  std::vector<std::string> CellsOf(std::uint32_t line) const {
    FirstRow nobody;
    internal::RowCollector rows(1, nobody);
    internal::CsvRecords records(text_, dialect_, rows);
    for (std::uint32_t i = 1; i < line && !records.at_end(); ++i) records.SkipLine();
    internal::CsvRecord record;
    const auto found = records.Next(record);
    if (!found.ok() || !*found || record.line != line) return {};
    return {record.cells.begin(), record.cells.end()};
  }

 private:
  static constexpr std::size_t kTop = 1U << 20U;

  const center::CsvDialect& dialect_;
  const base::Result<internal::PayloadText> read_;
  std::string_view text_;
};

/// The cells of rows of a sheet, from its column A on.
std::map<std::uint32_t, std::vector<std::string>> RowsOfSheet(
    std::string_view text, const std::set<std::uint32_t>& wanted) {
  std::map<std::uint32_t, std::vector<std::string>> rows;
  const auto whole = center::ParseCellRange("");
  if (!whole.ok()) return rows;
  internal::SheetReader reader(text, *whole);
  if (!reader.Begin().ok()) return rows;
  internal::SheetRow row;
  while (rows.size() < wanted.size()) {
    const auto found = reader.Next(row);
    if (!found.ok() || !*found || row.number > *wanted.rbegin()) break;
    if (wanted.contains(row.number)) rows[row.number] = {row.cells.begin(), row.cells.end()};
  }
  return rows;
}

/// The values at pointers of a JSON text.
std::vector<std::optional<std::string>> AtPointers(std::string_view payload,
                                                   const center::Source& source,
                                                   const std::vector<std::string>& pointers) {
  center::JsonShape shape;
  for (const std::string& pointer : pointers) shape.columns.push_back({pointer, "$" + pointer});
  internal::JsonEnvelope envelope(shape);
  if (!envelope.Read(payload, source.limits.depth).ok()) return {};
  return envelope.texts();
}

/// The texts at paths from the root of an XML document.
std::vector<std::optional<std::string>> AtPaths(std::string_view payload,
                                                const center::Source& source,
                                                const std::vector<std::string>& paths) {
  center::XmlShape shape;
  shape.namespaces = source.xml.namespaces;
  shape.join = std::string(1, kBetweenKeys);
  const std::size_t end = paths.front().find('/', 1);
  shape.records_at = paths.front().substr(0, end);
  for (const std::string& path : paths) {
    const bool below = path.starts_with(shape.records_at + "/");
    if (!below) return {};
    shape.columns.push_back({path, path.substr(shape.records_at.size() + 1)});
  }
  FirstRow first;
  internal::RowCollector rows(1, first);
  const auto read = internal::DecodeXml(payload, shape, source.limits.depth, rows);
  if (!read.ok() || !rows.Finish().ok()) return {};
  return std::move(first.cells);
}

std::vector<std::string> KeysOfJson(const std::string& text) {
  const auto list = nlohmann::json::parse(text, nullptr, false);
  std::vector<std::string> keys;
  if (!list.is_array()) return keys;
  for (const auto& key : list) {
    if (keys.size() == kMaxToldKeys) break;
    if (key.is_string()) keys.push_back(key.get<std::string>());
    if (key.is_number()) keys.push_back(key.dump());
  }
  return keys;
}

std::vector<std::string> KeysOfXml(std::string_view text) {
  std::vector<std::string> keys;
  while (!text.empty() && keys.size() < kMaxToldKeys) {
    const std::size_t end = std::min(text.find(kBetweenKeys), text.size());
    keys.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return keys;
}

/// What stands at paths of the document: totals, and the list of keys last.
void ReadPaths(std::string_view payload, const center::Source& source,
               const std::vector<const ControlPlace*>& places, ToldTotals& told) {
  const std::string& keys_at = center::ContractOf(source).control_totals->keys_at;
  std::vector<std::string> paths;
  for (const ControlPlace* place : places) {
    if (place->kind == ControlPlace::Kind::kAt) paths.push_back(place->at);
  }
  if (!keys_at.empty()) paths.push_back(keys_at);
  if (paths.empty()) return;
  const bool xml = source.format == Format::kXml || source.format == Format::kEdxml;
  const auto found = xml ? AtPaths(payload, source, paths) : AtPointers(payload, source, paths);
  if (found.size() != paths.size()) return;
  std::size_t next = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i]->kind != ControlPlace::Kind::kAt) continue;
    if (const auto& text = found[next++]) told.texts[i] = Told(*text);
  }
  if (keys_at.empty() || !found.back()) return;
  told.keys_told = true;
  told.keys = xml ? KeysOfXml(*found.back()) : KeysOfJson(*found.back());
}

/// What stands in lines above the table.
void ReadLines(std::string_view payload, const center::Source& source,
               const std::vector<const ControlPlace*>& places, ToldTotals& told) {
  std::set<std::uint32_t> wanted;
  for (const ControlPlace* place : places) {
    if (place->kind == ControlPlace::Kind::kLine) wanted.insert(place->line);
  }
  if (wanted.empty()) return;
  std::map<std::uint32_t, std::vector<std::string>> lines;
  if (source.format == Format::kWorkbook) {
    lines = RowsOfSheet(payload, wanted);
  } else {
    const TopLines top(payload, source.encoding, source.csv);
    for (const std::uint32_t line : wanted) lines[line] = top.CellsOf(line);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i]->kind != ControlPlace::Kind::kLine) continue;
    told.texts[i] = CellOf(lines[places[i]->line], places[i]->cell);
  }
}

/// Bytes of what a number is written with at the start of the text; 0 where it ends.
std::size_t SizeWithinNumber(std::string_view text) {
  constexpr std::string_view kMinus = "\u2212";
  if (text.empty()) return 0;
  if (std::string_view("0123456789.,'+-").find(text.front()) != std::string_view::npos) return 1;
  return text.starts_with(kMinus) ? kMinus.size() : internal::SizeOfBlank(text);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// "E7" behind a digit: what stands before it is not the whole number.
bool IsPower(std::string_view number, std::string_view rest) {
  if (number.empty() || !IsDigit(number.back()) || rest.size() < 2) return false;
  const bool exponent = rest[0] == 'e' || rest[0] == 'E';
  return exponent && (IsDigit(rest[1]) || rest[1] == '+' || rest[1] == '-');
}

}  // namespace

ToldTotals ReadToldTotals(std::string_view payload, const center::Source& source,
                          const DecodedPayload& decoded) {
  ToldTotals told;
  const center::SourceContract& contract = center::ContractOf(source);
  if (!contract.control_totals) return told;
  const auto places = center::PlacesOf(*contract.control_totals);
  told.texts.resize(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i]->kind != ControlPlace::Kind::kFooter) continue;
    told.texts[i] = CellOf(decoded.footer, places[i]->cell);
  }
  ReadLines(payload, source, places, told);
  ReadPaths(payload, source, places, told);
  return told;
}

std::optional<std::string> NumberWithin(std::string_view text, const ControlPlace& place,
                                        char decimal_mark) {
  if (!place.after.empty()) {
    const std::size_t at = text.find(place.after);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + place.after.size());
  }
  std::size_t end = 0;
  while (const std::size_t size = SizeWithinNumber(text.substr(end))) end += size;
  if (IsPower(text.substr(0, end), text.substr(end))) return std::nullopt;
  text = text.substr(0, end);
  while (!text.empty() && !IsDigit(text.back())) text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  const auto number = internal::NumberOf(text, std::string_view(&decimal_mark, 1));
  if (!number.ok() || internal::ParseRefusedText(*number)) return std::nullopt;
  return *number;
}

}  // namespace fansipan::sources
