#include "sources/testing/connector_contract.h"

#include <gtest/gtest.h>

#include <set>
#include <stop_token>
#include <vector>

#include "sources/connectors/connector_trial.h"
#include "sources/testing/collecting_passage.h"

namespace fansipan::sources::testing {
namespace {

std::string ReasonOf(const base::Status& status) {
  return status.ok() ? "fine" : status.error().reason;
}

CollectingPassage PassageOf(const ContractSubject& subject) {
  CollectingPassage passage;
  passage.secrets = subject.secrets;
  return passage;
}

/// What comes when nothing disturbs it.
std::vector<std::string> ExpectUndisturbed(const ContractSubject& subject) {
  CollectingPassage passage = PassageOf(subject);
  const auto connector = subject.make();
  EXPECT_EQ(ReasonOf(connector->Ask(passage)), "fine");
  EXPECT_GE(passage.payloads.size(), 3U) << "the subject must have something for three deliveries";
  EXPECT_GT(passage.contacts, 0);
  const std::set<std::string> different(passage.positions.begin(), passage.positions.end());
  EXPECT_EQ(different.size(), passage.positions.size()) << "two deliveries have one position";
  EXPECT_FALSE(different.contains(""));
  for (const auto& [name, secret] : subject.secrets) {
    for (const std::string& position : passage.positions) {
      EXPECT_EQ(position.find(secret), std::string::npos) << "a position holds '" << name << "'";
    }
  }
  const std::vector<std::string> payloads = passage.payloads;
  EXPECT_EQ(ReasonOf(connector->Ask(passage)), "fine");
  EXPECT_EQ(passage.payloads, payloads) << "nothing is new, and something is delivered";
  EXPECT_GE(passage.heartbeats, 1) << "nothing is new, and there is no sign of life";
  return payloads;
}

void ExpectKillsLoseAndDoubleNothing(const ContractSubject& subject,
                                     const std::vector<std::string>& payloads) {
  for (std::size_t after = 0; after < payloads.size(); ++after) {
    CollectingPassage passage = PassageOf(subject);
    passage.deliveries_left = static_cast<int>(after);
    EXPECT_EQ(ReasonOf(subject.make()->Ask(passage)), "connector_stopped");
    passage.deliveries_left = 1'000'000;
    EXPECT_EQ(ReasonOf(subject.make()->Ask(passage)), "fine");
    EXPECT_EQ(passage.payloads, payloads) << "killed after " << after << " deliveries";
  }
}

void ExpectRefusals(const ContractSubject& subject) {
  if (!subject.secrets.empty()) {
    CollectingPassage passage;
    EXPECT_EQ(ReasonOf(subject.make()->Ask(passage)), "secret_missing");
    EXPECT_TRUE(passage.payloads.empty());
  }
  std::stop_source stop;
  stop.request_stop();
  CollectingPassage passage = PassageOf(subject);
  passage.set_stop(stop.get_token());
  EXPECT_EQ(ReasonOf(subject.make()->Ask(passage)), "connector_stopped");
  EXPECT_TRUE(passage.payloads.empty());
}

void ExpectTrialShowsTheFirst(const ContractSubject& subject, const std::string& payload) {
  const base::SystemClock clock;
  ConnectorTrialParts parts;
  parts.secret = [&](const std::string& name) -> base::Result<std::optional<std::string>> {
    const auto found = subject.secrets.find(name);
    if (found == subject.secrets.end()) return std::optional<std::string>();
    return std::optional(found->second);
  };
  parts.clock = &clock;
  parts.look = std::chrono::milliseconds(0);
  const auto fetched = FetchOnce("tried", *subject.make(), parts, {});
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  EXPECT_EQ(fetched->payload, payload);
}

}  // namespace

void ExpectConnectorContract(const ContractSubject& subject) {
  const std::vector<std::string> payloads = ExpectUndisturbed(subject);
  ExpectKillsLoseAndDoubleNothing(subject, payloads);
  ExpectRefusals(subject);
  ExpectTrialShowsTheFirst(subject, payloads.front());
}

}  // namespace fansipan::sources::testing
