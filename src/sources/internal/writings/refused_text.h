#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fansipan::sources::internal {

/// Why a text is not what a function of a mapping reads.
enum class NotWritten : char {
  kNumberWithComma = ',',
  kNumberWithPoint = '.',
  kNumber = 'n',
  kDate = 'd',
  kImpossibleDate = 'i',
  kMoment = 'm',
  kSerial = 's',
};

/// What a function gives in the place of a value that it could not read: a text that validation
/// sets aside in a column of any type, with its reason. So one bad cell costs its row alone, and
/// never becomes a missing value.
std::string RefusedText(NotWritten why, std::string_view original);

struct RefusedValue {
  std::string_view original;
  std::string_view reason;   ///< of a quarantined row
  std::string_view message;  ///< what the original must be
};

/// Nothing for any other text.
std::optional<RefusedValue> ParseRefusedText(std::string_view text);

}  // namespace fansipan::sources::internal
