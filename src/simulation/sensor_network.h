#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

namespace fansipan::simulation {

/// What a careless or broken network does, as shares of readings or numbers of stations.
struct SensorFaults {
  double late = 0;          ///< of readings: sent three rounds later
  double duplicated = 0;    ///< of readings: sent twice
  double reordered = 0;     ///< of readings: sent before the one that came before
  double truncated = 0;     ///< of readings: the message ends early
  std::size_t silent = 0;   ///< stations that send nothing
  std::size_t drifted = 0;  ///< stations whose new firmware renames a field and uses other units
};

struct SensorNetworkOptions {
  std::uint64_t seed = 1;
  std::size_t stations = 12;
  base::Duration interval = std::chrono::seconds(10);  ///< between rounds
  SensorFaults faults;
};

struct SensorMessage {
  std::string topic;  ///< province/<station>/<quantity>
  std::string payload;
  bool operator==(const SensorMessage&) const = default;
};

/// A network of measuring stations in communes: air (pm25, pm10, temperature), rain and river
/// level, a third of each. Pure: the same communes, options and round give the same messages, so
/// that a network that is started again repeats itself instead of contradicting itself. Stations
/// and readings are invented.
class SensorNetwork {
 public:
  /// There is at least one commune.
  SensorNetwork(std::vector<std::string> communes, const SensorNetworkOptions& options);

  /// The round that begins at or before the moment.
  std::int64_t RoundAt(base::Timestamp moment) const;
  base::Timestamp MomentOf(std::int64_t round) const;
  /// What is sent in a round, in the order in which it is sent.
  std::vector<SensorMessage> Messages(std::int64_t round) const;

 private:
  struct Reading;
  std::vector<Reading> ReadingsOf(std::int64_t round) const;
  std::string Payload(const Reading& reading) const;

  const std::vector<std::string> communes_;
  const SensorNetworkOptions options_;
};

}  // namespace fansipan::simulation
