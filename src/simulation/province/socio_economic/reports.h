#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.h"
#include "simulation/internal/workbook_writer.h"
#include "simulation/province/socio_economic/economy.h"
#include "simulation/province/statistics_text.h"

namespace fansipan::simulation::socio {

/// One observation of a message in SDMX-CSV 2.0.
struct Observation {
  std::string area;
  std::string indicator;
  std::string period;
  double value = 0;
  int decimals = 0;
  char status = 'A';  ///< A normal, P provisional, E estimated
  std::string unit;   ///< of CL_UNIT, such as VND
  int multiplier = 0;
  std::string note;
};

struct Letterhead {
  base::Timestamp sent;
  std::string signer;
};

SystemDelivery SdmxMessage(std::string source, std::string file,
                           const std::vector<Observation>& observations, const base::TimeZone& zone,
                           const Letterhead& letterhead);

/// A workbook of one sheet as it is sent. Where none can be written, its body is empty, which a
/// center refuses.
SystemDelivery WorkbookDelivery(std::string source, std::string file, std::size_t rows,
                                internal::WorkbookSheet sheet);

/// "Báo cáo tình hình kinh tế - xã hội tháng". `founded_before`: enterprises founded
/// in the month before, as the registry counted them; below zero it is not stated.
internal::WorkbookSheet MonthlySheet(const Economy& economy, ReportMonth month, int founded_before,
                                     const base::TimeZone& zone, const Letterhead& letterhead);

/// The quarter as an estimate, the one before as preliminary, that of last year as final; with the
/// second quarter the year before as preliminary, with the fourth one the year as an estimate.
internal::WorkbookSheet QuarterlySheet(const Grdp& grdp, int year, int quarter,
                                       const base::TimeZone& zone, const Letterhead& letterhead);

}  // namespace fansipan::simulation::socio
