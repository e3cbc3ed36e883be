#include "simulation/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "simulation/internal/dice.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;

constexpr std::size_t kLargestPage = 1'000;
constexpr std::size_t kUsualPage = 100;
constexpr base::Duration kMinute = std::chrono::minutes(1);
/// Of a registry in which nothing changes: the first record's moment, the others a minute apart.
constexpr std::chrono::seconds kFirstMoment =
    std::chrono::sys_days(std::chrono::year(2026) / 1 / 5).time_since_epoch();

constexpr std::array<std::string_view, 6> kFamilies = {"Lò",   "Giàng", "Nguyễn",
                                                       "Trần", "Vàng",  "Sùng"};
constexpr std::array<std::string_view, 4> kMiddles = {"Văn", "Thị", "A", "Minh"};
constexpr std::array<std::string_view, 6> kGivens = {"Thử", "Mẫu", "Ví", "Dụ", "Giả", "Định"};
constexpr std::array<std::string_view, 4> kTrades = {"Công ty TNHH Nông sản", "Hợp tác xã Chè",
                                                     "Công ty cổ phần Xây dựng",
                                                     "Doanh nghiệp tư nhân Vận tải"};
constexpr std::array<std::string_view, 4> kPlaces = {"Sông Bạc", "Bản Mây", "Hoa Ban", "Suối Ngần"};
constexpr std::array<std::string_view, 4> kCommunes = {"99001", "99002", "99003", "99004"};

template <std::size_t kCount>
std::string_view OneOf(const std::array<std::string_view, kCount>& texts, Dice& dice) {
  return texts[static_cast<std::size_t>(dice.Between(0, static_cast<std::int64_t>(kCount) - 1))];
}

std::uint64_t NumberIn(const std::string& text, std::uint64_t fallback) {
  std::uint64_t number = fallback;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string MomentText(std::chrono::seconds moment) {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(moment));
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::sys_seconds(moment) - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

bool IsOfMoment(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == ':' || c == 'T' || c == 'Z';
}

ServedAnswer Error(int status, std::string_view words) {
  return {.status = status, .body = fmt::format("{{\"message\":\"{}\"}}\n", words)};
}

}  // namespace

ServedAnswer Registry::Answer(const ServedRequest& request) {
  const std::lock_guard lock(mutex_);
  Dice dice(internal::MixSeeds(options_.seed, ++requests_));
  ServedAnswer answer = Route(request, dice);
  internal::Spoil(answer, options_.faults, options_.late_for, dice);
  return answer;
}

std::uint64_t Registry::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::optional<std::int64_t> Registry::TooMany() {
  const base::Timestamp now = clock_.Now();
  while (!recent_.empty() && recent_.front() + kMinute <= now) recent_.pop_front();
  if (recent_.size() < options_.requests_per_minute) {
    recent_.push_back(now);
    return std::nullopt;
  }
  return std::chrono::ceil<std::chrono::seconds>(recent_.front() + kMinute - now).count();
}

ServedAnswer Registry::Route(const ServedRequest& request, Dice& dice) {
  const auto& path = request.path;
  if (path == std::vector<std::string>{"token"} && request.method == "POST") {
    return tokens_.Give(request, clock_.Now());
  }
  if (const auto seconds = TooMany()) {
    ServedAnswer answer = Error(429, "too many requests");
    answer.headers.emplace_back("Retry-After", std::to_string(*seconds));
    return answer;
  }
  if (!tokens_.Open(request, clock_.Now())) return Error(401, "sign in with a token of /token");
  const bool people = path.size() >= 2 && path[1] == "people";
  const bool known = people || (path.size() >= 2 && path[1] == "enterprises");
  if (!known || path[0] != "api" || path.size() > 3) {
    return Error(404, "there are /token, /api/people and /api/enterprises");
  }
  if (request.method != "GET") return Error(405, "there is GET alone");
  const Register from = people ? Register::kPeople : Register::kEnterprises;
  ServedAnswer answer = path.size() == 3 ? Find(from, path[2]) : List(from, request, dice);
  const std::string etag = "\"" + base::ToHex(base::Sha256(answer.body)).substr(0, 32) + "\"";
  if (answer.status == 200 && request.Header("if-none-match") == etag) {
    answer = {.status = 304, .content_type = {}, .body = {}};
  }
  answer.headers.emplace_back("ETag", etag);
  return answer;
}

std::uint64_t Registry::LastChange() const {
  if (options_.every.count() == 0) return options_.records + options_.records - 1;
  const auto now = std::chrono::floor<std::chrono::seconds>(clock_.Now()).time_since_epoch();
  return options_.records + static_cast<std::uint64_t>(now / options_.every);
}

