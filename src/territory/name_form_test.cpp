#include "territory/name_form.h"

#include <gtest/gtest.h>

namespace fansipan::territory {
namespace {

TEST(FormOfName, IsTheSameWhereverTheToneMarkStands) {
  EXPECT_EQ(FormOfName("Xã Hoà Bình"), FormOfName("xã Hòa Bình"));
  EXPECT_EQ(FormOfName("Xã Sơn Thuỷ"), FormOfName("Xã Sơn Thủy"));
  EXPECT_EQ(FormOfName("Xã Ho\u0300a Bi\u0300nh"), FormOfName("Xã Hòa Bình"));
  EXPECT_EQ(FormOfName("Xã Đo\u031B\u0303"), FormOfName("Xã Đỡ"));
  EXPECT_NE(FormOfName("Xã Nậm Chày").toned, FormOfName("Xã Nậm Chảy").toned);
  EXPECT_EQ(FormOfName("Xã Nậm Chày").plain, FormOfName("Xã Nậm Chảy").plain);
}

TEST(FormOfName, KnowsAbbreviations) {
  EXPECT_EQ(FormOfName("TT. N.T Phong Hải"), FormOfName("Thị trấn Nông trường Phong Hải"));
  EXPECT_EQ(FormOfName("Thị trấn NT Liên Sơn"), FormOfName("Thị trấn Nông trường Liên Sơn"));
  EXPECT_EQ(FormOfName("P. Cốc Lếu"), FormOfName("Phường Cốc Lếu"));
  EXPECT_EQ(FormOfName("P.Cốc Lếu"), FormOfName("Phường Cốc Lếu"));
  EXPECT_EQ(FormOfName("TX. Sa Pa"), FormOfName("Thị xã Sa Pa"));
  EXPECT_EQ(FormOfName("Phường 01"), FormOfName("Phường 1"));
}

TEST(FormOfName, TakesTheStatusOffByItsAccents) {
  EXPECT_EQ(FormOfName("Xã Xà Hồ").plain, "xa ho");
  EXPECT_EQ(FormOfName("Xã Quan Hồ Thẩn").plain, "quan ho than");
  EXPECT_EQ(FormOfName("Tịnh Biên").status, "");
  EXPECT_EQ(FormOfName("Tịnh Biên").plain, "tinh bien");
  EXPECT_EQ(FormOfName("THỊ TRẤN PHỐ LU").status, "thi tran");
  EXPECT_EQ(FormOfName("xã").plain, "xa");
  EXPECT_EQ(FormOfName("").plain, "");
}

TEST(FormOfName, LeavesBlanksHyphensAndApostrophesOut) {
  EXPECT_EQ(FormOfName("tỉnh Bà Rịa - Vũng Tàu"), FormOfName("Tỉnh  Bà Rịa-Vũng Tàu"));
  EXPECT_EQ(GluedName(FormOfName("Xã Ea H'đing").plain),
            GluedName(FormOfName("Xã Ea H’Đing").plain));
  EXPECT_EQ(GluedName(FormOfName("Xã A Vương").plain), GluedName(FormOfName("Xã Avương").plain));
}

}  // namespace
}  // namespace fansipan::territory
