#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "simulation/province/statistics_text.h"

namespace fansipan::simulation::socio {

/// The registry of enterprises: what changed, day by day, in the communes. A pure function of the
/// province; belongs to one system model.
class Enterprises {
 public:
  explicit Enterprises(const Province& province);

  /// The changes of the seven days before a Monday, as NDJSON.
  SystemDelivery WeekBefore(std::chrono::local_days monday) const;
  int FoundedIn(ReportMonth month) const;
  static constexpr ReportMonth kSince{2025, 7};

 private:
  struct Change {
    std::string code;
    int kind = 1;  ///< 1 founded, 2 dissolved, 3 suspended, 4 resumed
    std::size_t commune = 0;
    std::int64_t capital = 0;
  };
  std::vector<Change> ChangesOn(std::chrono::local_days day) const;

  Province province_;
  std::vector<double> weights_;  ///< by commune
};

}  // namespace fansipan::simulation::socio
