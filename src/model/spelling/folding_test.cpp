#include "model/spelling/folding.h"

#include <gtest/gtest.h>

#include <string>

namespace fansipan::model {
namespace {

TEST(FoldForSearch, DropsCaseAndVietnameseMarks) {
  EXPECT_EQ(FoldForSearch("Bắc Hà"), "bac ha");
  EXPECT_EQ(FoldForSearch("Phường Đồng Tuyển"), "phuong dong tuyen");
  EXPECT_EQ(FoldForSearch("Y TÝ, MƯỜNG KHƯƠNG"), "y ty, muong khuong");
}

TEST(FoldForSearch, CoversEveryVietnameseLetter) {
  EXPECT_EQ(FoldForSearch("àáảãạăằắẳẵặâầấẩẫậ"), std::string(17, 'a'));
  EXPECT_EQ(FoldForSearch("èéẻẽẹêềếểễệ"), std::string(11, 'e'));
  EXPECT_EQ(FoldForSearch("ìíỉĩị"), std::string(5, 'i'));
  EXPECT_EQ(FoldForSearch("òóỏõọôồốổỗộơờớởỡợ"), std::string(17, 'o'));
  EXPECT_EQ(FoldForSearch("ùúủũụưừứửữự"), std::string(11, 'u'));
  EXPECT_EQ(FoldForSearch("ỳýỷỹỵ"), std::string(5, 'y'));
  EXPECT_EQ(FoldForSearch("ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬ"), std::string(17, 'a'));
  EXPECT_EQ(FoldForSearch("đĐ"), "dd");
}

TEST(FoldForSearch, GivesTheSameForComposedAndCombiningForms) {
  const std::string combining = "Ba\u0306\u0301c Ha\u0300, Mu\u031bo\u031b\u0300ng";
  EXPECT_EQ(FoldForSearch(combining), FoldForSearch("Bắc Hà, Mường"));
}

TEST(FoldForSearch, SpellsOutLettersOfTwo) { EXPECT_EQ(FoldForSearch("Æ œ ß Þ"), "ae oe ss th"); }

TEST(FoldForSearch, LeavesEverythingElseAsItIs) {
  EXPECT_EQ(FoldForSearch("10604 – Лаокай 老街 ×÷ 😀"), "10604 – Лаокай 老街 ×÷ 😀");
}

TEST(FoldForSearch, LeavesMalformedBytesAsTheyAre) {
  for (const std::string bytes : {"\xC3", "a\xE1\xBA", "\xFF\xFE", "\xC3(", "\x80z"}) {
    EXPECT_EQ(FoldForSearch(bytes), bytes);
  }
}

}  // namespace
}  // namespace fansipan::model
