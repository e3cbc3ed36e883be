#include "http/target.h"

#include <gtest/gtest.h>

namespace fansipan::http {
namespace {

TEST(Target, IsTakenApartAndDecodedOnce) {
  const auto target = ParseTarget("/api/v1/units/territory/X%C3%A3%25?search=L%C3%A0o+Cai&a=%2525");
  ASSERT_FALSE(target.ok()) << "a percent sign in a path has no need to be there";
  const auto plain = ParseTarget("/api/v1/units/territory/X%C3%A3?search=L%C3%A0o+Cai&a=%2525&b");
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain->segments, (std::vector<std::string>{"api", "v1", "units", "territory", "Xã"}));
  ASSERT_EQ(plain->query.size(), 3U);
  EXPECT_EQ(plain->query[0].second, "Lào Cai");
  EXPECT_EQ(plain->query[1].second, "%25");
  EXPECT_EQ(plain->query[2].second, "");
  EXPECT_TRUE(ParseTarget("/")->segments.empty());
}

TEST(Target, HasOneNormalForm) {
  for (const char* path : {"",
                           "api",
                           "*",
                           "http://localhost/api",
                           "//",
                           "/api//v1",
                           "/api/v1/",
                           "/api/./v1",
                           "/api/../v1",
                           "/api/%2e%2e/v1",
                           "/api%2Fv1",
                           "/api%2fv1",
                           "/api%5Cv1",
                           "/api\\v1",
                           "/api;x/v1",
                           "/api/v1;x",
                           "/api/v1%3Bx",
                           "/%61pi/v1",
                           "/api/v1/%00",
                           "/api/v1/%0a",
                           "/api/v1/%",
                           "/api/v1/%2",
                           "/api/v1/%zz",
                           "/api/v1/%ff",
                           "/api/v1/%c0%af",
                           "/api/v1/%ed%a0%80",
                           "/api/v1/a b",
                           "/api/v1/\x80",
                           "/api/v1/<x>",
                           "/api#v1"}) {
    const auto target = ParseTarget(path);
    ASSERT_FALSE(target.ok()) << path;
    EXPECT_EQ(target.error().reason, "unknown_route") << path;
  }
  EXPECT_FALSE(ParseTarget("/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q").ok());
}

TEST(Target, RefusesAQueryThatIsNoText) {
  for (const char* path : {"/?a=%00", "/?a=%ff", "/?a=%0d%0a", "/?=x", "/?a=%2"}) {
    EXPECT_EQ(ParseTarget(path).error().reason, "bad_query") << path;
  }
  std::string many = "/?";
  for (int i = 0; i < 65; ++i) many += "a" + std::to_string(i) + "=1&";
  EXPECT_EQ(ParseTarget(many).error().reason, "bad_query");
}

TEST(Target, ReadsBackWhatItEncodes) {
  const std::string text = "Tả Van, Bản Hồ & 100% +1";
  EXPECT_EQ(ParseTarget("/?a=" + EncodeComponent(text))->query[0].second, text);
}

}  // namespace
}  // namespace fansipan::http
