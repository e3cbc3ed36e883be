#include "center/network.h"

#include <gtest/gtest.h>

#include <string>

namespace fansipan::center {
namespace {

std::string NetworkText(std::string_view text) {
  const auto address = ParseAddress(text);
  if (!address) return "no address";
  const auto network = NetworkOf(*address);
  return network ? std::string(NameOf(*network)) : "never";
}

TEST(NetworkOf, TellsThePublicNetworkFromTheClosedOnes) {
  EXPECT_EQ(NetworkText("14.225.7.1"), "public");
  EXPECT_EQ(NetworkText("10.1.2.3"), "private");
  EXPECT_EQ(NetworkText("100.64.0.1"), "private");
  EXPECT_EQ(NetworkText("172.16.0.1"), "private");
  EXPECT_EQ(NetworkText("172.31.255.255"), "private");
  EXPECT_EQ(NetworkText("172.32.0.1"), "public");
  EXPECT_EQ(NetworkText("192.168.1.1"), "private");
  EXPECT_EQ(NetworkText("169.254.169.254"), "link_local");
  EXPECT_EQ(NetworkText("127.0.0.1"), "loopback");
  EXPECT_EQ(NetworkText("127.255.255.254"), "loopback");
  EXPECT_EQ(NetworkText("2405:4800::1"), "public");
  EXPECT_EQ(NetworkText("fd00::1"), "private");
  EXPECT_EQ(NetworkText("fe80::1"), "link_local");
  EXPECT_EQ(NetworkText("::1"), "loopback");
}

TEST(NetworkOf, HasNoneForWhatIsNeverCalled) {
  for (const auto* text :
       {"0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
        "198.51.100.7", "203.0.113.9", "::", "ff02::1", "2001:db8::1", "2001:0:1::1", "100::1",
        "3fff::1", "4000::1", "::7f00:1"}) {
    EXPECT_EQ(NetworkText(text), "never") << text;
  }
}

TEST(NetworkOf, LooksThroughAddressesThatStandForOneOfIPv4) {
  EXPECT_EQ(NetworkText("::ffff:127.0.0.1"), "loopback");
  EXPECT_EQ(NetworkText("::ffff:7f00:1"), "loopback");
  EXPECT_EQ(NetworkText("::ffff:10.0.0.1"), "private");
  EXPECT_EQ(NetworkText("::ffff:14.225.7.1"), "public");
  EXPECT_EQ(NetworkText("64:ff9b::7f00:1"), "loopback");
  EXPECT_EQ(NetworkText("64:ff9b::a9fe:a9fe"), "link_local");
  EXPECT_EQ(NetworkText("2002:7f00:1::"), "loopback");
  EXPECT_EQ(NetworkText("2002:a00:1::"), "private");
}

TEST(ParseAddress, TakesOneSpellingAlone) {
  for (const auto* text : {"2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.1",
                           "127.0.0.1.", "1.2.3.256", "fe80::1%eth0", "[::1]", "", "127.0.0.01"}) {
    EXPECT_FALSE(ParseAddress(text).has_value()) << text;
  }
}

TEST(ParseUrl, TakesPlainUrlsApart) {
  const auto url = ParseUrl("https://Registry.Example.vn:8443/api/cases?page=1");
  ASSERT_TRUE(url.has_value());
  EXPECT_TRUE(url->secure);
  EXPECT_EQ(url->host, "registry.example.vn");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/api/cases?page=1");
  EXPECT_EQ(ParseUrl("http://10.0.0.1")->port, 80);
  EXPECT_EQ(ParseUrl("http://10.0.0.1?x")->target, "/?x");
  EXPECT_EQ(ParseUrl("https://[fd00::1]:9443/x")->host, "fd00::1");
}

TEST(ParseUrl, RefusesWhatProgramsReadDifferently) {
  for (const auto* text : {"ftp://a.vn/",
                           "//a.vn/",
                           "a.vn",
                           "https:/a.vn",
                           "https://",
                           "https://user@a.vn/",
                           "https://user:pw@a.vn/",
                           "https://a.vn/#x",
                           "https://a.vn\\@b.vn/",
                           "https://a.vn /",
                           "https://2130706433/",
                           "https://0x7f.1/",
                           "https://0177.0.0.1/",
                           "https://127.1/",
                           "https://a.vn:0/",
                           "https://a.vn:65536/",
                           "https://a.vn:/",
                           "https://a.vn:8x/",
                           "https://[::1/",
                           "https://[a.vn]/",
                           "https://::1/",
                           "https://a..vn/",
                           "https://-a.vn/",
                           "https://a.vn./",
                           "https://ví dụ.vn/",
                           "https://%61.vn/",
                           "https://[fe80::1%25eth0]/"}) {
    EXPECT_FALSE(ParseUrl(text).has_value()) << text;
  }
}

TEST(FindReach, IsTheExactHostAndPort) {
  const std::vector<Reach> reach = {{"a.vn", 443, Network::kPublic}};
  EXPECT_NE(FindReach(reach, "a.vn", 443), nullptr);
  EXPECT_EQ(FindReach(reach, "a.vn", 80), nullptr);
  EXPECT_EQ(FindReach(reach, "b.a.vn", 443), nullptr);
  EXPECT_EQ(FindReach({}, "a.vn", 443), nullptr);
}

}  // namespace
}  // namespace fansipan::center
