#include "sources/connectors/http/page_reader.h"

#include <gtest/gtest.h>

#include "sources/connectors/http/media_type.h"
#include "sources/connectors/http/pull_position.h"
#include "sources/connectors/http/request_pace.h"

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""h;

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

TEST(ReadPage, CountsRecordsAndFindsTheLargestPositionAndTheCursor) {
  const auto facts = ReadPage(
      R"({"next": "c2", "data": {"items": [{"u": {"t": "2026-02"}}, {"u": {"t": "2026-03"}}, {"u": 1}]}})",
      {.records_at = "/data/items", .since_at = "/u/t", .next_at = "/next"});
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->records, 3U);
  EXPECT_EQ(facts->largest, "2026-03");
  EXPECT_EQ(facts->next, "c2");
}

TEST(ReadPage, ComparesWholeNumbersByValueAndTakesNullAsTheEnd) {
  const auto facts = ReadPage(R"({"a/b": [{"n": 9}, {"n": 10}, {"n": null}], "next": null})",
                              {.records_at = "/a~1b", .since_at = "/n", .next_at = "/next"});
  ASSERT_TRUE(facts.ok());
  EXPECT_EQ(facts->largest, "10");
  EXPECT_EQ(facts->next, "");
  EXPECT_EQ(ReadPage("[]", {})->records, 0U);
}

TEST(ReadPage, RefusesWhatIsNoSuchPage) {
  EXPECT_EQ(ReadPage("<html>", {}).error().reason, "body_not_json");
  EXPECT_EQ(ReadPage("[1, 2", {}).error().reason, "body_not_json");
  EXPECT_EQ(ReadPage("[\"\xFF\"]", {}).error().reason, "body_not_json");
  EXPECT_EQ(ReadPage(std::string(100, '['), {}).error().reason, "body_not_json");
  EXPECT_EQ(ReadPage("{}", {}).error().reason, "records_not_found");
  EXPECT_EQ(ReadPage(R"({"items": {}})", {.records_at = "/items"}).error().reason,
            "records_not_found");
  const std::string longest = "[{\"t\": \"" + std::string(3'000, 'x') + "\"}]";
  EXPECT_EQ(ReadPage(longest, {.since_at = "/t"}).error().reason, "marker_too_long");
}

TEST(NextLink, ReadsTheHeadersThatServersSend) {
  EXPECT_EQ(NextLink("<https://a.vn/x?page=2>; rel=\"next\""), "https://a.vn/x?page=2");
  EXPECT_EQ(NextLink("</a>; rel=prev, </b>; title=\"x, y; rel=next\"; rel=\"last next\""), "/b");
  EXPECT_EQ(NextLink("</a,b;c>; REL=Next"), "/a,b;c");
  EXPECT_EQ(NextLink("</a>; rel=\"prev\"; rel=\"next\""), std::nullopt);
  EXPECT_EQ(NextLink(""), std::nullopt);
  EXPECT_EQ(NextLink("</a"), std::nullopt);
  EXPECT_EQ(NextLink("</a>; rel=\"nextish\""), std::nullopt);
}

TEST(PullPosition, IsReadAsItWasWritten) {
  PullPosition position{"2026-01", "2026-02", "c 3", 7, kNow, kNow + 1s, "\"e\"", "Wed", "ab", 9};
  EXPECT_EQ(DecodePosition(Encode(position)), position);
  EXPECT_EQ(DecodePosition(""), PullPosition());
  EXPECT_EQ(DecodePosition("of another connector"), PullPosition());
  EXPECT_EQ(DecodePosition(R"({"since": 5, "pages": "x", "at": "y", "taken": -1})"),
            PullPosition());
}

TEST(EndHarvest, MovesTheStartOfTheNextOneAndNeverBack) {
  center::HttpPull by_record;
  by_record.since_at = "/t";
  PullPosition position{.since = "b", .seen = "c", .next = "x", .pages = 2};
  EndHarvest(position, by_record);
  EXPECT_EQ(position, (PullPosition{.since = "c"}));
  position.seen = "a";
  EndHarvest(position, by_record);
  EXPECT_EQ(position.since, "c");
  center::HttpPull by_clock;
  by_clock.since_asked = true;
  by_clock.since_overlap = 10min;
  position.begun = kNow;
  EndHarvest(position, by_clock);
  EXPECT_EQ(position.since, "2026-06-30T23:50:00Z");
}

TEST(RequestPace, LetsNoMoreGoInAnyMinute) {
  RequestPace pace(2);
  EXPECT_EQ(pace.TakeOrWait(kNow), 0s);
  EXPECT_EQ(pace.TakeOrWait(kNow + 10s), 0s);
  EXPECT_EQ(pace.TakeOrWait(kNow + 20s), 40s);
  EXPECT_EQ(pace.TakeOrWait(kNow + 60s), 0s);
  EXPECT_EQ(pace.TakeOrWait(kNow + 61s), 9s);
  EXPECT_EQ(pace.TakeOrWait(kNow - 24h), 0s) << "a clock set back holds nothing up";
}

TEST(RetryAfter, IsSecondsOrADateAndAtMostAnHour) {
  EXPECT_EQ(RetryAfter("120", kNow), 2min);
  EXPECT_EQ(RetryAfter("999999", kNow), 1h);
  EXPECT_EQ(RetryAfter("Wed, 01 Jul 2026 00:05:00 GMT", kNow), 5min);
  EXPECT_EQ(RetryAfter("Tue, 30 Jun 2026 00:05:00 GMT", kNow), 0s);
  EXPECT_EQ(RetryAfter("", kNow), std::nullopt);
  EXPECT_EQ(RetryAfter("soon", kNow), std::nullopt);
}

TEST(CheckMediaType, TakesTheFormatsTypesAndNoPageForPeople) {
  using center::Format;
  EXPECT_TRUE(CheckMediaType("Application/JSON; charset=utf-8", Format::kJson, {}).ok());
  EXPECT_TRUE(CheckMediaType("application/hal+json", Format::kJson, {}).ok());
  EXPECT_TRUE(CheckMediaType("", Format::kJson, {}).ok());
  EXPECT_TRUE(CheckMediaType("text/x-own", Format::kJson, {"text/x-own"}).ok());
  for (const auto* type : {"text/html", "text/plain", "application/problem+json"}) {
    EXPECT_EQ(CheckMediaType(type, Format::kJson, {}).error().reason, "wrong_media_type") << type;
  }
  EXPECT_FALSE(CheckMediaType("application/xhtml+xml", Format::kXml, {}).ok());
  EXPECT_FALSE(CheckMediaType("application/json", Format::kJson, {"text/x-own"}).ok());
}

}  // namespace
}  // namespace fansipan::sources
