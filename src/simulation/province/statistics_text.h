#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "simulation/province/system_model.h"

namespace fansipan::simulation {

/// A month as reports are about it.
struct ReportMonth {
  int year = 0;
  unsigned month = 1;  ///< 1 to 12
  auto operator<=>(const ReportMonth&) const = default;
};

ReportMonth MonthOf(const base::TimeZone& zone, base::Timestamp moment);
ReportMonth MonthsLater(ReportMonth month, int months);  ///< or earlier
/// "2026-09"
std::string PeriodOf(ReportMonth month);

/// When an office sends what is due on that day: on the Friday before when it is a weekend.
base::Timestamp SendingMoment(const base::TimeZone& zone, ReportMonth month, unsigned day,
                              int minute_of_day);

/// 1.234.567
std::string DottedNumber(std::int64_t number);
/// 28/09/2026 15:30
std::string DayAndTime(const base::TimeZone& zone, base::Timestamp moment);
/// 2026-09-28T15:30:00+07:00
std::string MomentWithOffset(const base::TimeZone& zone, base::Timestamp moment);

/// The deliveries that fall into a span, made only then.
class SpanOfDeliveries {
 public:
  SpanOfDeliveries(base::Timestamp from, base::Timestamp until) : from_(from), until_(until) {}

  base::Timestamp from() const { return from_; }
  base::Timestamp until() const { return until_; }
  bool Has(base::Timestamp moment) const { return moment >= from_ && moment < until_; }
  template <typename Make>
  void Add(base::Timestamp at, Make make) {
    if (!Has(at)) return;
    deliveries_.push_back(make());
    deliveries_.back().at = at;
  }
  /// By moment, then source.
  std::vector<SystemDelivery> Take();

 private:
  base::Timestamp from_;
  base::Timestamp until_;
  std::vector<SystemDelivery> deliveries_;
};

}  // namespace fansipan::simulation
