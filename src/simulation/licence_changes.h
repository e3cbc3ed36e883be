#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace fansipan::simulation {

/// A business licence as an office's database holds it. All of it is invented.
struct Licence {
  std::string number;
  std::string holder;
  std::string commune;  ///< code
  std::string field;
  std::string status;
  std::int64_t capital = 0;  ///< in đồng
  std::string issued_on;     ///< YYYY-MM-DD
  base::Timestamp updated_at;
  bool operator==(const Licence&) const = default;
};

/// What goes wrong, as shares of the changes.
struct LicenceFaults {
  double late = 0;        ///< committed a while after the moment that they carry
  double duplicated = 0;  ///< written a second time, with nothing but a newer moment
  double reordered = 0;   ///< with a moment before that of an earlier change
  double truncated = 0;   ///< the holder's name is cut short
};

/// A licence as it is written, and when.
struct LicenceChange {
  Licence licence;
  base::Timestamp written_at;
};

/// The changes of a licence database. The n-th change comes from the seed and n alone: the same
/// options give the same changes whenever they are asked for. Used by one thread.
class LicenceChanges {
 public:
  LicenceChanges(std::uint64_t seed, std::vector<std::string> communes, LicenceFaults faults);

  /// The n-th change when it is made at `moment`; two when it is duplicated.
  std::vector<LicenceChange> Make(std::uint64_t n, base::Timestamp moment) const;

 private:
  const std::uint64_t seed_;
  const std::vector<std::string> communes_;
  const LicenceFaults faults_;
};

}  // namespace fansipan::simulation
