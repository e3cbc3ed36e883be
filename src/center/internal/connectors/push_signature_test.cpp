#include "center/connectors/push_signature.h"

#include <gtest/gtest.h>

#include <string>

#include "center/difference.h"
#include "center/load.h"
#include "center/testing/pratt_parser.h"
#include "center/testing/sample_center.h"

namespace fansipan::center {
namespace {

constexpr std::string_view kPush = "connector: push\n    format: json";

LoadOutcome Load(const std::string& text) {
  testing::Files files = testing::SampleCenter();
  std::string& sources = files["systems/services/sources.yaml"];
  const std::size_t at = sources.find(kPush);
  EXPECT_NE(at, std::string::npos);
  sources.replace(at, kPush.size(), text + "\n    format: json");
  const testing::PrattParser parser;
  return LoadCenterFiles(std::move(files), parser);
}

std::string ProblemsOf(const std::string& text) {
  std::string problems;
  for (const Problem& problem : Load(text).problems) problems += ToText(problem) + "\n";
  return problems;
}

TEST(PushSignature, IsReadWithWhatIsUsual) {
  const auto outcome = Load("connector: push\n    push: {signed: {secret: office}}");
  ASSERT_NE(outcome.center, nullptr);
  const Source& source = *outcome.center->FindSource("payments");
  ASSERT_NE(source.push_signature, nullptr);
  EXPECT_EQ(source.push_signature->secret, "office");
  EXPECT_EQ(source.push_signature->header, "X-Signature-256");
  EXPECT_EQ(source.push_signature->timestamp_header, "X-Signature-Timestamp");
  EXPECT_EQ(source.push_signature->tolerance, std::chrono::minutes(5));
}

TEST(PushSignature, IsReadWithEveryKeyAndItsChangeIsTold) {
  const auto before = Load("connector: push").center;
  const auto after = Load(
                         "connector: push\n    push: {signed: {algorithm: sha256, secret: office, "
                         "header: X-Hub-Signature-256, timestamp_header: X-Hub-Time, "
                         "tolerance: 2m}}")
                         .center;
  ASSERT_NE(after, nullptr);
  EXPECT_EQ(before->FindSource("payments")->push_signature, nullptr);
  EXPECT_EQ(
      *after->FindSource("payments")->push_signature,
      (PushSignature{"office", "X-Hub-Signature-256", "X-Hub-Time", std::chrono::minutes(2)}));
  const auto difference = DescribeDifference(*before, *after);
  ASSERT_EQ(difference.size(), 1U);
  EXPECT_NE(difference[0].find("push.signed"), std::string::npos);
}

TEST(PushSignature, SaysWhatIsWrong) {
  const auto problems = [](const std::string& how) {
    return ProblemsOf("connector: push\n    push: " + how);
  };
  EXPECT_NE(problems("{signed: {}}").find("'secret'"), std::string::npos);
  EXPECT_NE(problems("{}").find("'signed' is missing"), std::string::npos);
  EXPECT_NE(problems("{signed: {secret: a, algorithm: md5}}").find("sha256"), std::string::npos);
  EXPECT_NE(problems("{signed: {secret: a, header: Authorization}}").find("header of its own"),
            std::string::npos);
  EXPECT_NE(problems("{signed: {secret: a, header: x-signature-timestamp}}").find("must differ"),
            std::string::npos);
  EXPECT_NE(problems("{signed: {secret: a, tolerance: 1d}}").find("30s to 1h"), std::string::npos);
  EXPECT_NE(problems("{signd: {secret: a}}").find("unknown key"), std::string::npos);
  EXPECT_NE(ProblemsOf("connector: file_drop\n    push: {signed: {secret: a}}")
                .find("connector push only"),
            std::string::npos);
}

}  // namespace
}  // namespace fansipan::center
