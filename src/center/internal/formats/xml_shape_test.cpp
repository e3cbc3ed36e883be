#include "center/internal/formats/xml_shape.h"

#include <gtest/gtest.h>

#include <string>

#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"
#include "center/xml_path.h"

namespace fansipan::center {
namespace {

/// The sample center whose source "payments" has this shape.
LoadOutcome LoadWith(const std::string& shape) {
  testing::Files files = testing::SampleCenter();
  std::string& sources = files.at("systems/services/sources.yaml");
  const std::string was =
      "format: json\n    json: {records_at: /items, columns: [id, paid_on, amount]}";
  const std::size_t at = sources.find(was);
  EXPECT_NE(at, std::string::npos);
  sources.replace(at, was.size(), shape);
  return LoadCenterFiles(files, testing::PrattParser());
}

const Source& PaymentsOf(const LoadOutcome& outcome) {
  for (const Problem& problem : outcome.problems) ADD_FAILURE() << ToText(problem);
  return *outcome.center->FindSource("payments");
}

std::string FirstProblem(const std::string& shape) {
  const LoadOutcome outcome = LoadWith(shape);
  return outcome.problems.empty() ? "" : ToText(outcome.problems.front());
}

TEST(XmlShape, IsReadWithNamespacesPathsAndJoin) {
  const LoadOutcome outcome = LoadWith(
      "format: xml\n    xml: {records_at: /h:list/h:case, namespaces: {h: 'urn:h'}, join: '; ',\n"
      "          columns: [id, {paid_on: 'h:paid/@on'}, {amount: .}]}");
  ASSERT_NE(outcome.center, nullptr) << FirstProblem("");
  const XmlShape& xml = PaymentsOf(outcome).xml;
  EXPECT_EQ(xml.records_at, "/h:list/h:case");
  EXPECT_EQ(xml.namespaces.at("h"), "urn:h");
  EXPECT_EQ(xml.join, "; ");
  EXPECT_EQ(xml.columns,
            (std::vector<RawColumn>{{"id", "id"}, {"paid_on", "h:paid/@on"}, {"amount", "."}}));
}

TEST(XmlShape, NamesWhatIsWrongWithAPath) {
  const auto problem = [](const std::string& records_at, const std::string& column) {
    return FirstProblem("format: xml\n    xml: {records_at: " + records_at +
                        ", columns: [{a: " + column + "}]}");
  };
  EXPECT_EQ(problem("/list/case", "a/b"), "");
  EXPECT_NE(problem("list/case", "a").find("must begin with /"), std::string::npos);
  EXPECT_NE(problem("/list/@case", "a").find("not an attribute"), std::string::npos);
  EXPECT_NE(problem("/list/x:case", "a").find("prefix 'x'"), std::string::npos);
  EXPECT_NE(problem("/list/case", "'@a/b'").find("last step"), std::string::npos);
  EXPECT_NE(problem("/list/case", "a//b").find("no name"), std::string::npos);
  EXPECT_NE(problem("/list/case", "'a[2]'").find("no name"), std::string::npos);
  EXPECT_NE(problem("/list/case", "/a").find("from the record"), std::string::npos);
}

TEST(XmlShape, RefusesColumnsThatSqlCannotTellApart) {
  EXPECT_NE(FirstProblem("format: xml\n    xml: {records_at: /a, columns: [b, {B: c}]}")
                .find("'B' is written twice"),
            std::string::npos);
  EXPECT_NE(FirstProblem("format: xml\n    xml: {records_at: /a, columns: [_row]}").find("_row"),
            std::string::npos);
  EXPECT_NE(FirstProblem("format: xml\n    xml: {records_at: /a, columns: ['h b']}")
                .find("no name of an element"),
            std::string::npos);
}

TEST(EdxmlShape, NeedsNoDeclarationAndTakesFurtherColumns) {
  const LoadOutcome plain = LoadWith("format: edxml");
  ASSERT_NE(plain.center, nullptr);
  const Source& source = PaymentsOf(plain);
  EXPECT_EQ(source.xml.records_at, "/*:edXML");
  EXPECT_FALSE(source.keep_bodies);
  EXPECT_EQ(source.xml.columns, EdxmlShape().columns);
  for (const RawColumn& column : source.xml.columns) {
    EXPECT_TRUE(ParseXmlColumnPath(column.path, {}).ok()) << column.path;
  }
  const LoadOutcome more = LoadWith(
      "format: edxml\n    edxml: {records_at: '/*:list/*:edXML', keep_bodies: true,\n"
      "            columns: [{paper: '*:edXMLEnvelope/*:Paper'}]}");
  ASSERT_NE(more.center, nullptr);
  EXPECT_TRUE(PaymentsOf(more).keep_bodies);
  EXPECT_EQ(PaymentsOf(more).xml.columns.back().name, "paper");
  EXPECT_NE(FirstProblem("format: edxml\n    edxml: {columns: [{subject: a}]}").find("already"),
            std::string::npos);
  EXPECT_NE(FirstProblem("format: edxml\n    edxml: {columns: [{SUBJECT: a}]}").find("already"),
            std::string::npos);
}

TEST(JsonShape, TakesPointersBesideNames) {
  const LoadOutcome outcome = LoadWith(
      "format: json\n    json: {records_at: /items, columns: [id, {paid_on: /paid/0/on}, "
      "{amount: $/total}]}");
  ASSERT_NE(outcome.center, nullptr);
  EXPECT_EQ(PaymentsOf(outcome).json.columns,
            (std::vector<RawColumn>{{"id", ""}, {"paid_on", "/paid/0/on"}, {"amount", "$/total"}}));
  EXPECT_NE(FirstProblem("format: json\n    json: {columns: [{a: b}]}").find("must begin with /"),
            std::string::npos);
  EXPECT_NE(FirstProblem("format: json\n    json: {columns: [{a: /b~2}]}").find("0 or 1"),
            std::string::npos);
  EXPECT_NE(FirstProblem("format: ndjson\n    json: {columns: [{a: $/b}]}").find("format json"),
            std::string::npos);
  EXPECT_NE(FirstProblem("format: sdmx_json\n    json: {columns: [{a: /b}]}").find("names alone"),
            std::string::npos);
}

}  // namespace
}  // namespace fansipan::center
