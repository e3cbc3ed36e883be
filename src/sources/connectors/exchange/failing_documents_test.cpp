#include "sources/connectors/exchange/failing_documents.h"

#include <gtest/gtest.h>

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
const base::Error kError{base::ErrorCode::kUnavailable, "source_failed", "status 500"};

TEST(FailingDocuments, AreSetBackTwiceAsLongEachTimeUpToAnHour) {
  FailingDocuments failing(1min);
  base::Duration expected = 1min;
  for (int i = 0; i < 10; ++i) {
    failing.Note("a", kError, kNow);
    EXPECT_TRUE(failing.SetBack("a", kNow + expected - base::Duration(1))) << i;
    EXPECT_FALSE(failing.SetBack("a", kNow + expected)) << i;
    expected = std::min<base::Duration>(expected * 2, 1h);
  }
}

TEST(FailingDocuments, AreNotAskedForMoreOftenThanTheSource) {
  FailingDocuments failing(24h);
  for (int i = 0; i < 3; ++i) failing.Note("a", kError, kNow);
  EXPECT_TRUE(failing.SetBack("a", kNow + 23h));
  EXPECT_FALSE(failing.SetBack("a", kNow + 24h));
}

TEST(FailingDocuments, TellTheirErrorAndWhenTheyAreTriedAgain) {
  FailingDocuments failing(1min);
  failing.Note("a", kError, kNow);
  const auto error = failing.SetBack("a", kNow);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->reason, "source_failed");
  EXPECT_NE(error->message.find("2026-07-01T00:01:00"), std::string::npos) << error->message;
}

TEST(FailingDocuments, AreForgottenWhenTheyWaitNoLonger) {
  FailingDocuments failing(1min);
  failing.Note("a", kError, kNow);
  failing.Note("b", kError, kNow);
  failing.KeepOnly({"b", "c"});
  EXPECT_FALSE(failing.Knows("a"));
  EXPECT_TRUE(failing.Knows("b"));
  failing.Forget("b");
  EXPECT_FALSE(failing.SetBack("b", kNow));
}

}  // namespace
}  // namespace fansipan::sources
