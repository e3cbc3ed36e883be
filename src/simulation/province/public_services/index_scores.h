#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "simulation/case_row.h"

namespace fansipan::simulation::public_services {

/// What of a unit's month the portal reckons its points from.
struct IndexCounts {
  double received = 0;
  double received_online = 0;
  double received_digitised = 0;
  double finished = 0;
  double finished_on_time = 0;
  double overdue = 0;  ///< not finished at the end of the month
  double with_fee = 0;
  double paid_online = 0;
  double rated = 0;
  double satisfied = 0;
};

/// Points of the groups of Decision 766/QĐ-TTg. Sums to at most 100.
struct IndexPoints {
  double transparency = 0;
  double progress = 0;
  double digitisation = 0;
  double online_service = 0;
  double online_payment = 0;
  double satisfaction = 0;

  double Total() const;
};

/// The counts of a month, by commune, from the newest version of each case.
std::map<std::string, IndexCounts> CountMonth(const std::vector<CaseRow>& newest,
                                              base::Timestamp from, base::Timestamp until);

void Add(const IndexCounts& more, IndexCounts& sum);

/// Whether every group has a case to be reckoned from.
bool IsWhole(const IndexCounts& counts);

/// By counts that are whole; transparency is not reckoned from cases.
IndexPoints PointsOf(const IndexCounts& counts, double transparency);

}  // namespace fansipan::simulation::public_services
