#include "simulation/internal/workbook_writer.h"

#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/files.h"

namespace fansipan::simulation::internal {
namespace {

constexpr std::size_t kMaxRows = 1048576;  // of the format
constexpr std::size_t kMaxColumns = 16384;
constexpr std::uint64_t kMaxBytes = std::uint64_t{256} * 1024 * 1024;
constexpr std::time_t kCreated = 1735689600;  // one for all: 2025-01-01; the bytes must not change

base::Error Refused(const WorkbookSheet& sheet, std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "workbook_not_possible",
          "sheet '" + sheet.name + "' of a workbook: " + std::string(what)};
}

base::Error NotWritten(std::string_view what) {
  return {base::ErrorCode::kIo, "workbook_not_written",
          "a workbook could not be written: " + std::string(what)};
}

/// The library writes into files only; nobody else's lie in this folder.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code failed;
    path_ = (std::filesystem::temp_directory_path(failed) / "fansipan-XXXXXX").string();
    if (failed || mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  bool made() const { return !path_.empty(); }
  std::string& path() { return path_; }

 private:
  std::string path_;
};

/// Rows and columns from 0, all included.
struct Range {
  std::size_t first_row = 0;
  std::size_t first_column = 0;
  std::size_t last_row = 0;
  std::size_t last_column = 0;

  bool Has(std::size_t row, std::size_t column) const {
    return row >= first_row && row <= last_row && column >= first_column && column <= last_column;
  }
  bool Overlaps(const Range& other) const {
    return first_row <= other.last_row && other.first_row <= last_row &&
           first_column <= other.last_column && other.first_column <= last_column;
  }
};

/// Takes letters and digits such as "AB12" from the front of `text`.
bool TakeCell(std::string_view* text, std::size_t* row, std::size_t* column) {
  std::size_t at = 0;
  std::size_t letters = 0;
  for (; at < text->size() && (*text)[at] >= 'A' && (*text)[at] <= 'Z'; ++at) {
    if (letters > kMaxColumns) return false;
    letters = letters * 26 + static_cast<std::size_t>((*text)[at] - 'A' + 1);
  }
  std::size_t number = 0;
  for (; at < text->size() && (*text)[at] >= '0' && (*text)[at] <= '9'; ++at) {
    if (number > kMaxRows) return false;
    number = number * 10 + static_cast<std::size_t>((*text)[at] - '0');
  }
  if (letters == 0 || letters > kMaxColumns || number == 0 || number > kMaxRows) return false;
  *column = letters - 1;
  *row = number - 1;
  text->remove_prefix(at);
  return true;
}

std::optional<Range> ParseRange(std::string_view text) {
  Range range;
  if (!TakeCell(&text, &range.first_row, &range.first_column)) return std::nullopt;
  if (text.empty() || text.front() != ':') return std::nullopt;
  text.remove_prefix(1);
  if (!TakeCell(&text, &range.last_row, &range.last_column) || !text.empty()) return std::nullopt;
  if (range.last_row < range.first_row || range.last_column < range.first_column) {
    return std::nullopt;
  }
  const bool one_cell =
      range.first_row == range.last_row && range.first_column == range.last_column;
  return one_cell ? std::nullopt : std::optional<Range>(range);
}

base::Result<std::vector<Range>> MergedRanges(const WorkbookSheet& sheet) {
  std::vector<Range> ranges;
  for (const std::string& text : sheet.merged) {
    const std::optional<Range> range = ParseRange(text);
    if (!range.has_value()) {
      return Refused(sheet, "'" + text + "' is no range of several cells, such as A1:F1");
    }
    const auto overlaps = [&](const Range& other) { return range->Overlaps(other); };
    if (std::any_of(ranges.begin(), ranges.end(), overlaps)) {
      return Refused(sheet, "the merged range " + text + " overlaps another one");
    }
    ranges.push_back(*range);
  }
  return ranges;
}

/// Hidden below the first cell of a merged range.
bool IsCovered(const std::vector<Range>& merged, std::size_t row, std::size_t column) {
  return std::any_of(merged.begin(), merged.end(), [&](const Range& range) {
    return range.Has(row, column) && (row != range.first_row || column != range.first_column);
  });
}

lxw_error WriteCell(lxw_worksheet* target, lxw_row_t row, lxw_col_t column,
                    const WorkbookCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) {
    if (text->empty()) return LXW_NO_ERROR;
    return worksheet_write_string(target, row, column, text->c_str(), nullptr);
  }
  if (const auto* number = std::get_if<double>(&cell)) {
    if (!std::isfinite(*number)) return LXW_ERROR_PARAMETER_VALIDATION;
    return worksheet_write_number(target, row, column, *number, nullptr);
  }
  return LXW_NO_ERROR;
}

