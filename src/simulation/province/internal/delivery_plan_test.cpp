#include "simulation/province/internal/delivery_plan.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "simulation/testing/listed_model.h"

namespace fansipan::simulation::internal {
namespace {

using std::chrono::minutes;

constexpr base::Timestamp kStart{std::chrono::seconds(1'000'000)};
constexpr base::Timestamp kEnd = kStart + std::chrono::days(1);

FaultRates Rates(Fault fault, double share) {
  FaultRates rates;
  rates.shares[static_cast<std::size_t>(fault)] = share;
  return rates;
}

DeliveryPlan PlanWith(Fault fault, double share = 1, const std::string& source = "") {
  return DeliveryPlan(
      {.faults = {{source, Rates(fault, share)}}, .late_for = minutes(10), .seed = 1});
}

SystemDelivery Numbered(int number, const std::string& source = "beds") {
  return ListedDelivery(kStart + minutes(number), source, std::to_string(number));
}

/// The numbers that `Numbered` gave, in the order in which they are sent before `until`.
std::vector<std::string> Taken(DeliveryPlan& plan, base::Timestamp until = kEnd) {
  std::vector<std::string> numbers;
  for (const PlannedDelivery& planned : plan.Take(until)) {
    const std::string& body = planned.delivery.body;
    const std::size_t begin = body.find("giaTri\":\"") + 9;
    numbers.push_back(body.substr(begin, body.find('"', begin) - begin));
  }
  return numbers;
}

using Numbers = std::vector<std::string>;

TEST(DeliveryPlan, SendsEverythingAtItsMomentWhenNothingIsWrong) {
  DeliveryPlan plan({});
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(plan.Add(Numbered(i)).ok());
  EXPECT_EQ(Taken(plan, kStart + minutes(2)), Numbers{"1"});
  EXPECT_EQ(Taken(plan), (Numbers{"2", "3"}));
  EXPECT_FALSE(plan.IsSilent("beds"));
}

TEST(DeliveryPlan, GivesOneKeyToOneBodyOfOneSource) {
  DeliveryPlan plan({});
  SystemDelivery later = Numbered(1);
  later.at += minutes(5);
  for (SystemDelivery each : {Numbered(1), later, Numbered(2), Numbered(1, "visits")}) {
    ASSERT_TRUE(plan.Add(std::move(each)).ok());
  }
  std::set<std::string> keys;
  for (const PlannedDelivery& planned : plan.Take(kEnd)) keys.insert(planned.key);
  EXPECT_EQ(keys.size(), 3U);
}

TEST(DeliveryPlan, SendsALateDeliveryLater) {
  DeliveryPlan plan = PlanWith(Fault::kLate);
  ASSERT_TRUE(plan.Add(Numbered(1)).ok());
  EXPECT_EQ(Taken(plan, kStart + minutes(11)), Numbers{});
  EXPECT_EQ(Taken(plan, kStart + minutes(12)), Numbers{"1"});
}

TEST(DeliveryPlan, LosesWhatASilentSourceDoesNotSend) {
  DeliveryPlan plan = PlanWith(Fault::kSilent, 0.5);
  EXPECT_FALSE(plan.IsSilent("beds"));
  bool was_silent = false;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(plan.Add(Numbered(i)).ok());
    const bool is_sent = !Taken(plan).empty();
    EXPECT_NE(is_sent, plan.IsSilent("beds"));
    was_silent |= plan.IsSilent("beds");
  }
  EXPECT_TRUE(was_silent);
  EXPECT_TRUE(PlanWith(Fault::kSilent).IsSilent("beds"));
}

TEST(DeliveryPlan, SendsADuplicateUnderAKeyOfItsOwn) {
  DeliveryPlan plan = PlanWith(Fault::kDuplicated);
  ASSERT_TRUE(plan.Add(Numbered(1)).ok());
  const auto taken = plan.Take(kEnd);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].delivery.body, taken[1].delivery.body);
  EXPECT_NE(taken[0].key, taken[1].key);
}

