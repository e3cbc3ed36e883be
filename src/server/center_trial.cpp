#include "server/center_trial.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>

#include "base/thread_name.h"
#include "base/thread_priority.h"
#include "center/difference.h"
#include "server/center_archive.h"
#include "server/engine_ledger.h"
#include "server/trial_stores.h"
#include "sources/connectors/connector.h"
#include "sources/quarantine/mapping_trial.h"

namespace fansipan::server {
namespace {

/// A trial's engine has about the memory of the running one.
constexpr std::uint64_t kMaxDeltas = 100'000'000;
constexpr std::size_t kMaxReadAgain = 2'000;
constexpr std::size_t kPage = 1'000;
constexpr std::string_view kTrialArchive = "trial";
/// What is declared otherwise there changes how figures are shown, not what they are.
constexpr std::array<std::string_view, 4> kShownOnly = {"cross-check", "panel", "system", "test"};

const center::Mapping* FindMapping(const center::Center& center, const std::string& source,
                                   const std::string& dataset) {
  const center::Source* known = center.FindSource(source);
  if (known == nullptr) return nullptr;
  const auto found = std::ranges::find(known->mappings, dataset, &center::Mapping::dataset);
  return found == known->mappings.end() ? nullptr : &*found;
}

/// Sources whose deliveries the next center reads otherwise, with the datasets of which that is so.
std::map<std::string, std::set<std::string>> ReadOtherwise(const center::Center& running,
                                                           const center::Center& next,
                                                           const center::ChangedNames& changed) {
  const auto datasets = changed.find("dataset");
  std::map<std::string, std::set<std::string>> found;
  for (const center::Source& source : next.sources) {
    for (const center::Mapping& mapping : source.mappings) {
      const center::Mapping* before = FindMapping(running, source.name, mapping.dataset);
      const bool other = before == nullptr || before->revision != mapping.revision ||
                         (datasets != changed.end() && datasets->second.contains(mapping.dataset));
      if (other) found[source.name].insert(mapping.dataset);
    }
  }
  return found;
}

bool ConcernsFigures(const center::ChangedNames& changed, bool reads_otherwise) {
  return reads_otherwise || std::ranges::any_of(changed, [](const auto& kind) {
           return kind.first != "source" &&
                  std::ranges::find(kShownOnly, kind.first) == kShownOnly.end();
         });
}

/// A state of the running engine, and the journal's end that it holds.
struct Fixed {
  std::shared_ptr<const indicators::Engine> engine;
  base::Timestamp at;
  store::JournalEnd end;
};

/// A moment before the tick at which all of the journal is published: what is recorded later is
/// recorded at the tick or after it, so that both centers can be compared over the same entries.
base::Result<Fixed> Fix(CenterRuntime& runtime, const base::Patience& patience) {
  constexpr std::chrono::milliseconds kPause{2};
  constexpr int kAttempts = 5'000;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    FANSIPAN_RETURN_IF_ERROR(patience.Check());
    const store::JournalEnd end = runtime.journal().End();
    auto engine = runtime.engine();
    const model::Snapshot snapshot = engine->snapshot();
    if (snapshot.sequence == end.sequence && snapshot.tick > end.recorded_at) {
      return Fixed{std::move(engine), snapshot.tick - base::Duration(1), end};
    }
    sources::WaitUnlessStopped(kPause, patience.gone());
  }
  return base::Error{base::ErrorCode::kUnavailable, "intake_busy",
                     "too much is being recorded to compare the figures now; plan again, or plan "
                     "with --no-figures"};
}

/// One trial from its beginning to its answer.
class Trial {
 public:
  Trial(CenterRuntime& runtime, Fixed fixed, std::shared_ptr<const center::Center> next,
        base::Patience patience)
      : runtime_(runtime),
        running_(std::move(fixed.engine)),
        next_(std::move(next)),
        patience_(std::move(patience)),
        end_(fixed.end),
        clock_(fixed.at) {}
  ~Trial() {
    if (committer_) committer_->Stop();
  }

