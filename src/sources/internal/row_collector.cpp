#include "sources/internal/row_collector.h"

#include <fmt/format.h>

#include <utility>

#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {

namespace {

constexpr std::size_t kMaxFooterCell = 1001;  // one byte more than a total may have

}  // namespace

base::Status RowCollector::Begin(const std::vector<std::string>& columns) {
  batch_.width = columns.size();
  columns_ = columns;
  return consumer_.Begin(columns);
}

base::Status RowCollector::StartRow(std::uint64_t offset, std::uint32_t line) {
  if (decoded_.rows.size() >= row_limit_) {
    return base::Error{base::ErrorCode::kTooLarge, "too_many_rows",
                       fmt::format("line {}: more than the {} rows that the source's limit allows",
                                   line, row_limit_)};
  }
  decoded_.rows.push_back({.offset = offset, .length = 0, .line = line});
  batch_.rows.push_back(static_cast<std::uint32_t>(decoded_.rows.size()));
  batch_.cells.resize(batch_.cells.size() + batch_.width);
  return {};
}

void RowCollector::SetCell(std::size_t column, std::string_view text) {
  if (text.size() > kMaxCellBytes && !oversized_) oversized_ = column;
  batch_.cells[batch_.cells.size() - batch_.width + column] = {.text = text, .missing = false};
}

std::string_view RowCollector::Keep(std::string text) {
  return kept_.emplace_back(std::move(text));
}

base::Status RowCollector::EndRow(std::uint64_t length) {
  if (oversized_) return RefuseOversized(length);
  decoded_.rows.back().length = length;
  return batch_.rows.size() >= kRawBatchRows ? Flush() : base::Status();
}

base::Status RowCollector::RefuseOversized(std::uint64_t length) {
  const std::string& column = columns_[*oversized_];
  const RawCell& cell = batch_.cells[batch_.cells.size() - batch_.width + *oversized_];
  return RefuseRow(length, "cell_too_large",
                   fmt::format("the cell of column '{}' has {} bytes, at most {} are taken",
                               CutUtf8(column, 100), cell.text.size(), kMaxCellBytes),
                   column);
}

base::Status RowCollector::RefuseRow(std::uint64_t length, std::string_view reason,
                                     std::string message, std::string_view column) {
  oversized_.reset();
  RawRowSpan& span = decoded_.rows.back();
  span.length = length;
  batch_.rows.pop_back();
  batch_.cells.resize(batch_.cells.size() - batch_.width);
  if (decoded_.refused.size() >= kMaxRefusedRows) {
    return base::Error{base::ErrorCode::kInvalidArgument, "too_many_refused",
                       fmt::format("line {}: {}; with it more than {} rows cannot be decoded. "
                                   "Compare the declared format with what the source sends",
                                   span.line, message, kMaxRefusedRows)};
  }
  model::QuarantinedRow refused;
  refused.raw_row = static_cast<std::uint32_t>(decoded_.rows.size());
  refused.byte_offset = span.offset;
  refused.column = AsUtf8(column);
  refused.reason = std::string(reason);
  refused.message = AsUtf8(fmt::format("line {}: {}", span.line, message));
  decoded_.refused.push_back(std::move(refused));
  return {};
}

void RowCollector::NoteFooter(const std::vector<std::string_view>& cells) {
  for (const std::string_view cell : cells) {
    if (decoded_.footer.size() == kMaxFooter) return;
    decoded_.footer.emplace_back(cell.substr(0, kMaxFooterCell));
  }
}

base::Result<DecodedPayload> RowCollector::Finish() {
  FANSIPAN_RETURN_IF_ERROR(Flush());
  return std::move(decoded_);
}

base::Status RowCollector::Flush() {
  if (!batch_.rows.empty()) FANSIPAN_RETURN_IF_ERROR(consumer_.Take(batch_));
  batch_.rows.clear();
  batch_.cells.clear();
  kept_.clear();
  return {};
}

}  // namespace fansipan::sources::internal
