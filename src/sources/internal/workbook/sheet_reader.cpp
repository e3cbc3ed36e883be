#include "sources/internal/workbook/sheet_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "sources/internal/utf8.h"
#include "sources/internal/workbook/sheet_text.h"

namespace fansipan::sources::internal {
namespace {

base::Error CutOff(std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "cut_off",
          fmt::format("the sheet's text is cut off: {}", what)};
}

}  // namespace

bool SheetRow::IsWritten() const {
  return std::any_of(cells.begin(), cells.end(),
                     [](std::string_view cell) { return !cell.empty(); });
}

base::Status SheetReader::Begin() {
  FANSIPAN_RETURN_IF_ERROR(ReadMerged());
  std::size_t length = 0;
  FANSIPAN_RETURN_IF_ERROR(ReadRecord(length));
  // A sheet of one column has a second, empty cell in the text.
  while (!cells_.empty() && cells_.back().empty()) cells_.pop_back();
  const std::size_t last = std::min<std::size_t>(cells_.size(), range_.last_column);
  if (last < range_.first_column) {
    return base::Error{
        base::ErrorCode::kInvalidArgument, "wrong_columns",
        fmt::format("the sheet has {} columns; none of them is in the declared range",
                    cells_.size())};
  }
  width_ = last - range_.first_column + 1;
  return {};
}

base::Status SheetReader::ReadMerged() {
  const std::size_t end = text_.find('\n');
  if (end == std::string_view::npos) return CutOff("it has no rows");
  std::string_view line = text_.substr(0, end);
  position_ = end + 1;
  while (!line.empty()) {
    const std::size_t blank = std::min(line.find(' '), line.size());
    FANSIPAN_ASSIGN_OR_RETURN(const center::CellRange range,
                              center::ParseCellRange(line.substr(0, blank)));
    line.remove_prefix(std::min(blank + 1, line.size()));
    if (merged_.size() >= kMaxMerged) return CutOff("too many merged cells");
    merged_.push_back({range, {}});
  }
  std::stable_sort(merged_.begin(), merged_.end(), [](const Merged& left, const Merged& right) {
    return left.range.first_row < right.range.first_row;
  });
  return {};
}

base::Result<bool> SheetReader::Next(SheetRow& row) {
  row.cells.clear();
  while (number_ < range_.last_row && position_ < text_.size()) {
    kept_.clear();
    row.offset = position_;
    FANSIPAN_RETURN_IF_ERROR(ReadRecord(row.length));
    row.number = ++number_;
    if (!merged_.empty()) FillMerged(number_);
    if (number_ < range_.first_row) continue;
    row.utf8 = IsUtf8(text_.substr(row.offset, row.length)) &&
               text_.substr(row.offset, row.length).find('\0') == std::string_view::npos;
    for (std::size_t i = 0; i < width_; ++i) {
      const std::string_view cell = CellAt(range_.first_column + static_cast<std::uint32_t>(i));
      row.cells.push_back(IsBlank(cell) ? std::string_view() : cell);
    }
    return true;
  }
  return false;
}

std::string_view SheetReader::CellAt(std::uint32_t column) const {
  return column <= cells_.size() ? cells_[column - 1] : std::string_view();
}

/// Reads up to and including the end of the line.
base::Status SheetReader::ReadRecord(std::size_t& length) {
  const std::size_t start = position_;
  cells_.clear();
  while (true) {
    if (position_ < text_.size() && text_[position_] == '"') {
      FANSIPAN_RETURN_IF_ERROR(ReadQuoted());
    } else {
      const std::size_t end = std::min(text_.find_first_of(",\n", position_), text_.size());
      cells_.push_back(text_.substr(position_, end - position_));
      position_ = end;
    }
    if (position_ >= text_.size() || text_[position_] != ',') break;
    ++position_;
  }
  length = position_ - start;
  if (position_ < text_.size() && text_[position_] != '\n') return CutOff("text follows a quote");
  if (position_ < text_.size()) ++position_;
  return {};
}

base::Status SheetReader::ReadQuoted() {
  const std::size_t start = ++position_;
  bool doubled = false;
  while (true) {
    const std::size_t quote = text_.find('"', position_);
    if (quote == std::string_view::npos) {
      return CutOff(fmt::format("the quote opened in row {} is never closed", number_ + 1));
    }
    position_ = quote + 1;
    if (position_ >= text_.size() || text_[position_] != '"') break;
    doubled = true;
    ++position_;
  }
  const std::string_view content = text_.substr(start, position_ - 1 - start);
  if (!doubled) {
    cells_.push_back(content);
    return {};
  }
  std::string plain;
  for (std::size_t i = 0; i < content.size(); ++i) {
    plain += content[i];
    if (content[i] == '"') ++i;
  }
  cells_.push_back(kept_.emplace_back(std::move(plain)));
  return {};
}

/// Gives every cell of the merged ranges that reach this row the text of the range's first one.
void SheetReader::FillMerged(std::uint32_t number) {
  std::erase_if(open_, [&](std::size_t i) { return merged_[i].range.last_row < number; });
  for (; begun_ < merged_.size() && merged_[begun_].range.first_row == number; ++begun_) {
    Merged& merged = merged_[begun_];
    merged.text = CellAt(merged.range.first_column);
    open_.push_back(begun_);
  }
  const std::size_t last = range_.first_column + width_ - 1;
  for (const std::size_t i : open_) {
    const Merged& merged = merged_[i];
    const std::size_t to = std::min<std::size_t>(merged.range.last_column, last);
    if (cells_.size() < to) cells_.resize(to);
    for (std::size_t column = merged.range.first_column; column <= to; ++column) {
      cells_[column - 1] = merged.text;
    }
  }
}

}  // namespace fansipan::sources::internal
