#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/files.h"
#include "base/result.h"
#include "simulation/delivery_transport.h"
#include "simulation/faults.h"
#include "simulation/province/province_models.h"
#include "simulation/pusher.h"
#include "simulation/waiter.h"

namespace fansipan::simulation {

struct ProvinceCounts {
  PushCounts pushed;
  std::uint64_t files = 0;  ///< put into watched folders
};

struct ProvinceOptions {
  std::string url = "http://127.0.0.1:8080";
  std::map<std::string, std::string> tokens;  ///< push token of each source
  /// What has a file name is put into `<drop_folder>/<source>/` instead of pushed; empty: nothing.
  std::string drop_folder;
  std::optional<std::chrono::seconds> history;  ///< at most; else as far back as each system needs
  std::chrono::seconds duration{0};             ///< of the whole run; 0: until stopped
  double speed = 1;                             ///< how fast time passes once the history is sent
  std::chrono::seconds heartbeat_every{30};     ///< of a source that has nothing new
  std::map<std::string, FaultRates> faults;     ///< by source; of "": all that are not named
  std::chrono::seconds late_for{600};           ///< of what is late
  std::uint64_t seed = 1;                       ///< of the faults
  std::size_t connections = 1;  ///< of the history, each with sources of its own; 1: in order
  bool gzip = false;
  bool allow_remote = false;
  /// Called every ten seconds and at the end. May be empty.
  std::function<void(const ProvinceCounts&)> on_counts;
};

/// What a run meets of the world; tests put their own here.
struct ProvinceWorld {
  base::FileSystem& files;
  const base::Clock& clock;
  Waiter& waiter;
  /// Opens one source's connection; a stop ends what is under way on it.
  std::function<base::Result<std::unique_ptr<DeliveryTransport>>(const std::string& token,
                                                                 std::stop_token)>
      open_transport;
};

/// Adds what a text such as `late=0.1`, of all sources, or `camera_events:late=0.1` says. A source
/// that is named has only the faults said of it.
base::Status SetSourceFault(const std::string& text, std::map<std::string, FaultRates>& faults);

/// Sends what the models' systems send until a stop is requested or the duration has passed: first
/// the histories of all, merged in the order of moments, as fast as the center takes them, then
/// what happens from now on, with a sign of life for each source that has nothing new. A source
/// that the center does not have or refuses, or whose token is not there, is left out, and said
/// once in the log. Errors: kInvalidArgument of an option, kNotFound when no source is left,
/// kUnavailable when the center answers no more. Blocks. A requested stop is no error.
base::Status RunProvince(const ProvinceOptions& options, const ProvinceWorld& world,
                         const ProvinceModels& models, std::stop_token stop);
base::Status RunProvince(const ProvinceOptions& options, const ProvinceModels& models,
                         std::stop_token stop);

}  // namespace fansipan::simulation
