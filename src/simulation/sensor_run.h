#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/result.h"
#include "simulation/message_publisher.h"
#include "simulation/sensor_network.h"
#include "simulation/waiter.h"

namespace fansipan::simulation {

struct SensorCounts {
  std::uint64_t rounds = 0;
  std::uint64_t messages = 0;  ///< that the broker has confirmed
  std::uint64_t retries = 0;
};

struct SensorRunOptions {
  std::string center_folder = "centers/laocai";  ///< whose communes have stations
  BrokerAccess broker;
  SensorNetworkOptions network;
  std::chrono::seconds history{0};   ///< rounds of the time before, sent first
  std::chrono::seconds duration{0};  ///< of the whole run; 0: until stopped
  bool allow_remote = false;
  /// Called every ten seconds and at the end. May be empty.
  std::function<void(const SensorCounts&)> on_counts;
};

/// What a run meets of the world; tests put their own here.
struct SensorWorld {
  base::FileSystem& files;
  const base::Clock& clock;
  Waiter& waiter;
  std::function<base::Result<std::unique_ptr<MessagePublisher>>(const BrokerAccess&)> open;
};

/// Nothing when the options can be run; else kInvalidArgument wrong_option, naming the option.
base::Status CheckSensorOptions(const SensorRunOptions& options);

/// Sends the history, then a round at each interval, until a stop is requested or the duration has
/// passed. A broker that takes nothing is tried again until then, each message until it is
/// confirmed. A requested stop is no error.
base::Status RunSensorNetwork(const SensorRunOptions& options, const std::stop_token& stop);
base::Status RunSensorNetwork(const SensorRunOptions& options, const SensorWorld& world,
                              const std::stop_token& stop);

/// Codes of the communes in force in a center's folder.
base::Result<std::vector<std::string>> LoadCommunes(base::FileSystem& files,
                                                    const std::string& center_folder);

}  // namespace fansipan::simulation
