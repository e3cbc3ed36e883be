#include "sources/connectors/database/since_text.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <limits>
#include <string_view>
#include <variant>

#include "base/time_zone.h"
#include "model/spelling/ascii.h"
#include "model/value.h"

namespace fansipan::sources {
namespace {

constexpr base::Duration kAhead = std::chrono::days(1);  // clocks differ, and so do time zones

std::optional<base::Timestamp> MomentOf(const std::string& text) {
  for (const auto type : {model::ColumnType::kTimestamp, model::ColumnType::kDate}) {
    const auto value = model::ParseValue(text, type, 0, base::TimeZone::Utc());
    if (!value.ok()) continue;
    if (const auto* moment = std::get_if<base::Timestamp>(&*value)) return *moment;
    if (const auto* day = std::get_if<model::Date>(&*value)) return base::Timestamp(*day);
  }
  return std::nullopt;
}

std::optional<std::int64_t> NumberOf(std::string_view text) {
  std::int64_t number = 0;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || at != text.data() + text.size()) return std::nullopt;
  return number;
}

bool IsAnyOf(std::string_view text, std::initializer_list<std::string_view> words) {
  const auto same = [](char left, char right) { return model::LowerAscii(left) == right; };
  return std::ranges::any_of(
      words, [&](std::string_view word) { return std::ranges::equal(text, word, same); });
}

base::Error Unusable(const char* reason, const center::DatabaseSince& since,
                     const std::string& text, const std::string& why) {
  constexpr std::size_t kShown = 60;
  return {base::ErrorCode::kInvalidArgument, reason,
          "the query gives a row with '" + text.substr(0, kShown) + "' in the column '" +
              since.column + "', " + why};
}

/// As `like` is written: with an offset, or without. Databases read a blank where RFC 3339 has T.
std::string WrittenLike(std::string_view like, base::Timestamp moment) {
  std::string text = model::ToText(model::Value(moment));
  if (const std::size_t t = text.find('T'); t != std::string::npos) text[t] = ' ';
  if (text.ends_with('Z')) text.pop_back();
  constexpr std::size_t kTime = 11;  // what comes behind the day
  const bool has_offset = like.size() > kTime && like.find_first_of("zZ+-", kTime) != like.npos;
  return has_offset ? text + "+00:00" : text;
}

}  // namespace

base::Result<std::optional<std::int64_t>> CountOf(const center::DatabaseSince& since,
                                                  const std::string& text, base::Timestamp now) {
  if (since.overlap_number) {
    if (const auto number = NumberOf(text)) return std::optional(*number);
    return Unusable("since_unreadable", since, text, "which is no whole number; check 'since'");
  }
  const auto moment = MomentOf(text);
  if (moment && *moment > now + kAhead) {
    return Unusable("since_in_future", since, text,
                    "which lies in the future: behind it no new row would be found; what comes "
                    "before it is taken. Have it mended at the source, or leave it out in the "
                    "query");
  }
  // They sort behind everything: nothing that comes later would be found.
  const bool is_last = IsAnyOf(text, {"infinity", "-infinity", "nan"});
  if (!since.overlap_moment && !is_last) return std::optional<std::int64_t>();
  if (moment) return std::optional<std::int64_t>(moment->time_since_epoch().count());
  return Unusable("since_unreadable", since, text,
                  "which is no moment; mend it at the source, or leave it out in the query");
}

std::optional<std::string> BeforeOverlap(const center::DatabaseSince& since,
                                         const std::string& text) {
  if (since.overlap_number) {
    const auto number = NumberOf(text);
    if (!number) return std::nullopt;
    const std::int64_t least = std::numeric_limits<std::int64_t>::min() + *since.overlap_number;
    return std::to_string(*number < least ? std::numeric_limits<std::int64_t>::min()
                                          : *number - *since.overlap_number);
  }
  const auto moment = since.overlap_moment ? MomentOf(text) : std::nullopt;
  if (!moment) return std::nullopt;
  return WrittenLike(text, *moment - *since.overlap_moment);
}

std::int64_t OverlapOf(const center::DatabaseSince& since) {
  if (since.overlap_number) return *since.overlap_number;
  return since.overlap_moment ? since.overlap_moment->count() : 0;
}

}  // namespace fansipan::sources
