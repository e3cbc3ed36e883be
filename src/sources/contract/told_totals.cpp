#include "sources/contract/told_totals.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "center/cell_range.h"
#include "sources/internal/csv/csv_records.h"
#include "sources/internal/encodings/payload_text.h"
#include "sources/internal/json_decoder.h"
#include "sources/internal/json_reader.h"
#include "sources/internal/row_collector.h"
#include "sources/internal/utf8.h"
#include "sources/internal/workbook/sheet_reader.h"
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

/// The cells of a line of a CSV text.
std::vector<std::string> LineOfText(std::string_view payload, const center::Source& source,
                                    std::uint32_t line) {
  const auto text = internal::PayloadText::Read(payload, source.encoding);
  if (!text.ok()) return {};
  std::string_view rest = text->text();
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  FirstRow nobody;
  internal::RowCollector rows(1, nobody);
  internal::CsvRecords records(rest, source.csv, rows);
  for (std::uint32_t i = 1; i < line && !records.at_end(); ++i) records.SkipLine();
  internal::CsvRecord record;
  const auto found = records.Next(record);
  if (!found.ok() || !*found || record.line != line) return {};
  return {record.cells.begin(), record.cells.end()};
}

/// The cells of a row of a sheet, from its column A on.
std::vector<std::string> RowOfSheet(std::string_view text, std::uint32_t line) {
  const auto whole = center::ParseCellRange("");
  if (!whole.ok()) return {};
  internal::SheetReader reader(text, *whole);
  if (!reader.Begin().ok()) return {};
  internal::SheetRow row;
  while (true) {
    const auto found = reader.Next(row);
    if (!found.ok() || !*found || row.number > line) return {};
    if (row.number == line) return {row.cells.begin(), row.cells.end()};
  }
}

/// The values at pointers of a JSON text.
std::vector<std::optional<std::string>> AtPointers(std::string_view payload,
                                                   const center::Source& source,
                                                   const std::vector<std::string>& pointers) {
  center::JsonShape shape;
  for (const std::string& pointer : pointers) shape.columns.push_back({pointer, pointer});
  FirstRow first;
  internal::RowCollector rows(1, first);
  internal::JsonReader reader(payload, source.limits.depth);
  if (!rows.Begin(pointers).ok() || !rows.StartRow(0, 1).ok()) return {};
  internal::JsonRecord record(shape, rows);
  const auto refusal = record.Read(reader);
  if (!refusal.ok() || refusal->has_value()) return {};
  if (!rows.EndRow(payload.size()).ok() || !rows.Finish().ok()) return {};
  return std::move(first.cells);
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

}  // namespace

ToldTotals ReadToldTotals(std::string_view payload, const center::Source& source,
                          const DecodedPayload& decoded) {
  ToldTotals told;
  const center::SourceContract& contract = center::ContractOf(source);
  if (!contract.control_totals) return told;
  const auto places = center::PlacesOf(*contract.control_totals);
  told.texts.resize(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const ControlPlace& place = *places[i];
    if (place.kind == ControlPlace::Kind::kFooter) {
      told.texts[i] = CellOf(decoded.footer, place.cell);
    } else if (place.kind == ControlPlace::Kind::kLine) {
      told.texts[i] =
          CellOf(source.format == Format::kWorkbook ? RowOfSheet(payload, place.line)
                                                    : LineOfText(payload, source, place.line),
                 place.cell);
    }
  }
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
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  text = text.substr(0, text.find_first_not_of("0123456789.,'+- "));
  while (!text.empty() && (text.back() < '0' || text.back() > '9')) text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  const auto number = internal::NumberOf(text, std::string_view(&decimal_mark, 1));
  if (!number.ok() || internal::ParseRefusedText(*number)) return std::nullopt;
  return *number;
}

}  // namespace fansipan::sources
