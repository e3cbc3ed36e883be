#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "simulation/internal/dice.h"
#include "simulation/internal/filing_times.h"
#include "simulation/internal/office_hours.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation::internal {

/// As the system of field reports numbers them.
enum class ReportStatus { kReceived = 1, kRouted, kProcessing, kAnswered, kRefused, kWithdrawn };

/// One round of a report as it stands at a moment.
struct ReportVersion {
  std::string number;
  int round = 1;
  int channel = 1;  ///< 1 application, 2 telephone 1022, 3 web site
  std::string_view field;
  bool is_urgent = false;
  std::string commune_code;
  std::string agency_code;  ///< empty until it is routed
  ReportStatus status = ReportStatus::kReceived;
  base::Timestamp received_at;
  int term_hours = 24;
  std::optional<base::Timestamp> routed_at;
  std::optional<base::Timestamp> responded_at;
  std::optional<base::Timestamp> closed_at;
  std::optional<base::Timestamp> reopened_at;
  std::optional<int> rating;
  base::Timestamp updated_at;
};

/// A line of NDJSON, with a newline, as the sample center's source citizen_report_system reads it.
std::string EncodeReport(const ReportVersion& version, const base::TimeZone& zone);

/// A commune that falls behind with what its citizens report.
struct SlowCommune {
  std::string commune_code;
  LocalDay from;   ///< reports received from this day on
  LocalDay until;  ///< the first day on which it is as before
};

/// What citizens report to a province, and what becomes of it. Reports, places and answers are
/// invented from the seed. Pure; safe from several threads.
class CitizenReports {
 public:
  explicit CitizenReports(const Province& province);
  CitizenReports(const CitizenReports&) = delete;
  CitizenReports& operator=(const CitizenReports&) = delete;

  LocalDay DayOf(base::Timestamp moment) const;
  const base::TimeZone& zone() const { return office_.zone(); }

  SlowCommune SlowOf(std::int64_t cycle) const;
  static std::int64_t CycleOf(LocalDay day);

  /// All versions of the reports that are received on the day, by moment for each round. None is
  /// later than kLongestLife after the day's beginning.
  std::vector<ReportVersion> VersionsOf(LocalDay day) const;
  static constexpr std::chrono::days kLongestLife{45};

 private:
  struct Weighted {
    const Commune* commune = nullptr;
    double a_day = 0;
  };
  ReportVersion Receive(const Commune& commune, LocalDay day, int number, Dice& dice) const;
  void Live(ReportVersion report, bool is_slow, Dice& dice,
            std::vector<ReportVersion>& versions) const;
  void Judge(ReportVersion report, Dice& dice, std::vector<ReportVersion>& versions) const;
  void LiveAgain(const ReportVersion& first, Dice& dice,
                 std::vector<ReportVersion>& versions) const;
  bool IsSlow(const Commune& commune, LocalDay day) const;
  std::string HandlingAgency(const Commune& commune, std::string_view field, Dice& dice) const;

  const std::uint64_t seed_;
  const Places places_;
  const OfficeHours office_;
  std::vector<Weighted> communes_;
  std::vector<std::size_t> busy_;  ///< communes of whom stories are told
};

}  // namespace fansipan::simulation::internal
