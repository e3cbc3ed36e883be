#include "center/internal/calendar_days.h"

#include <charconv>

#include "model/value.h"

namespace fansipan::center {
namespace {

using model::Date;
using model::SpecialDay;
using model::SpecialDayKind;

constexpr int kMinutesPerDay = 24 * 60;
constexpr std::size_t kMaxSpansOfDay = 24;
constexpr std::size_t kMaxItemsOfYear = 366;

// Minutes after midnight of "07:30", up to "24:00".
std::optional<int> ParseTimeOfDay(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t index : {0U, 1U, 3U, 4U}) {
    if (text[index] < '0' || text[index] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour * 60 + minute > kMinutesPerDay) return std::nullopt;
  return hour * 60 + minute;
}

std::optional<model::WorkingSpan> ParseSpan(std::string_view text) {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = ParseTimeOfDay(text.substr(0, 5));
  const auto to = ParseTimeOfDay(text.substr(6));
  if (!from || !to || *from >= *to) return std::nullopt;
  return model::WorkingSpan{*from, *to};
}

std::optional<int> ParseYear(std::string_view text) {
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || year < kFirstCalendarYear || year > kLastCalendarYear) return std::nullopt;
  return year;
}

int YearOf(Date day) { return static_cast<int>(std::chrono::year_month_day(day).year()); }

std::string TextOf(Date day) { return model::ToText(model::Value(day)); }

}  // namespace

model::WorkingSpans ReadHours(const YamlMap& map, std::string_view key, Need need) {
  model::WorkingSpans spans;
  for (const YamlNode* text : map.Texts(key, need, kMaxSpansOfDay)) {
    const auto span = ParseSpan(text->text);
    if (!span) {
      map.Report(*text, "'" + text->text +
                            "' is no time of work; allowed: from-to such as "
                            "\"07:30-11:30\", to 24:00 at most");
    } else if (!spans.empty() && span->from_minute < spans.back().to_minute) {
      map.Report(*text, "'" + text->text +
                            "' begins before the one before it ends; write them in "
                            "the day's order");
    } else {
      spans.push_back(*span);
    }
  }
  return spans;
}

CalendarDays::CalendarDays(const std::vector<std::string>& languages, const YamlMap& map,
                           model::WorkingCalendar& calendar)
    : languages_(languages), map_(map), calendar_(calendar), without_own_(calendar) {}

void CalendarDays::Read(bool week_is_sound) {
  if (const YamlNode* node = map_.Find("years")) {
    const YamlMap years(*node, map_.scope(), map_.what() + ": 'years'");
    for (const YamlNode& entry : years.entries()) ReadYear(entry);
  }
  CheckYears();
  if (!week_is_sound) return;
  for (const Exchange& exchange : exchanges_) CheckExchange(exchange);
  CheckExchangesTakenOver();
}

void CalendarDays::ReadYear(const YamlNode& entry) {
  const std::string what = map_.what() + ": year " + entry.key;
  const auto number = ParseYear(entry.key);
  if (!number) {
    map_.scope().Report(entry.anchor(), map_.what() + ": '" + entry.key +
                                            "' is no year; allowed: a year from " +
                                            std::to_string(kFirstCalendarYear) + " to " +
                                            std::to_string(kLastCalendarYear));
    return;
  }
  if (calendar_.years.size() == kMaxCalendarYears && !calendar_.years.contains(*number)) {
    map_.scope().Report(entry.anchor(), map_.what() + ": covers more than " +
                                            std::to_string(kMaxCalendarYears) + " years");
    return;
  }
  const YamlMap year(entry, map_.scope(), what);
  year.Allow({"basis", "provisional", "holidays", "exchanged", "hours"});
  const bool is_known = calendar_.years.contains(*number);
  model::CalendarYear& declared = calendar_.years[*number];
  const auto basis =
      year.Localized("basis", languages_, is_known ? Need::kOptional : Need::kRequired);
  if (!basis.empty()) declared.basis = basis;
  declared.provisional = year.Flag("provisional", declared.provisional);
  years_.emplace(*number, &entry);
  const Item in{year, *number, declared.basis};
  ReadList(year, "holidays", in, &CalendarDays::ReadHoliday);
  ReadList(year, "exchanged", in, &CalendarDays::ReadExchange);
  ReadList(year, "hours", in, &CalendarDays::ReadOwnHours);
}

