#include <gtest/gtest.h>

#include <string>

#include "sources/internal/writings/date_writing.h"
#include "sources/internal/writings/number_writing.h"
#include "sources/internal/writings/refused_text.h"

namespace fansipan::sources::internal {
namespace {

/// What was read; "reason of a refused value"; or "error".
std::string Told(const base::Result<std::string>& read) {
  if (!read.ok()) return "error";
  const auto refused = ParseRefusedText(*read);
  return refused ? std::string(refused->reason) : *read;
}

std::string Comma(std::string_view text) { return Told(NumberOf(text, ",")); }
std::string Point(std::string_view text) { return Told(NumberOf(text, ".")); }

TEST(NumberOf, ReadsTheDeclaredDecimalMark) {
  EXPECT_EQ(Comma("1.234,5"), "1234.5");
  EXPECT_EQ(Point("1,234.5"), "1234.5");
  EXPECT_EQ(Comma("1.234"), "1234");
  EXPECT_EQ(Point("1.234"), "1.234");
  EXPECT_EQ(Comma("1234567,89"), "1234567.89");
  EXPECT_EQ(Comma("12.345.678"), "12345678");
  EXPECT_EQ(Comma("12 345 678,0"), "12345678.0");
  EXPECT_EQ(Comma("12\u00A0345"), "12345");
  EXPECT_EQ(Point("12'345.6"), "12345.6");
  EXPECT_EQ(Comma(" -0,012 "), "-0.012");
  EXPECT_EQ(Comma("\u22121.234"), "-1234");
  EXPECT_EQ(Comma("+7"), "7");
  EXPECT_EQ(Comma(",5"), "0.5");
  EXPECT_EQ(Comma("007"), "7");
  EXPECT_EQ(Comma("000"), "0");
}

TEST(NumberOf, RefusesWhatIsNoNumberInThatWriting) {
  for (const std::string_view text :
       {"1.5", "1,234.5", "1.23.456", "1.2345", ".234",  "1234.567", "1.234 567", "1,",
        "",    " ",       "-",        "1,2,3",  "1e6",   "12a",      "..",        "(5)",
        "5%",  "1..234",  "--1",      "nghìn",  "0.125", "00.500",   "007.123",   "0 500"}) {
    EXPECT_EQ(Comma(text), "not_a_decimal") << text;
  }
  EXPECT_EQ(Point("1.234,5"), "not_a_decimal");
  EXPECT_EQ(Told(NumberOf("1", ";")), "error");
}

TEST(NumberOf, KeepsTheOriginalOfARefusedText) {
  const std::string text = *NumberOf(" 1.5", ",");
  const auto refused = ParseRefusedText(text);
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->original, " 1.5");
  EXPECT_FALSE(ParseRefusedText("1.5").has_value());
  EXPECT_FALSE(ParseRefusedText("").has_value());
  EXPECT_FALSE(ParseRefusedText("\x1Aq1").has_value());
}

TEST(Scaled, MovesThePointExactly) {
  EXPECT_EQ(Told(Scaled("1.5", 6)), "1500000");
  EXPECT_EQ(Told(Scaled("-12.5", -2)), "-0.125");
  EXPECT_EQ(Told(Scaled("0.123456789012345678", 9)), "123456789.012345678");
  EXPECT_EQ(Told(Scaled("7", 0)), "7");
  EXPECT_EQ(Told(Scaled("7", -3)), "0.007");
  EXPECT_EQ(Told(Scaled("0", 9)), "0");
  EXPECT_EQ(Told(Scaled("1,5", 6)), "not_a_decimal");
  EXPECT_EQ(Told(Scaled("1.", 6)), "not_a_decimal");
  EXPECT_EQ(Told(Scaled("", 6)), "not_a_decimal");
  EXPECT_EQ(Told(Scaled("1", 19)), "error");
  EXPECT_EQ(*Scaled(*NumberOf("1.5", ","), 6), *NumberOf("1.5", ","));
}

TEST(DateOf, ReadsTheDeclaredOrder) {
  EXPECT_EQ(Told(DateOf("31/12/2025", "dmy")), "2025-12-31");
  EXPECT_EQ(Told(DateOf("5-3-2025", "dmy")), "2025-03-05");
  EXPECT_EQ(Told(DateOf("03.05.2025", "mdy")), "2025-03-05");
  EXPECT_EQ(Told(DateOf("2025/3/5", "ymd")), "2025-03-05");
  EXPECT_EQ(Told(DateOf("ngày 05 tháng 3 năm 2025", "dmy")), "2025-03-05");
  EXPECT_EQ(Told(DateOf(" Ngày 5  tháng 03\u00A0năm 2025", "dmy")), "2025-03-05");
  EXPECT_EQ(Told(DateOf("05 THÁNG 3 NĂM 2025", "dmy")), "2025-03-05");
}

TEST(DateOf, RefusesOtherWritingsAndDaysThatThereAreNot) {
  for (const std::string_view text :
       {"2025/12/31", "31/12/25", "31/12-2025", "31/12", "312/1/2025", "", "tháng 3 năm 2025",
        "31/12/2025 08:00", "ngày 5 tháng 3", "+1/2/2025", "1//2025", "31 12 2025"}) {
    EXPECT_EQ(Told(DateOf(text, "dmy")), "not_a_date") << text;
  }
  EXPECT_EQ(Told(DateOf("29/02/2025", "dmy")), "impossible_date");
  EXPECT_EQ(Told(DateOf("12/31/2025", "dmy")), "impossible_date");
  EXPECT_EQ(Told(DateOf("01/01/0000", "dmy")), "impossible_date");
  EXPECT_EQ(Told(DateOf("ngày 5 tháng 3 năm 2025", "ymd")), "not_a_date");
  EXPECT_EQ(Told(DateOf("1/1/2025", "d/m/y")), "error");
}

TEST(MomentOf, ReadsADateAndATimeInEitherOrder) {
  EXPECT_EQ(Told(MomentOf("31/12/2025 14:05", "dmy")), "2025-12-31T14:05:00");
  EXPECT_EQ(Told(MomentOf("8:05:09 31/12/2025", "dmy")), "2025-12-31T08:05:09");
  EXPECT_EQ(Told(MomentOf("2025-12-31T14:05:09.25", "ymd")), "2025-12-31T14:05:09.25");
  EXPECT_EQ(Told(MomentOf("ngày 05 tháng 3 năm 2025 14:05", "dmy")), "2025-03-05T14:05:00");
  for (const std::string_view text :
       {"31/12/2025", "14:05", "31/12/2025 24:00", "31/12/2025 8:5", "31/12/2025 08:00:61",
        "31/12/2025 08:00:01.", "31/12/2025 8", "31/12/2025 1:02:03:04", "8:00 x"}) {
    EXPECT_EQ(Told(MomentOf(text, "dmy")), "not_a_timestamp") << text;
  }
  EXPECT_EQ(Told(MomentOf("30/02/2025 08:00", "dmy")), "impossible_date");
}

TEST(DateOfSerial, CountsFromBothEpochs) {
  EXPECT_EQ(Told(DateOfSerial("1", 1900)), "1900-01-01");
  EXPECT_EQ(Told(DateOfSerial("59", 1900)), "1900-02-28");
  EXPECT_EQ(Told(DateOfSerial("60", 1900)), "impossible_date");
  EXPECT_EQ(Told(DateOfSerial("61", 1900)), "1900-03-01");
  EXPECT_EQ(Told(DateOfSerial("45000", 1900)), "2023-03-15");
  EXPECT_EQ(Told(DateOfSerial("45000.0", 1900)), "2023-03-15");
  EXPECT_EQ(Told(DateOfSerial("2958465", 1900)), "9999-12-31");
  EXPECT_EQ(Told(DateOfSerial("0", 1904)), "1904-01-01");
  EXPECT_EQ(Told(DateOfSerial("60", 1904)), "1904-03-01");
  EXPECT_EQ(Told(DateOfSerial("43538", 1904)), "2023-03-15");
  EXPECT_EQ(Told(DateOfSerial("2957003", 1904)), "9999-12-31");
  for (const std::string_view text : {"0", "2958466", "45000.5", "-1", "", "45000,0", "x", "1e3"}) {
    EXPECT_EQ(Told(DateOfSerial(text, 1900)), "not_a_date") << text;
  }
  EXPECT_EQ(Told(DateOfSerial("1", 1970)), "error");
}

TEST(MomentOfSerial, ReadsThePartOfTheDay) {
  EXPECT_EQ(Told(MomentOfSerial("45000.5", 1900)), "2023-03-15T12:00:00");
  EXPECT_EQ(Told(MomentOfSerial("45000.58690972222", 1900)), "2023-03-15T14:05:09");
  EXPECT_EQ(Told(MomentOfSerial("45000.0000057870", 1900)), "2023-03-15T00:00:00.500");
  EXPECT_EQ(Told(MomentOfSerial("45000.99999999999", 1900)), "2023-03-16T00:00:00");
  EXPECT_EQ(Told(MomentOfSerial("59.99999999999", 1900)), "impossible_date");
  EXPECT_EQ(Told(MomentOfSerial("43538", 1904)), "2023-03-15T00:00:00");
  EXPECT_EQ(Told(MomentOfSerial("45000.", 1900)), "not_a_date");
}

}  // namespace
}  // namespace fansipan::sources::internal
