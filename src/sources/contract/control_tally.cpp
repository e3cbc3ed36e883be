#include "sources/contract/control_tally.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "sources/internal/row_check.h"
#include "sources/internal/utf8.h"
#include "sources/mapping_worker.h"

namespace fansipan::sources {
namespace {

constexpr std::size_t kShownKey = 200;
constexpr std::string_view kNotSent = "not_sent";
constexpr std::string_view kBetweenParts = " / ";

/// The number that a value is, if it is one.
std::optional<model::Decimal> NumberOf(const model::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return model::Decimal::FromInteger(*whole);
  }
  if (const auto* decimal = std::get_if<model::Decimal>(&value)) return *decimal;
  return std::nullopt;
}

/// A sum that no longer fits is no sum.
void AddTo(std::optional<model::Decimal>& sum, const model::Decimal& number) {
  if (sum) sum = model::Add(*sum, number);
}

std::optional<std::uint64_t> CountOf(const std::string& digits) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return count;
}

std::set<std::uint32_t> RowsOf(const std::vector<model::QuarantinedRow>& quarantined) {
  std::set<std::uint32_t> rows;
  for (const model::QuarantinedRow& row : quarantined) rows.insert(row.raw_row);
  return rows;
}

void Judge(model::ControlTotals& totals) {
  if (totals.outcome == model::Reconciliation::kNotTold) return;
  const bool rows_agree = !totals.rows_told || (*totals.rows_told == totals.rows_arrived &&
                                                totals.rows_accepted == totals.rows_arrived);
  const bool sums_agree = std::ranges::all_of(
      totals.sums, [](const model::ControlSum& sum) { return sum.told == sum.accepted; });
  totals.outcome = rows_agree && sums_agree && totals.missing == 0
                       ? model::Reconciliation::kComplete
                       : model::Reconciliation::kIncomplete;
}

/// How many rows are missing: those that came and were set aside, and those that never came.
void CountMissing(model::ControlTotals& totals, std::uint64_t keys_not_sent) {
  const std::uint64_t told = totals.rows_told.value_or(0);
  const std::uint64_t short_of = told > totals.rows_arrived ? told - totals.rows_arrived : 0;
  totals.missing = totals.rows_arrived - totals.rows_accepted + std::max(short_of, keys_not_sent);
}

std::uint64_t CountNotSent(const model::ControlTotals& totals) {
  return static_cast<std::uint64_t>(
      std::ranges::count(totals.named, kNotSent, &model::MissingRow::reason));
}

}  // namespace

ControlTally::ControlTally(const center::Source& source) {
  const auto& totals = center::ContractOf(source).control_totals;
  if (!totals) return;
  declared_ = &*totals;
  for (const center::ControlSumPlace& sum : declared_->sums) {
    totals_.push_back({sum.dataset, sum.column, std::nullopt, model::Decimal(), model::Decimal()});
  }
}

void ControlTally::Begin(const model::Dataset& dataset) {
  if (declared_ == nullptr) return;
  dataset_ = &dataset;
  keeps_keys_ = !declared_->keys_at.empty() && declared_->keys_dataset == dataset.name;
  if (keeps_keys_) hides_told_keys_ = IsKeyPersonal();
  sums_.clear();
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    const auto column = dataset.FindColumn(totals_[i].column);
    if (totals_[i].dataset == dataset.name && column) sums_.push_back({i, *column});
  }
}

void ControlTally::Arrived(const Candidate& candidate) {
  if (declared_ == nullptr) return;
  for (const Sum& sum : sums_) {
    const auto& text = candidate.texts[sum.column];
    const auto number = text ? model::Decimal::Parse(*text) : std::nullopt;
    if (number) AddTo(totals_[sum.index].arrived, *number);
  }
}

void ControlTally::SetAside(const Candidate& candidate) {
  if (declared_ == nullptr) return;
  const std::string key = KeyOf(candidate);
  if (keeps_keys_) set_aside_keys_.insert(key);
  set_aside_.emplace(candidate.raw_rows.front(), IsKeyPersonal() ? internal::kMasked : key);
}

void ControlTally::SetAside(const model::Version& version) {
  if (declared_ == nullptr) return;
  const std::string key = KeyOf(version.values);
  if (keeps_keys_) set_aside_keys_.insert(key);
  if (version.raw_rows.empty()) return;
  set_aside_.emplace(version.raw_rows.front(), IsKeyPersonal() ? internal::kMasked : key);
}

void ControlTally::Accepted(const model::Version& version) {
  if (declared_ == nullptr) return;
  for (const Sum& sum : sums_) {
    const auto number = NumberOf(version.values[sum.column]);
    if (number) AddTo(totals_[sum.index].accepted, *number);
  }
  if (keeps_keys_) accepted_keys_.insert(KeyOf(version.values));
}

bool ControlTally::IsKeyPersonal() const {
  return std::ranges::any_of(
      dataset_->key, [&](std::size_t column) { return dataset_->columns[column].personal; });
}

std::string ControlTally::KeyOf(const Candidate& candidate) const {
  std::string key;
  for (const std::size_t column : dataset_->key) {
    if (!key.empty()) key += kBetweenParts;
    const auto& text = candidate.texts[column];
    if (text) key += *text;
  }
  return key;
}