void CalendarDays::ReadList(const YamlMap& year, std::string_view key, const Item& in,
                            ReadItem read) {
  const YamlNode* list = year.Find(key);
  if (list == nullptr) return;
  if (list->kind != YamlNode::Kind::kList) {
    return year.Report(*list, "must be a list of days: [{…}, {…}]");
  }
  if (list->items.size() > kMaxItemsOfYear) {
    return year.Report(*list, "has more than " + std::to_string(kMaxItemsOfYear) + " items");
  }
  for (const YamlNode& node : list->items) {
    const YamlMap map(node, year.scope(), year.what() + ": '" + std::string(key) + "'");
    (this->*read)({map, in.year, in.basis});
  }
}

void CalendarDays::ReadHoliday(const Item& item) {
  item.map.Allow({"day", "from", "to", "title", "basis"});
  const SpecialDay special = ReadSpecial(item, SpecialDayKind::kHoliday, Need::kRequired);
  if (item.map.Has("day") == item.map.Has("from")) {
    item.map.scope().Report(item.map.at(),
                            item.map.what() + ": must have either 'day', or 'from' and 'to'");
    return;
  }
  const auto first = ReadDayOfYear(item, item.map.Has("day") ? "day" : "from");
  const auto last = item.map.Has("day") ? first : ReadDayOfYear(item, "to");
  if (!first || !last) return;
  const YamlNode& node = *item.map.Find(item.map.Has("day") ? "day" : "from");
  if (*last < *first || *last - *first >= std::chrono::days(kMaxDaysOfHoliday)) {
    item.map.Report(*item.map.Find("to"), "must be the holiday's last day, at most " +
                                              std::to_string(kMaxDaysOfHoliday) +
                                              " days in all with the first");
    return;
  }
  for (Date day = *first; day <= *last; day += std::chrono::days(1)) Add(node, day, special);
}

void CalendarDays::ReadExchange(const Item& item) {
  item.map.Allow({"off", "worked", "hours", "title", "basis"});
  SpecialDay off = ReadSpecial(item, SpecialDayKind::kExchangedOff, Need::kOptional);
  SpecialDay worked = off;
  worked.kind = SpecialDayKind::kExchangedFor;
  worked.hours = ReadHours(item.map, "hours", Need::kOptional);
  const Exchange exchange{item.map.FindText("off", Need::kRequired),
                          item.map.FindText("worked", Need::kRequired),
                          {},
                          {}};
  const auto off_day = ReadDayOfYear(item, "off");
  const auto worked_day = ReadDay(item, exchange.worked);
  if (!off_day || !worked_day) return;
  off.other = *worked_day;
  worked.other = *off_day;
  Add(*exchange.off, *off_day, off);
  Add(*exchange.worked, *worked_day, worked);
  exchanges_.push_back({exchange.off, exchange.worked, *off_day, *worked_day});
}

void CalendarDays::ReadOwnHours(const Item& item) {
  item.map.Allow({"day", "hours", "title", "basis"});
  SpecialDay special = ReadSpecial(item, SpecialDayKind::kOwnHours, Need::kOptional);
  special.hours = ReadHours(item.map, "hours", Need::kRequired);
  if (const auto day = ReadDayOfYear(item, "day")) Add(*item.map.Find("day"), *day, special);
}

