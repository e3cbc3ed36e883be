#include "model/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <cstddef>
#include <utility>

namespace fansipan::model {
namespace {

__extension__ using Uint128 = unsigned __int128;

constexpr Uint128 kMaxMagnitude = ~Uint128{0} >> 1U;
constexpr int kMaxPower = 36;

constexpr std::array<Uint128, kMaxPower + 1> MakePowers() {
  std::array<Uint128, kMaxPower + 1> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}

constexpr auto kPowers = MakePowers();

Uint128 PowerOfTen(int exponent) { return kPowers[static_cast<std::size_t>(exponent)]; }

Uint128 Magnitude(Int128 number) {
  return number < 0 ? Uint128{0} - static_cast<Uint128>(number) : static_cast<Uint128>(number);
}

std::optional<Decimal> Signed(Uint128 magnitude, bool negative, int scale) {
  if (magnitude > kMaxMagnitude) return std::nullopt;
  const auto number = static_cast<Int128>(magnitude);
  return Decimal(negative ? -number : number, scale);
}

/// 256 bits, for products on the way to a quotient.
struct Wide {
  Uint128 high = 0;
  Uint128 low = 0;
};

std::strong_ordering Compare(const Wide& left, const Wide& right) {
  return left.high == right.high ? left.low <=> right.low : left.high <=> right.high;
}

Wide MultiplyWide(Uint128 left, Uint128 right) {
  constexpr Uint128 kLow = ~std::uint64_t{0};
  const Uint128 low = (left & kLow) * (right & kLow);
  const Uint128 cross_left = (left >> 64U) * (right & kLow);
  const Uint128 cross_right = (left & kLow) * (right >> 64U);
  const Uint128 middle = (low >> 64U) + (cross_left & kLow) + (cross_right & kLow);
  const Uint128 high =
      (left >> 64U) * (right >> 64U) + (cross_left >> 64U) + (cross_right >> 64U) + (middle >> 64U);
  return {high, (middle << 64U) | (low & kLow)};
}

/// Rounded half away from zero; nothing when the quotient has more than 128 bits.
std::optional<Uint128> DivideRounded(const Wide& dividend, Uint128 divisor) {
  Uint128 quotient = 0;
  Uint128 rest = 0;
  if (dividend.high == 0) {
    quotient = dividend.low / divisor;
    rest = dividend.low % divisor;
  } else {
    if (dividend.high >= divisor) return std::nullopt;
    rest = dividend.high;
    for (int bit = 127; bit >= 0; --bit) {
      const bool carry = (rest >> 127U) != 0;
      rest = (rest << 1U) | ((dividend.low >> static_cast<unsigned>(bit)) & 1U);
      quotient <<= 1U;
      if (carry || rest >= divisor) {
        rest -= divisor;
        quotient |= 1U;
      }
    }
  }
  if (rest < divisor - rest) return quotient;
  if (quotient == ~Uint128{0}) return std::nullopt;
  return quotient + 1;
}

/// Both numbers at the larger of their scales.
std::optional<std::pair<Decimal, Decimal>> Align(const Decimal& left, const Decimal& right) {
  const int scale = std::max(left.scale(), right.scale());
  const std::optional<Decimal> scaled_left = left.Rescale(scale);
  const std::optional<Decimal> scaled_right = right.Rescale(scale);
  if (!scaled_left || !scaled_right) return std::nullopt;
  return std::pair(*scaled_left, *scaled_right);
}

/// The sum at the larger scale of the two.
std::optional<Decimal> AddAligned(const Decimal& left, const Decimal& right) {
  const auto aligned = Align(left, right);
  if (!aligned) return std::nullopt;
  Int128 sum = 0;
  if (__builtin_add_overflow(aligned->first.unscaled(), aligned->second.unscaled(), &sum)) {
    return std::nullopt;
  }
  return Decimal(sum, aligned->first.scale());
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<Decimal> Decimal::Parse(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  Uint128 magnitude = 0;
  int scale = 0;
  bool after_point = false;
  for (const char c : text) {
    if (c == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!IsDigit(c) || (after_point && scale == kMaxScale)) return std::nullopt;
    const auto digit = static_cast<unsigned>(c - '0');
    if (magnitude > (kMaxMagnitude - digit) / 10) return std::nullopt;
    magnitude = magnitude * 10 + digit;
    if (after_point) ++scale;
  }
  if (text.empty() || text.back() == '.') return std::nullopt;
  return Signed(magnitude, negative, scale);
}

std::optional<Decimal> Decimal::Rescale(int scale) const {
  if (scale < 0 || scale > kMaxScale) return std::nullopt;
  if (scale == scale_) return *this;
  const Uint128 magnitude = Magnitude(unscaled_);
  if (scale < scale_) {
    const auto rounded = DivideRounded({0, magnitude}, PowerOfTen(scale_ - scale));
    return Signed(*rounded, unscaled_ < 0, scale);
  }
  const Uint128 factor = PowerOfTen(scale - scale_);
  if (magnitude > kMaxMagnitude / factor) return std::nullopt;
  return Signed(magnitude * factor, unscaled_ < 0, scale);
}

Decimal Decimal::Normalized() const {
  Decimal normalized = *this;
  while (normalized.scale_ > 0 && normalized.unscaled_ % 10 == 0) {
    normalized.unscaled_ /= 10;
    --normalized.scale_;
  }
  return normalized;
}

double Decimal::ToDouble() const {
  constexpr Uint128 kExactInDouble = Uint128{1} << 53U;
  if (Magnitude(unscaled_) <= kExactInDouble) {
    // Both operands are exact, so that the quotient is the nearest double.
    return static_cast<double>(unscaled_) / static_cast<double>(PowerOfTen(scale_));
  }
  const std::string text = ToText();
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string Decimal::ToText() const {
  // 39 digits, sign, point, and a zero before the point.
  std::array<char, 48> buffer{};
  std::size_t at = buffer.size();
  Uint128 magnitude = Magnitude(unscaled_);
  for (int digits = 0; magnitude != 0 || digits <= scale_; ++digits) {
    if (digits == scale_ && scale_ > 0) buffer[--at] = '.';
    buffer[--at] = static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  }
  if (unscaled_ < 0) buffer[--at] = '-';
  return {buffer.data() + at, buffer.size() - at};
}

std::optional<Decimal> Add(const Decimal& left, const Decimal& right) {
  if (const auto sum = AddAligned(left, right)) return sum;
  return AddAligned(left.Normalized(), right.Normalized());
}

std::optional<Decimal> Subtract(const Decimal& left, const Decimal& right) {
  const auto negated = Signed(Magnitude(right.unscaled_), right.unscaled_ >= 0, right.scale_);
  if (!negated) return std::nullopt;
  return Add(left, *negated);
}

std::optional<Decimal> Multiply(const Decimal& left, const Decimal& right) {
  const bool negative = (left.unscaled_ < 0) != (right.unscaled_ < 0);
  Wide product = MultiplyWide(Magnitude(left.unscaled_), Magnitude(right.unscaled_));
  int scale = left.scale_ + right.scale_;
  if (scale <= Decimal::kMaxScale && product.high == 0 && product.low <= kMaxMagnitude) {
    return Signed(product.low, negative, scale);
  }
  const Decimal short_left = left.Normalized();
  const Decimal short_right = right.Normalized();
  product = MultiplyWide(Magnitude(short_left.unscaled_), Magnitude(short_right.unscaled_));
  scale = short_left.scale_ + short_right.scale_;
  const int excess = std::max(scale - Decimal::kMaxScale, 0);
  const auto rounded = DivideRounded(product, PowerOfTen(excess));
  if (!rounded) return std::nullopt;
  return Signed(*rounded, negative, scale - excess);
}

std::optional<Decimal> Divide(const Decimal& left, const Decimal& right, int scale) {
  if (right.is_zero() || scale < 0 || scale > Decimal::kMaxScale) return std::nullopt;
  const bool negative = (left.unscaled_ < 0) != (right.unscaled_ < 0);
  const int exponent = scale + right.scale_ - left.scale_;
  Wide dividend{0, Magnitude(left.unscaled_)};
  Wide divisor{0, Magnitude(right.unscaled_)};
  if (exponent >= 0) {
    dividend = MultiplyWide(dividend.low, PowerOfTen(exponent));
  } else {
    divisor = MultiplyWide(divisor.low, PowerOfTen(-exponent));
  }
  // A divisor beyond 128 bits is more than twice any dividend of 127.
  if (divisor.high != 0) return Decimal(0, scale);
  const auto quotient = DivideRounded(dividend, divisor.low);
  if (!quotient) return std::nullopt;
  return Signed(*quotient, negative, scale);
}

std::strong_ordering operator<=>(const Decimal& left, const Decimal& right) {
  if (left.scale_ == right.scale_) return left.unscaled_ <=> right.unscaled_;
  const bool negative = left.unscaled_ < 0;
  if (negative != (right.unscaled_ < 0)) {
    return negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  const Wide wide_left = MultiplyWide(Magnitude(left.unscaled_), PowerOfTen(right.scale_));
  const Wide wide_right = MultiplyWide(Magnitude(right.unscaled_), PowerOfTen(left.scale_));
  return negative ? Compare(wide_right, wide_left) : Compare(wide_left, wide_right);
}

bool operator==(const Decimal& left, const Decimal& right) { return std::is_eq(left <=> right); }

}  // namespace fansipan::model
