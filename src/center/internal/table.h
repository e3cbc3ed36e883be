#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/internal/csv_reader.h"
#include "center/text_table.h"
#include "model/value.h"

namespace fansipan::center {

/// A CSV table whose columns are asked for by name. Reports unknown, missing and repeated columns
/// and empty cells of required ones. Refers to the scope and the table.
class TableReader {
 public:
  TableReader(const FileScope& scope, const CsvTable& table,
              const std::vector<TextColumn>& columns);

  /// False when the header is wrong; cells must then not be read.
  bool valid() const { return valid_; }
  std::size_t row_count() const { return table_.rows.size(); }
  Position RowAt(std::size_t row) const { return table_.rows[row].front().at; }
  /// Nothing when the column is not in the table, or the cell is empty.
  const CsvCell* Find(std::size_t row, std::string_view column) const;
  std::string Text(std::size_t row, std::string_view column) const;
  std::optional<model::Date> Day(std::size_t row, std::string_view column) const;
  std::optional<model::Decimal> Number(std::size_t row, std::string_view column, double least,
                                       double most) const;
  void Report(const CsvCell& cell, std::string message) const;

 private:
  std::optional<std::size_t> IndexOf(std::string_view column) const;
  void CheckCells(const TextColumn& column) const;

  const FileScope& scope_;
  const CsvTable& table_;
  bool valid_ = true;
};

}  // namespace fansipan::center