SpecialDay CalendarDays::ReadSpecial(const Item& item, SpecialDayKind kind, Need title) const {
  SpecialDay special;
  special.kind = kind;
  special.title = item.map.Localized("title", languages_, title);
  special.basis = item.map.Localized("basis", languages_, Need::kOptional);
  if (special.basis.empty()) special.basis = item.basis;
  return special;
}

std::optional<Date> CalendarDays::ReadDay(const Item& item, const YamlNode* node) const {
  if (node == nullptr) return std::nullopt;
  const auto day =
      model::ParseValue(node->text, model::ColumnType::kDate, 0, base::TimeZone::Utc());
  if (day.ok() && std::holds_alternative<Date>(*day)) return std::get<Date>(*day);
  item.map.Report(*node, "is '" + node->text + "'; allowed: a day that exists, as YYYY-MM-DD");
  return std::nullopt;
}

std::optional<Date> CalendarDays::ReadDayOfYear(const Item& item, std::string_view key) const {
  const YamlNode* node = item.map.FindText(key, Need::kRequired);
  const auto day = ReadDay(item, node);
  if (!day || YearOf(*day) == item.year) return day;
  item.map.Report(*node, "is " + TextOf(*day) + ", but stands under the year " +
                             std::to_string(item.year) + "; move it to its year");
  return std::nullopt;
}

void CalendarDays::Add(const YamlNode& node, Date day, const SpecialDay& special) {
  const auto [before, added] = days_.emplace(day, &node);
  if (added) {
    calendar_.days.insert_or_assign(day, special);
    return;
  }
  map_.Report(node, "names " + TextOf(day) + ", which line " +
                        std::to_string(before->second->at.line) +
                        " already names; a day is declared once");
}

void CalendarDays::CheckYears() const {
  const model::CalendarYear* last = nullptr;
  int expected = 0;
  for (const auto& [number, declared] : calendar_.years) {
    const auto own = years_.find(number);
    const Position at = own == years_.end() ? map_.at() : own->second->anchor();
    if (last != nullptr && number != expected) {
      map_.scope().Report(at, map_.what() + ": the years leave out " + std::to_string(expected) +
                                  "; declare every year from the first to the last");
    } else if (last != nullptr && last->provisional && !declared.provisional) {
      map_.scope().Report(at, map_.what() + ": " + std::to_string(number) +
                                  " is decided, but the year before it is provisional; a year is "
                                  "decided after those before it");
    }
    last = &declared;
    expected = number + 1;
  }
}

void CalendarDays::CheckExchange(const Exchange& exchange) const {
  const std::string year = std::to_string(YearOf(exchange.worked_day));
  if (!calendar_.years.contains(YearOf(exchange.worked_day))) {
    map_.Report(*exchange.worked, "lies in " + year +
                                      ", which the calendar does not cover; "
                                      "declare the year");
  } else if (without_own_.HoursOf(exchange.off_day).empty()) {
    map_.Report(*exchange.off,
                "is free without the exchange; name the working day that is free "
                "because another is worked");
  } else if (!without_own_.HoursOf(exchange.worked_day).empty()) {
    map_.Report(*exchange.worked,
                "is worked without the exchange; name the free day that is "
                "worked in place of the other");
  }
}

void CalendarDays::CheckExchangesTakenOver() const {
  const YamlNode* week = map_.Find("week");
  if (week == nullptr) return;
  for (const auto& [day, special] : calendar_.days) {
    if (special.kind != SpecialDayKind::kExchangedFor || days_.contains(day)) continue;
    const bool is_worked = !calendar_.HoursOfWeekday(day).empty();
    const bool is_for_nothing =
        !special.hours.empty() && calendar_.HoursOfWeekday(*special.other).empty();
    if (!is_worked && !is_for_nothing) continue;
    map_.Report(*week, "does not go with the exchange that '" + calendar_.extends + "' declares: " +
                           TextOf(day) + " worked in place of " + TextOf(*special.other) +
                           "; say under 'hours' of its year how this "
                           "calendar works on " +
                           TextOf(day));
  }
}

}  // namespace fansipan::center
