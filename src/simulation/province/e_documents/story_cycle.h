#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "simulation/places.h"
#include "simulation/province/e_documents/office_year.h"

namespace fansipan::simulation::internal {

/// What is planted in four weeks, which begin on a Monday: each time with other agencies.
struct StoryCycle {
  std::chrono::local_days begins;
  std::string lying_agency;  ///< what arrives there is given to nobody
  std::chrono::local_days lies_from;
  std::chrono::local_days lies_until;  ///< not included
  std::string overdue_agency;          ///< does not do what it was told to
  std::chrono::local_days instructed_on;
  std::chrono::local_days due_on;
  std::chrono::local_days answered_on;
  std::string recalling_agency;  ///< asks for many of its documents back
  std::chrono::local_days recalled_on;
};

inline constexpr std::chrono::days kStoryCycle{28};

/// That which `day` lies in.
StoryCycle StoryCycleOf(std::chrono::local_days day, const Places& places, const OfficeYear& year,
                        std::uint64_t seed);

}  // namespace fansipan::simulation::internal
