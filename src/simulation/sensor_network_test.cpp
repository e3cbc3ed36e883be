#include "simulation/sensor_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace fansipan::simulation {
namespace {

constexpr std::int64_t kRounds = 200;

SensorNetwork Network(SensorFaults faults = {}, std::uint64_t seed = 1) {
  return {{"02647", "02671"}, {.seed = seed, .stations = 6, .faults = faults}};
}

std::vector<SensorMessage> AllMessages(const SensorNetwork& network) {
  std::vector<SensorMessage> all;
  for (std::int64_t round = 0; round < kRounds; ++round) {
    for (SensorMessage& message : network.Messages(round)) all.push_back(std::move(message));
  }
  return all;
}

TEST(SensorNetwork, SaysTheSameForTheSameSeedAndRound) {
  EXPECT_EQ(Network().Messages(7), Network().Messages(7));
  EXPECT_NE(Network().Messages(7), Network().Messages(8));
  EXPECT_NE(Network().Messages(7), Network({}, 2).Messages(7));
}

TEST(SensorNetwork, HasRoundsAtItsInterval) {
  const SensorNetwork network = Network();
  const base::Timestamp moment{std::chrono::seconds(1'000'005)};
  EXPECT_EQ(network.RoundAt(moment), 100'000);
  EXPECT_EQ(network.MomentOf(100'000), base::Timestamp(std::chrono::seconds(1'000'000)));
}

TEST(SensorNetwork, EachStationSendsItsQuantitiesOnceARound) {
  const auto messages = Network().Messages(0);
  std::set<std::string> topics;
  for (const SensorMessage& message : messages) {
    EXPECT_TRUE(topics.insert(message.topic).second) << message.topic;
    const auto reading = nlohmann::json::parse(message.payload);
    EXPECT_EQ(message.topic.find("province/" + reading["station"].get<std::string>() + "/"), 0U);
    EXPECT_EQ(reading["measured_at"], "1970-01-01T00:00:00Z");
    EXPECT_GE(reading["value"].get<double>(), 0);
  }
  EXPECT_EQ(messages.size(), 2U * (3 + 1 + 1));
  EXPECT_TRUE(topics.contains("province/sim-river-003/water_level"));
}

TEST(SensorNetwork, LateReadingsComeLaterAndNoneIsLost) {
  const auto punctual = AllMessages(Network());
  const auto with_late = AllMessages(Network({.late = 0.3}));
  std::multiset<std::string> sent;
  for (const SensorMessage& message : with_late) sent.insert(message.payload);
  std::size_t missing = 0;
  for (const SensorMessage& message : punctual) missing += sent.contains(message.payload) ? 0 : 1;
  EXPECT_LT(missing, 3U * 10) << "those that were still under way at the end";
  EXPECT_NE(punctual, with_late);
}

TEST(SensorNetwork, DuplicatesAndReorderingChangeNoReading) {
  const auto plain = AllMessages(Network());
  const auto odd = AllMessages(Network({.duplicated = 0.2, .reordered = 0.2}));
  EXPECT_GT(odd.size(), plain.size());
  std::set<std::string> expected;
  std::set<std::string> found;
  for (const SensorMessage& message : plain) expected.insert(message.payload);
  for (const SensorMessage& message : odd) found.insert(message.payload);
  EXPECT_EQ(found, expected);
}

TEST(SensorNetwork, SilentStationsSendNothing) {
  const auto messages = AllMessages(Network({.silent = 2}));
  EXPECT_TRUE(std::ranges::none_of(messages, [](const SensorMessage& message) {
    return message.topic.find("sim-air-001") != std::string::npos ||
           message.topic.find("sim-rain-002") != std::string::npos;
  }));
  EXPECT_TRUE(Network({.silent = 6}).Messages(0).empty());
}

TEST(SensorNetwork, DriftedStationsNameAFieldOtherwiseAndUseOtherUnits) {
  for (const SensorMessage& message : Network({.drifted = 1}).Messages(0)) {
    const auto reading = nlohmann::json::parse(message.payload);
    const bool last = reading["station"] == "sim-river-006";
    EXPECT_EQ(reading.contains("reading"), last);
    EXPECT_EQ(reading["unit"] == "cm", last) << message.payload;
  }
}

TEST(SensorNetwork, TruncatedMessagesAreNoJson) {
  for (const SensorMessage& message : Network({.truncated = 1}).Messages(0)) {
    EXPECT_FALSE(nlohmann::json::accept(message.payload));
  }
}

}  // namespace
}  // namespace fansipan::simulation
