#include "simulation/licence_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "simulation/internal/dice.h"

namespace fansipan::simulation {
namespace {

using std::chrono::seconds;

constexpr double kNewShare = 0.4;  // of changes; the others change a licence that there is
constexpr std::int64_t kLongestLate = 300;
constexpr std::int64_t kFarthestBack = 3'600;
constexpr std::size_t kCutCharacters = 6;
constexpr std::int64_t kMillion = 1'000'000;

constexpr std::array<std::string_view, 5> kFields = {"Bán lẻ", "Lưu trú", "Ăn uống", "Vận tải",
                                                     "Xây dựng"};
constexpr std::array<std::string_view, 6> kFamilies = {"Giàng",  "Hoàng", "Lù",
                                                       "Nguyễn", "Trần",  "Vàng"};
constexpr std::array<std::string_view, 6> kGiven = {"A Páo",   "Thị Mây", "Văn Sơn",
                                                    "Minh Hà", "Seo Lử",  "Thu Thảo"};

template <std::size_t kSize>
std::string OneOf(const std::array<std::string_view, kSize>& words, internal::Dice& dice) {
  const auto last = static_cast<std::int64_t>(kSize) - 1;
  return std::string(words[static_cast<std::size_t>(dice.Between(0, last))]);
}

std::string DayOf(std::int64_t number) {
  const std::chrono::sys_days first = std::chrono::year{2020} / 1 / 1;
  const std::chrono::year_month_day day(first + std::chrono::days(number % 2'000));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

/// So many characters of a text, each whole.
std::string Cut(const std::string& text, std::size_t characters) {
  std::size_t at = 0;
  while (at < text.size() && characters > 0) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --characters;
  }
  return text.substr(0, at);
}

/// What of a licence never changes comes from its number.
Licence FirstOf(std::uint64_t seed, std::int64_t number, const std::vector<std::string>& communes) {
  internal::Dice dice(internal::MixSeeds(seed, static_cast<std::uint64_t>(number)));
  Licence licence;
  licence.number = fmt::format("GP-{:06}", number);
  licence.holder = OneOf(kFamilies, dice) + " " + OneOf(kGiven, dice);
  const auto last = static_cast<std::int64_t>(communes.size()) - 1;
  licence.commune = communes[static_cast<std::size_t>(dice.Between(0, last))];
  licence.field = OneOf(kFields, dice);
  licence.issued_on = DayOf(number);
  return licence;
}

}  // namespace

LicenceChanges::LicenceChanges(std::uint64_t seed, std::vector<std::string> communes,
                               LicenceFaults faults)
    : seed_(seed), communes_(std::move(communes)), faults_(faults) {}

std::vector<LicenceChange> LicenceChanges::Make(std::uint64_t n, base::Timestamp moment) const {
  internal::Dice dice(internal::MixSeeds(~seed_, n));
  const auto highest = static_cast<std::int64_t>(static_cast<double>(n) * kNewShare) + 1;
  const bool is_new = dice.Chance(kNewShare);
  const std::int64_t number = is_new ? highest : dice.Between(1, highest);
  Licence licence = FirstOf(seed_, number, communes_);
  licence.capital = dice.Between(20, 5'000) * kMillion;
  licence.status = is_new ? "active" : dice.Chance(0.1) ? "ended" : "active";
  licence.updated_at = moment;
  if (dice.Chance(faults_.truncated)) licence.holder = Cut(licence.holder, kCutCharacters);
  if (dice.Chance(faults_.reordered)) {
    licence.updated_at -= seconds(dice.Between(1, kFarthestBack));
  }
  LicenceChange change{licence, moment};
  if (dice.Chance(faults_.late)) change.written_at += seconds(dice.Between(1, kLongestLate));
  std::vector<LicenceChange> changes = {change};
  if (dice.Chance(faults_.duplicated)) {
    change.licence.updated_at += seconds(1);
    change.written_at = std::max(change.written_at, change.licence.updated_at);
    changes.push_back(change);
  }
  return changes;
}

}  // namespace fansipan::simulation
