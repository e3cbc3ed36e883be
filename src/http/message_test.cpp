#include "http/message.h"

#include <gtest/gtest.h>

namespace fansipan::http {
namespace {

TEST(Response, LetsNoValueBeginAnotherField) {
  Response response = Response::Json(200, "{}");
  response.Set("Location", "/a\r\nSet-Cookie: fansipan=evil");
  const std::string head = EncodeHead(response, true);
  EXPECT_EQ(head.find("\r\nSet-Cookie"), std::string::npos);
  EXPECT_NE(head.find("Location: /aSet-Cookie: fansipan=evil\r\n"), std::string::npos);
}

TEST(Response, SaysItsLengthUnlessItHasNoBody) {
  EXPECT_NE(EncodeHead(Response::Json(200, "{}"), true).find("Content-Length: 2"),
            std::string::npos);
  EXPECT_NE(EncodeHead(Response::Empty(200), true).find("Content-Length: 0"), std::string::npos);
  EXPECT_EQ(EncodeHead(Response::Empty(204), true).find("Content-Length"), std::string::npos);
  EXPECT_EQ(EncodeHead(Response::Empty(304), true).find("Content-Length"), std::string::npos);
}

TEST(Fields, AreFoundInLowerCase) {
  Fields fields;
  fields.Add("X-Csrf-TOKEN", "a");
  fields.Add("x-csrf-token", "b");
  EXPECT_EQ(fields.Find("x-csrf-token"), "a");
  EXPECT_EQ(fields.Count("x-csrf-token"), 2U);
  EXPECT_EQ(fields.Find("host"), std::nullopt);
}

TEST(Cookie, IsFoundByItsWholeName) {
  Fields fields;
  fields.Add("Cookie", "xfansipan=1; fansipan=two; other=3");
  EXPECT_EQ(FindCookie(fields, "fansipan"), "two");
  EXPECT_EQ(FindCookie(fields, "fansi"), std::nullopt);
}

TEST(Cookie, ThatStandsThereTwiceIsNone) {
  Fields fields;
  fields.Add("Cookie", "fansipan=one; fansipan=two");
  EXPECT_EQ(FindCookie(fields, "fansipan"), std::nullopt);
  Fields apart;
  apart.Add("Cookie", "fansipan=one");
  apart.Add("Cookie", "fansipan=two");
  EXPECT_EQ(FindCookie(apart, "fansipan"), std::nullopt);
}

}  // namespace
}  // namespace fansipan::http