TEST(DeliveryPlan, HoldsAReorderedDeliveryNoLongerThanALateOne) {
  DeliveryPlan plan = PlanWith(Fault::kReordered, 1, "beds");
  ASSERT_TRUE(plan.Add(Numbered(1)).ok());
  ASSERT_TRUE(plan.Add(Numbered(3, "visits")).ok());  // of another source
  EXPECT_EQ(Taken(plan, kStart + minutes(11)), Numbers{"3"});
  EXPECT_EQ(Taken(plan, kStart + minutes(12)), Numbers{"1"});
}

TEST(DeliveryPlan, SendsAReorderedDeliveryRightAfterTheNextOfItsSource) {
  DeliveryPlan plan({.faults = {{"", Rates(Fault::kReordered, 0.5)}}});
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(plan.Add(Numbered(i)).ok());
  const Numbers taken = Taken(plan);
  ASSERT_EQ(taken.size(), 100U);
  int overtaken = 0;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const int moved = std::stoi(taken[i]) - static_cast<int>(i);
    EXPECT_LE(std::abs(moved), 2) << i;
    overtaken += moved != 0 ? 1 : 0;
  }
  EXPECT_GT(overtaken, 10);
}

TEST(DeliveryPlan, CutsATruncatedBody) {
  DeliveryPlan plan = PlanWith(Fault::kTruncated);
  ASSERT_TRUE(plan.Add(Numbered(1)).ok());
  const auto taken = plan.Take(kEnd);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_LT(taken[0].delivery.body.size(), Numbered(1).body.size());
  EXPECT_TRUE(Numbered(1).body.starts_with(taken[0].delivery.body));
}

TEST(DeliveryPlan, HasOnlyTheFaultsOfANamedSource) {
  DeliveryPlan plan({.faults = {{"", Rates(Fault::kSilent, 1)}, {"beds", FaultRates{}}}});
  ASSERT_TRUE(plan.Add(Numbered(1)).ok());
  ASSERT_TRUE(plan.Add(Numbered(2, "visits")).ok());
  EXPECT_EQ(Taken(plan), Numbers{"1"});
}

TEST(DeliveryPlan, DoesTheSameWrongAgain) {
  const auto keys_of = [](std::uint64_t seed) {
    DeliveryPlan plan({.faults = {{"", Rates(Fault::kTruncated, 0.5)}}, .seed = seed});
    std::vector<std::string> keys;
    for (int i = 0; i < 30; ++i) EXPECT_TRUE(plan.Add(Numbered(i)).ok());
    for (const PlannedDelivery& planned : plan.Take(kEnd)) keys.push_back(planned.key);
    return keys;
  };
  EXPECT_EQ(keys_of(1), keys_of(1));
  EXPECT_NE(keys_of(1), keys_of(2));
}

SystemDelivery Body(const std::string& media_type, const std::string& body) {
  SystemDelivery delivery = Numbered(1);
  delivery.media_type = media_type;
  delivery.body = body;
  return delivery;
}

TEST(DriftedBody, NamesTheLastColumnOtherwise) {
  const auto rows = DriftedBody(Body("application/x-ndjson", "{\"a\":1,\"b\":2}\n{\"a\":3}\n"));
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(*rows, "{\"a\":1,\"b_moi\":2}\n{\"a_moi\":3}\n");
  const auto table = DriftedBody(Body("text/csv; charset=utf-8", "Báo cáo\r\nxã;số\r\nA;1\r\n"));
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(*table, "Báo cáo\r\nxã;số_moi\r\nA;1\r\n");
  const auto quoted = DriftedBody(Body("text/csv", "\"a\",\"b\"\n1,2\n"));
  ASSERT_TRUE(quoted.ok());
  EXPECT_EQ(*quoted, "\"a\",\"b_moi\"\n1,2\n");
}

TEST(DriftedBody, RefusesWhatHasNoNames) {
  for (const SystemDelivery& delivery :
       {Body("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"),
        Body("application/xml", "<a/>"), Body("application/x-ndjson", "1\n"),
        Body("text/csv", "one column\n")}) {
    const auto drifted = DriftedBody(delivery);
    ASSERT_FALSE(drifted.ok()) << delivery.media_type;
    EXPECT_EQ(drifted.error().code, base::ErrorCode::kInvalidArgument);
  }
  DeliveryPlan plan = PlanWith(Fault::kDrifted);
  EXPECT_FALSE(plan.Add(Body("application/zip", "PK")).ok());
}

}  // namespace
}  // namespace fansipan::simulation::internal
