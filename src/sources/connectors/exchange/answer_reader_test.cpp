#include "sources/connectors/exchange/answer_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sources/connectors/exchange/exchange_position.h"

namespace fansipan::sources {
namespace {

using center::AnswerKind;
using Ids = std::vector<std::string>;

IdPlace JsonPlace(std::string ids_at, std::string id_at, std::size_t most = 100) {
  return {.answer = AnswerKind::kJson,
          .ids_at = std::move(ids_at),
          .id_at = std::move(id_at),
          .most = most,
          .depth = 16};
}

IdPlace SoapPlace(std::string ids_at, std::string id_at = "") {
  return {.answer = AnswerKind::kXml,
          .ids_at = std::move(ids_at),
          .id_at = std::move(id_at),
          .most = 100,
          .depth = 16};
}

Ids IdsOf(std::string_view answer, const IdPlace& place) {
  const auto ids = ReadIds(answer, place);
  return ids.ok() ? *ids : Ids{"error: " + ids.error().reason};
}

TEST(AnswerReader, ReadsIdsOfJson) {
  EXPECT_EQ(IdsOf(R"({"items":[{"id":"a"},{"id":7},{"id":"\u00e9"}]})", JsonPlace("/items", "/id")),
            (Ids{"a", "7", "é"}));
  EXPECT_EQ(IdsOf(R"(["a","b","c"])", JsonPlace("", "", 2)), (Ids{"a", "b"}));
  EXPECT_EQ(IdsOf(R"({"items":[]})", JsonPlace("/items", "/id")), Ids{});
  EXPECT_EQ(IdsOf(R"({"items":null})", JsonPlace("/items", "/id")), Ids{});
}

TEST(AnswerReader, AListThatIsNotThereIsNoEmptyList) {
  for (const auto* answer : {R"({"documents":[]})", R"({"items":{}})", R"([])",
                             R"({"items":[{"name":"a"}]})", R"({"items":[{"id":null}]})"}) {
    EXPECT_EQ(IdsOf(answer, JsonPlace("/items", "/id")), Ids{"error: records_not_found"}) << answer;
  }
  for (const auto* answer : {"", "<html>", R"({"items":[{"id":"a"})", "{\"items\":[\"\xff\"]}"}) {
    EXPECT_EQ(IdsOf(answer, JsonPlace("/items", "/id")), Ids{"error: body_not_json"}) << answer;
  }
}

constexpr std::string_view kSoap =
    R"(<s:Envelope xmlns:s="urn:soap"><s:Body><l xmlns="urn:x"><d><i k="1"> a&amp;b </i></d>)"
    R"(<d><i k="2">c</i></d></l></s:Body></s:Envelope>)";

TEST(AnswerReader, ReadsIdsOfXml) {
  EXPECT_EQ(IdsOf(kSoap, SoapPlace("/*:Envelope/*:Body/*:l/*:d", "*:i")), (Ids{"a&b", "c"}));
  EXPECT_EQ(IdsOf(kSoap, SoapPlace("/*:Envelope/*:Body/*:l/*:d", "*:i/@k")), (Ids{"1", "2"}));
  EXPECT_EQ(IdsOf(kSoap, SoapPlace("/*:Envelope/*:Body/*:l/*:d/*:i")), (Ids{"a&b", "c"}));
  EXPECT_EQ(IdsOf("<l><d/></l>", SoapPlace("/l/x")), Ids{});
}

TEST(AnswerReader, XmlThatIsNotAsDeclaredIsAnError) {
  EXPECT_EQ(IdsOf(kSoap, SoapPlace("/*:Envelope/*:Body/*:other/*:d", "*:i")),
            Ids{"error: records_not_found"});
  EXPECT_EQ(IdsOf(kSoap, SoapPlace("/*:Envelope/*:Body/*:l/*:d", "*:id")),
            Ids{"error: records_not_found"});
  EXPECT_EQ(IdsOf("<!DOCTYPE l [<!ENTITY a 'b'>]><l><d>&a;</d></l>", SoapPlace("/l/d")),
            Ids{"error: has_doctype"});
  EXPECT_EQ(IdsOf("<l><d>a", SoapPlace("/l/d")), Ids{"error: cut_off"});
}

TEST(AnswerReader, ReadsOneTextOrElement) {
  EXPECT_EQ(*ReadTextAt(R"({"a":{"b":"c"}})", AnswerKind::kJson, "/a/b", 16), "c");
  EXPECT_EQ(*ReadTextAt(R"({"a":{"b":[]}})", AnswerKind::kJson, "/a/b", 16), std::nullopt);
  EXPECT_EQ(*ReadTextAt(kSoap, AnswerKind::kXml, "/*:Envelope/*:Body/*:l/*:d/*:i", 16), "a&b");
  EXPECT_EQ(*ReadTextAt(kSoap, AnswerKind::kXml, "/*:Envelope/*:Head", 16), std::nullopt);
  EXPECT_EQ(*ReadElementAt(kSoap, "/*:Envelope/*:Body/*:l/*:d", 16),
            R"(<d><i k="1"> a&amp;b </i></d>)");
}

TEST(ExchangePosition, IsReadAsItIsWrittenAndNothingElseIs) {
  const ExchangePosition position{
      .unreported = {"a\"b", "Số 7/UBND"}, .taken = 9, .request = "0123"};
  EXPECT_EQ(DecodeExchangePosition(Encode(position)), position);
  for (const auto* text : {"", "{", "[]", "{\"taken\":-1,\"unreported\":7,\"request\":[]}"}) {
    EXPECT_EQ(DecodeExchangePosition(text), ExchangePosition{}) << text;
  }
}

TEST(ExchangePosition, OfAnotherExchangeIsNotReported) {
  center::Exchange exchange;
  exchange.list.url = "https://a/list";
  ExchangePosition position = Under(exchange, {.unreported = {}, .taken = 3, .request = {}});
  position.unreported = {"a"};
  EXPECT_EQ(Under(exchange, position), position);
  exchange.report.url = "https://b/report";
  const ExchangePosition other = Under(exchange, position);
  EXPECT_TRUE(other.unreported.empty());
  EXPECT_EQ(other.taken, 3U);
}

}  // namespace
}  // namespace fansipan::sources
