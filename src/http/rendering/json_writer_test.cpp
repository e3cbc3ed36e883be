#include "http/rendering/json_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace fansipan::http {
namespace {

TEST(JsonWriter, WritesWhatAnyReaderReadsBack) {
  JsonWriter json;
  json.BeginObject();
  json.Text("text", "Lào Cai \"\\\n\t\x01\x7F</script>");
  json.TextOrNull("empty", "");
  json.Integer("integer", std::int64_t{-9'007'199'254'740'993});
  json.Integer("missing", std::optional<std::int64_t>());
  json.Number("number", 22.33);
  json.Flag("flag", true);
  json.Decimal("decimal", model::Decimal::Parse("12.50"));
  json.Localized("localized", {{"en", "a"}, {"vi", "b"}});
  json.BeginArray("array");
  json.TextItem("[");
  json.IntegerItem(2);
  json.RawItem("{}");
  json.EndArray();
  json.EndObject();
  const auto read = nlohmann::json::parse(json.Take());
  EXPECT_EQ(read["text"], "Lào Cai \"\\\n\t\x01\x7F</script>");
  EXPECT_TRUE(read["empty"].is_null());
  EXPECT_EQ(read["integer"], -9'007'199'254'740'993);
  EXPECT_TRUE(read["missing"].is_null());
  EXPECT_EQ(read["number"], 22.33);
  EXPECT_EQ(read["decimal"], "12.50");
  EXPECT_EQ(read["localized"]["vi"], "b");
  EXPECT_EQ(read["array"], nlohmann::json::parse(R"(["[",2,{}])"));
}

TEST(JsonWriter, ReplacesBytesThatAreNotUtf8) {
  JsonWriter json;
  json.BeginArray();
  json.TextItem("ã\xFF\xC3(\xED\xA0\x80z");
  json.EndArray();
  const auto read = nlohmann::json::parse(json.Take());
  EXPECT_EQ(read[0], "ã\uFFFD\uFFFD(\uFFFD\uFFFD\uFFFDz");
}

TEST(JsonWriter, WritesMomentsInUtc) {
  JsonWriter json;
  json.BeginObject();
  json.Moment("at", base::Timestamp(std::chrono::seconds(1'800'000'000)));
  json.EndObject();
  EXPECT_EQ(json.Take(), R"({"at":"2027-01-15T08:00:00Z"})");
}

}  // namespace
}  // namespace fansipan::http
