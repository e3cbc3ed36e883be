#include "model/value.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace fansipan::model {
namespace {

base::TimeZone Hanoi() { return *base::TimeZone::Find("Asia/Ho_Chi_Minh"); }

/// The value's canonical text, or the reason of its refusal.
std::string Read(std::string_view text, ColumnType type, int scale = 2) {
  const base::Result<Value> value = ParseValue(text, type, scale, Hanoi());
  return value.ok() ? ToText(*value) : value.error().reason;
}

TEST(ParseValue, KeepsTextAsItIs) {
  EXPECT_EQ(Read(" Sa Pa ", ColumnType::kText), " Sa Pa ");
  EXPECT_EQ(Read("", ColumnType::kText), "");
}

TEST(ParseValue, ReadsIntegersOf64Bits) {
  EXPECT_EQ(Read("0", ColumnType::kInteger), "0");
  EXPECT_EQ(Read("+12", ColumnType::kInteger), "12");
  EXPECT_EQ(Read("-9223372036854775808", ColumnType::kInteger), "-9223372036854775808");
  EXPECT_EQ(Read("9223372036854775808", ColumnType::kInteger), "out_of_range");
  for (const std::string_view text : {"", "-", "+", "+-1", "1.0", "1 000", "1,000", "abc", "1a"}) {
    EXPECT_EQ(Read(text, ColumnType::kInteger), "not_an_integer") << text;
  }
}

TEST(ParseValue, ReadsDecimalsAtTheColumnsScale) {
  EXPECT_EQ(Read("1.5", ColumnType::kDecimal), "1.50");
  EXPECT_EQ(Read("-.05", ColumnType::kDecimal), "-0.05");
  EXPECT_EQ(Read("1.500", ColumnType::kDecimal), "1.50");
  EXPECT_EQ(Read(".00", ColumnType::kDecimal), "0.00");
  EXPECT_EQ(Read("-0.000000000000000000000", ColumnType::kDecimal), "0.00");
  EXPECT_EQ(Read("1200", ColumnType::kDecimal, 0), "1200");
  EXPECT_EQ(Read("1.505", ColumnType::kDecimal), "too_many_decimals");
  EXPECT_EQ(Read(std::string(40, '9'), ColumnType::kDecimal), "out_of_range");
  EXPECT_EQ(Read(std::string(38, '9'), ColumnType::kDecimal), "out_of_range");
  // 2^94 and the number before it.
  EXPECT_EQ(Read("19807040628566084398385987584", ColumnType::kDecimal, 0), "out_of_range");
  EXPECT_NE(Read("19807040628566084398385987583", ColumnType::kDecimal, 0), "out_of_range");
  for (const std::string_view text : {"", "-", ".", "1.", "-.", "1,5", "1e3", "NaN", "1.2.3"}) {
    EXPECT_EQ(Read(text, ColumnType::kDecimal), "not_a_decimal") << text;
  }
}

TEST(ParseValue, ReadsBooleans) {
  EXPECT_EQ(Read("true", ColumnType::kBoolean), "true");
  EXPECT_EQ(Read("1", ColumnType::kBoolean), "true");
  EXPECT_EQ(Read("false", ColumnType::kBoolean), "false");
  EXPECT_EQ(Read("0", ColumnType::kBoolean), "false");
  for (const std::string_view text : {"", "True", "yes", "2"}) {
    EXPECT_EQ(Read(text, ColumnType::kBoolean), "not_a_boolean") << text;
  }
}

TEST(ParseValue, ReadsDaysThatExist) {
  EXPECT_EQ(Read("2026-11-23", ColumnType::kDate), "2026-11-23");
  EXPECT_EQ(Read("2028-02-29", ColumnType::kDate), "2028-02-29");
  EXPECT_EQ(Read("1600-01-01", ColumnType::kDate), "1600-01-01");
  EXPECT_EQ(Read("9999-12-31", ColumnType::kDate), "9999-12-31");
  EXPECT_EQ(Read("1599-12-31", ColumnType::kDate), "out_of_range");
  for (const std::string_view text : {"2026-02-30", "2026-02-29", "2026-13-01", "2026-00-10"}) {
    EXPECT_EQ(Read(text, ColumnType::kDate), "impossible_date") << text;
  }
  for (const std::string_view text : {"", "2026-1-2", "23/11/2026", "2026-11-23 ", "20261123"}) {
    EXPECT_EQ(Read(text, ColumnType::kDate), "not_a_date") << text;
  }
}

TEST(ParseValue, ReadsMomentsWithAnOffset) {
  EXPECT_EQ(Read("2011-12-06 13:41:31.788000+01:00", ColumnType::kTimestamp),
            "2011-12-06T12:41:31.788Z");
  EXPECT_EQ(Read("2026-11-23T07:30:00Z", ColumnType::kTimestamp), "2026-11-23T07:30:00Z");
  EXPECT_EQ(Read("2026-11-23t07:30:00z", ColumnType::kTimestamp), "2026-11-23T07:30:00Z");
  EXPECT_EQ(Read("2026-11-23T07:30:00-0330", ColumnType::kTimestamp), "2026-11-23T11:00:00Z");
  EXPECT_EQ(Read("2026-11-23T07:30+07", ColumnType::kTimestamp), "2026-11-23T00:30:00Z");
  EXPECT_EQ(Read("2027-01-01T00:00:00+07:00", ColumnType::kTimestamp), "2026-12-31T17:00:00Z");
}

TEST(ParseValue, ReadsMomentsWithoutOffsetOnTheZonesClock) {
  EXPECT_EQ(Read("2026-11-23 07:30", ColumnType::kTimestamp), "2026-11-23T00:30:00Z");
  EXPECT_EQ(Read("2026-11-23T07:30:15.5", ColumnType::kTimestamp), "2026-11-23T00:30:15.5Z");
}

TEST(ParseValue, CutsFractionsAtMicroseconds) {
  EXPECT_EQ(Read("2026-11-23T07:30:00.1234569Z", ColumnType::kTimestamp),
            "2026-11-23T07:30:00.123456Z");
  EXPECT_EQ(Read("2026-11-23T07:30:00.0000009Z", ColumnType::kTimestamp), "2026-11-23T07:30:00Z");
}

TEST(ParseValue, RefusesMomentsThatAreNone) {
  EXPECT_EQ(Read("2026-02-30T07:30:00Z", ColumnType::kTimestamp), "impossible_date");
  EXPECT_EQ(Read("1599-12-31T07:30:00Z", ColumnType::kTimestamp), "out_of_range");
  for (const std::string_view text :
       {"", "2026-11-23", "2026-11-23T", "2026-11-23T7:30", "2026-11-23T24:00:00Z",
        "2026-11-23T07:60:00Z", "2026-11-23T07:30:60Z", "2026-11-23T07:30:00.Z",
        "2026-11-23T07:30:00ZZ", "2026-11-23T07:30:00+24:00", "2026-11-23T07:30:00+07:",
        "2026-11-23T07:30:00 Z", "2026-11-23T07:30:00+7", "1767225600"}) {
    EXPECT_EQ(Read(text, ColumnType::kTimestamp), "not_a_timestamp") << text;
  }
}

TEST(ParseValue, ShowsOnlyTheStartOfALongTextAndNoHalfCharacter) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "ạ";
  const base::Result<Value> value = ParseValue(text, ColumnType::kInteger, 0, Hanoi());
  ASSERT_FALSE(value.ok());
  EXPECT_LT(value.error().message.size(), 200U);
  EXPECT_NE(value.error().message.find("ạ…"), std::string::npos);
}

