#include "territory/origin_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace fansipan::territory {
namespace {

using Mentions = std::vector<Mention>;

Mentions Read(std::string_view text) { return ParseOrigin(text).mentions; }

TEST(ParseOrigin, ReadsAListWithPlacesInBrackets) {
  EXPECT_EQ(Read("Xã Thanh Bình (thị xã Sa Pa), Xã Bản Hồ và Thị trấn Phố Lu"),
            (Mentions{{"Xã Thanh Bình", "thị xã Sa Pa", Extent::kWhole},
                      {"Xã Bản Hồ", "", Extent::kWhole},
                      {"Thị trấn Phố Lu", "", Extent::kWhole}}));
}

TEST(ParseOrigin, KnowsAUnitThatWasKept) {
  const OriginStatement statement = ParseOrigin("giữ nguyên");
  EXPECT_TRUE(statement.unchanged);
  EXPECT_TRUE(statement.mentions.empty());
  EXPECT_TRUE(ParseOrigin(" Giữ nguyên ").unchanged);
  EXPECT_FALSE(ParseOrigin("giữ nguyên Xã Bản Hồ").unchanged);
}

TEST(ParseOrigin, ReadsPartsAndRests) {
  EXPECT_EQ(Read("Xã A, một phần diện tích tự nhiên, quy mô dân số của Xã B"),
            (Mentions{{"Xã A", "", Extent::kWhole}, {"Xã B", "", Extent::kPart}}));
  EXPECT_EQ(Read("Xã A và phần còn lại của Phường B sau khi sắp xếp"),
            (Mentions{{"Xã A", "", Extent::kWhole}, {"Phường B", "", Extent::kRest}}));
  EXPECT_EQ(Read("Xã A (một phần), Xã B (phần còn lại sau khi sáp nhập vào xã C, xã D)"),
            (Mentions{{"Xã A", "", Extent::kPart}, {"Xã B", "", Extent::kRest}}));
  EXPECT_EQ(Read("Xã A (huyện H) (phần còn lại sau khi sáp nhập vào xã C)"),
            (Mentions{{"Xã A", "huyện H", Extent::kRest}}));
  EXPECT_EQ(Read("một phần diện tích TN, toàn bộ quy mô dân số của Xã A"),
            (Mentions{{"Xã A", "", Extent::kPart}}));
}

TEST(ParseOrigin, SaysWhereAnEnumerationLeavesTheExtentOpen) {
  EXPECT_EQ(Read("một phần diện tích TN của các phường Cửa Nam, Điện Biên, toàn bộ Xã A"),
            (Mentions{{"phường Cửa Nam", "", Extent::kPart},
                      {"phường Điện Biên", "", Extent::kCarried},
                      {"Xã A", "", Extent::kWhole}}));
}

TEST(ParseOrigin, DropsAStatusThatStandsTwice) {
  EXPECT_EQ(Read("một phần của phường Phường Tiên Nội"),
            (Mentions{{"Phường Tiên Nội", "", Extent::kPart}}));
  EXPECT_EQ(Read("Xã Xà Hồ"), (Mentions{{"Xã Xà Hồ", "", Extent::kWhole}}));
}

TEST(ParseOrigin, KeepsWhatElseIsSaidAsARemark) {
  const OriginStatement statement = ParseOrigin("Xã Khánh Bình Tây (bao gồm Hòn Đá Bạc)");
  EXPECT_EQ(statement.mentions.size(), 1U);
  EXPECT_EQ(statement.remarks, std::vector<std::string>{"bao gồm Hòn Đá Bạc"});
}

TEST(ParseOrigin, TakesAnyText) {
  EXPECT_TRUE(Read("").empty());
  EXPECT_TRUE(Read(",;, ()").empty());
  EXPECT_EQ(Read("Xã A (huyện B").front().within, "huyện B");
  EXPECT_EQ(Read("Xã A) , Xã B").size(), 2U);
  std::mt19937 random(7);
  const std::string pieces[] = {"Xã ",           "(",    ")",    ",",        " và ", "một phần ",
                                "phần còn lại ", "của ", "\xE1", "\xC3\xA0", "A",    "toàn bộ "};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) text += pieces[random() % std::size(pieces)];
    for (const Mention& mention : Read(text)) EXPECT_FALSE(mention.text.empty()) << text;
  }
}

}  // namespace
}  // namespace fansipan::territory
