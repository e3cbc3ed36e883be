#include "center/connectors/request_template.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace fansipan::center {
namespace {

const std::map<std::string, std::string> kHostile = {
    {"id", "x\"},{\"a\":\"<b>&'/../{status}\\"}, {"status", "done"}, {"secret:key", "s&c"}};

TEST(RequestTemplate, FindsItsPlacesAndLeavesOtherBracesAlone) {
  EXPECT_EQ(PlacesIn(R"({"id":"{id}","a":{"b":"{secret:key}"},"{other}":"{id"})"),
            (std::vector<std::string>{"id", "secret:key"}));
  EXPECT_EQ(FillTemplate(R"({"a":{},"b":"{reason}"})", TemplateKind::kJson, {}),
            R"({"a":{},"b":""})");
}

TEST(RequestTemplate, WhatIsFilledInStaysWithinItsQuotes) {
  EXPECT_EQ(FillTemplate(R"({"id":"{id}","s":"{status}"})", TemplateKind::kJson, kHostile),
            R"({"id":"x\"},{\"a\":\"<b>&'/../{status}\\","s":"done"})");
  EXPECT_EQ(FillTemplate("{id}", TemplateKind::kJson, {{"id", "a\nb"}}), "a\\u000Ab");
}

TEST(RequestTemplate, WhatIsFilledInStaysWithinItsElement) {
  EXPECT_EQ(
      FillTemplate("<id a='{id}'>{secret:key}</id>", TemplateKind::kXml, kHostile),
      "<id a='x&quot;},{&quot;a&quot;:&quot;&lt;b&gt;&amp;&apos;/../{status}\\'>s&amp;c</id>");
}

TEST(RequestTemplate, WhatIsFilledInStaysWithinItsStepOfThePath) {
  EXPECT_EQ(FillTemplate("https://h/d/{id}/status", TemplateKind::kUrl, {{"id", "a/b?c#d e%2F"}}),
            "https://h/d/a%2Fb%3Fc%23d%20e%252F/status");
  EXPECT_EQ(FillTemplate("id={id}&s=1", TemplateKind::kForm, {{"id", "a&s=2"}}),
            "id=a%26s%3D2&s=1");
}

TEST(RequestTemplate, PlacesStandWhereTheyCanBeEscaped) {
  EXPECT_TRUE(CheckTemplate(R"({"a":"\"{id}","b":"x{status}y"})", TemplateKind::kJson).ok());
  EXPECT_TRUE(
      CheckTemplate("<?xml version=\"1.0\"?><a b=\"{id}\">{status}</a>", TemplateKind::kXml).ok());
  for (const auto* wrong : {R"({"a":{id}})", R"({"a":"\{id}"})", R"({"a":"b)"}) {
    EXPECT_FALSE(CheckTemplate(wrong, TemplateKind::kJson).ok()) << wrong;
  }
  for (const auto* wrong : {"<{id}/>", "<a b={id}/>", "<a><!-- {id} --></a>",
                            "<a><![CDATA[{id}]]></a>", "<!DOCTYPE a><a/>", "<a"}) {
    EXPECT_FALSE(CheckTemplate(wrong, TemplateKind::kXml).ok()) << wrong;
  }
}

}  // namespace
}  // namespace fansipan::center