TEST(ColumnType, IsFoundByItsName) {
  for (const ColumnType type : {ColumnType::kText, ColumnType::kInteger, ColumnType::kDecimal,
                                ColumnType::kBoolean, ColumnType::kDate, ColumnType::kTimestamp}) {
    EXPECT_EQ(FindColumnType(NameOf(type)), type);
  }
  EXPECT_EQ(NameOf(ColumnType::kTimestamp), "timestamp");
  EXPECT_EQ(FindColumnType("string"), std::nullopt);
}

/// Values in their order, each different from all others.
std::vector<Value> OrderedValues() {
  const Date day = std::chrono::year(2026) / 11 / 23;
  return {Value(),
          Value(std::string()),
          Value(std::string("\0", 1)),
          Value(std::string("a")),
          Value(std::string("a\0", 2)),
          Value(std::string("b")),
          Value(std::int64_t{-1}),
          Value(std::int64_t{0}),
          Value(std::int64_t{256}),
          Value(Decimal(-11, 1)),
          Value(Decimal(0, 0)),
          Value(Decimal(1, 18)),
          Value(Decimal(10, 0)),
          Value(false),
          Value(true),
          Value(day),
          Value(day + std::chrono::days(1)),
          Value(base::Timestamp(day)),
          Value(base::Timestamp(day) + base::Duration(1))};
}

TEST(Compare, OrdersWithinATypeAndTypesAmongThemselves) {
  const std::vector<Value> values = OrderedValues();
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      EXPECT_EQ(Compare(values[i], values[j]), i <=> j) << i << " " << j;
    }
  }
  EXPECT_EQ(Compare(Value(Decimal(10, 1)), Value(Decimal(1, 0))), std::strong_ordering::equal);
}

TEST(CanonicalBytes, DifferForDifferentValues) {
  std::set<std::string> forms;
  for (const Value& value : OrderedValues()) forms.insert(CanonicalBytes({value}));
  EXPECT_EQ(forms.size(), OrderedValues().size());
}

TEST(CanonicalBytes, AreEqualForDecimalsThatDifferInTrailingZerosAlone) {
  EXPECT_EQ(CanonicalBytes({Decimal(150, 2)}), CanonicalBytes({Decimal(15, 1)}));
  EXPECT_EQ(CanonicalBytes({Decimal(0, 5)}), CanonicalBytes({Decimal(0, 0)}));
  EXPECT_NE(CanonicalBytes({Decimal(15, 1)}), CanonicalBytes({Decimal(-15, 1)}));
}

TEST(CanonicalBytes, KeepTheBordersBetweenValues) {
  const Value a(std::string("a"));
  const Value aa(std::string("aa"));
  EXPECT_NE(CanonicalBytes({a, aa}), CanonicalBytes({aa, a}));
  EXPECT_NE(CanonicalBytes({a, Value()}), CanonicalBytes({Value(), a}));
}

// Stored by others: a change here makes stored keys unreadable.
TEST(CanonicalBytes, KeepTheirForm) {
  EXPECT_EQ(CanonicalBytes({Value(), std::string("ab"), std::int64_t{-2}, true}),
            std::string("\x00"
                        "\x01\x02\x00\x00\x00\x00\x00\x00\x00"
                        "ab"
                        "\x02\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                        "\x04\x01",
                        23));
}

}  // namespace
}  // namespace fansipan::model
