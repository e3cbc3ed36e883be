#include "sources/contract/control_tally.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

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

bool IsKeyPersonal(const model::Dataset& dataset) {
  return std::ranges::any_of(dataset.key,
                             [&](std::size_t column) { return dataset.columns[column].personal; });
}

/// As it is shown: masked where it is personal, cut where it is long.
std::string ShownKeyOf(const model::Dataset& dataset, const model::Row& values) {
  if (IsKeyPersonal(dataset)) return std::string(internal::kMasked);
  std::string key;
  for (const std::size_t column : dataset.key) {
    if (!key.empty()) key += kBetweenParts;
    key += model::ToText(values[column]);
  }
  return std::string(internal::CutUtf8(key, kShownKey));
}

/// Rows that were told and did not come, beyond those that came and were set aside.
std::uint64_t NeverCame(const model::ControlTotals& totals) {
  const std::uint64_t set_aside = totals.rows_arrived - totals.rows_accepted;
  return totals.missing - std::min(set_aside, totals.missing);
}

/// What was told and differs is incomplete, whatever else was promised and not told.
void Judge(model::ControlTotals& totals, bool all_told) {
  const bool rows_differ = totals.rows_told && (*totals.rows_told != totals.rows_arrived ||
                                                totals.rows_accepted != totals.rows_arrived);
  const bool sums_differ = std::ranges::any_of(totals.sums, [](const model::ControlSum& sum) {
    return sum.told && sum.told != sum.accepted;
  });
  if (rows_differ || sums_differ || NeverCame(totals) > 0) {
    totals.outcome = model::Reconciliation::kIncomplete;
  } else if (!all_told) {
    totals.outcome = model::Reconciliation::kNotTold;
  } else {
    totals.outcome =
        totals.missing == 0 ? model::Reconciliation::kComplete : model::Reconciliation::kIncomplete;
  }
}

}  // namespace

ControlTally::ControlTally(const center::Source& source, const ToldTotals& told) : told_(told) {
  const auto& totals = center::ContractOf(source).control_totals;
  if (!totals) return;
  declared_ = &*totals;
  for (const center::ControlSumPlace& sum : declared_->sums) {
    totals_.push_back({sum.dataset, sum.column, std::nullopt, model::Decimal(), model::Decimal()});
  }
  expected_keys_.insert(told.keys.begin(), told.keys.end());
}

void ControlTally::Begin(const model::Dataset& dataset) {
  if (declared_ == nullptr) return;
  dataset_ = &dataset;
  keeps_keys_ = !declared_->keys_at.empty() && declared_->keys_dataset == dataset.name;
  if (keeps_keys_) hides_told_keys_ = IsKeyPersonal(dataset);
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
  if (keeps_keys_) {
    const auto& key = candidate.texts[dataset_->key.front()];
    if (key) expected_keys_.erase(*key);
  }
  const bool shown = shown_set_aside_.size() < model::kMaxNamedMissing;
  NoteSetAside(candidate.raw_rows, shown ? ShownKeyOf(candidate) : std::string());
}

void ControlTally::SetAside(const model::Version& version) {
  if (declared_ == nullptr) return;
  ForgetKey(version.values);
  const bool shown = shown_set_aside_.size() < model::kMaxNamedMissing;
  NoteSetAside(version.raw_rows,
               shown ? sources::ShownKeyOf(*dataset_, version.values) : std::string());
}

void ControlTally::Accepted(const model::Version& version) {
  if (declared_ == nullptr) return;
  for (const Sum& sum : sums_) {
    const auto number = NumberOf(version.values[sum.column]);
    if (number) AddTo(totals_[sum.index].accepted, *number);
  }
  ForgetKey(version.values);
}

/// It is of a row that came.
void ControlTally::ForgetKey(const model::Row& values) {
  if (!keeps_keys_ || expected_keys_.empty()) return;
  const model::Value& key = values[dataset_->key.front()];
  if (const auto* text = std::get_if<std::string>(&key)) {
    expected_keys_.erase(*text);
  } else {
    expected_keys_.erase(model::ToText(key));
  }
}

void ControlTally::NoteSetAside(const std::vector<std::uint32_t>& raw_rows, std::string shown_key) {
  if (raw_rows.empty()) return;
  rows_set_aside_.insert(rows_set_aside_.end(), raw_rows.begin(), raw_rows.end());
  if (shown_set_aside_.size() == model::kMaxNamedMissing) return;
  shown_set_aside_.emplace(raw_rows.front(), std::move(shown_key));
}

std::string ControlTally::ShownKeyOf(const Candidate& candidate) const {
  if (IsKeyPersonal(*dataset_)) return std::string(internal::kMasked);
  std::string key;
  for (const std::size_t column : dataset_->key) {
    if (!key.empty()) key += kBetweenParts;
    const auto& text = candidate.texts[column];
    if (text) key += internal::CutUtf8(*text, kShownKey);
  }
  return std::string(internal::CutUtf8(key, kShownKey));
}

/// The number at a place; nothing when none is told there.
std::optional<std::string> ControlTally::NumberAt(std::size_t index) const {
  if (index >= told_.texts.size() || !told_.texts[index]) return std::nullopt;
  return NumberWithin(*told_.texts[index], *center::PlacesOf(*declared_)[index],
                      declared_->decimal_mark);
}

