#include "sources/connectors/file_fetch/file_listing.h"

#include <gtest/gtest.h>

#include <chrono>

#include "sources/connectors/file_fetch/fetch_position.h"

namespace fansipan::sources {
namespace {

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

std::int64_t Day(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days(std::chrono::year(year) / std::chrono::month(month) /
                               std::chrono::day(day))
      .time_since_epoch()
      .count();
}

std::vector<ListedFile> Parsed(std::string_view text) {
  auto files = ParseListing(text, kNow);
  EXPECT_TRUE(files.ok()) << text;
  return files.ok() ? *std::move(files) : std::vector<ListedFile>();
}

std::string ReasonOf(std::string_view text) {
  const auto files = ParseListing(text, kNow);
  return files.ok() ? "fine" : files.error().reason;
}

TEST(FileListing, TellsPlainFilesAlone) {
  const auto files = Parsed(
      "total 12\r\n"
      "drwxr-xr-x    2 0        0            4096 Jun 30 10:00 done\r\n"
      "-rw-r--r--    1 1001     1001           12 Jun 30 10:05 a.csv\r\n"
      "lrwxrwxrwx    1 0        0               5 Jun 30 10:05 b.csv -> a.csv\r\n"
      "-rw-r--r--    1 0        0               1 Jun 30 10:05 .hidden\r\n"
      "-rw-r-----+   ? office   office 5000000000 Dec 31  2025 hồ sơ tháng 12.csv\r\n");
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].name, "a.csv");
  EXPECT_EQ(files[0].bytes, 12U);
  EXPECT_EQ(files[0].time, (ListedTime{Day(2026, 6, 30), 10 * 60 + 5}));
  EXPECT_EQ(files[1].name, "hồ sơ tháng 12.csv");
  EXPECT_EQ(files[1].bytes, 5'000'000'000U);
  EXPECT_EQ(files[1].time, (ListedTime{Day(2025, 12, 31), -1}));
}

TEST(FileListing, ATimeWithoutYearIsTheLastSuchOne) {
  const auto day_of = [](const std::string& date) {
    return Parsed("-rw-r--r-- 1 a b 1 " + date + " 10:05 a.csv").at(0).time.day;
  };
  EXPECT_EQ(day_of("Jul  1"), Day(2026, 7, 1));
  EXPECT_EQ(day_of("Jul  2"), Day(2026, 7, 2));  // a server further east
  EXPECT_EQ(day_of("Jul  3"), Day(2025, 7, 3));
  EXPECT_EQ(day_of("Dec 31"), Day(2025, 12, 31));
  EXPECT_EQ(day_of("Feb 29"), Day(2024, 2, 29));
}

TEST(FileListing, ANameKeepsItsSpaces) {
  EXPECT_EQ(Parsed("-rw-r--r-- 1 a b 1 Jun 30 10:05  a  b.csv ").at(0).name, " a  b.csv ");
}

TEST(FileListing, WhatIsNoListIsRefused) {
  EXPECT_EQ(ReasonOf(""), "fine");
  for (const char* line : {
           "<html><body>Index of /</body></html>",
           "06-30-26  10:05AM       12 a.csv",
           "a.csv",
           "-rw-r--r--",
           "-rw-r--r-- 1 a b 12 Jun 30 10:05",
           "-rw-r--r-- 1 a b 12 Jun 30 10:05 ",
           "-rw-r--r-- 1 a b -12 Jun 30 10:05 a.csv",
           "-rw-r--r-- 1 a b 99999999999999999999999 Jun 30 10:05 a.csv",
           "-rw-r--r-- 1 a b 12 Jux 30 10:05 a.csv",
           "-rw-r--r-- 1 a b 12 Jun 31 10:05 a.csv",
           "-rw-r--r-- 1 a b 12 Jun 30 24:05 a.csv",
           "-rw-r--r-- 1 a b 12 Jun 30 1:005 a.csv",
           "-rw-r--r-- x a b 12 Jun 30 10:05 a.csv",
           "-rw-r--q-- 1 a b 12 Jun 30 10:05 a.csv",
       }) {
    EXPECT_EQ(ReasonOf(line), "listing_unreadable") << line;
  }
  std::string many;
  for (int i = 0; i <= 50'000; ++i) many += "-rw-r--r-- 1 a b 1 Jun 30 10:05 a\n";
  EXPECT_EQ(ReasonOf(many), "listing_too_large");
}

TEST(FileListing, ATimeToldToTheDayIsTheSameAsOneToldToTheMinute) {
  const ListedFile young{"a", 1, {100, 605}};
  EXPECT_TRUE(IsUnchanged(young, {"a", 1, {100, -1}}));
  EXPECT_FALSE(IsUnchanged(young, {"a", 1, {100, 606}}));
  EXPECT_FALSE(IsUnchanged(young, {"a", 1, {101, -1}}));
  EXPECT_FALSE(IsUnchanged(young, {"a", 2, {100, 605}}));
}

TEST(FileListing, NamesThatCommandsCannotHoldAreNotUsable) {
  EXPECT_TRUE(IsUsableName("hồ sơ.csv"));
  for (const std::string& name :
       {std::string("a\"b"), std::string("a\\b"), std::string("a\rb"), std::string("a/b"),
        std::string(".."), std::string(""), std::string("a\xFF"), std::string(256, 'a')}) {
    EXPECT_FALSE(IsUsableName(name)) << name;
  }
}

TEST(FetchPosition, IsReadAsItWasWritten) {
  FetchPosition position;
  position.of = "place";
  position.Take({{"hồ sơ.csv", 12, {100, 605}}, 1'767'225'600, true, 1'767'225'700});
  position.Take({{"b.csv", 0, {-1, -1}}, -1, false, 0});
  const std::string text = Encode(position);
  const FetchPosition read = DecodeFetchPosition(text, "place");
  EXPECT_EQ(Encode(read), text);
  EXPECT_EQ(read.count, 2U);
  ASSERT_EQ(read.taken.size(), 2U);
  EXPECT_TRUE(read.taken[0].settled);
}

TEST(FetchPosition, OfAnotherPlaceOnlyTheCountIsKept) {
  FetchPosition position;
  position.of = "place";
  position.Take({{"a.csv", 12, {100, 605}}, 1, true, 1});
  const FetchPosition other = DecodeFetchPosition(Encode(position), "elsewhere");
  EXPECT_EQ(other.count, 1U);
  EXPECT_TRUE(other.taken.empty());
  for (const char* text : {"", "[]", "{\"of\":7}", R"({"of":"place","taken":[["a",-1]]})",
                           R"({"of":"place","taken":[["a",1,2,3,4,5,6]]})"}) {
    EXPECT_TRUE(DecodeFetchPosition(text, "place").taken.empty()) << text;
  }
}

TEST(FetchPosition, ForgetsWhatIsListedNoMore) {
  FetchPosition position;
  position.Take({{"a.csv", 1, {100, 1}}, 1, true, 1});
  position.Take({{"b.csv", 1, {100, 1}}, 1, true, 1});
  position.KeepListed({ListedFile{"b.csv", 9, {101, 1}}});
  EXPECT_EQ(position.Find("a.csv"), nullptr);
  EXPECT_NE(position.Find("b.csv"), nullptr);
  EXPECT_EQ(position.count, 2U);
}

}  // namespace
}  // namespace fansipan::sources
