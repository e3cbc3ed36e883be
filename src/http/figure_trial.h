#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "indicators/changes/center_comparison.h"
#include "model/record.h"

namespace fansipan::http {

/// What becomes of the rows of one source in one dataset, over all deliveries read again.
struct RowTrial {
  std::string source;
  std::string dataset;
  std::uint64_t unchanged = 0;
  std::map<std::string, std::uint64_t> changes;          ///< by the name of sources::RowChange
  std::map<std::string, std::uint64_t> refusals;         ///< reasons of rows newly refused
  std::map<std::string, std::uint64_t> refusals_mended;  ///< reasons that rows newly taken had
};

/// A delivery that the planned center cannot read.
struct FailedReading {
  model::Sequence delivery;
  std::string source;
  std::string reason;
  std::string message;
};
inline constexpr std::size_t kMaxFailedReadings = 20;

/// What a center that is planned would make of what is recorded.
struct FigureTrial {
  bool concerns_figures = false;        ///< false: nothing that makes figures is declared otherwise
  base::Timestamp at{};                 ///< the moment at which both are compared
  std::uint64_t read_again = 0;         ///< deliveries
  std::uint64_t failed = 0;             ///< of them
  std::vector<FailedReading> failures;  ///< the first kMaxFailedReadings
  std::vector<RowTrial> rows;
  indicators::CenterComparison figures;
};

/// Of the deliveries so many days old those are read again whose mapping changed.
inline constexpr int kTrialDays = 30;

}  // namespace fansipan::http