void ControlTally::ReadTold(model::ControlTotals& totals) const {
  const auto before = [&](const center::ControlPlace& place) {
    return told_.before && !place.is_in_payload();
  };
  std::size_t next = 0;
  if (declared_->rows) {
    const auto digits = NumberAt(next++);
    if (digits) totals.rows_told = CountOf(*digits);
    if (before(*declared_->rows)) totals.rows_told = told_.before->rows_told;
  }
  for (std::size_t i = 0; i < totals.sums.size(); ++i) {
    model::ControlSum& sum = totals.sums[i];
    const auto digits = NumberAt(next++);
    if (digits) sum.told = model::Decimal::Parse(*digits);
    if (!before(declared_->sums[i].place)) continue;
    for (const model::ControlSum& known : told_.before->sums) {
      if (known.dataset == sum.dataset && known.column == sum.column) sum.told = known.told;
    }
  }
  if (declared_->period) {
    const bool there = next < told_.texts.size() && told_.texts[next];
    if (there) totals.period = internal::CutUtf8(*told_.texts[next], kShownKey);
    if (before(*declared_->period)) totals.period = told_.before->period;
  }
}

bool ControlTally::IsAllTold(const model::ControlTotals& totals) const {
  const bool rows = !declared_->rows || totals.rows_told;
  const bool keys = declared_->keys_at.empty() || told_.keys_told;
  const bool period = !declared_->period || !totals.period.empty();
  const auto is_told = [](const model::ControlSum& sum) { return sum.told.has_value(); };
  return rows && keys && period && std::ranges::all_of(totals.sums, is_told);
}

/// How many raw rows: all that a candidate was made of, and those that could not be decoded.
std::uint64_t ControlTally::CountSetAside(
    const std::vector<model::QuarantinedRow>& quarantined) const {
  std::vector<std::uint32_t> rows = rows_set_aside_;
  for (const model::QuarantinedRow& row : quarantined) rows.push_back(row.raw_row);
  std::ranges::sort(rows);
  return static_cast<std::uint64_t>(std::unique(rows.begin(), rows.end()) - rows.begin());
}

void ControlTally::NameSetAside(const std::vector<model::QuarantinedRow>& quarantined,
                                model::ControlTotals& totals) const {
  std::unordered_set<std::uint32_t> named;
  for (const model::QuarantinedRow& row : quarantined) {
    if (totals.named.size() == model::kMaxNamedMissing) return;
    if (!named.insert(row.raw_row).second) continue;
    const auto key = shown_set_aside_.find(row.raw_row);
    totals.named.push_back(
        {row.dataset, key == shown_set_aside_.end() ? "" : key->second, row.raw_row, row.reason});
  }
}

void ControlTally::NameNotSent(model::ControlTotals& totals) const {
  std::unordered_set<std::string_view> named;
  for (const std::string& key : told_.keys) {
    if (totals.named.size() == model::kMaxNamedMissing) return;
    if (!expected_keys_.contains(key) || !named.insert(key).second) continue;
    const std::string_view shown = hides_told_keys_ ? internal::kMasked : std::string_view(key);
    totals.named.push_back({declared_->keys_dataset,
                            std::string(internal::CutUtf8(shown, kShownKey)), 0,
                            std::string(kNotSent)});
  }
}

std::optional<model::ControlTotals> ControlTally::Reconcile(
    const model::DeliveryCounts& counts,
    const std::vector<model::QuarantinedRow>& quarantined) const {
  if (declared_ == nullptr) return std::nullopt;
  model::ControlTotals totals;
  totals.cleared_by = declared_->cleared_by;
  totals.sums = totals_;
  ReadTold(totals);
  totals.rows_arrived = counts.raw_rows - (declared_->mapped_only ? counts.skipped : 0);
  const std::uint64_t set_aside = std::min(CountSetAside(quarantined), totals.rows_arrived);
  totals.rows_accepted = totals.rows_arrived - set_aside;
  NameSetAside(quarantined, totals);
  // A row that could not be decoded has no key: the key that was told of it is missing, too.
  const std::uint64_t keys = expected_keys_.size();
  const std::uint64_t never_came = keys - std::min(keys, counts.refused);
  if (never_came > 0) NameNotSent(totals);
  const std::uint64_t told = totals.rows_told.value_or(0);
  const std::uint64_t short_of = told > totals.rows_arrived ? told - totals.rows_arrived : 0;
  totals.missing = set_aside + std::max(short_of, never_came);
  Judge(totals, IsAllTold(totals));
  return totals;
}

void TakeBack(const model::Version& version, const model::Dataset& dataset, std::string_view reason,
              std::vector<bool>& aside, model::ControlTotals& totals) {
  for (model::ControlSum& sum : totals.sums) {
    const auto column = dataset.FindColumn(sum.column);
    if (sum.dataset != dataset.name || !column || !sum.accepted) continue;
    const auto number = NumberOf(version.values[*column]);
    if (number) sum.accepted = model::Subtract(*sum.accepted, *number);
  }
  std::uint64_t rows = 0;
  for (const std::uint32_t row : version.raw_rows) {
    if (row >= aside.size() || aside[row]) continue;
    aside[row] = true;
    ++rows;
  }
  rows = std::min(rows, totals.rows_accepted);
  totals.rows_accepted -= rows;
  totals.missing += rows;
  if (rows > 0 && totals.named.size() < model::kMaxNamedMissing) {
    totals.named.push_back({dataset.name, ShownKeyOf(dataset, version.values),
                            version.raw_rows.front(), std::string(reason)});
  }
  Judge(totals, totals.outcome != model::Reconciliation::kNotTold);
}

}  // namespace fansipan::sources