  base::Result<http::FigureTrial> Run(std::size_t limit) {
    result_.at = clock_.Now();
    FANSIPAN_ASSIGN_OR_RETURN(next_, WithMappingRevisions(next_, runtime_.journal(),
                                                          runtime_.archive(), runtime_.parser()));
    const center::Center& running = running_->center();
    const auto changed = center::NamesChanged(running, *next_);
    const auto otherwise = ReadOtherwise(running, *next_, changed);
    result_.concerns_figures = ConcernsFigures(changed, !otherwise.empty());
    if (!result_.concerns_figures) return std::move(result_);
    if (running_->CountDeltas() > kMaxDeltas) return TooLarge();
    FANSIPAN_RETURN_IF_ERROR(runtime_.WaitForFacts(end_.sequence, patience_));
    FANSIPAN_RETURN_IF_ERROR(Fill());
    for (const auto& [source, datasets] : otherwise) {
      FANSIPAN_RETURN_IF_ERROR(ReadAgain(source, datasets));
    }
    committer_->TickNow();
    FANSIPAN_RETURN_IF_ERROR(patience_.Check());
    FANSIPAN_RETURN_IF_ERROR(committer_->CheckOpen());
    FANSIPAN_ASSIGN_OR_RETURN(
        result_.figures,
        indicators::CompareCenters({running_.get(), ledger_->engine().get(), result_.at,
                                    http::kTrialDays, limit, patience_}));
    if (runtime_.engine()->center().revision != running.revision) return CenterChanged();
    return std::move(result_);
  }

 private:
  static base::Error TooLarge() {
    return {base::ErrorCode::kTooLarge, "center_too_large",
            "too much is recorded for a second engine beside the running one; plan with "
            "--no-figures"};
  }
  static base::Error CenterChanged() {
    return {base::ErrorCode::kConflict, "center_changed",
            "another center came to run while the figures were compared; plan again"};
  }

  /// The next center's engine with everything recorded, as after a start with that center.
  base::Status Fill() {
    journal_ = std::make_unique<TrialJournal>(runtime_.journal(), end_, patience_);
    facts_ = std::make_unique<TrialFacts>(runtime_.facts(), running_->shared_center(), next_,
                                          end_.sequence);
    store::JournalEntry change;
    change.number = end_.number + 1;
    change.recorded_at = clock_.Now();
    change.centers.push_back(
        {next_->revision, std::string(kTrialArchive), {end_.sequence.value + 1}});
    FANSIPAN_RETURN_IF_ERROR(journal_->Append(change));
    ledger_ = std::make_unique<EngineLedger>(*journal_, *facts_, indicators::CellLogPlace());
    FANSIPAN_RETURN_IF_ERROR(ledger_->Open(next_));
    // Before the committer does it, which would tell the log that intake stays closed.
    FANSIPAN_RETURN_IF_ERROR(ledger_->Complete());
    committer_ = std::make_unique<sources::Committer>(
        sources::Committer::Parts{journal_.get(), ledger_.get(), &clock_, &metrics_, {}},
        sources::Committer::Settings{});
    FANSIPAN_RETURN_IF_ERROR(
        journal_->ReadHeads(1, [&](const store::JournalHead& head) -> base::Status {
          committer_->Recall(head);
          return {};
        }));
    committer_->Start();
    committer_->TickNow();
    FANSIPAN_RETURN_IF_ERROR(patience_.Check());
    intake_ = std::make_unique<sources::Intake>(IntakeParts());
    return committer_->CheckOpen();
  }

  sources::Intake::Parts IntakeParts() {
    sources::Intake::Parts parts;
    parts.archive = &runtime_.archive();
    parts.facts = facts_.get();
    parts.worker = &runtime_.worker();
    parts.committer = committer_.get();
    parts.clock = &clock_;
    parts.metrics = &metrics_;
    parts.center = [this] { return next_; };
    parts.wait_for_facts = [](model::Sequence) -> base::Status { return {}; };
    return parts;
  }

