#include "model/decimal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace fansipan::model {
namespace {

Decimal Number(std::string_view text) {
  const std::optional<Decimal> number = Decimal::Parse(text);
  EXPECT_TRUE(number.has_value()) << text;
  return number.value_or(Decimal());
}

std::string TextOf(const std::optional<Decimal>& number) {
  return number ? number->ToText() : "nothing";
}

constexpr std::string_view kLargest = "170141183460469231731687303715884105727";

/// A number without sign as decimal digits, the last first: slow, of any size.
class Natural {
 public:
  explicit Natural(std::vector<int> digits) : digits_(std::move(digits)) { Trim(); }

  static Natural Of(Int128 number) {
    std::vector<int> digits;
    for (; number != 0; number /= 10) digits.push_back(std::abs(static_cast<int>(number % 10)));
    return Natural(std::move(digits));
  }

  Natural TimesPower(int exponent) const {
    std::vector<int> digits(static_cast<std::size_t>(exponent), 0);
    digits.insert(digits.end(), digits_.begin(), digits_.end());
    return Natural(std::move(digits));
  }

  Natural Plus(const Natural& other) const {
    std::vector<int> sum(std::max(digits_.size(), other.digits_.size()) + 1, 0);
    for (std::size_t i = 0; i < digits_.size(); ++i) sum[i] += digits_[i];
    for (std::size_t i = 0; i < other.digits_.size(); ++i) sum[i] += other.digits_[i];
    return Carried(std::move(sum));
  }

  Natural Times(const Natural& other) const {
    std::vector<int> product(digits_.size() + other.digits_.size() + 1, 0);
    for (std::size_t i = 0; i < digits_.size(); ++i) {
      for (std::size_t j = 0; j < other.digits_.size(); ++j) {
        product[i + j] += digits_[i] * other.digits_[j];
      }
    }
    return Carried(std::move(product));
  }

  std::strong_ordering operator<=>(const Natural& other) const {
    if (digits_.size() != other.digits_.size()) return digits_.size() <=> other.digits_.size();
    return std::lexicographical_compare_three_way(digits_.rbegin(), digits_.rend(),
                                                  other.digits_.rbegin(), other.digits_.rend());
  }
  bool operator==(const Natural& other) const = default;

 private:
  static Natural Carried(std::vector<int> digits) {
    for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
      digits[i + 1] += digits[i] / 10;
      digits[i] %= 10;
    }
    return Natural(std::move(digits));
  }

  void Trim() {
    while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
  }

  std::vector<int> digits_;
};

/// Numbers of every length up to the largest, with every scale.
class RandomDecimals {
 public:
  explicit RandomDecimals(std::uint64_t seed) : engine_(seed) {}

  Decimal Next() {
    const auto high = static_cast<Int128>(engine_() >> 1U);
    Int128 unscaled = (high << 64) | static_cast<Int128>(engine_());
    unscaled >>= static_cast<int>(engine_() % 127);
    if (engine_() % 2 == 0) unscaled = -unscaled;
    return {unscaled, static_cast<int>(engine_() % (Decimal::kMaxScale + 1))};
  }

  int NextScale() { return static_cast<int>(engine_() % (Decimal::kMaxScale + 1)); }

 private:
  std::mt19937_64 engine_;
};

constexpr int kRounds = 20'000;

TEST(Decimal, ReadsAndWritesPlainDigits) {
  for (const std::string_view text :
       {"0", "7", "-7", "0.50", "-0.05", "123456789012345678901.25"}) {
    EXPECT_EQ(Number(text).ToText(), text);
  }
  EXPECT_EQ(Number("+1.5").ToText(), "1.5");
  EXPECT_EQ(Number(".5").ToText(), "0.5");
  EXPECT_EQ(Number("-0").ToText(), "0");
  EXPECT_EQ(Number("007").ToText(), "7");
  EXPECT_EQ(Number(kLargest).ToText(), kLargest);
}

TEST(Decimal, RefusesWhatIsNoPlainNumber) {
  for (const std::string_view text :
       {"", "-", "+", ".", "5.", "-.", "1.2.3", "1,5", "1e3", " 1", "1 ", "--1", "0x1", "١"}) {
    EXPECT_FALSE(Decimal::Parse(text).has_value()) << text;
  }
  EXPECT_TRUE(Decimal::Parse("0.123456789012345678").has_value());
  EXPECT_FALSE(Decimal::Parse("0.1234567890123456789").has_value());
  EXPECT_FALSE(Decimal::Parse("170141183460469231731687303715884105728").has_value());
}

