#include "security/used_signatures.h"

#include <gtest/gtest.h>

#include <chrono>

namespace fansipan::security {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;

constexpr base::Timestamp kNow{std::chrono::seconds(1'767'225'600)};

bool Use(UsedSignatures& used, std::string_view signature, base::Timestamp signed_at,
         base::Timestamp now) {
  const auto first = used.Use(signature, signed_at, now);
  EXPECT_TRUE(first.ok());
  return first.ok() && *first;
}

TEST(UsedSignatures, EachIsGoodForOneUse) {
  UsedSignatures used;
  EXPECT_TRUE(Use(used, "a", kNow, kNow));
  EXPECT_FALSE(Use(used, "a", kNow, kNow));
  EXPECT_TRUE(Use(used, "b", kNow, kNow));
  EXPECT_FALSE(Use(used, "a", kNow, kNow + 1h)) << "as long as any source may take it";
}

TEST(UsedSignatures, ThoseTooOldToBeTakenMakeRoom) {
  UsedSignatures used(2);
  EXPECT_TRUE(Use(used, "a", kNow, kNow));
  EXPECT_TRUE(Use(used, "b", kNow + 1s, kNow));
  const auto full = used.Use("c", kNow, kNow);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().code, base::ErrorCode::kUnavailable);
  EXPECT_FALSE(Use(used, "a", kNow, kNow)) << "none was forgotten for it";
  const base::Timestamp later = kNow + UsedSignatures::kKeptFor + 1s;
  EXPECT_TRUE(Use(used, "c", later, later));
  EXPECT_FALSE(Use(used, "b", kNow + 1s, later)) << "not yet old enough";
}

}  // namespace
}  // namespace fansipan::security
