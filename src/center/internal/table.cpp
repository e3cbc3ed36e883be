#include "center/internal/table.h"

#include <algorithm>
#include <utility>

#include "base/time_zone.h"

namespace fansipan::center {

TableReader::TableReader(const FileScope& scope, const CsvTable& table,
                         const std::vector<TextColumn>& columns)
    : scope_(scope), table_(table) {
  std::vector<std::string> allowed;
  allowed.reserve(columns.size());
  for (const TextColumn& column : columns) allowed.push_back(column.name);
  for (std::size_t index = 0; index < table.header.size(); ++index) {
    const CsvCell& cell = table.header[index];
    if (std::ranges::find(allowed, cell.text) == allowed.end()) {
      scope_.Report(cell.at,
                    "unknown column '" + cell.text + "'; " + AllowedText(cell.text, allowed));
    } else if (IndexOf(cell.text) != index) {
      scope_.Report(cell.at, "the column '" + cell.text + "' stands twice; keep one");
    }
  }
  for (const TextColumn& column : columns) {
    if (!column.required) continue;
    if (IndexOf(column.name)) {
      CheckCells(column);
    } else {
      scope_.Report({}, "the column '" + column.name + "' is missing");
      valid_ = false;
    }
  }
}

void TableReader::CheckCells(const TextColumn& column) const {
  const std::size_t index = *IndexOf(column.name);
  for (const auto& row : table_.rows) {
    if (row[index].text.empty()) scope_.Report(row[index].at, "'" + column.name + "' is empty");
  }
}

std::optional<std::size_t> TableReader::IndexOf(std::string_view column) const {
  for (std::size_t index = 0; index < table_.header.size(); ++index) {
    if (table_.header[index].text == column) return index;
  }
  return std::nullopt;
}

const CsvCell* TableReader::Find(std::size_t row, std::string_view column) const {
  const auto index = IndexOf(column);
  if (!index || table_.rows[row][*index].text.empty()) return nullptr;
  return &table_.rows[row][*index];
}

std::string TableReader::Text(std::size_t row, std::string_view column) const {
  const CsvCell* cell = Find(row, column);
  return cell == nullptr ? std::string() : cell->text;
}

std::optional<model::Date> TableReader::Day(std::size_t row, std::string_view column) const {
  const CsvCell* cell = Find(row, column);
  if (cell == nullptr) return std::nullopt;
  const auto day =
      model::ParseValue(cell->text, model::ColumnType::kDate, 0, base::TimeZone::Utc());
  if (day.ok() && std::holds_alternative<model::Date>(*day)) return std::get<model::Date>(*day);
  Report(*cell, "'" + std::string(column) + "' is '" + cell->text +
                    "'; allowed: a day that exists, as YYYY-MM-DD");
  return std::nullopt;
}

std::optional<model::Decimal> TableReader::Number(std::size_t row, std::string_view column,
                                                  double least, double most) const {
  const CsvCell* cell = Find(row, column);
  if (cell == nullptr) return std::nullopt;
  const auto number = model::Decimal::Parse(cell->text);
  if (number && number->ToDouble() >= least && number->ToDouble() <= most) return number;
  Report(*cell, "'" + std::string(column) + "' is '" + cell->text + "'; allowed: a number from " +
                    std::to_string(static_cast<long long>(least)) + " to " +
                    std::to_string(static_cast<long long>(most)));
  return std::nullopt;
}

void TableReader::Report(const CsvCell& cell, std::string message) const {
  scope_.Report(cell.at, std::move(message));
}

}  // namespace fansipan::center