std::chrono::seconds Registry::MomentOf(std::uint64_t change) const {
  const auto steps =
      static_cast<std::int64_t>(change) - static_cast<std::int64_t>(options_.records);
  if (options_.every.count() > 0) return options_.every * steps;
  return kFirstMoment + std::chrono::minutes(steps);
}

std::string Registry::IdOf(Register from, std::size_t number) {
  return fmt::format("{}{:08}", from == Register::kPeople ? "CD" : "DN", number + 1);
}

std::string Registry::Record(Register from, std::uint64_t change) const {
  const std::size_t number = change % options_.records;
  Dice fixed(internal::MixSeeds(options_.seed, number * 2 + static_cast<std::uint64_t>(from)));
  Dice changing(internal::MixSeeds(options_.seed + 1, change));
  const std::string head =
      fmt::format(R"({{"id":"{}","updated_at":"{}","commune":"{}",)", IdOf(from, number),
                  MomentText(MomentOf(change)), OneOf(kCommunes, changing));
  // One draw after another: the order in which arguments are worked out is the compiler's.
  if (from == Register::kPeople) {
    const std::string_view family = OneOf(kFamilies, fixed);
    const std::string_view middle = OneOf(kMiddles, fixed);
    const std::string_view given = OneOf(kGivens, fixed);
    return head + fmt::format(R"("full_name":"{} {} {}","birth_year":{}}})", family, middle, given,
                              fixed.Between(1940, 2008));
  }
  const std::string_view trade = OneOf(kTrades, fixed);
  const std::string_view place = OneOf(kPlaces, fixed);
  const std::int64_t employees = changing.Between(1, 400);
  return head + fmt::format(R"("name":"{} {} {}","employees":{},"status":"{}"}})", trade, place,
                            number + 1, employees, changing.Chance(0.9) ? "active" : "suspended");
}

/// The first change at or after a moment as the records have it; compared as texts, which moments
/// of one spelling allow.
std::uint64_t Registry::FirstFrom(const std::string& updated_since) const {
  const std::uint64_t last = LastChange();
  std::uint64_t low = last + 1 - options_.records;
  std::uint64_t high = last + 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (MomentText(MomentOf(middle)) < updated_since) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

ServedAnswer Registry::Find(Register from, const std::string& id) const {
  const std::uint64_t number = NumberIn(id.size() > 2 ? id.substr(2) : "", 0);
  if (number == 0 || number > options_.records || IdOf(from, number - 1) != id) {
    return Error(404, "there is no such record");
  }
  const std::uint64_t last = LastChange();
  const std::uint64_t behind =
      (last % options_.records + options_.records - (number - 1)) % options_.records;
  return {.body = Record(from, last - behind) + "\n"};
}

ServedAnswer Registry::List(Register from, const ServedRequest& request, Dice& dice) const {
  const std::size_t size =
      std::clamp<std::size_t>(NumberIn(request.Query("size"), kUsualPage), 1, kLargestPage);
  const std::uint64_t end = LastChange() + 1;
  std::uint64_t first = FirstFrom(request.Query("updated_since"));
  // A record that was changed since the cursor was given stands further on: it comes there.
  first = std::max(first, NumberIn(request.Query("cursor"), 0));
  const std::uint64_t page = std::clamp<std::uint64_t>(NumberIn(request.Query("page"), 1), 1, end);
  first = std::min(first + (page - 1) * size, end);
  const std::uint64_t behind = std::min(first + size, end);
  std::vector<std::string> items;
  for (std::uint64_t change = first; change < behind; ++change) {
    items.push_back(Record(from, change));
    if (dice.Chance(options_.faults.Of(Fault::kDuplicated))) items.push_back(items.back());
  }
  if (dice.Chance(options_.faults.Of(Fault::kReordered))) std::ranges::reverse(items);
  const bool drifted = dice.Chance(options_.faults.Of(Fault::kDrifted));
  const std::string next = behind < end ? std::to_string(behind) : std::string();
  ServedAnswer answer{.body = fmt::format("{{\"{}\":[{}],\"next\":{}}}\n",
                                          drifted ? "records" : "items", fmt::join(items, ","),
                                          next.empty() ? "null" : "\"" + next + "\"")};
  if (!next.empty()) {
    std::string since = request.Query("updated_since");
    std::erase_if(since, [](char c) { return !IsOfMoment(c); });
    answer.headers.emplace_back(
        "Link",
        fmt::format("<?cursor={}&size={}&updated_since={}>; rel=\"next\"", next, size, since));
  }
  return answer;
}

}  // namespace fansipan::simulation
