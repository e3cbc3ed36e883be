#include "indicators/health/contract_history.h"

#include <algorithm>
#include <utility>

namespace fansipan::indicators {
namespace {

using model::Reconciliation;
using Sent = std::shared_ptr<const ContractSent>;

Sent Share(const model::Delivery& delivery, model::ContractFacts facts) {
  return std::make_shared<const ContractSent>(
      ContractSent{std::move(facts), delivery.sequence, delivery.received_at});
}

/// The control totals alone, with the first so many of the missing rows.
Sent ShareControl(const model::Delivery& delivery, std::size_t named) {
  model::ContractFacts facts;
  facts.control = delivery.contract->control;
  std::vector<model::MissingRow>& rows = facts.control->named;
  if (rows.size() > named) rows.resize(named);
  rows.shrink_to_fit();
  return Share(delivery, std::move(facts));
}

/// The same totals were told, and the same were not.
bool IsToldAlike(const model::ControlTotals& left, const model::ControlTotals& right) {
  const auto alike = [](const model::ControlSum& mine, const model::ControlSum& other) {
    return mine.dataset == other.dataset && mine.column == other.column &&
           mine.told.has_value() == other.told.has_value();
  };
  return left.rows_told.has_value() == right.rows_told.has_value() &&
         left.period.empty() == right.period.empty() &&
         std::ranges::equal(left.sums, right.sums, alike);
}

void NoteDrift(const model::Delivery& delivery, ContractStanding& standing) {
  const auto& facts = delivery.contract;
  const bool accepted = delivery.outcome == "accepted";
  if (facts && facts->drift) {
    if (!standing.drifting) standing.drifting_since = delivery.received_at;
    if (standing.drifting && standing.drifting->facts.drift == facts->drift) return;
    model::ContractFacts drift;
    drift.drift = facts->drift;
    standing.drifting = Share(delivery, std::move(drift));
  } else if (accepted && facts && !facts->profile.empty()) {
    standing.drifting = nullptr;
  }
}

void NoteVolume(const model::Delivery& delivery, ContractStanding& standing) {
  if (delivery.outcome != "accepted") return;
  const auto& facts = delivery.contract;
  if (!facts || !facts->unusual_volume) {
    standing.unusual_volume = nullptr;
    return;
  }
  const bool same = standing.unusual_volume &&
                    standing.unusual_volume->facts.unusual_volume == facts->unusual_volume;
  if (same) return;
  model::ContractFacts volume;
  volume.unusual_volume = facts->unusual_volume;
  standing.unusual_volume = Share(delivery, std::move(volume));
}

}  // namespace

Sent ContractHistory::WithoutNamed(const ContractSent& sent) {
  ContractSent bare{{}, sent.delivery, sent.received_at};
  bare.facts.control = sent.facts.control;
  if (bare.facts.control) bare.facts.control->named = {};
  return std::make_shared<const ContractSent>(std::move(bare));
}

void ContractHistory::Note(const model::Delivery& delivery, ContractStanding& standing) {
  if (delivery.contract && delivery.contract->control) NoteControl(delivery, standing);
  if (delivery.replay_of) return;
  NoteDrift(delivery, standing);
  NoteVolume(delivery, standing);
}

/// A delivery that reconciles makes good those before it as they said; its replay makes good the
/// delivery itself. What was refused makes nothing good.
void ContractHistory::NoteControl(const model::Delivery& delivery, ContractStanding& standing) {
  const model::ControlTotals& now = *delivery.contract->control;
  const model::Sequence own = delivery.replay_of.value_or(delivery.sequence);
  const bool complete = now.outcome == Reconciliation::kComplete;
  if (complete && delivery.outcome != "accepted") return;
  if (now.outcome == Reconciliation::kIncomplete) AddIncomplete(delivery, own);
  if (complete && delivery.replay_of) MakeGoodByReplay(own);
  if (complete && !delivery.replay_of) MakeGood(now);
  SetIncomplete(standing);
  NoteNotTold(delivery, standing);
}

void ContractHistory::AddIncomplete(const model::Delivery& delivery, model::Sequence own) {
  const bool open = incomplete_.contains(own);
  const bool closed = made_good_.contains(own) || (delivery.replay_of && own <= forgotten_);
  if (!open && closed) return;
  incomplete_[own] = ShareControl(delivery, 0);
  if (incomplete_.rbegin()->first == own) youngest_ = ShareControl(delivery, kNamedOfYoungest);
  if (incomplete_.size() <= kMaxIncomplete) return;
  if (!left_out_since_) left_out_since_ = incomplete_.begin()->second->received_at;
  ++left_out_;
  incomplete_.erase(incomplete_.begin());
}

void ContractHistory::MakeGood(const model::ControlTotals& now) {
  for (auto entry = incomplete_.begin(); entry != incomplete_.end();) {
    const model::ControlTotals& then = *entry->second->facts.control;
    const bool good =
        then.cleared_by == model::ClearedBy::kAny ||
        (then.cleared_by == model::ClearedBy::kSamePeriod && then.period == now.period);
    if (good) Remember(entry->first);
    entry = good ? incomplete_.erase(entry) : std::next(entry);
  }
  if (now.cleared_by != model::ClearedBy::kAny) return;
  left_out_ = 0;
  left_out_since_ = std::nullopt;
}

void ContractHistory::MakeGoodByReplay(model::Sequence own) {
  if (incomplete_.erase(own) > 0 || left_out_ == 0) return;
  const bool older = incomplete_.empty() || own < incomplete_.begin()->first;
  if (older && made_good_.contains(own)) return;
  if (older && --left_out_ == 0) left_out_since_ = std::nullopt;
}

void ContractHistory::Remember(model::Sequence made_good) {
  constexpr std::size_t kRemembered = 10'000;
  made_good_.insert(made_good);
  if (made_good_.size() <= kRemembered) return;
  forgotten_ = *made_good_.begin();
  made_good_.erase(made_good_.begin());
}

void ContractHistory::SetIncomplete(ContractStanding& standing) {
  standing.incomplete_deliveries = incomplete_.size() + left_out_;
  if (incomplete_.empty()) {
    standing.incomplete = nullptr;
    youngest_ = nullptr;
    left_out_ = standing.incomplete_deliveries = 0;
    left_out_since_ = std::nullopt;
    return;
  }
  const Sent& last = incomplete_.rbegin()->second;
  const bool named = youngest_ && youngest_->delivery == last->delivery;
  standing.incomplete = named ? youngest_ : last;
  const base::Timestamp oldest = incomplete_.begin()->second->received_at;
  standing.incomplete_since = left_out_since_ ? std::min(*left_out_since_, oldest) : oldest;
}

/// The last delivery decides, or its replay, which tells what it did not.
void ContractHistory::NoteNotTold(const model::Delivery& delivery, ContractStanding& standing) {
  const model::ControlTotals& now = *delivery.contract->control;
  const bool told = now.outcome != Reconciliation::kNotTold;
  if (delivery.replay_of && (!told || last_not_told_ != delivery.replay_of)) return;
  if (told) {
    standing.not_told = nullptr;
    last_not_told_ = std::nullopt;
    return;
  }
  last_not_told_ = delivery.sequence;
  const bool same = standing.not_told && IsToldAlike(*standing.not_told->facts.control, now);
  if (!same) standing.not_told = ShareControl(delivery, 0);
}

}  // namespace fansipan::indicators
