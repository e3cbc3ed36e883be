#include "http/rendering/panel_rendering.h"

#include <gtest/gtest.h>

namespace fansipan::http {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

indicators::SourceStanding Paused(std::string reason, base::Timestamp since) {
  indicators::SourceStanding standing;
  standing.state = indicators::SourceState::kPaused;
  standing.conditions.paused =
      indicators::SourceTrouble{since, std::move(reason), {}, "an official", {}};
  return standing;
}

TEST(LastingText, ChangesWithTheReasonAndTheBeginningOfAPause) {
  const base::Timestamp since(1'000s);
  const std::string text = LastingText(Paused("nâng cấp", since), 0ms);
  EXPECT_EQ(LastingText(Paused("nâng cấp", since), 0ms), text);
  EXPECT_NE(LastingText(Paused("chuyển máy chủ", since), 0ms), text);
  EXPECT_NE(LastingText(Paused("nâng cấp", since + 1s), 0ms), text);
}

TEST(LastingText, ChangesWithTheBeginningOfATroubleOfTheSameReason) {
  indicators::SourceStanding standing;
  standing.state = indicators::SourceState::kFailing;
  standing.conditions.failing =
      indicators::SourceTrouble{base::Timestamp(5s), "no_connection", {}, {}, {}};
  const std::string text = LastingText(standing, 0ms);
  standing.conditions.failing->since = base::Timestamp(6s);
  EXPECT_NE(LastingText(standing, 0ms), text);
}

TEST(LastingText, StaysWhileOnlyTheAgeMoves) {
  indicators::SourceStanding standing;
  standing.state = indicators::SourceState::kLive;
  standing.facts.last_sign_of_life = base::Timestamp(100s);
  standing.age = 1s;
  const std::string text = LastingText(standing, 0ms);
  standing.age = 2s;
  standing.facts.last_sign_of_life = base::Timestamp(104s);
  EXPECT_EQ(LastingText(standing, 0ms), text);
  standing.facts.last_sign_of_life = base::Timestamp(105s);
  EXPECT_NE(LastingText(standing, 0ms), text) << "that it lives is told every five seconds";
}

}  // namespace
}  // namespace fansipan::http
