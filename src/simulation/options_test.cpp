#include "simulation/options.h"

#include <gtest/gtest.h>

namespace fansipan::simulation {
namespace {

using std::chrono::seconds;

SimulationOptions WithToken() {
  SimulationOptions options;
  options.token = "fp_token";
  return options;
}

TEST(SimulationOptions, AreFitForOneConnectionWithoutARate) {
  const auto options = CheckOptions(WithToken());
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->connections, 1U);
  EXPECT_GT(options->batch, 0U);
}

TEST(SimulationOptions, TakeSeveralConnectionsAndBiggerBatchesAtAHighRate) {
  SimulationOptions options = WithToken();
  options.rate = 20'000;
  const auto checked = CheckOptions(options);
  ASSERT_TRUE(checked.ok());
  EXPECT_EQ(checked->connections, 4U);
  EXPECT_EQ(checked->batch, 5'000U);
}

TEST(SimulationOptions, AreRefusedOutsideTheirLimits) {
  const auto is_refused = [](auto change) {
    SimulationOptions options = WithToken();
    change(options);
    const auto checked = CheckOptions(options);
    return !checked.ok() && checked.error().reason == "wrong_option";
  };
  EXPECT_TRUE(is_refused([](auto& options) { options.rate = 20'001; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.rate = -1; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.bad_rate = 1.1; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.speed = 0; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.batch = 50'001; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.connections = 17; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.history = std::chrono::days(2000); }));
  EXPECT_TRUE(is_refused([](auto& options) { options.source = "a/b"; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.token = ""; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.token = "a\r\nX: b"; }));
}

TEST(SimulationOptions, GoToAnotherMachineOnlyWhenAllowed) {
  SimulationOptions options = WithToken();
  options.url = "https://center.example";
  EXPECT_FALSE(CheckOptions(options).ok());
  options.allow_remote = true;
  EXPECT_TRUE(CheckOptions(options).ok());
}

TEST(IsLoopbackUrl, AcceptsThisMachineOnly) {
  for (const char* url : {"http://127.0.0.1:8080", "http://127.9.8.7", "https://localhost:1",
                          "http://[::1]:8080", "http://[::1]"}) {
    EXPECT_TRUE(IsLoopbackUrl(url)) << url;
  }
  for (const char* url :
       {"http://127.0.0.1@example.org", "http://example.org", "http://127.0.0.1.example.org",
        "http://127.1", "http://127.0.0.1:99999", "http://127.0.0.1/path", "file:///etc/passwd",
        "http://0x7f.0.0.1", "http://128.0.0.1", "http://[::2]", "http://", "http://[::1"}) {
    EXPECT_FALSE(IsLoopbackUrl(url)) << url;
  }
}

TEST(ParseSpan, ReadsSecondsMinutesHoursAndDays) {
  EXPECT_EQ(ParseSpan("0").value(), seconds(0));
  EXPECT_EQ(ParseSpan("90s").value(), seconds(90));
  EXPECT_EQ(ParseSpan("2m").value(), seconds(120));
  EXPECT_EQ(ParseSpan("1h").value(), seconds(3600));
  EXPECT_EQ(ParseSpan("60d").value(), seconds(60 * 86'400));
}

TEST(ParseSpan, RefusesOtherText) {
  for (const char* text : {"", "60", "-1s", "1w", "s", "1.5h", "99999999999999999999s", "1 s"}) {
    EXPECT_FALSE(ParseSpan(text).ok()) << text;
  }
}

}  // namespace
}  // namespace fansipan::simulation
