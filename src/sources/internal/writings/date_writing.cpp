#include "sources/internal/writings/date_writing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <vector>

#include "sources/internal/writings/blanks.h"
#include "sources/internal/writings/refused_text.h"

namespace fansipan::sources::internal {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kLastSerial1900 = 2'958'465;  // 9999-12-31
constexpr std::int64_t kLastSerial1904 = 2'957'003;
constexpr std::int64_t kMillisecondsOfDay = 86'400'000;

base::Error WrongDeclaration(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "mapping_failed", std::move(message)};
}

base::Status CheckOrder(std::string_view function, std::string_view order) {
  if (order == "dmy" || order == "mdy" || order == "ymd") return {};
  return WrongDeclaration(fmt::format(
      "{}(text, '{}'): the second argument must be the order of day, month and year: 'dmy', 'mdy' "
      "or 'ymd'",
      function, order));
}

/// A number of `least` to `most` digits and nothing else.
std::optional<unsigned> Number(std::string_view text, std::size_t least, std::size_t most) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || text.size() < least || text.size() > most) return std::nullopt;
  return number;
}

/// Day, month and year as written; not yet a day that there is.
struct Written {
  unsigned day = 0;
  unsigned month = 0;
  unsigned year = 0;
};

std::optional<Written> ReadParts(std::array<std::string_view, 3> parts, std::string_view order) {
  Written written;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool is_year = order[i] == 'y';
    const auto number = Number(parts[i], is_year ? 4 : 1, is_year ? 4 : 2);
    if (!number) return std::nullopt;
    (is_year ? written.year : order[i] == 'm' ? written.month : written.day) = *number;
  }
  return written;
}

std::optional<Written> ReadDigits(std::string_view text, std::string_view order) {
  const std::size_t first = text.find_first_of("/-.");
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find(text[first], first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return ReadParts(
      {text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)},
      order);
}

std::vector<std::string_view> WordsOf(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t start = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t blank = at < text.size() ? SizeOfBlank(text.substr(at)) : 1;
    if (blank == 0) {
      ++at;
      continue;
    }
    if (at > start) words.push_back(text.substr(start, at - start));
    at += blank;
    start = at;
  }
  return words;
}

using Spellings = std::array<std::string_view, 3>;
constexpr Spellings kDayWord = {"ngày", "Ngày", "NGÀY"};
constexpr Spellings kMonthWord = {"tháng", "Tháng", "THÁNG"};
constexpr Spellings kYearWord = {"năm", "Năm", "NĂM"};

bool IsWord(std::string_view word, const Spellings& spellings) {
  return std::ranges::find(spellings, word) != spellings.end();
}

std::optional<Written> ReadWords(std::vector<std::string_view> words) {
  if (!words.empty() && IsWord(words[0], kDayWord)) words.erase(words.begin());
  if (words.size() != 5 || !IsWord(words[1], kMonthWord) || !IsWord(words[3], kYearWord)) {
    return std::nullopt;
  }
  return ReadParts({words[0], words[2], words[4]}, "dmy");
}

std::optional<Written> ReadDate(const std::vector<std::string_view>& words,
                                std::string_view order) {
  if (words.size() == 1) return ReadDigits(words[0], order);
  return order == "dmy" ? ReadWords(words) : std::nullopt;
}

/// YYYY-MM-DD; nothing for a day that there is not.
std::optional<std::string> DayText(const Written& written) {
  const year_month_day day{std::chrono::year(static_cast<int>(written.year)),
                           std::chrono::month(written.month), std::chrono::day(written.day)};
  if (!day.ok() || written.year == 0) return std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}", written.year, written.month, written.day);
}

std::string DayText(sys_days day) {
  const year_month_day parts(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(parts.year()),
                     static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()));
}

