#include "sources/internal/writings/refused_text.h"

#include <algorithm>
#include <array>

namespace fansipan::sources::internal {
namespace {

/// The control character SUBSTITUTE, which stands for what was invalid.
constexpr char kMark = '\x1A';

struct Known {
  NotWritten why;
  std::string_view reason;
  std::string_view message;
};

constexpr std::array<Known, 7> kKnown = {
    {{NotWritten::kNumberWithComma, "not_a_decimal",
      "must be a number with a decimal comma, in groups of three digits or none"},
     {NotWritten::kNumberWithPoint, "not_a_decimal",
      "must be a number with a decimal point, in groups of three digits or none"},
     {NotWritten::kNumber, "not_a_decimal", "must be a number of digits with a point"},
     {NotWritten::kDate, "not_a_date", "must be a date in the order that its mapping declares"},
     {NotWritten::kImpossibleDate, "impossible_date", "is a day that the calendar does not have"},
     {NotWritten::kMoment, "not_a_timestamp",
      "must be a date, in the order that its mapping declares, and a time of day"},
     {NotWritten::kSerial, "not_a_date", "must be the serial number of a day in a workbook"}}};

}  // namespace

std::string RefusedText(NotWritten why, std::string_view original) {
  std::string text = {kMark, static_cast<char>(why)};
  return text.append(original);
}

std::optional<RefusedValue> ParseRefusedText(std::string_view text) {
  if (text.size() < 2 || text[0] != kMark) return std::nullopt;
  const auto* known = std::ranges::find(kKnown, static_cast<NotWritten>(text[1]), &Known::why);
  if (known == kKnown.end()) return std::nullopt;
  return RefusedValue{text.substr(2), known->reason, known->message};
}

}  // namespace fansipan::sources::internal
