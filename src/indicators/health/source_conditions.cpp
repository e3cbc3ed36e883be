#include "indicators/health/source_conditions.h"

#include <cstddef>
#include <iterator>
#include <utility>

namespace fansipan::indicators {
namespace {

/// So many are left out at once, so that few entries are moved for each that is added.
constexpr std::size_t kLeftOutAtOnce = 1'000;

bool IsSameTrouble(const std::optional<SourceTrouble>& left,
                   const std::optional<SourceTrouble>& right) {
  if (!left || !right) return left.has_value() == right.has_value();
  return left->since == right->since;
}

/// Other words for the same troubles.
bool SaysAgain(const SourceConditions& before, const SourceConditions& now) {
  return before.paused == now.paused && before.resumed_at == now.resumed_at &&
         IsSameTrouble(before.failing, now.failing) && IsSameTrouble(before.refused, now.refused);
}

bool HasTrouble(const SourceConditions& conditions) {
  return conditions.paused || conditions.failing || conditions.refused;
}

}  // namespace

SourceConditions ConditionLog::Last() const {
  return entries_.empty() ? SourceConditions() : *entries_.back().conditions;
}

void ConditionLog::Add(base::Timestamp recorded_at, SourceConditions conditions) {
  const bool again = !entries_.empty() && SaysAgain(*entries_.back().conditions, conditions);
  words_ = again ? words_ + 1 : 1;
  entries_.push_back(
      {recorded_at, std::make_shared<const SourceConditions>(std::move(conditions)), 0});
  if (words_ > kMaxWords) {
    // Its `times` tell of it: what is left out is no change.
    const auto word = entries_.end() - static_cast<std::ptrdiff_t>(kMaxWords / 2 + 1);
    std::next(word)->left_out += word->left_out;
    entries_.erase(word);
    --words_;
  }
  if (entries_.size() <= kMaxEntries) return;
  std::size_t first = kMaxEntries / 2;
  const std::size_t last = entries_.size() - kLeftOutAtOnce - kMaxWords;
  while (first < last && !HasTrouble(*entries_[first - 1].conditions)) ++first;
  LeaveOut(first, kLeftOutAtOnce);
}

void ConditionLog::LeaveOut(std::size_t first, std::size_t count) {
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  std::uint64_t left_out = count;
  for (auto entry = begin; entry != end; ++entry) left_out += entry->left_out;
  end->left_out += left_out;
  entries_.erase(begin, end);
}

}  // namespace fansipan::indicators
