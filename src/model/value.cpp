#include "model/value.h"

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <utility>

namespace fansipan::model {
namespace {

using std::chrono::year_month_day;

constexpr int kFirstYear = 1600;
// Sums of four billion of them fit into what a cell log keeps.
constexpr Int128 kMaxUnscaled = static_cast<Int128>(1) << 94U;
constexpr int kLastYear = 9999;
constexpr std::size_t kShownBytes = 60;

constexpr std::array<std::pair<ColumnType, std::string_view>, 6> kColumnTypes{{
    {ColumnType::kText, "text"},
    {ColumnType::kInteger, "integer"},
    {ColumnType::kDecimal, "decimal"},
    {ColumnType::kBoolean, "boolean"},
    {ColumnType::kDate, "date"},
    {ColumnType::kTimestamp, "timestamp"},
}};

/// The start of a refused text, never ending inside a character.
std::string Shown(std::string_view text) {
  if (text.size() <= kShownBytes) return "'" + std::string(text) + "'";
  std::size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return "'" + std::string(text.substr(0, end)) + "…'";
}

base::Error Refuse(std::string_view reason, std::string_view text, std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), Shown(text) + std::string(what)};
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

base::Result<Value> ParseInteger(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+') && digits.size() > 1 && IsDigit(digits[1])) digits.remove_prefix(1);
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, number);
  if (error == std::errc::invalid_argument || stopped != end) {
    return Refuse("not_an_integer", text, " is not a whole number; write digits alone");
  }
  if (error == std::errc::result_out_of_range) {
    return Refuse("out_of_range", text, " is beyond 64 bits");
  }
  return Value(number);
}

bool IsDecimalText(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  bool after_point = false;
  for (const char c : text) {
    if (c == '.' && !after_point) {
      after_point = true;
    } else if (!IsDigit(c)) {
      return false;
    }
  }
  return !text.empty() && text.back() != '.';
}

base::Result<Value> ParseDecimal(std::string_view text, int scale) {
  if (!IsDecimalText(text)) {
    return Refuse("not_a_decimal", text,
                  " is not a number; write digits with a point and without grouping");
  }
  std::string_view needed = text;
  if (const std::size_t point = text.find('.'); point != std::string_view::npos) {
    while (needed.ends_with('0')) needed.remove_suffix(1);
    if (needed.size() - point - 1 > static_cast<std::size_t>(scale)) {
      return Refuse("too_many_decimals", text,
                    " has more than " + std::to_string(scale) + " decimals");
    }
    if (needed.ends_with('.')) needed.remove_suffix(1);
  }
  // What is left of ".00" or "-.0" has no digit, but is zero.
  if (needed.empty() || !IsDigit(needed.back())) return Value(Decimal(0, scale));
  std::optional<Decimal> number = Decimal::Parse(needed);
  if (number) number = number->Rescale(scale);
  const bool fits =
      number && -kMaxUnscaled < number->unscaled() && number->unscaled() < kMaxUnscaled;
  if (!fits) return Refuse("out_of_range", text, " has more digits than can be kept");
  return Value(*number);
}

base::Result<Value> ParseBoolean(std::string_view text) {
  if (text == "true" || text == "1") return Value(true);
  if (text == "false" || text == "0") return Value(false);
  return Refuse("not_a_boolean", text, " is none of true, false, 1, 0");
}

/// Takes characters from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool NextIsDigit() const { return !rest_.empty() && IsDigit(rest_[0]); }

  bool Take(char wanted) {
    if (rest_.empty() || rest_[0] != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Exactly `count` digits.
  bool TakeNumber(std::size_t count, int& number) {
    if (rest_.size() < count) return false;
    number = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!IsDigit(rest_[i])) return false;
      number = number * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return true;
  }

 private:
  std::string_view rest_;
};

struct WrittenDate {
  int year = 0;
  int month = 0;
  int day = 0;
};

bool TakeDate(Scanner& scanner, WrittenDate& date) {
  return scanner.TakeNumber(4, date.year) && scanner.Take('-') &&
         scanner.TakeNumber(2, date.month) && scanner.Take('-') && scanner.TakeNumber(2, date.day);
}

