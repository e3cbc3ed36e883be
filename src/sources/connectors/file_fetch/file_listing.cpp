#include "sources/connectors/file_fetch/file_listing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

#include "sources/internal/utf8.h"

namespace fansipan::sources {
namespace {

constexpr std::size_t kMaxEntries = 50'000;
constexpr std::size_t kMaxName = 255;
constexpr std::size_t kModeLetters = 10;
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Takes the words of one line from its front.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  /// Empty at the end.
  std::string_view Next() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }
  /// What is behind the one space that ends the last word: a name may begin with spaces.
  std::string_view Rest() const { return rest_.empty() ? rest_ : rest_.substr(1); }

 private:
  std::string_view rest_;
};

template <typename Number>
std::optional<Number> Whole(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || text[0] == '-' || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

/// -rw-r--r--, with a letter behind it where there are further rights.
bool IsMode(std::string_view word) {
  if (word.size() == kModeLetters + 1) {
    if (std::string_view("+.@").find(word.back()) == std::string_view::npos) return false;
    word.remove_suffix(1);
  }
  return word.size() == kModeLetters &&
         std::string_view("-dlbcps").find(word[0]) != std::string_view::npos &&
         word.find_first_not_of("-rwxsStT", 1) == std::string_view::npos;
}

std::optional<std::int32_t> MinuteOf(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = Whole<std::int32_t>(text.substr(0, 2));
  const auto minute = Whole<std::int32_t>(text.substr(3));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

std::optional<std::int64_t> DayOf(int year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

/// "Nov", "30" and "06:05" or "2025". A time without year is the last such one: its server may be a
/// day ahead of us by its time zone.
std::optional<ListedTime> TimeOf(std::string_view month_name, std::string_view day_text,
                                 std::string_view last, base::Timestamp now) {
  const auto month = std::ranges::find(kMonths, month_name);
  const auto day = Whole<unsigned>(day_text);
  if (month == kMonths.end() || !day) return std::nullopt;
  const auto number = static_cast<unsigned>(month - kMonths.begin() + 1);
  ListedTime time;
  if (const auto minute = MinuteOf(last)) {
    const auto tomorrow = std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1);
    const int year = static_cast<int>(std::chrono::year_month_day(tomorrow).year());
    auto found = DayOf(year, number, *day);
    // The 29th of February may be the last of some years ago.
    for (int back = 1; (!found || *found > tomorrow.time_since_epoch().count()) && back <= 8;
         ++back) {
      found = DayOf(year - back, number, *day);
    }
    if (!found) return std::nullopt;
    return ListedTime{*found, *minute};
  }
  const auto year = Whole<int>(last);
  if (!year || last.size() != 4) return std::nullopt;
  const auto found = DayOf(*year, number, *day);
  if (!found) return std::nullopt;
  time.day = *found;
  return time;
}

/// Nothing for a line that is not of this form; an empty name for what is no plain file.
std::optional<ListedFile> ParseLine(std::string_view line, base::Timestamp now) {
  Words words(line);
  const std::string_view mode = words.Next();
  if (!IsMode(mode)) return std::nullopt;
  ListedFile file;
  if (mode[0] != '-') return file;
  const std::string_view links = words.Next();
  if (links != "?" && !Whole<std::uint64_t>(links)) return std::nullopt;
  words.Next();  // owner
  words.Next();  // group
  const auto bytes = Whole<std::uint64_t>(words.Next());
  const std::string_view month = words.Next();
  const std::string_view day = words.Next();
  const auto time = TimeOf(month, day, words.Next(), now);
  if (!bytes || !time || words.Rest().empty()) return std::nullopt;
  file.bytes = *bytes;
  file.time = *time;
  file.name = words.Rest();
  return file;
}

}  // namespace

bool MayBeSame(const ListedTime& left, const ListedTime& right) {
  if (left.day != right.day) return false;
  return left.minute == right.minute || left.minute < 0 || right.minute < 0;
}

bool IsUnchanged(const ListedFile& left, const ListedFile& right) {
  return left.name == right.name && left.bytes == right.bytes && MayBeSame(left.time, right.time);
}

base::Result<std::vector<ListedFile>> ParseListing(std::string_view text, base::Timestamp now) {
  std::vector<ListedFile> files;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    begin = end + 1;
    ++number;
    if (line.empty() || line.starts_with("total ")) continue;
    auto file = ParseLine(line, now);
    if (!file) {
      return base::Error{base::ErrorCode::kInvalidArgument, "listing_unreadable",
                         "the server's list of files is not written as 'ls -l' does, in its line " +
                             std::to_string(number) + "; ask its operator for such a list"};
    }
    if (number > kMaxEntries) {
      return base::Error{base::ErrorCode::kTooLarge, "listing_too_large",
                         "the folder holds more than " + std::to_string(kMaxEntries) +
                             " entries; have old files moved elsewhere"};
    }
    if (file->name.empty() || file->name[0] == '.') continue;
    files.push_back(*std::move(file));
  }
  return files;
}

bool IsUsableName(std::string_view name) {
  const bool plain = std::ranges::none_of(name, [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == 0x7F || c == '/' || c == '\\' || c == '"';
  });
  return plain && !name.empty() && name.size() <= kMaxName && name != "." && name != ".." &&
         internal::IsUtf8(name);
}

}  // namespace fansipan::sources
