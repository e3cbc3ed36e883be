#include "simulation/registry.h"

#include <gtest/gtest.h>

#include <set>

namespace fansipan::simulation {
namespace {

using Path = std::vector<std::string>;
using Texts = std::map<std::string, std::string>;

class RegistryTest : public ::testing::Test {
 protected:
  RegistryTest() { options_.records = 7; }
  ServedAnswer Get(Path path, Texts query = {}, Texts headers = {}) {
    if (!registry_) registry_.emplace(options_, clock_);
    return registry_->Answer({.method = "GET",
                              .path = std::move(path),
                              .query = std::move(query),
                              .headers = std::move(headers),
                              .body = {}});
  }
  ServedAnswer People(Texts query = {}, Texts headers = {}) {
    return Get({"api", "people"}, std::move(query), std::move(headers));
  }
  /// Ids in an answer, in order.
  static std::vector<std::string> Ids(const std::string& body) {
    std::vector<std::string> ids;
    for (std::size_t at = body.find("\"CD"); at != std::string::npos;
         at = body.find("\"CD", at + 1)) {
      ids.push_back(body.substr(at + 1, 10));
    }
    return ids;
  }
  static std::string NextOf(const std::string& body) {
    const std::size_t at = body.find("\"next\":\"");
    if (at == std::string::npos) return {};
    return body.substr(at + 8, body.find('"', at + 8) - at - 8);
  }
  static std::string Header(const ServedAnswer& answer, const std::string& name) {
    for (const auto& [key, value] : answer.headers) {
      if (key == name) return value;
    }
    return {};
  }

  base::VirtualClock clock_{base::Timestamp(std::chrono::hours(500'000))};
  RegistryOptions options_;
  std::optional<Registry> registry_;
};

TEST_F(RegistryTest, PagesGiveEveryRecordOnce) {
  std::vector<std::string> all;
  for (int page = 1; page <= 4; ++page) {
    for (auto& id : Ids(People({{"page", std::to_string(page)}, {"size", "3"}}).body)) {
      all.push_back(std::move(id));
    }
  }
  EXPECT_EQ(all.size(), 7U);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 7U);
}

TEST_F(RegistryTest, CursorsGiveEveryRecordOnceAndEnd) {
  std::vector<std::string> all;
  std::string cursor;
  for (int asked = 0; asked < 3; ++asked) {
    const ServedAnswer answer = People({{"cursor", cursor}, {"size", "3"}});
    for (auto& id : Ids(answer.body)) all.push_back(std::move(id));
    cursor = NextOf(answer.body);
    EXPECT_EQ(Header(answer, "Link").find("cursor=" + cursor) != std::string::npos,
              !cursor.empty());
  }
  EXPECT_EQ(cursor, "");
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 7U);
  EXPECT_EQ(all.size(), 7U);
}

TEST_F(RegistryTest, AChangedRecordComesLastAndIsAskedForByItsMoment) {
  options_.every = std::chrono::seconds(10);
  const auto before = Ids(People().body);
  const std::string now = "2027-01-15T08:00:00Z";  // 500,000 hours
  EXPECT_EQ(Ids(People({{"updated_since", now}}).body).size(), 1U);
  clock_.Advance(std::chrono::seconds(20));
  const auto after = Ids(People().body);
  ASSERT_EQ(after.size(), 7U);
  EXPECT_EQ(after[5], before[0]);
  EXPECT_EQ(after[6], before[1]);
  EXPECT_EQ(Ids(People({{"updated_since", now}}).body).size(), 3U);
  EXPECT_EQ(Ids(Get({"api", "people", before[0]}).body), (std::vector<std::string>{before[0]}));
}

TEST_F(RegistryTest, AnUnchangedAnswerIsNotSentAgain) {
  const ServedAnswer first = People();
  const ServedAnswer again = People({}, {{"if-none-match", Header(first, "ETag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(People({{"size", "2"}}, {{"if-none-match", Header(first, "ETag")}}).status, 200);
}

TEST_F(RegistryTest, WhoAsksTooOftenIsToldWhenToComeBack) {
  options_.requests_per_minute = 2;
  EXPECT_EQ(People().status, 200);
  clock_.Advance(std::chrono::seconds(20));
  EXPECT_EQ(People().status, 200);
  const ServedAnswer refused = People();
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(Header(refused, "Retry-After"), "40");
  clock_.Advance(std::chrono::seconds(40));
  EXPECT_EQ(People().status, 200);
}

TEST_F(RegistryTest, WhatIsNotThereIsSaid) {
  EXPECT_EQ(Get({"api", "people", "CD00000008"}).status, 404);
  EXPECT_EQ(Get({"api", "people", "DN00000001"}).status, 404);
  EXPECT_EQ(Get({"api", "enterprises", "DN00000001"}).status, 200);
  EXPECT_EQ(Get({"api", "animals"}).status, 404);
  EXPECT_EQ(Get({}).status, 404);
  options_.secret = "s";
  registry_.emplace(options_, clock_);
  EXPECT_EQ(People().status, 401);
}

TEST_F(RegistryTest, FaultsComeWhenTheyAreAskedFor) {
  options_.faults.shares = {0, 0, 1, 0, 1, 1};
  const ServedAnswer answer = People();
  EXPECT_EQ(Ids(answer.body).size(), 14U);
  EXPECT_EQ(answer.body.find("\"items\""), std::string::npos);
  EXPECT_TRUE(answer.cut_at.has_value());
}

}  // namespace
}  // namespace fansipan::simulation