base::Result<Date> ToDate(const WrittenDate& written, std::string_view text) {
  const year_month_day date(std::chrono::year(written.year),
                            std::chrono::month(static_cast<unsigned>(written.month)),
                            std::chrono::day(static_cast<unsigned>(written.day)));
  if (!date.ok()) return Refuse("impossible_date", text, " names a day that no calendar has");
  if (written.year < kFirstYear || written.year > kLastYear) {
    return Refuse("out_of_range", text, " is not in the years 1600 to 9999");
  }
  return Date(date);
}

base::Result<Value> ParseDate(std::string_view text) {
  Scanner scanner(text);
  WrittenDate written;
  if (!TakeDate(scanner, written) || !scanner.at_end()) {
    return Refuse("not_a_date", text, " is not a day; write it as 2026-11-23");
  }
  FANSIPAN_ASSIGN_OR_RETURN(const Date date, ToDate(written, text));
  return Value(date);
}

bool TakeFraction(Scanner& scanner, base::Duration& time) {
  if (!scanner.NextIsDigit()) return false;
  int digit = 0;
  std::int64_t unit = 100'000;
  while (scanner.NextIsDigit()) {
    scanner.TakeNumber(1, digit);
    time += base::Duration(digit * unit);
    unit /= 10;
  }
  return true;
}

bool TakeTimeOfDay(Scanner& scanner, base::Duration& time) {
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!scanner.TakeNumber(2, hour) || !scanner.Take(':') || !scanner.TakeNumber(2, minute)) {
    return false;
  }
  const bool has_seconds = scanner.Take(':');
  if (has_seconds && !scanner.TakeNumber(2, second)) return false;
  if (hour > 23 || minute > 59 || second > 59) return false;
  time = std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
  return !has_seconds || !scanner.Take('.') || TakeFraction(scanner, time);
}

/// `Z`, `+07:00`, `+0700` or `+07`; nothing at all leaves `offset` empty.
bool TakeOffset(Scanner& scanner, std::optional<std::chrono::minutes>& offset) {
  if (scanner.at_end()) return true;
  if (scanner.Take('Z') || scanner.Take('z')) {
    offset = std::chrono::minutes(0);
    return scanner.at_end();
  }
  const bool west = scanner.Take('-');
  if (!west && !scanner.Take('+')) return false;
  int hours = 0;
  int minutes = 0;
  if (!scanner.TakeNumber(2, hours)) return false;
  if (!scanner.at_end()) {
    scanner.Take(':');
    if (!scanner.TakeNumber(2, minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  const std::chrono::minutes east = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  offset = west ? -east : east;
  return scanner.at_end();
}

base::Result<Value> ParseTimestamp(std::string_view text, const base::TimeZone& zone) {
  Scanner scanner(text);
  WrittenDate written;
  base::Duration time{0};
  std::optional<std::chrono::minutes> offset;
  const bool shaped = TakeDate(scanner, written) &&
                      (scanner.Take('T') || scanner.Take(' ') || scanner.Take('t')) &&
                      TakeTimeOfDay(scanner, time) && TakeOffset(scanner, offset);
  if (!shaped) {
    return Refuse("not_a_timestamp", text,
                  " is not a moment; write it as 2026-11-23T07:30:00+07:00");
  }
  FANSIPAN_ASSIGN_OR_RETURN(const Date date, ToDate(written, text));
  const base::Duration since = date.time_since_epoch() + time;
  if (!offset) return Value(zone.ToUtc(base::LocalTime(since)));
  return Value(base::Timestamp(since - *offset));
}

void AppendPadded(int number, std::size_t width, std::string& text) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) text.append(width - digits.size(), '0');
  text += digits;
}

std::string DateText(Date day) {
  const year_month_day date(day);
  std::string text;
  AppendPadded(static_cast<int>(date.year()), 4, text);
  text += '-';
  AppendPadded(static_cast<int>(static_cast<unsigned>(date.month())), 2, text);
  text += '-';
  AppendPadded(static_cast<int>(static_cast<unsigned>(date.day())), 2, text);
  return text;
}

std::string TimestampText(base::Timestamp moment) {
  const Date day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::hh_mm_ss time(moment - day);
  std::string text = DateText(day);
  text += 'T';
  AppendPadded(static_cast<int>(time.hours().count()), 2, text);
  text += ':';
  AppendPadded(static_cast<int>(time.minutes().count()), 2, text);
  text += ':';
  AppendPadded(static_cast<int>(time.seconds().count()), 2, text);
  if (time.subseconds().count() != 0) {
    text += '.';
    AppendPadded(static_cast<int>(time.subseconds().count()), 6, text);
    while (text.ends_with('0')) text.pop_back();
  }
  return text + 'Z';
}

/// Least significant byte first, on every machine.
template <std::unsigned_integral Number>
void AppendBytes(Number number, std::string& bytes) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    bytes += static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
  }
}

