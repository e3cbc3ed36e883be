#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "center/difference.h"
#include "center/testing/loading.h"

namespace fansipan::center {
namespace {

using testing::Files;
using testing::PrattParser;
using testing::SampleCenter;

constexpr const char* kFile = "systems/services/layers.yaml";

Files WithLayers(const std::string& text, const std::string& other) {
  Files files = SampleCenter();
  std::string& content = files.at(kFile);
  const std::size_t at = content.find(text);
  EXPECT_NE(at, std::string::npos) << text;
  if (at != std::string::npos) content.replace(at, text.size(), other);
  return files;
}

/// All that is wrong with the sample center's layers when `text` reads `other`.
std::string ProblemsAfter(const std::string& text, const std::string& other) {
  return testing::ProblemsOf(LoadCenterFiles(WithLayers(text, other), PrattParser()));
}

void ExpectProblem(const std::string& text, const std::string& other, const std::string& told) {
  const std::string problems = ProblemsAfter(text, other);
  EXPECT_NE(problems.find(told), std::string::npos) << other << "\n" << problems;
  EXPECT_EQ(problems.find(kFile), 0U) << problems;
}

TEST(Layers, AreReadWithTheirColumnsAndPeriods) {
  const LoadOutcome outcome = LoadCenterFiles(SampleCenter(), PrattParser());
  ASSERT_NE(outcome.center, nullptr) << testing::ProblemsOf(outcome);
  const Center& center = *outcome.center;
  ASSERT_EQ(center.layers.size(), 3U);
  const Layer* payments = center.FindLayer("payments");
  ASSERT_NE(payments, nullptr);
  EXPECT_TRUE(payments->of_records());
  EXPECT_EQ(payments->system, "services");
  const model::Dataset& dataset = *center.FindDataset("payment");
  EXPECT_EQ(dataset.columns[payments->longitude].name, "longitude");
  EXPECT_EQ(dataset.columns[payments->latitude].name, "latitude");
  ASSERT_EQ(payments->properties.size(), 2U);
  EXPECT_EQ(dataset.columns[payments->properties.front()].name, "paid_on");
  EXPECT_TRUE(payments->condition.has_value());
  const Layer* growth = center.FindLayer("growth_reported");
  ASSERT_NE(growth, nullptr);
  EXPECT_FALSE(growth->of_records());
  EXPECT_EQ(growth->regime->name(), "reporting");
  EXPECT_EQ(growth->period->name, "nine_months");
  EXPECT_EQ(center.FindLayer("no_such"), nullptr);
}

TEST(Layers, TellOfNothingPersonal) {
  ExpectProblem("[paid_on, amount]", "[paid_on, payer]", "'payer' is personal");
  ExpectProblem("where: amount > 0", "where: payer is not null", "asks for the column 'payer'");
  Files files = SampleCenter();
  std::string& datasets = files.at("systems/services/datasets.yaml");
  const std::string id = "      id: {type: text}";
  datasets.replace(datasets.find(id), id.size(), "      id: {type: text, personal: true}");
  const std::string problems = testing::ProblemsOf(LoadCenterFiles(files, PrattParser()));
  EXPECT_NE(problems.find("key column 'id' is personal"), std::string::npos) << problems;
}

TEST(Layers, SayWhatIsWrongWithThem) {
  ExpectProblem("dataset: payment", "dataset: paymnet", "did you mean 'payment'");
  ExpectProblem("latitude: latitude", "latitude: paid_on", "degrees are of type decimal");
  ExpectProblem("latitude: latitude", "latitude: lat", "has no column 'lat'");
  ExpectProblem("    latitude: latitude\n", "", "'latitude' is missing");
  ExpectProblem("where: amount > 0", "where: amount", "where");
  ExpectProblem("indicator: growth", "indicator: growht", "growth");
  ExpectProblem("indicator: growth", "indicator: finished", "is a measure");
  ExpectProblem("period: month", "period: hour", "month");
  ExpectProblem("period: nine_months", "period: week", "nine_months");
  ExpectProblem("    period: month\n", "", "'period' is missing");
  ExpectProblem("    indicator: on_time_rate\n", "", "must have either");
  ExpectProblem("  payments:\n", "  units:\n", "is always there");
  ExpectProblem("  growth_reported:\n", "  payments:\n", "payments");
  ExpectProblem("    properties:", "    colour: red\n    properties:", "colour");
}

TEST(Layers, AreComparedByWhatTheyShow) {
  const auto from = LoadCenterFiles(SampleCenter(), PrattParser()).center;
  const auto difference = [&](const std::string& text, const std::string& other) {
    const auto to = LoadCenterFiles(WithLayers(text, other), PrattParser()).center;
    return to == nullptr ? std::vector<std::string>() : DescribeDifference(*from, *to);
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(difference("amount > 0", "amount>0"), Lines());
  EXPECT_EQ(difference("amount > 0", "amount > 1"), Lines{"layer 'payments' changed: where"});
  EXPECT_EQ(difference("[paid_on, amount]", "[amount]"),
            Lines{"layer 'payments' changed: properties"});
  EXPECT_EQ(difference("period: month", "period: year"),
            Lines{"layer 'on_time_by_commune' changed: period"});
  EXPECT_EQ(difference("  payments:\n", "  takings:\n"),
            (Lines{"layer 'takings' added", "layer 'payments' removed"}));
}

}  // namespace
}  // namespace fansipan::center
