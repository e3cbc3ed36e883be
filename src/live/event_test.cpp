#include "live/event.h"

#include <gtest/gtest.h>

#include <map>

namespace fansipan::live {
namespace {

TEST(StateId, IsReadBackFromItsText) {
  const StateId id{18'446'744'073'709'551'615U, 1'774'000'000'000'001};
  EXPECT_EQ(ParseStateId(ToText(id)), id);
  EXPECT_LT((StateId{1, 9}), (StateId{2, 0}));
}

TEST(StateId, IsNotReadFromAnythingElse) {
  for (const char* text : {"", ".", "1", "1.", ".1", "-1.2", "1.-2", "+1.2", "1.2.3", "1.2 ", "a.b",
                           "99999999999999999999.1"}) {
    EXPECT_FALSE(ParseStateId(text)) << text;
  }
}

TEST(Event, HasNameIdAndData) {
  EXPECT_EQ(EncodeEvent("change", StateId{7, 8}, "{}"), "event: change\nid: 7.8\ndata: {}\n\n");
  EXPECT_EQ(EncodeEvent("heartbeat", std::nullopt, "{}"), "event: heartbeat\ndata: {}\n\n");
}

TEST(Event, SendsViewersBackSpreadOverTime) {
  std::map<int, int> in_second;
  for (std::uint64_t stream = 1; stream <= 900; ++stream) {
    const std::string block = EncodeRetry(stream);
    ASSERT_TRUE(block.starts_with("retry: ") && block.ends_with("\n\n")) << block;
    ++in_second[std::stoi(block.substr(7)) / 1'000];
  }
  EXPECT_EQ(in_second.size(), 9U);
  for (const auto& [second, viewers] : in_second) {
    EXPECT_GE(second, 1);
    EXPECT_NEAR(viewers, 100, 5) << second;
  }
}

}  // namespace
}  // namespace fansipan::live
