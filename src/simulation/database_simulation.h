#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "simulation/licence_changes.h"
#include "simulation/waiter.h"

namespace fansipan::simulation {

struct DatabaseSimulationOptions {
  std::string center_folder = "centers/laocai";  ///< whose communes the licences belong to
  std::string host = "127.0.0.1";
  std::uint16_t port = 5432;
  std::string database = "postgres";
  std::string user = "postgres";
  std::string password;
  std::string table = "licences";
  std::uint64_t seed = 1;
  std::uint64_t first = 1'000;  ///< changes before the first moment, as fast as they go
  double rate = 1;              ///< changes a second afterwards
  LicenceFaults faults;
  std::chrono::seconds duration{0};      ///< 0: until stopped
  std::chrono::seconds silent_after{0};  ///< counts when `silent_for` is given
  std::chrono::seconds silent_for{0};
  std::chrono::seconds drifted_after{
      0};  ///< 0: never; then the column holder is called holder_name
  bool allow_remote = false;
  std::function<void(std::uint64_t written)> on_counts;  ///< at the end; may be empty
};

/// The table that is changed. Used by one thread.
class LicenceTable {
 public:
  virtual ~LicenceTable() = default;
  /// Makes it when it is not there. kConflict when there is one of the name that no simulation
  /// made.
  virtual base::Status Create() = 0;
  /// All in one transaction.
  virtual base::Status Write(const std::vector<Licence>& licences) = 0;
  virtual base::Status RenameHolder() = 0;
};

/// Changes a database of licences until a stop is requested, the duration has passed or the
/// database refuses. Blocks. A requested stop is no error.
base::Status RunLicenceDatabase(const DatabaseSimulationOptions& options,
                                const std::stop_token& stop);
/// The same with a world of a test's own.
base::Status RunLicenceDatabase(const DatabaseSimulationOptions& options,
                                const std::vector<std::string>& communes, LicenceTable& table,
                                const base::Clock& clock, Waiter& waiter,
                                const std::stop_token& stop);

}  // namespace fansipan::simulation