TEST(Decimal, ComparesByValue) {
  EXPECT_EQ(Number("1.0"), Number("1.00"));
  EXPECT_EQ(Number("-0.0"), Number("0"));
  EXPECT_LT(Number("-2"), Number("-1.5"));
  EXPECT_LT(Number("-0.1"), Number("0.01"));
  EXPECT_GT(Number("0.1"), Number("0.099"));
  EXPECT_GT(Number(kLargest), Number("0.000000000000000001"));
}

TEST(Decimal, RoundsHalfAwayFromZeroWhenDigitsGo) {
  EXPECT_EQ(TextOf(Number("0.125").Rescale(2)), "0.13");
  EXPECT_EQ(TextOf(Number("-0.125").Rescale(2)), "-0.13");
  EXPECT_EQ(TextOf(Number("0.124").Rescale(2)), "0.12");
  EXPECT_EQ(TextOf(Number("2.5").Rescale(0)), "3");
  EXPECT_EQ(TextOf(Number("2.5").Rescale(3)), "2.500");
  EXPECT_EQ(TextOf(Number("2.5").Rescale(19)), "nothing");
  EXPECT_EQ(TextOf(Number(kLargest).Rescale(1)), "nothing");
}

TEST(Decimal, LosesTrailingZerosWhenNormalized) {
  EXPECT_EQ(Number("1.500").Normalized().ToText(), "1.5");
  EXPECT_EQ(Number("100.0").Normalized().ToText(), "100");
  EXPECT_EQ(Number("0.000").Normalized().scale(), 0);
}

TEST(Decimal, GivesTheNearestDouble) {
  EXPECT_EQ(Number("0.1").ToDouble(), 0.1);
  EXPECT_EQ(Number("-95.45").ToDouble(), -95.45);
  EXPECT_EQ(Number("9007199254740993").ToDouble(), 9007199254740992.0);
  EXPECT_EQ(Number("123456789012345678.901").ToDouble(), 123456789012345678.901);
}

TEST(Decimal, DividesWithRoundingAtTheAskedScale) {
  EXPECT_EQ(TextOf(Divide(Number("2"), Number("3"), 4)), "0.6667");
  EXPECT_EQ(TextOf(Divide(Number("-1"), Number("8"), 2)), "-0.13");
  EXPECT_EQ(TextOf(Divide(Number("0.000000000000000001"), Number("3"), 0)), "0");
  EXPECT_EQ(TextOf(Divide(Number("1"), Number("0.00"), 4)), "nothing");
  EXPECT_EQ(TextOf(Divide(Number("1"), Number("2"), 19)), "nothing");
}

TEST(Decimal, DividesLargeNumbersWithoutNeedlessOverflow) {
  EXPECT_EQ(TextOf(Divide(Number(kLargest), Number(kLargest), 12)), "1.000000000000");
  EXPECT_EQ(TextOf(Divide(Number(kLargest), Number("10000000000000"), 12)),
            "17014118346046923173168730.371588410573");
  EXPECT_EQ(TextOf(Divide(Number(kLargest), Number("0.1"), 0)), "nothing");
}

TEST(Decimal, MultipliesExactlyUpToTheLargestScale) {
  EXPECT_EQ(TextOf(Multiply(Number("1.10"), Number("-0.5"))), "-0.550");
  EXPECT_EQ(TextOf(Multiply(Number("0.333333333333"), Number("0.333333333333"))),
            "0.111111111110888889");
  EXPECT_EQ(TextOf(Multiply(Number(kLargest), Number("2"))), "nothing");
  EXPECT_EQ(TextOf(Multiply(Number(kLargest), Number("1.00"))), kLargest);
}

TEST(Decimal, GivesNothingInPlaceOfAnOverflow) {
  EXPECT_EQ(TextOf(Add(Number(kLargest), Number("1"))), "nothing");
  EXPECT_EQ(TextOf(Subtract(Number("-" + std::string(kLargest)), Number("2"))), "nothing");
  EXPECT_EQ(TextOf(Add(Number(kLargest), Number("0.5"))), "nothing");
  EXPECT_EQ(TextOf(Add(Number(kLargest), Number("-1.000"))),
            "170141183460469231731687303715884105726");
}

