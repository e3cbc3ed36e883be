#include "sources/internal/writings/number_writing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sources/internal/writings/blanks.h"
#include "sources/internal/writings/refused_text.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::int64_t kMaxPower = 18;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::size_t CountDigits(std::string_view text) {
  const auto* end = std::find_if_not(text.begin(), text.end(), IsDigit);
  return static_cast<std::size_t>(end - text.begin());
}

/// Takes a sign off; "-" or nothing.
std::string TakeSign(std::string_view& text) {
  for (const std::string_view sign : {std::string_view("-"), kMinus, std::string_view("+")}) {
    if (!text.starts_with(sign)) continue;
    text.remove_prefix(sign.size());
    return sign == "+" ? "" : "-";
  }
  return "";
}

/// What stands between groups of digits at the start of the text; empty for anything else.
std::string_view GroupMarkAt(std::string_view text, char other_mark) {
  for (const std::string_view mark : {std::string_view(&other_mark, 1), std::string_view("'"),
                                      kBlanks[0], kBlanks[2], kBlanks[3]}) {
    if (text.starts_with(mark)) return text.substr(0, mark.size());
  }
  return {};
}

/// Takes the digits before the decimal mark off, groups joined; empty when they are wrong.
std::string TakeWhole(std::string_view& text, char other_mark) {
  std::size_t count = CountDigits(text);
  std::string digits(text.substr(0, count));
  text.remove_prefix(count);
  const std::string_view group_mark = GroupMarkAt(text, other_mark);
  if (group_mark.empty()) return digits;
  // No group begins with a zero: 0.125 is no 125, whatever mark was declared.
  if (count == 0 || count > 3 || digits.front() == '0') return {};
  while (text.starts_with(group_mark)) {
    text.remove_prefix(group_mark.size());
    count = CountDigits(text);
    if (count != 3) return {};
    digits += text.substr(0, count);
    text.remove_prefix(count);
  }
  return digits;
}

std::string WithoutLeadingZeros(const std::string& digits) {
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return digits.substr(first);
}

}  // namespace

base::Result<std::string> NumberOf(std::string_view text, std::string_view mark) {
  if (mark != "," && mark != ".") {
    return base::Error{base::ErrorCode::kInvalidArgument, "mapping_failed",
                       fmt::format("number_of(text, '{}'): the second argument must be the decimal "
                                   "mark, ',' or '.'",
                                   mark)};
  }
  const NotWritten why = mark == "," ? NotWritten::kNumberWithComma : NotWritten::kNumberWithPoint;
  std::string_view rest = WithoutBlanks(text);
  std::string number = TakeSign(rest);
  const bool begins_with_mark = rest.starts_with(mark);
  const std::string whole = begins_with_mark ? "0" : TakeWhole(rest, mark == "," ? '.' : ',');
  if (whole.empty()) return RefusedText(why, text);
  number += WithoutLeadingZeros(whole);
  if (rest.empty()) return number;
  if (!rest.starts_with(mark)) return RefusedText(why, text);
  rest.remove_prefix(1);
  if (rest.empty() || CountDigits(rest) != rest.size()) return RefusedText(why, text);
  number += '.';
  return number.append(rest);
}

base::Result<std::string> Scaled(std::string_view number, std::int64_t power) {
  if (power < -kMaxPower || power > kMaxPower) {
    return base::Error{base::ErrorCode::kInvalidArgument, "mapping_failed",
                       fmt::format("scaled(number, {}): the second argument must be a power of ten "
                                   "from -{} to {}",
                                   power, kMaxPower, kMaxPower)};
  }
  if (ParseRefusedText(number)) return std::string(number);
  std::string_view rest = number;
  std::string scaled = TakeSign(rest);
  const std::size_t whole = CountDigits(rest);
  std::string digits(rest.substr(0, whole));
  rest.remove_prefix(whole);
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    if (rest.empty()) return RefusedText(NotWritten::kNumber, number);
    digits += rest.substr(0, CountDigits(rest));
    rest.remove_prefix(CountDigits(rest));
  }
  if (!rest.empty() || digits.empty()) return RefusedText(NotWritten::kNumber, number);
  std::int64_t point = static_cast<std::int64_t>(whole) + power;
  if (point < 1) {
    digits.insert(0, static_cast<std::size_t>(1 - point), '0');
    point = 1;
  }
  const auto before_point = static_cast<std::size_t>(point);
  if (digits.size() < before_point) digits.append(before_point - digits.size(), '0');
  scaled += WithoutLeadingZeros(digits.substr(0, before_point));
  const std::string after = digits.substr(before_point);
  return after.empty() ? scaled : scaled + '.' + after;
}

}  // namespace fansipan::sources::internal
