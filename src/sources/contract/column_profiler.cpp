#include "sources/contract/column_profiler.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/hash.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources {
namespace {

constexpr std::size_t kMedianOf = 4096;
constexpr std::size_t kLongestForm = 40;  // no number or date is longer

std::string NameOf(std::string_view column) {
  std::string name = internal::AsUtf8(column);
  if (name.size() <= kMaxProfiledName - kNameHash) return name;
  const std::string hash = base::ToHex(base::Sha256(column)).substr(0, kNameHash - 1);
  return std::string(internal::CutUtf8(name, kMaxProfiledName - kNameHash)) + "~" + hash;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// How many digits begin the text.
std::size_t CountDigits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  return count;
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// A day: two parts of one or two digits and a year around twice the same mark; a time may follow.
CellForm DateForm(std::string_view text) {
  const std::size_t first = CountDigits(text);
  if (first == 8 && text.size() > 8 && text[8] == 'T') return CellForm::kYearFirstDate;
  if ((first != 1 && first != 2 && first != 4) || first >= text.size()) return CellForm::kText;
  const char mark = text[first];
  if (mark != '/' && mark != '-' && mark != '.') return CellForm::kText;
  text.remove_prefix(first + 1);
  const std::size_t second = CountDigits(text);
  if (second < 1 || second > 2 || second >= text.size() || text[second] != mark) {
    return CellForm::kText;
  }
  text.remove_prefix(second + 1);
  const std::size_t third = CountDigits(text);
  const bool ends = third == text.size() || text[third] == ' ' || text[third] == 'T';
  if (!ends) return CellForm::kText;
  if (first == 4) return third == 1 || third == 2 ? CellForm::kYearFirstDate : CellForm::kText;
  return third == 4 || third == 2 ? CellForm::kDayFirstDate : CellForm::kText;
}

bool IsNumber(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty() || (!IsDigit(text.front()) && text.front() != '.')) return false;
  if (!IsDigit(text.back())) return false;
  return std::ranges::all_of(
      text, [](char c) { return IsDigit(c) || c == '.' || c == ',' || c == ' ' || c == '\''; });
}

std::int32_t Thousandths(double logarithm) {
  return static_cast<std::int32_t>(std::lround(logarithm * 1000));
}

}  // namespace

CellForm FormOf(std::string_view cell) {
  cell = Trimmed(cell);
  if (cell.empty() || cell.size() > kLongestForm) return CellForm::kText;
  const CellForm date = DateForm(cell);
  if (date != CellForm::kText) return date;
  return IsNumber(cell) ? CellForm::kNumber : CellForm::kText;
}

double MagnitudeOf(std::string_view number) {
  const std::size_t last = number.find_last_of(".,");
  bool decimal = last != std::string_view::npos;
  if (decimal) {
    const char mark = number[last];
    const std::size_t marks = static_cast<std::size_t>(std::ranges::count(number, mark));
    const bool other = number.find(mark == '.' ? ',' : '.') != std::string_view::npos;
    const std::size_t behind = number.size() - last - 1;
    decimal = marks == 1 && (behind != 3 || other || number.substr(0, last) == "0");
  }
  std::string digits;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (IsDigit(number[i])) digits += number[i];
    if (decimal && i == last) digits += '.';
  }
  return std::strtod(digits.c_str(), nullptr);
}

base::Status ColumnProfiler::Begin(const std::vector<std::string>& columns) {
  columns_.clear();
  for (const std::string& name : columns) {
    if (columns_.size() == kMaxProfiledColumns) break;
    Column& column = columns_.emplace_back();
    column.counts.name = NameOf(name);
  }
  return next_.Begin(columns);
}

base::Status ColumnProfiler::Take(const RawBatch& batch) {
  for (std::size_t row = 0; row < batch.rows.size(); ++row) {
    const std::uint32_t number = batch.rows[row];
    if (number > kProfiledRows && number % kProfileStride != 0) continue;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      Look(batch.cells[row * batch.width + i], columns_[i]);
    }
  }
  return next_.Take(batch);
}

void ColumnProfiler::Look(const RawCell& cell, Column& column) {
  ++column.counts.cells;
  if (cell.missing || cell.text.empty()) {
    ++column.counts.empty;
    return;
  }
  column.length += cell.text.size();
  switch (FormOf(cell.text)) {
    case CellForm::kText:
      return;
    case CellForm::kDayFirstDate:
      ++column.counts.day_first_dates;
      return;
    case CellForm::kYearFirstDate:
      ++column.counts.year_first_dates;
      return;
    case CellForm::kNumber:
      ++column.counts.numbers;
      if (column.numbers.size() < kMedianOf) column.numbers.push_back(MagnitudeOf(cell.text));
      return;
  }
}

std::vector<model::ColumnProfile> ColumnProfiler::Profile() const {
  std::vector<model::ColumnProfile> profile;
  for (const Column& column : columns_) {
    model::ColumnProfile& counts = profile.emplace_back(column.counts);
    const std::uint32_t written = counts.cells - counts.empty;
    if (written > 0) {
      const std::uint64_t mean = column.length / written;
      counts.mean_length = static_cast<std::uint32_t>(std::min<std::uint64_t>(mean, 1U << 30U));
    }
    std::vector<double> numbers = column.numbers;
    if (numbers.empty()) continue;
    const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
    std::nth_element(numbers.begin(), middle, numbers.end());
    if (*middle > 0) counts.magnitude = Thousandths(std::log10(*middle));
  }
  return profile;
}

}  // namespace fansipan::sources
