#include "sources/contract/told_totals.h"

#include <gtest/gtest.h>

namespace fansipan::sources {
namespace {

using center::ControlPlace;
using Texts = std::vector<std::optional<std::string>>;

class Nobody final : public RawRowConsumer {
 public:
  base::Status Begin(const std::vector<std::string>&) override { return {}; }
  base::Status Take(const RawBatch&) override { return {}; }
};

ControlPlace Footer(std::uint32_t cell) {
  ControlPlace place;
  place.cell = cell;
  return place;
}
ControlPlace Line(std::uint32_t line, std::uint32_t cell) {
  ControlPlace place = Footer(cell);
  place.kind = ControlPlace::Kind::kLine;
  place.line = line;
  return place;
}
ControlPlace At(const std::string& path) {
  ControlPlace place;
  place.kind = ControlPlace::Kind::kAt;
  place.at = path;
  return place;
}

ToldTotals Read(std::string_view payload, center::Source source,
                const std::vector<ControlPlace>& places, const std::string& keys_at = "") {
  center::SourceContract contract;
  center::ControlTotals& totals = contract.control_totals.emplace();
  for (const ControlPlace& place : places) totals.sums.push_back({"visit", "fee", place});
  totals.keys_at = keys_at;
  source.contract = std::make_shared<const center::SourceContract>(contract);
  Nobody nobody;
  const auto decoded = Decode(payload, source, nobody);
  EXPECT_TRUE(decoded.ok()) << decoded.error().message;
  return ReadToldTotals(payload, source, decoded.ok() ? *decoded : DecodedPayload());
}

TEST(ToldTotals, StandInTheFooterAndAboveTheTableOfACsvFile) {
  center::Source source;
  source.csv.skip = 1;
  source.csv.ends_at = "Tổng";
  const auto told = Read("Số dòng,2\na,b\n1,2\n3,4\nTổng cộng,\"6,0\"\n", source,
                         {Line(1, 2), Footer(2), Footer(9), Line(99, 1)});
  EXPECT_EQ(told.texts, (Texts{"2", "6,0", std::nullopt, std::nullopt}));
}

TEST(ToldTotals, StandBesideTheRecordsOfAJsonText) {
  center::Source source;
  source.format = center::Format::kJson;
  source.json.records_at = "/items";
  source.json.columns = {{"id", ""}};
  const auto told = Read(R"({"items": [{"id": 1}], "meta": {"total": 48, "keys": ["a", 7]}})",
                         source, {At("/meta/total"), At("/meta/none")}, "/meta/keys");
  EXPECT_EQ(told.texts, (Texts{"48", std::nullopt}));
  EXPECT_TRUE(told.keys_told);
  EXPECT_EQ(told.keys, (std::vector<std::string>{"a", "7"}));
}

TEST(ToldTotals, StandBesideTheRecordsOfAnXmlDocument) {
  center::Source source;
  source.format = center::Format::kXml;
  source.xml.records_at = "/list/visit";
  source.xml.columns = {{"id", "id"}};
  const auto told = Read(
      "<list><head><count>48</count><key>a</key><key>b</key></head><visit><id>1</id></visit></"
      "list>",
      source, {At("/list/head/count"), At("/list/head/none")}, "/list/head/key");
  EXPECT_EQ(told.texts, (Texts{"48", std::nullopt}));
  EXPECT_EQ(told.keys, (std::vector<std::string>{"a", "b"}));
}

TEST(ToldTotals, AreNoLongTexts) {
  center::Source source;
  source.csv.ends_at = "T";
  const auto told = Read("a,b\n1,2\nT," + std::string(5000, '9') + "\n", source, {Footer(2)});
  EXPECT_EQ(told.texts, (Texts{std::nullopt}));
}

TEST(ToldTotals, StandInLinesOfAFileThatIsLarge) {
  center::Source source;
  source.csv.skip = 2;
  std::string payload = "Số dòng,2\nTổng,6\na,b\n1,2\n";
  while (payload.size() < (2U << 20U)) payload += "3,4\n";
  const auto told = Read(payload, source, {Line(2, 2), Line(1, 2), Line(1, 1)});
  EXPECT_EQ(told.texts, (Texts{"6", "2", "Số dòng"}));
}

TEST(ToldTotals, AreNumbersWhateverBlanksAndSignsTheyAreWrittenWith) {
  const ControlPlace place;
  EXPECT_EQ(NumberWithin("1\u00A0234", place, '.'), "1234");
  EXPECT_EQ(NumberWithin("\u00A01\u202F234,5 đồng", place, ','), "1234.5");
  EXPECT_EQ(NumberWithin("\u22125", place, '.'), "-5");
}

TEST(ToldTotals, AreNoBeginningsOfLargerNumbers) {
  const ControlPlace place;
  EXPECT_FALSE(NumberWithin("1.2345678E7", place, '.'));
  EXPECT_FALSE(NumberWithin("1e+7", place, '.'));
  EXPECT_EQ(NumberWithin("5 em", place, '.'), "5");
  EXPECT_EQ(NumberWithin("5 e-mail", place, '.'), "5");
}

TEST(ToldTotals, AreNumbersWithinATextInTheDeclaredWriting) {
  ControlPlace place;
  EXPECT_EQ(NumberWithin("48", place, '.'), "48");
  EXPECT_EQ(NumberWithin(" 1.234,50 đồng", place, ','), "1234.50");
  EXPECT_EQ(NumberWithin("1,234.50", place, '.'), "1234.50");
  EXPECT_FALSE(NumberWithin("none", place, '.'));
  EXPECT_FALSE(NumberWithin("", place, '.'));
  place.after = "số hồ sơ:";
  EXPECT_EQ(NumberWithin("Tổng số hồ sơ: 48 hồ sơ", place, ','), "48");
  EXPECT_FALSE(NumberWithin("48", place, ','));
}

}  // namespace
}  // namespace fansipan::sources
