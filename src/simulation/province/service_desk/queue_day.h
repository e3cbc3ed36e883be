#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "simulation/internal/filing_times.h"
#include "simulation/internal/office_hours.h"

namespace fansipan::simulation::service_desk {

/// Where tickets are drawn: the service point of a commune, or the province's center.
struct CounterPlace {
  std::string unit_code;    ///< in the territory; of the center that of the province
  std::string agency_code;  ///< electronic identifier
  bool is_center = false;
  int counters = 2;
  double tickets_a_day = 8;
};

enum class TicketState { kWaiting = 1, kCalled = 2, kServed = 3, kAbandoned = 4 };

/// A ticket as it ended. It has a counter when it was called.
struct Ticket {
  std::string number;
  std::string_view field;
  int counter = 0;
  base::Timestamp issued_at;
  std::optional<base::Timestamp> called_at;
  std::optional<base::Timestamp> served_at;
  std::optional<base::Timestamp> abandoned_at;
  std::optional<int> vote;  ///< 1 very satisfied, 2 satisfied, 3 dissatisfied
};

/// What is particular about a day at a place.
struct DayPlan {
  internal::LocalDay day;
  std::uint64_t seed = 0;
  bool has_slow_morning = false;  ///< one counter for a crowd
  bool is_given_up = false;       ///< calls come late and people leave soon
};

/// The tickets of a working day in the order in which they were issued. All of them end on it:
/// who still waits at its end is sent home.
std::vector<Ticket> TicketsOfDay(const CounterPlace& place, const DayPlan& plan,
                                 const internal::OfficeHours& office);

/// Whether counters are open: Monday to Friday but for the public holidays of 2025 to 2027.
bool IsOpen(internal::LocalDay day);

}  // namespace fansipan::simulation::service_desk
