#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "simulation/places.h"

namespace fansipan::simulation {

/// What all simulated systems of a province share.
struct Province {
  Places places;
  base::TimeZone zone;
  std::uint64_t seed = 1;  ///< another seed, another province of records
};

/// One delivery as the source itself would send it.
struct SystemDelivery {
  base::Timestamp at;      ///< when it is sent
  std::string source;      ///< as the sample center declares it
  std::string media_type;  ///< of the body, such as application/x-ndjson
  std::string file_name;   ///< of a workbook or table; empty: it is no file
  std::string body;
  std::size_t rows = 0;
  std::map<std::string, std::string> headers;  ///< told beside the body, such as control totals
};

/// What the figures of a simulated system tell without anybody saying it, and a person at a panel
/// should find.
struct PlantedStory {
  std::string name;       ///< unique in the province
  std::string system;     ///< the folder of the sample center
  std::string indicator;  ///< whose figure shows it
  std::string unit;       ///< code of the unit concerned
  std::string text;       ///< what happens, in English
  base::Timestamp from;
  base::Timestamp until;
};

/// A system of the province as a pure function of province and moments: asked again, also by
/// another process, it gives the same deliveries, byte by byte. Safe from several threads.
class SystemModel {
 public:
  virtual ~SystemModel() = default;
  /// The sources that it feeds; each belongs to one model.
  virtual std::vector<std::string> sources() const = 0;
  /// How far back its deliveries must begin for its figures to have their past.
  virtual base::Duration history() const = 0;
  /// What is sent from `from` (included) to `until` (not included), in order.
  virtual std::vector<SystemDelivery> DeliveriesBetween(base::Timestamp from,
                                                        base::Timestamp until) const = 0;
  /// Those that fall between the two moments.
  virtual std::vector<PlantedStory> StoriesBetween(base::Timestamp from,
                                                   base::Timestamp until) const = 0;
};

}  // namespace fansipan::simulation
