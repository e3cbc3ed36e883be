#include "http/maps/map_question.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "center/calendar_notices.h"

namespace fansipan::http {
namespace {

base::Error Invalid(std::string_view name, std::string_view allowed) {
  return {base::ErrorCode::kInvalidArgument, "invalid_parameter",
          "parameter '" + std::string(name) + "': " + std::string(allowed)};
}

std::optional<double> ParseDegrees(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// The day on which a moment lies, or the day itself; nothing for an open end.
base::Result<std::optional<model::Date>> ParseEnd(std::string_view text,
                                                  const center::Center& center) {
  if (text.empty() || text == "..") return std::optional<model::Date>();
  const bool is_moment = text.find('T') != std::string_view::npos;
  const auto value =
      model::ParseValue(text, is_moment ? model::ColumnType::kTimestamp : model::ColumnType::kDate,
                        0, center.time_zone);
  if (value.ok() && std::holds_alternative<model::Date>(*value)) {
    return std::optional(std::get<model::Date>(*value));
  }
  if (value.ok() && std::holds_alternative<base::Timestamp>(*value)) {
    return std::optional(center::DayAt(center, std::get<base::Timestamp>(*value)));
  }
  return Invalid("datetime",
                 "a moment such as 2026-11-23T08:00:00Z, a day, or two with '/' between, of which "
                 "one may be '..', is allowed");
}

}  // namespace

bool MapBox::Holds(double longitude, double latitude) const {
  if (latitude < south || latitude > north) return false;
  if (west <= east) return longitude >= west && longitude <= east;
  return longitude >= west || longitude <= east;
}

base::Result<MapBox> ParseMapBox(std::string_view text) {
  std::vector<double> numbers;
  for (;;) {
    const std::size_t comma = text.find(',');
    const auto number = ParseDegrees(text.substr(0, comma));
    if (!number) break;
    numbers.push_back(*number);
    if (comma == std::string_view::npos) {
      const std::size_t east = numbers.size() / 2;
      const bool fits = numbers.size() == 4 || numbers.size() == 6;
      if (!fits || numbers[1] > numbers[east + 1]) break;
      return MapBox{numbers[0], numbers[1], numbers[east], numbers[east + 1]};
    }
    text.remove_prefix(comma + 1);
  }
  return Invalid("bbox", "west,south,east,north in degrees are allowed, such as 103,21,105,23");
}

base::Result<DaySpan> ParseDaySpan(std::string_view text, const center::Center& center) {
  const std::size_t slash = text.find('/');
  DaySpan span;
  FANSIPAN_ASSIGN_OR_RETURN(span.from, ParseEnd(text.substr(0, slash), center));
  if (slash == std::string_view::npos) {
    span.to = span.from;
  } else {
    FANSIPAN_ASSIGN_OR_RETURN(span.to, ParseEnd(text.substr(slash + 1), center));
  }
  const bool open = !span.from && !span.to;
  if (open || (span.from && span.to && *span.from > *span.to)) {
    return Invalid("datetime", open ? "one end must be said" : "it ends before it begins");
  }
  return span;
}

base::Result<MapQuestion> ParseMapQuestion(const Call& call) {
  MapQuestion question;
  if (const auto text = call.QueryText("bbox")) {
    FANSIPAN_ASSIGN_OR_RETURN(question.box, ParseMapBox(*text));
  }
  if (const auto text = call.QueryText("datetime")) {
    FANSIPAN_ASSIGN_OR_RETURN(question.days, ParseDaySpan(*text, call.center()));
  }
  FANSIPAN_ASSIGN_OR_RETURN(const auto limit,
                            call.FindNumber("limit", 1, std::numeric_limits<std::uint64_t>::max()));
  question.limit = std::min<std::uint64_t>(limit.value_or(question.limit), kMaxFeatures);
  question.cursor = call.QueryText("cursor").value_or("");
  return question;
}

}  // namespace fansipan::http