base::Status WriteRows(const WorkbookSheet& sheet, const std::vector<Range>& merged,
                       lxw_worksheet* target) {
  if (sheet.rows.size() > kMaxRows) return Refused(sheet, "more rows than a sheet can have");
  for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
    const std::vector<WorkbookCell>& cells = sheet.rows[row];
    if (cells.size() > kMaxColumns) return Refused(sheet, "more columns than a sheet can have");
    for (std::size_t column = 0; column < cells.size(); ++column) {
      if (IsCovered(merged, row, column)) continue;
      const lxw_error failed = WriteCell(target, static_cast<lxw_row_t>(row),
                                         static_cast<lxw_col_t>(column), cells[column]);
      if (failed == LXW_NO_ERROR) continue;
      return Refused(sheet, "row " + std::to_string(row + 1) + ", column " +
                                std::to_string(column + 1) + ": " + lxw_strerror(failed));
    }
  }
  return {};
}

base::Status WriteSheet(const WorkbookSheet& sheet, lxw_workbook* workbook) {
  const base::Result<std::vector<Range>> merged = MergedRanges(sheet);
  if (!merged.ok()) return merged.error();
  if (sheet.name.empty()) return Refused(sheet, "a sheet has a name");
  const lxw_error name_fault = workbook_validate_sheet_name(workbook, sheet.name.c_str());
  if (name_fault != LXW_NO_ERROR) return Refused(sheet, lxw_strerror(name_fault));
  lxw_worksheet* target = workbook_add_worksheet(workbook, sheet.name.c_str());
  if (target == nullptr) return Refused(sheet, "it could not be added");
  for (const Range& range : *merged) {  // before the rows: it empties the cells
    worksheet_merge_range(target, static_cast<lxw_row_t>(range.first_row),
                          static_cast<lxw_col_t>(range.first_column),
                          static_cast<lxw_row_t>(range.last_row),
                          static_cast<lxw_col_t>(range.last_column), "", nullptr);
  }
  return WriteRows(sheet, *merged, target);
}

}  // namespace

base::Result<std::string> WriteWorkbook(const std::vector<WorkbookSheet>& sheets) {
  if (sheets.empty()) return Refused({}, "a workbook has at least one sheet");
  ScratchFolder scratch;
  if (!scratch.made()) return NotWritten("no folder for temporary files could be made");
  const std::string path = scratch.path() + "/workbook.xlsx";
  lxw_workbook_options options{};
  options.tmpdir = scratch.path().data();
  lxw_workbook* workbook = workbook_new_opt(path.c_str(), &options);
  if (workbook == nullptr) return NotWritten("out of memory");
  lxw_doc_properties properties{};
  properties.created = kCreated;
  workbook_set_properties(workbook, &properties);
  for (const WorkbookSheet& sheet : sheets) {
    if (base::Status written = WriteSheet(sheet, workbook); !written.ok()) {
      lxw_workbook_free(workbook);
      return std::move(written).error();
    }
  }
  const lxw_error failed = workbook_close(workbook);  // frees it, too
  if (failed != LXW_NO_ERROR) return NotWritten(lxw_strerror(failed));
  return base::PosixFileSystem().ReadWhole(path, kMaxBytes);
}

}  // namespace fansipan::simulation::internal