  /// Original ones of the last days, in the order in which they came.
  base::Result<std::vector<model::Delivery>> FindDeliveries(const std::string& source) {
    const base::Timestamp from = result_.at - std::chrono::hours(24) * http::kTrialDays;
    std::vector<model::Delivery> found;
    store::DeliveryQuery query{.source = source, .before = {}, .limit = kPage};
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const auto page, facts_->ListDeliveries(query, patience_));
      for (const model::Delivery& delivery : page) {
        const bool is_within = !delivery.replay_of && delivery.received_at >= from &&
                               delivery.sequence <= end_.sequence;
        if (is_within) found.push_back(delivery);
      }
      if (found.size() + result_.read_again > kMaxReadAgain) {
        return base::Error{base::ErrorCode::kTooLarge, "too_many_deliveries",
                           "more than " + std::to_string(kMaxReadAgain) +
                               " deliveries would have to be read again; plan with --no-figures "
                               "and compare after applying"};
      }
      if (page.size() < kPage) break;
      query.before = page.back().sequence;
    }
    std::ranges::reverse(found);
    return found;
  }

  base::Status ReadAgain(const std::string& source, const std::set<std::string>& datasets) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto deliveries, FindDeliveries(source));
    std::vector<model::Delivery> readable;
    for (const model::Delivery& delivery : deliveries) {
      FANSIPAN_RETURN_IF_ERROR(patience_.Check());
      ++result_.read_again;
      const auto report = intake_->Replay(delivery.sequence);
      if (report.ok()) {
        readable.push_back(delivery);
        continue;
      }
      FANSIPAN_RETURN_IF_ERROR(patience_.Check());
      if (report.error().code != base::ErrorCode::kInvalidArgument) return report.error();
      NoteFailure(delivery, report.error());
    }
    for (const std::string& dataset : datasets) {
      FANSIPAN_RETURN_IF_ERROR(CompareRows(source, dataset, readable));
    }
    return {};
  }

  void NoteFailure(const model::Delivery& delivery, const base::Error& error) {
    ++result_.failed;
    if (result_.failures.size() == http::kMaxFailedReadings) return;
    result_.failures.push_back({delivery.sequence, delivery.source, error.reason, error.message});
  }

  base::Status CompareRows(const std::string& source, const std::string& dataset,
                           const std::vector<model::Delivery>& deliveries) {
    sources::MappingTrialJob job;
    job.center = &running_->center();
    job.tried = next_.get();
    job.source = source;
    job.dataset = dataset;
    job.deliveries = deliveries;
    for (const model::Delivery& delivery : deliveries) {
      job.accepted[delivery.sequence] = committer_->AcceptedRowsOf(delivery.sequence);
    }
    job.patience = patience_;
    FANSIPAN_ASSIGN_OR_RETURN(const auto trial,
                              sources::TryMapping(job, runtime_.archive(), runtime_.worker()));
    http::RowTrial rows{
        source, dataset, trial.unchanged, {}, trial.reasons_after, trial.reasons_before};
    for (std::size_t i = 0; i < sources::kRowChanges; ++i) {
      const std::string name(sources::NameOf(static_cast<sources::RowChange>(i)));
      if (trial.counts.at(i) > 0) rows.changes[name] = trial.counts.at(i);
    }
    result_.rows.push_back(std::move(rows));
    return {};
  }

  CenterRuntime& runtime_;
  const std::shared_ptr<const indicators::Engine> running_;
  std::shared_ptr<const center::Center> next_;
  const base::Patience patience_;
  const store::JournalEnd end_;
  base::VirtualClock clock_;       ///< stands still
  base::MetricsRegistry metrics_;  ///< a trial shows in no metric
  http::FigureTrial result_;
  std::unique_ptr<TrialJournal> journal_;
  std::unique_ptr<TrialFacts> facts_;
  std::unique_ptr<EngineLedger> ledger_;
  std::unique_ptr<sources::Committer> committer_;
  std::unique_ptr<sources::Intake> intake_;
};

}  // namespace

base::Result<http::FigureTrial> CenterTrials::Try(std::shared_ptr<const center::Center> next,
                                                  std::size_t limit,
                                                  const base::Patience& patience) {
  const std::unique_lock turn(one_, std::try_to_lock);
  if (!turn.owns_lock()) {
    return base::Error{base::ErrorCode::kConflict, "trial_running",
                       "figures of another plan are being compared; wait for it, or plan with "
                       "--no-figures"};
  }
  std::stop_source gone;
  const auto give_up = [&gone] { gone.request_stop(); };
  const std::stop_callback when_ended(ended_.get_token(), give_up);
  const std::stop_callback when_nobody_waits(patience.gone(), give_up);
  const base::Patience own(patience.deadline(), gone.get_token());
  base::Result<http::FigureTrial> result = http::FigureTrial();
  std::thread trial([&] {
    base::NameThread("center trial");
    base::LowerThread(base::Priority::kBackground);
    auto fixed = Fix(runtime_, own);
    result = fixed.ok() ? Trial(runtime_, *std::move(fixed), std::move(next), own).Run(limit)
                        : base::Result<http::FigureTrial>(std::move(fixed).error());
  });
  trial.join();
  return result;
}

}  // namespace fansipan::server