std::string ControlTally::KeyOf(const model::Row& values) const {
  std::string key;
  for (const std::size_t column : dataset_->key) {
    if (!key.empty()) key += kBetweenParts;
    key += model::ToText(values[column]);
  }
  return key;
}

/// The number at a place; nothing when none is told there.
std::optional<std::string> ControlTally::NumberAt(const ToldTotals& told, std::size_t index) const {
  if (index >= told.texts.size() || !told.texts[index]) return std::nullopt;
  return NumberWithin(*told.texts[index], *center::PlacesOf(*declared_)[index],
                      declared_->decimal_mark);
}

void ControlTally::ReadTold(const ToldTotals& told, model::ControlTotals& totals) const {
  const auto before = [&](const center::ControlPlace& place) {
    return told.before && !place.is_in_payload();
  };
  std::size_t next = 0;
  if (declared_->rows) {
    const auto digits = NumberAt(told, next++);
    if (digits) totals.rows_told = CountOf(*digits);
    if (before(*declared_->rows)) totals.rows_told = told.before->rows_told;
  }
  for (std::size_t i = 0; i < totals.sums.size(); ++i) {
    model::ControlSum& sum = totals.sums[i];
    const auto digits = NumberAt(told, next++);
    if (digits) sum.told = model::Decimal::Parse(*digits);
    if (!before(declared_->sums[i].place)) continue;
    for (const model::ControlSum& known : told.before->sums) {
      if (known.dataset == sum.dataset && known.column == sum.column) sum.told = known.told;
    }
  }
  if (declared_->period) {
    const bool there = next < told.texts.size() && told.texts[next];
    if (there) totals.period = internal::CutUtf8(*told.texts[next], kShownKey);
    if (before(*declared_->period)) totals.period = told.before->period;
  }
  if (!IsAllTold(told, totals)) totals.outcome = model::Reconciliation::kNotTold;
}

bool ControlTally::IsAllTold(const ToldTotals& told, const model::ControlTotals& totals) const {
  const bool rows = !declared_->rows || totals.rows_told;
  const bool keys = declared_->keys_at.empty() || told.keys_told;
  const bool period = !declared_->period || !totals.period.empty();
  const auto is_told = [](const model::ControlSum& sum) { return sum.told.has_value(); };
  return rows && keys && period && std::ranges::all_of(totals.sums, is_told);
}

void ControlTally::NameSetAside(const std::vector<model::QuarantinedRow>& quarantined,
                                model::ControlTotals& totals) const {
  std::set<std::uint32_t> named;
  for (const model::QuarantinedRow& row : quarantined) {
    if (totals.named.size() == model::kMaxNamedMissing) return;
    if (!named.insert(row.raw_row).second) continue;
    const auto key = set_aside_.find(row.raw_row);
    const std::string text = key == set_aside_.end() ? "" : key->second;
    totals.named.push_back(
        {row.dataset, std::string(internal::CutUtf8(text, kShownKey)), row.raw_row, row.reason});
  }
}

void ControlTally::NameNotSent(const ToldTotals& told, model::ControlTotals& totals) const {
  std::uint64_t not_sent = 0;
  for (const std::string& key : told.keys) {
    if (accepted_keys_.contains(key) || set_aside_keys_.contains(key)) continue;
    ++not_sent;
    if (totals.named.size() == model::kMaxNamedMissing) continue;
    const std::string_view shown = hides_told_keys_ ? internal::kMasked : std::string_view(key);
    totals.named.push_back({declared_->keys_dataset,
                            std::string(internal::CutUtf8(shown, kShownKey)), 0,
                            std::string(kNotSent)});
  }
  CountMissing(totals, not_sent);
}

std::optional<model::ControlTotals> ControlTally::Reconcile(
    const ToldTotals& told, const model::DeliveryCounts& counts,
    const std::vector<model::QuarantinedRow>& quarantined) const {
  if (declared_ == nullptr) return std::nullopt;
  model::ControlTotals totals;
  totals.cleared_by = declared_->cleared_by;
  totals.sums = totals_;
  ReadTold(told, totals);
  totals.rows_arrived = counts.raw_rows - (declared_->mapped_only ? counts.skipped : 0);
  const std::uint64_t set_aside = RowsOf(quarantined).size();
  totals.rows_accepted = totals.rows_arrived - std::min(set_aside, totals.rows_arrived);
  NameSetAside(quarantined, totals);
  NameNotSent(told, totals);
  Judge(totals);
  return totals;
}

void Recount(const std::vector<model::QuarantinedRow>& quarantined, model::ControlTotals& totals) {
  const std::uint64_t before = totals.rows_arrived - totals.rows_accepted;
  const std::uint64_t set_aside =
      std::min<std::uint64_t>(RowsOf(quarantined).size(), totals.rows_arrived);
  if (set_aside == before) return;
  totals.rows_accepted = totals.rows_arrived - set_aside;
  for (const model::QuarantinedRow& row : quarantined) {
    const bool known = std::ranges::find(totals.named, row.raw_row, &model::MissingRow::raw_row) !=
                       totals.named.end();
    if (known || totals.named.size() == model::kMaxNamedMissing) continue;
    totals.named.push_back({row.dataset, "", row.raw_row, row.reason});
  }
  CountMissing(totals, CountNotSent(totals));
  Judge(totals);
}

}  // namespace fansipan::sources
