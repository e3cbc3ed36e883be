#include "model/spelling/composing.h"

#include <gtest/gtest.h>

namespace fansipan::model {
namespace {

TEST(Compose, MakesOneCharacterOfALetterAndItsMarks) {
  EXPECT_EQ(Compose("Te\u0302n \u0111o\u031bn vi\u0323"), "Tên đơn vị");
  EXPECT_EQ(Compose("e\u0323\u0302"), "ệ");
  EXPECT_EQ(Compose("e\u0302\u0323"), "ệ") << "whatever the order of the marks";
}

TEST(Compose, LeavesWhatIsComposedOrNoText) {
  EXPECT_EQ(Compose("Tên đơn vị"), "Tên đơn vị");
  EXPECT_EQ(Compose("name"), "name");
  EXPECT_EQ(Compose(""), "");
  const std::string malformed = "a\xFF\x80 e\xCC\x81";
  EXPECT_EQ(Compose(malformed), malformed);
}

}  // namespace
}  // namespace fansipan::model