TEST(DecimalProperty, TextIsReadBackAsTheSameNumber) {
  RandomDecimals random(1);
  for (int round = 0; round < kRounds; ++round) {
    const Decimal number = random.Next();
    const std::optional<Decimal> read = Decimal::Parse(number.ToText());
    ASSERT_TRUE(read.has_value()) << number.ToText();
    ASSERT_EQ(read->unscaled(), number.unscaled());
    ASSERT_EQ(read->scale(), number.scale());
  }
}

TEST(DecimalProperty, OrderIsThatOfTheDigits) {
  RandomDecimals random(2);
  for (int round = 0; round < kRounds; ++round) {
    const Decimal left = random.Next();
    const Decimal right = random.Next();
    const Natural wide_left = Natural::Of(left.unscaled()).TimesPower(right.scale());
    const Natural wide_right = Natural::Of(right.unscaled()).TimesPower(left.scale());
    std::strong_ordering expected = wide_left <=> wide_right;
    if (left.unscaled() < 0) expected = wide_right <=> wide_left;
    if ((left.unscaled() < 0) != (right.unscaled() < 0)) {
      expected = left.unscaled() < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    ASSERT_EQ(left <=> right, expected) << left.ToText() << " " << right.ToText();
  }
}

TEST(DecimalProperty, SumOfNumbersOfOneSignIsThatOfTheDigits) {
  RandomDecimals random(3);
  int fitting = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Decimal left = random.Next();
    const Decimal right = random.Next();
    if ((left.unscaled() < 0) != (right.unscaled() < 0)) continue;
    const std::optional<Decimal> sum = Add(left, right);
    if (!sum) continue;
    ++fitting;
    const Natural expected =
        Natural::Of(left.unscaled())
            .TimesPower(18 - left.scale())
            .Plus(Natural::Of(right.unscaled()).TimesPower(18 - right.scale()));
    ASSERT_EQ(Natural::Of(sum->unscaled()).TimesPower(18 - sum->scale()), expected);
    ASSERT_EQ(Subtract(*sum, right), left);
    ASSERT_EQ(Subtract(*sum, left), right);
  }
  EXPECT_GT(fitting, kRounds / 10);
}

TEST(DecimalProperty, ProductIsThatOfTheDigits) {
  RandomDecimals random(4);
  int fitting = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Decimal left = random.Next();
    const Decimal right = random.Next();
    const std::optional<Decimal> product = Multiply(left, right);
    if (!product || left.scale() + right.scale() > Decimal::kMaxScale) continue;
    ++fitting;
    const Natural expected = Natural::Of(left.unscaled())
                                 .Times(Natural::Of(right.unscaled()))
                                 .TimesPower(product->scale());
    const Natural found = Natural::Of(product->unscaled()).TimesPower(left.scale() + right.scale());
    ASSERT_EQ(found, expected) << left.ToText() << " " << right.ToText();
    ASSERT_EQ(product->unscaled() < 0,
              !product->is_zero() && (left.unscaled() < 0) != (right.unscaled() < 0));
  }
  EXPECT_GT(fitting, kRounds / 10);
}

// q is the quotient rounded half away from zero exactly when (2q - 1) r <= 2 l < (2q + 1) r.
TEST(DecimalProperty, QuotientIsTheNearest) {
  RandomDecimals random(5);
  int fitting = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Decimal left = random.Next();
    const Decimal right = random.Next();
    const int scale = random.NextScale();
    const std::optional<Decimal> quotient = Divide(left, right, scale);
    if (!quotient) continue;
    ++fitting;
    ASSERT_EQ(quotient->scale(), scale);
    const Natural two = Natural({2});
    const Natural twice_left =
        Natural::Of(left.unscaled()).TimesPower(scale + right.scale()).Times(two);
    const Natural divisor = Natural::Of(right.unscaled()).TimesPower(left.scale());
    const Natural twice_found = Natural::Of(quotient->unscaled()).Times(two).Times(divisor);
    ASSERT_TRUE(twice_found <= twice_left.Plus(divisor)) << left.ToText() << " " << right.ToText();
    ASSERT_TRUE(twice_left < twice_found.Plus(divisor)) << left.ToText() << " " << right.ToText();
  }
  EXPECT_GT(fitting, kRounds / 2);
}

}  // namespace
}  // namespace fansipan::model
