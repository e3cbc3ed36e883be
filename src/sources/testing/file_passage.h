#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sources/connectors/connector.h"

namespace fansipan::sources::testing {

/// A center of one source of files: keeps what was delivered and the position, in one step as the
/// journal does.
class FilePassage final : public Passage {
 public:
  const std::string& source() const override { return source_; }
  std::string Position() const override { return position; }
  base::Status Deliver(std::string payload, std::string new_position) override {
    return DeliverFile({}, std::move(payload), std::move(new_position));
  }
  base::Status DeliverFile(const std::string& file_name, std::string payload,
                           std::string new_position) override {
    if (payload == refused_payload) {
      return base::Error{base::ErrorCode::kInvalidArgument, "wrong_columns", "no such payload"};
    }
    if (deliveries_left == 0) return ConnectorStopped();
    --deliveries_left;
    names.push_back(file_name);
    payloads.push_back(std::move(payload));
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
    now += duration;
    return {};
  }
  base::Timestamp Now() const override { return now; }
  const std::stop_token& stop() const override { return stop_; }

  std::string position;
  std::vector<std::string> names;
  std::vector<std::string> payloads;
  int heartbeats = 0;
  int contacts = 0;
  base::Duration hold_off{};
  int deliveries_left = 1'000;  ///< then it is as if the program were killed
  std::string refused_payload = "never sent";
  std::map<std::string, std::string> secrets = {{"word", "pa55"},
                                                {"key", "LS0tLS1CRUdJTiBLRVktLS0tLQo="}};
  base::Timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1} +
                      std::chrono::hours(8)};

 private:
  std::string source_ = "office";
  std::stop_token stop_;
};

}  // namespace fansipan::sources::testing
