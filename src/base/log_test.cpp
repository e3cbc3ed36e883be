#include "base/log.h"

#include <gtest/gtest.h>

#include <string>

namespace fansipan::base {
namespace {

TEST(Log, WritesOneLineWithLevelAndMessage) {
  testing::internal::CaptureStderr();
  LogWarning("source '{}' is silent", "h38");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("warning"), std::string::npos);
  EXPECT_TRUE(text.ends_with("source 'h38' is silent\n")) << text;
}

TEST(Log, EscapesControlCharactersSoThatNoLineCanBeForged) {
  testing::internal::CaptureStderr();
  LogInfo("name {}", "a\nb\x1b[31m");
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(text.ends_with("name a\\x0ab\\x1b[31m\n")) << text;
}

TEST(Log, DropsWhatIsBelowItsLevel) {
  testing::internal::CaptureStderr();
  WriteLog(LogLevel::kDebug, "unseen");
  SetLogLevel(LogLevel::kError);
  LogWarning("unseen");
  SetLogLevel(LogLevel::kInfo);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace fansipan::base
