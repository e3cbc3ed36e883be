#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fansipan::model {

__extension__ using Int128 = __int128;

/// An exact decimal number: unscaled / 10^scale, unscaled of 128 bits, scale 0 to 18. Sums never
/// lose anything, so that new minus old is the same as computing again. An operation that would not
/// fit gives nothing.
class Decimal {
 public:
  static constexpr int kMaxScale = 18;

  constexpr Decimal() = default;
  constexpr Decimal(Int128 unscaled, int scale) : unscaled_(unscaled), scale_(scale) {}
  static constexpr Decimal FromInteger(std::int64_t number) { return {number, 0}; }
  /// Digits with an optional sign and one point (".5" but not "5."); nothing for anything else,
  /// more than kMaxScale decimals, or a number that does not fit.
  static std::optional<Decimal> Parse(std::string_view text);

  Int128 unscaled() const { return unscaled_; }
  int scale() const { return scale_; }
  bool is_zero() const { return unscaled_ == 0; }

  /// The same number with another scale; rounded half away from zero when digits go.
  std::optional<Decimal> Rescale(int scale) const;
  /// Without trailing zeros behind the point.
  Decimal Normalized() const;
  double ToDouble() const;
  /// Plain digits with a point, "-0.50" with scale 2.
  std::string ToText() const;

  friend std::optional<Decimal> Add(const Decimal& left, const Decimal& right);
  friend std::optional<Decimal> Subtract(const Decimal& left, const Decimal& right);
  friend std::optional<Decimal> Multiply(const Decimal& left, const Decimal& right);
  /// Rounded half away from zero at `scale` decimals; nothing when the divisor is zero.
  friend std::optional<Decimal> Divide(const Decimal& left, const Decimal& right, int scale);

  /// By value: 1.0 equals 1.00.
  friend std::strong_ordering operator<=>(const Decimal& left, const Decimal& right);
  friend bool operator==(const Decimal& left, const Decimal& right);

 private:
  Int128 unscaled_ = 0;
  int scale_ = 0;
};

std::optional<Decimal> Add(const Decimal& left, const Decimal& right);
std::optional<Decimal> Subtract(const Decimal& left, const Decimal& right);
/// Exact, unless the product has more than kMaxScale decimals: then rounded half away from zero
/// there.
std::optional<Decimal> Multiply(const Decimal& left, const Decimal& right);
std::optional<Decimal> Divide(const Decimal& left, const Decimal& right, int scale);

}  // namespace fansipan::model