/// HH:MM:SS, with the fraction as written; nothing for what is no time of a day.
std::optional<std::string> ReadTime(std::string_view text) {
  std::array<unsigned, 3> parts = {};
  std::size_t count = 0;
  std::string_view fraction;
  for (bool more = true; more; ++count) {
    const std::size_t colon = text.find(':');
    more = colon != std::string_view::npos;
    std::string_view part = text.substr(0, colon);
    if (count == 2 && part.find('.') != std::string_view::npos) {
      fraction = part.substr(part.find('.'));
      part = part.substr(0, part.find('.'));
    }
    const auto number = count < 3 ? Number(part, count == 0 ? 1 : 2, 2) : std::nullopt;
    if (!number) return std::nullopt;
    parts.at(count) = *number;
    if (more) text.remove_prefix(colon + 1);
  }
  if (count < 2 || parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  if (!fraction.empty() && !Number(fraction.substr(1), 1, 6)) return std::nullopt;
  return fmt::format("{:02}:{:02}:{:02}{}", parts[0], parts[1], parts[2], fraction);
}

/// Where days are counted from, and the last one.
struct Epoch {
  bool is_1904 = false;

  static base::Result<Epoch> Of(std::string_view function, std::int64_t year) {
    if (year == 1900 || year == 1904) return Epoch{year == 1904};
    return WrongDeclaration(
        fmt::format("{}(serial, {}): the second argument must be the year from which the workbook "
                    "counts its days, 1900 or 1904",
                    function, year));
  }
  std::int64_t last() const { return is_1904 ? kLastSerial1904 : kLastSerial1900; }
  std::int64_t first() const { return is_1904 ? 0 : 1; }
  bool IsMissingDay(std::int64_t serial) const { return !is_1904 && serial == 60; }
  sys_days DayOf(std::int64_t serial) const {
    using std::chrono::January;
    if (is_1904) return sys_days(std::chrono::year(1904) / January / 1) + std::chrono::days(serial);
    const std::int64_t behind = serial > 60 ? 2 : 1;
    return sys_days(std::chrono::year(1900) / January / 1) + std::chrono::days(serial - behind);
  }
};

struct Serial {
  std::int64_t day = 0;
  std::int64_t milliseconds = 0;
};

/// Digits, and a part of a day behind a point.
std::optional<Serial> ReadSerial(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const auto day = Number(text.substr(0, point), 1, 7);
  if (!day) return std::nullopt;
  Serial serial{*day, 0};
  if (point == text.size()) return serial;
  const std::string_view digits = text.substr(point + 1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  double part = 0;
  std::from_chars(text.data() + point, text.data() + text.size(), part);
  serial.milliseconds = std::llround(part * static_cast<double>(kMillisecondsOfDay));
  if (serial.milliseconds == kMillisecondsOfDay) serial = {serial.day + 1, 0};
  return serial;
}

std::string TimeText(std::int64_t milliseconds) {
  const std::int64_t seconds = milliseconds / 1000;
  const std::string fraction =
      milliseconds % 1000 == 0 ? "" : fmt::format(".{:03}", milliseconds % 1000);
  return fmt::format("{:02}:{:02}:{:02}{}", seconds / 3600, seconds / 60 % 60, seconds % 60,
                     fraction);
}

}  // namespace

base::Result<std::string> DateOf(std::string_view text, std::string_view order) {
  FANSIPAN_RETURN_IF_ERROR(CheckOrder("date_of", order));
  const auto written = ReadDate(WordsOf(text), order);
  if (!written) return RefusedText(NotWritten::kDate, text);
  const auto day = DayText(*written);
  return day ? *day : RefusedText(NotWritten::kImpossibleDate, text);
}

base::Result<std::string> MomentOf(std::string_view text, std::string_view order) {
  FANSIPAN_RETURN_IF_ERROR(CheckOrder("moment_of", order));
  std::vector<std::string_view> words = WordsOf(text);
  if (words.size() == 1 && words[0].find('T') != std::string_view::npos) {
    const std::size_t between = words[0].find('T');
    words = {words[0].substr(0, between), words[0].substr(between + 1)};
  }
  if (words.size() < 2) return RefusedText(NotWritten::kMoment, text);
  const bool time_first = words.front().find(':') != std::string_view::npos;
  const auto time = ReadTime(time_first ? words.front() : words.back());
  words.erase(time_first ? words.begin() : words.end() - 1);
  const auto written = ReadDate(words, order);
  if (!time || !written) return RefusedText(NotWritten::kMoment, text);
  const auto day = DayText(*written);
  return day ? *day + 'T' + *time : RefusedText(NotWritten::kImpossibleDate, text);
}

base::Result<std::string> DateOfSerial(std::string_view serial, std::int64_t epoch) {
  FANSIPAN_ASSIGN_OR_RETURN(const Epoch from, Epoch::Of("date_of_serial", epoch));
  const auto read = ReadSerial(WithoutBlanks(serial));
  if (!read || read->milliseconds != 0 || read->day < from.first() || read->day > from.last()) {
    return RefusedText(NotWritten::kSerial, serial);
  }
  if (from.IsMissingDay(read->day)) return RefusedText(NotWritten::kImpossibleDate, serial);
  return DayText(from.DayOf(read->day));
}

base::Result<std::string> MomentOfSerial(std::string_view serial, std::int64_t epoch) {
  FANSIPAN_ASSIGN_OR_RETURN(const Epoch from, Epoch::Of("moment_of_serial", epoch));
  const auto read = ReadSerial(WithoutBlanks(serial));
  if (!read || read->day < from.first() || read->day > from.last()) {
    return RefusedText(NotWritten::kSerial, serial);
  }
  if (from.IsMissingDay(read->day)) return RefusedText(NotWritten::kImpossibleDate, serial);
  return DayText(from.DayOf(read->day)) + 'T' + TimeText(read->milliseconds);
}

}  // namespace fansipan::sources::internal
