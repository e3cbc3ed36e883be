#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "simulation/pusher.h"

namespace fansipan::simulation {

inline constexpr double kFastestRate = 20'000;

struct SimulationOptions {
  std::string center_folder = "centers/laocai";
  std::string url = "http://127.0.0.1:8080";
  std::string source = "case_system";
  std::string token;  ///< the source's push token
  std::string time_zone = "Asia/Ho_Chi_Minh";
  std::uint64_t seed = 1;
  double cases_per_day = 20'000.0 / 60;
  double bad_rate = 0.005;      ///< of rows
  double rate = 0;              ///< rows a second in an even stream; 0: as office hours have it
  double speed = 1;             ///< how fast days pass once the history is sent
  std::size_t batch = 0;        ///< most rows of a delivery; 0: as fits the rate
  std::size_t connections = 0;  ///< 0: as fits the rate
  std::chrono::seconds history = std::chrono::days(60);
  std::chrono::seconds duration{0};      ///< of the whole run; 0: until stopped
  std::chrono::seconds silent_after{0};  ///< after the history; counts when `silent_for` is given
  std::chrono::seconds silent_for{0};
  std::chrono::seconds heartbeat_every{30};  ///< when there is nothing new
  bool gzip = false;
  bool allow_remote = false;
  /// Called every ten seconds and at the end. May be empty.
  std::function<void(const PushCounts&)> on_counts;
};

/// The options with the choices left open made, or kInvalidArgument naming the option and what it
/// allows.
base::Result<SimulationOptions> CheckOptions(SimulationOptions options);

/// Whole seconds from a number with s, m, h or d, e.g. "90s" or "60d"; plain "0" as well.
base::Result<std::chrono::seconds> ParseSpan(std::string_view text);

/// Whether the URL is http or https, has a host and at most a port, and the host is this machine:
/// localhost, 127.0.0.0/8 or [::1].
bool IsPlainUrl(std::string_view url);
bool IsLoopbackUrl(std::string_view url);

}  // namespace fansipan::simulation
