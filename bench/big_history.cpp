#include "bench/big_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <string_view>

#include "bench/big_center.h"

namespace fansipan::bench {
namespace {

constexpr std::uint64_t kBigKeys = 10'000'000;
constexpr std::uint64_t kBigVersions = 50'000'000;
constexpr std::uint64_t kMostRows = 100'000;  // of one delivery
constexpr std::uint64_t kLeastDeliveries = 100;
constexpr std::uint64_t kProcedures = 300;
constexpr std::uint64_t kClosingLag = 4;  // deliveries between filing and closing, at least
constexpr std::uint64_t kLagSpread = 8;
constexpr std::uint64_t kStride = 7'919;             // prime: steps through all keys
constexpr std::uint64_t kFreshKeys = 1'000'000'000;  // keys from here on came after the history
constexpr int kHoursOffice = 10;                     // 17:00 in Hanoi

constexpr std::array<std::string_view, 8> kFields = {
    "civil", "land", "construction", "business", "social", "transport", "education", "other"};
constexpr std::array<std::string_view, 3> kChannels = {"counter", "online", "post"};
constexpr std::array<std::string_view, 2> kLevels = {"full", "partial"};
constexpr std::array<std::string_view, 3> kApplicants = {"citizen", "business", "agency"};
constexpr std::array<std::string_view, 2> kPayments = {"cash", "online"};
constexpr std::array<std::string_view, 5> kStatuses = {"received", "processing", "supplement",
                                                       "finished", "returned"};

std::uint64_t Hash(std::uint64_t number, std::uint64_t salt) {
  std::uint64_t mixed = number * 0x9E3779B97F4A7C15ULL + salt * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
  return mixed ^ (mixed >> 31U);
}

std::uint32_t Below(std::uint64_t hash, std::uint64_t limit) {
  return static_cast<std::uint32_t>(hash % limit);
}

std::uint64_t ClosingLag(std::uint64_t key) { return kClosingLag + Hash(key, 11) % kLagSpread; }
bool NeverCloses(std::uint64_t key) { return Hash(key, 12) % 20 == 0; }

std::int64_t TenthsOfHours(const CaseRow& row) {
  return std::chrono::duration_cast<std::chrono::hours>(*row.closed_at - row.received_at).count() *
         10;
}

void AppendMoment(base::Timestamp moment, std::string& csv) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{moment - day};
  fmt::format_to(std::back_inserter(csv), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(),
                 time.seconds().count(), time.subseconds().count());
}

}  // namespace

std::string CaseNumber(std::uint64_t key) { return fmt::format("H38-{:010}", key); }

model::Row ToRow(const CaseRow& row) {
  model::Row values;
  values.reserve(16);
  values.emplace_back(CaseNumber(row.key));
  values.emplace_back(fmt::format("1.{:06}", row.procedure));
  values.emplace_back(CommuneCode(row.commune));
  values.emplace_back(AgencyCode(row.agency));
  values.emplace_back(std::string(kFields[row.field]));
  values.emplace_back(std::string(kChannels[row.channel]));
  values.emplace_back(std::string(kLevels[row.service_level]));
  values.emplace_back(std::string(kApplicants[row.applicant]));
  values.emplace_back(std::string(kPayments[row.payment]));
  values.emplace_back(std::string(kStatuses[row.status]));
  values.emplace_back(row.received_at);
  values.emplace_back(row.due_at);
  values.push_back(row.closed_at ? model::Value(*row.closed_at) : model::Value());
  values.emplace_back(row.updated_at);
  values.emplace_back(model::Decimal(row.fee, 0));
  values.push_back(row.closed_at ? model::Value(model::Decimal(TenthsOfHours(row), 1))
                                 : model::Value());
  return values;
}

void AppendCsv(const CaseRow& row, std::string& csv) {
  fmt::format_to(std::back_inserter(csv), "H38-{:010},1.{:06},C{:02},A{:02},{},{},{},{},{},{},",
                 row.key, row.procedure, row.commune + 1, row.agency + 1, kFields[row.field],
                 kChannels[row.channel], kLevels[row.service_level], kApplicants[row.applicant],
                 kPayments[row.payment], kStatuses[row.status]);
  AppendMoment(row.received_at, csv);
  csv += ',';
  AppendMoment(row.due_at, csv);
  csv += ',';
  if (row.closed_at) AppendMoment(*row.closed_at, csv);
  csv += ',';
  AppendMoment(row.updated_at, csv);
  fmt::format_to(std::back_inserter(csv), ",{},", row.fee);
  if (row.closed_at) {
    const std::int64_t tenths = TenthsOfHours(row);
    fmt::format_to(std::back_inserter(csv), "{}.{}", tenths / 10, tenths % 10);
  }
  csv += '\n';
}

HistoryShape HistoryShape::Of(double scale, base::Timestamp end) {
  HistoryShape shape;
  const auto versions = static_cast<std::uint64_t>(static_cast<double>(kBigVersions) * scale);
  shape.deliveries = std::max(kLeastDeliveries, versions / kMostRows);
  const auto keys = static_cast<std::uint64_t>(static_cast<double>(kBigKeys) * scale);
  shape.keys = std::max<std::uint64_t>(1, keys / shape.deliveries) * shape.deliveries;
  shape.end = end;
  shape.start = end - std::chrono::days(3 * 365);
  return shape;
}

