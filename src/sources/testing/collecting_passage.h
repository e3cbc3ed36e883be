#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "sources/connectors/connector.h"

namespace fansipan::sources::testing {

/// A center of one source: keeps what was delivered and the position in one step, as the journal
/// does. Waiting moves its clock.
class CollectingPassage final : public Passage {
 public:
  explicit CollectingPassage(base::Timestamp start = base::Timestamp(std::chrono::sys_days{
                                 std::chrono::year{2026} / 7 / 1}))
      : now(start) {}

  const std::string& source() const override { return source_; }
  std::string Position() const override { return position; }
  base::Status Deliver(std::string payload, std::string new_position) override {
    if (deliveries_left == 0) return ConnectorStopped();
    --deliveries_left;
    payloads.push_back(std::move(payload));
    positions.push_back(new_position);
    position = std::move(new_position);
    return {};
  }
  base::Status Heartbeat(std::string new_position) override {
    ++heartbeats;
    if (!new_position.empty()) position = std::move(new_position);
    return {};
  }
  base::Result<std::string> Secret(const std::string& name) override {
    const auto found = secrets.find(name);
    if (found != secrets.end()) return found->second;
    return base::Error{base::ErrorCode::kUnavailable, "secret_missing", name};
  }
  void NoteContact() override { ++contacts; }
  void HoldOff(base::Duration duration) override { hold_off = duration; }
  base::Status Wait(base::Duration duration) override {
    if (stop_.stop_requested()) return ConnectorStopped();
    now += duration;
    return {};
  }
  base::Timestamp Now() const override { return now; }
  const std::stop_token& stop() const override { return stop_; }
  void set_stop(std::stop_token stop) { stop_ = std::move(stop); }

  std::string position;
  std::vector<std::string> payloads;
  std::vector<std::string> positions;  ///< of the payloads
  std::map<std::string, std::string> secrets;
  int heartbeats = 0;
  int contacts = 0;
  int deliveries_left = 1'000'000;  ///< then it is as if the program were killed
  base::Duration hold_off{};
  base::Timestamp now;

 private:
  std::string source_ = "registry";
  std::stop_token stop_;
};

}  // namespace fansipan::sources::testing
