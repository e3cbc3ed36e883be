#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "center/internal/yaml_map.h"
#include "model/calendar.h"

namespace fansipan::center {

inline constexpr int kFirstCalendarYear = 1900;
inline constexpr int kLastCalendarYear = 2199;
inline constexpr std::size_t kMaxCalendarYears = 50;
inline constexpr std::size_t kMaxDaysOfHoliday = 31;

/// The spans under a key, such as ["07:30-11:30", "13:30-17:00"]. Reports those that are no time of
/// work, overlap, or stand out of order.
model::WorkingSpans ReadHours(const YamlMap& map, std::string_view key, Need need);

/// The years of one calendar with their special days, added to what it takes over from the calendar
/// that it extends: its own word on a day stands. Refers to its arguments.
class CalendarDays {
 public:
  /// `map` is the calendar's declaration; its week has been read into `calendar`.
  CalendarDays(const std::vector<std::string>& languages, const YamlMap& map,
               model::WorkingCalendar& calendar);

  /// Without a sound week it is not asked whether exchanges are exchanges.
  void Read(bool week_is_sound);

 private:
  /// One item of a year's list.
  struct Item {
    const YamlMap& map;
    int year = 0;
    const model::LocalizedText& basis;  ///< of the year
  };
  struct Exchange {
    const YamlNode* off = nullptr;
    const YamlNode* worked = nullptr;
    model::Date off_day;
    model::Date worked_day;
  };
  using ReadItem = void (CalendarDays::*)(const Item&);

  void ReadYear(const YamlNode& entry);
  void ReadList(const YamlMap& year, std::string_view key, const Item& in, ReadItem read);
  void ReadHoliday(const Item& item);
  void ReadExchange(const Item& item);
  void ReadOwnHours(const Item& item);
  std::optional<model::Date> ReadDay(const Item& item, const YamlNode* node) const;
  std::optional<model::Date> ReadDayOfYear(const Item& item, std::string_view key) const;
  model::SpecialDay ReadSpecial(const Item& item, model::SpecialDayKind kind, Need title) const;
  void Add(const YamlNode& node, model::Date day, const model::SpecialDay& special);

  void CheckYears() const;
  void CheckExchange(const Exchange& exchange) const;
  void CheckExchangesTakenOver() const;

  const std::vector<std::string>& languages_;
  const YamlMap& map_;
  model::WorkingCalendar& calendar_;
  const model::WorkingCalendar without_own_;     ///< as it stands without its own days
  std::map<int, const YamlNode*> years_;         ///< its own
  std::map<model::Date, const YamlNode*> days_;  ///< its own
  std::vector<Exchange> exchanges_;
};

}  // namespace fansipan::center