base::Timestamp BigHistory::StartOf(std::uint64_t delivery) const {
  const auto span = (shape_.end - shape_.start).count();
  const auto windows = static_cast<std::int64_t>(shape_.deliveries);
  return shape_.start + base::Duration(span / windows * static_cast<std::int64_t>(delivery));
}

/// In whole seconds, in the first nine tenths of the window.
base::Timestamp BigHistory::MomentIn(std::uint64_t delivery, std::uint64_t hash) const {
  const base::Timestamp start = StartOf(delivery);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(EndOf(delivery) - start).count() * 9 / 10;
  return std::chrono::floor<std::chrono::seconds>(start) + std::chrono::seconds(1) +
         std::chrono::seconds(hash % static_cast<std::uint64_t>(seconds));
}

CaseRow BigHistory::BaseOf(std::uint64_t key, base::Timestamp received_at) const {
  CaseRow row;
  row.key = key;
  row.procedure = Below(Hash(key, 1), kProcedures);
  row.commune = Below(Hash(key, 2), kCommunes);
  row.agency = Below(Hash(key, 3), kAgencies);
  row.field = row.procedure % kFields.size();
  row.channel = Below(Hash(key, 4), kChannels.size());
  row.service_level = Below(Hash(key, 5), kLevels.size());
  row.applicant = Below(Hash(key, 6), kApplicants.size());
  row.payment = Below(Hash(key, 7), kPayments.size());
  row.received_at = received_at;
  row.due_at = std::chrono::floor<std::chrono::days>(received_at) +
               std::chrono::days(10 + Below(Hash(key, 8), 60)) + std::chrono::hours(kHoursOffice);
  row.updated_at = received_at;
  row.fee = static_cast<std::int64_t>(Below(Hash(key, 9), 50)) * 10'000;
  return row;
}

CaseRow BigHistory::VersionAt(std::uint64_t key, std::uint64_t delivery) const {
  const std::uint64_t birth = BirthOf(key);
  CaseRow row = BaseOf(key, MomentIn(birth, Hash(key, 10)));
  if (delivery == birth) return row;
  const std::uint64_t closing = birth + ClosingLag(key);
  row.updated_at = MomentIn(delivery, Hash(key, 20 + delivery));
  row.status = 1 + Below(Hash(key, delivery), 2);
  if (delivery < closing || NeverCloses(key)) return row;
  row.status = 3;
  row.closed_at = MomentIn(closing, Hash(key, 20 + closing));
  if (delivery == closing) return row;
  row.status = 4;
  row.fee += static_cast<std::int64_t>(1 + delivery % 50) * 1'000;
  return row;
}

std::vector<CaseRow> BigHistory::Rows(std::uint64_t delivery) const {
  const std::uint64_t each = keys_per_delivery();
  std::vector<CaseRow> rows;
  rows.reserve(each * 5);
  for (std::uint64_t lag = 0; lag < kClosingLag + kLagSpread && lag <= delivery; ++lag) {
    const std::uint64_t first = (delivery - lag) * each;
    for (std::uint64_t key = first; key < first + each; ++key) {
      const bool sent = lag <= 1 || lag == 2 + Hash(key, 13) % 2 || lag == ClosingLag(key);
      if (sent) rows.push_back(VersionAt(key, delivery));
    }
  }
  const std::uint64_t settled = kClosingLag + kLagSpread;
  if (delivery <= settled) return rows;
  const std::uint64_t old_keys = (delivery - settled) * each;
  const std::uint64_t from = Hash(delivery, 14);
  const std::uint64_t corrections = std::min(each, old_keys);
  for (std::uint64_t i = 0; i < corrections; ++i) {
    rows.push_back(VersionAt((from % old_keys + i * kStride) % old_keys, delivery));
  }
  return rows;
}

std::vector<CaseRow> BigHistory::NextRows(std::uint64_t batch, std::size_t count,
                                          base::Timestamp moment, double fresh) const {
  std::vector<CaseRow> rows;
  rows.reserve(count);
  const auto fresh_rows = static_cast<std::size_t>(static_cast<double>(count) * fresh);
  const std::size_t known = std::min<std::size_t>(count - fresh_rows, shape_.keys);
  const std::uint64_t from = Hash(batch, 15) % shape_.keys;
  for (std::size_t i = 0; i < known; ++i) {
    const std::uint64_t key = (from + i * kStride) % shape_.keys;
    CaseRow row = VersionAt(key, shape_.deliveries - 1);
    row.updated_at = moment;
    row.fee += 1'000 * static_cast<std::int64_t>(1 + batch % 90);
    rows.push_back(row);
  }
  while (rows.size() < count) {
    const std::uint64_t number = batch * count + rows.size();
    rows.push_back(NewCase(number, Below(Hash(number, 16), kCommunes), moment));
  }
  return rows;
}

CaseRow BigHistory::NewCase(std::uint64_t number, std::uint32_t commune,
                            base::Timestamp moment) const {
  CaseRow row = BaseOf(kFreshKeys + number, moment - std::chrono::minutes(1));
  row.commune = commune;
  row.updated_at = moment;
  return row;
}

}  // namespace fansipan::bench