void AppendSigned(std::int64_t number, std::string& bytes) {
  AppendBytes(static_cast<std::uint64_t>(number), bytes);
}

struct CanonicalAppender {
  std::string& bytes;

  void operator()(std::monostate) const {}
  void operator()(const std::string& text) const {
    AppendBytes(static_cast<std::uint64_t>(text.size()), bytes);
    bytes += text;
  }
  void operator()(std::int64_t number) const { AppendSigned(number, bytes); }
  void operator()(const Decimal& decimal) const {
    const Decimal number = decimal.Normalized();
    bytes += static_cast<char>(number.scale());
    AppendSigned(static_cast<std::int64_t>(number.unscaled() >> 64), bytes);
    AppendSigned(static_cast<std::int64_t>(number.unscaled()), bytes);
  }
  void operator()(bool truth) const { bytes += truth ? '\1' : '\0'; }
  void operator()(Date day) const { AppendSigned(day.time_since_epoch().count(), bytes); }
  void operator()(base::Timestamp moment) const {
    AppendSigned(moment.time_since_epoch().count(), bytes);
  }
};

}  // namespace

std::string_view NameOf(ColumnType type) {
  for (const auto& [known, name] : kColumnTypes) {
    if (known == type) return name;
  }
  return "";
}

std::optional<ColumnType> FindColumnType(std::string_view name) {
  for (const auto& [type, known] : kColumnTypes) {
    if (known == name) return type;
  }
  return std::nullopt;
}

base::Result<Value> ParseValue(std::string_view text, ColumnType type, int scale,
                               const base::TimeZone& zone) {
  switch (type) {
    case ColumnType::kText:
      return Value(std::string(text));
    case ColumnType::kInteger:
      return ParseInteger(text);
    case ColumnType::kDecimal:
      return ParseDecimal(text, scale);
    case ColumnType::kBoolean:
      return ParseBoolean(text);
    case ColumnType::kDate:
      return ParseDate(text);
    case ColumnType::kTimestamp:
      return ParseTimestamp(text, zone);
  }
  return base::Error{base::ErrorCode::kInternal, {}, "a column has a type that does not exist"};
}

std::string ToText(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* decimal = std::get_if<Decimal>(&value)) return decimal->ToText();
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto* day = std::get_if<Date>(&value)) return DateText(*day);
  if (const auto* moment = std::get_if<base::Timestamp>(&value)) return TimestampText(*moment);
  return {};
}

std::strong_ordering Compare(const Value& left, const Value& right) {
  if (left.index() != right.index()) return left.index() <=> right.index();
  return std::visit(
      [&right](const auto& value) -> std::strong_ordering {
        return value <=> *std::get_if<std::decay_t<decltype(value)>>(&right);
      },
      left);
}

void AppendCanonical(const Value& value, std::string& bytes) {
  bytes += static_cast<char>(value.index());
  std::visit(CanonicalAppender{bytes}, value);
}

std::string CanonicalBytes(const Row& values) {
  std::string bytes;
  for (const Value& value : values) AppendCanonical(value, bytes);
  return bytes;
}

}  // namespace fansipan::model
