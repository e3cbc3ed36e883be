#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "center/center.h"
#include "model/quarantine_decision.h"
#include "model/record.h"
#include "sources/contract/contract_memory.h"
#include "sources/idempotency_keys.h"
#include "store/journal.h"

namespace fansipan::sources {

/// What the committer asks of whoever keeps records current and turns them into figures. Called by
/// the committer's thread alone, in this order for each group: Begin, then Knows, FindCurrent,
/// Reckon, Stage and ReckonAgain as needed, then Publish or Rollback. Advance comes between groups.
class Ledger {
 public:
  struct Current {
    model::Sequence delivery;
    model::MappingRevision revision;
    bool withdrawn = false;
  };
  virtual ~Ledger() = default;
  virtual void Begin(base::Timestamp recorded_at) = 0;
  virtual bool Knows(const model::Version& version) = 0;
  virtual std::optional<Current> FindCurrent(const model::Version& version) = 0;
  /// Sets what clocks say of the version, whose sequence and place in precedence are set. By
  /// default there are no clocks.
  virtual void Reckon(model::Version& /*version*/) {}
  virtual model::Standing Stage(const model::Version& version) = 0;
  /// The record's current version told again, when what clocks say of it changed because `version`
  /// was staged.
  virtual std::optional<model::Version> ReckonAgain(const model::Version& /*version*/) {
    return std::nullopt;
  }
  /// Looks at some more records after a change of center: the current versions that clocks say
  /// something else of now, told again; they are staged with StageReckoned. Nothing when all have
  /// been looked at.
  virtual std::optional<std::vector<model::Version>> ReckonNext() { return std::nullopt; }
  /// What was found last could not be recorded: ReckonNext begins anew.
  virtual void ReckonFromStart() {}
  virtual model::Standing StageReckoned(const model::Version& version) { return Stage(version); }
  virtual void Rollback() = 0;
  virtual void Publish(const store::JournalEntry& entry) = 0;
  virtual void Advance(base::Timestamp moment) = 0;
  /// Takes in what is recorded and not known yet. Comes before everything else; until it has
  /// returned nothing is recorded.
  virtual base::Status Complete() = 0;
  /// Makes `center` the running one, with everything recorded so far.
  virtual base::Status Switch(std::shared_ptr<const center::Center> center) = 0;
  /// The running center.
  virtual std::shared_ptr<const center::Center> center() = 0;
};

/// A delivery that was decoded, mapped and validated, on its way to the journal.
struct PendingDelivery {
  model::Delivery delivery;              ///< without sequence and recorded_at
  std::vector<model::Version> versions;  ///< without sequences
  std::vector<model::QuarantinedRow> quarantined;
  std::string center_revision;           ///< of the center it was validated with
  std::vector<model::Version> replaced;  ///< replay only: what the delivery had put in before
  std::string position;  ///< where the source's connector goes on after it; empty: unchanged
  /// Replay only: what was decided about its rows, with which it was validated. Recorded in the
  /// same entry; without sequences and moments.
  std::vector<model::QuarantineDecision> decisions{};
};

/// A delivery as the journal took it.
struct RecordedDelivery {
  model::Delivery delivery;
  std::vector<model::QuarantinedRow> quarantined;
  bool already_recorded = false;
};

/// Puts everything that changes an answer into one order and makes it durable: gives sequences and
/// times, finds out what is repeated or in conflict, writes one journal entry per group,
/// acknowledges, and hands the entry on. One thread of its own does all this; a bounded queue leads
/// to it.
class Committer {
 public:
  struct Parts {
    store::Journal* journal = nullptr;
    Ledger* ledger = nullptr;
    const base::Clock* clock = nullptr;
    base::MetricsRegistry* metrics = nullptr;
    /// Called after each entry and each tick, by the committer's thread; must be quick.
    std::function<void(const store::JournalEnd&)> on_published;
  };
  struct Settings {
    std::size_t queue = 256;  ///< submissions waiting; more are refused as intake_busy
    std::size_t remembered_keys = 500'000;  ///< idempotency keys, about 150 bytes each
    std::size_t group_rows = 100'000;       ///< versions in one entry, but at least one delivery
    std::chrono::milliseconds tick{1'000};  ///< deadlines pass at least this often
  };

  Committer(Parts parts, Settings settings);
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  /// Learns idempotency keys of an entry read back at start. Before Start only.
  void Recall(const store::JournalHead& head);
  /// Nothing is taken before the ledger is complete, which the thread sees to.
  void Start();
  /// Waits until the ledger is complete or cannot be, but not longer than `patience`. False: it is
  /// still starting.
  bool WaitForStart(std::chrono::milliseconds patience) const;
  /// Finishes what is queued, then ends the thread.
  void Stop();

  base::Result<RecordedDelivery> Commit(PendingDelivery delivery);
  /// `position`: where the source's connector goes on after it; empty: unchanged.
  base::Status CommitLifeSign(std::string source, base::Timestamp at, std::string position = {});
  /// Records that a condition of a source begins or ends; `note.sequence` is given. Nothing is
  /// recorded when it has begun with that reason, or ended, before.
  base::Status CommitNote(store::SourceNote note);
  /// Records decisions that change no record; without sequences and moments.
  base::Status CommitDecisions(std::vector<model::QuarantineDecision> decisions);
  /// Records the change and switches the ledger. `archive_id` names the center's archived files.
  base::Status CommitCenter(std::shared_ptr<const center::Center> center, std::string archive_id);
  /// Lets deadlines up to now pass before it returns.
  void PassTimeNow();
  /// The same once clocks have been reckoned after a change of center, or cannot be recorded now;
  /// others are not kept waiting. For tests on a virtual clock.
  void TickNow();

  /// The delivery that was recorded with this key of this source.
  std::optional<KeyedDelivery> FindIdempotent(const std::string& source,
                                              const std::string& key) const;
  /// The last position that was recorded for the source; empty: none.
  std::string FindPosition(const std::string& source) const;
  /// The note by which the condition of the source began; nothing when it has ended or never began.
  std::optional<store::SourceNote> FindNote(const std::string& source,
                                            store::SourceCondition condition) const;
  /// Rows of an original delivery that are accepted by decisions recorded so far.
  model::AcceptedRows AcceptedRowsOf(model::Sequence delivery) const;
  /// The highest sequence that is recorded.
  model::Sequence last_recorded() const { return parts_.journal->End().sequence; }
  /// Why nothing is taken, in one word: starting, failed (what is recorded could not be read) or
  /// sync_failed. Empty: it is.
  std::string_view refusal() const;
  /// The same as what a deliverer is told.
  base::Status CheckOpen() const;

 private:
  struct LifeSignItem {
    std::string source;
    base::Timestamp at;
    std::string position;
    std::promise<base::Status> done;
  };
  struct NoteItem {
    store::SourceNote note;
    std::promise<base::Status> done;
  };
  struct DeliveryItem {
    PendingDelivery pending;
    std::promise<base::Result<RecordedDelivery>> done;
  };
  struct DecisionItem {
    std::vector<model::QuarantineDecision> decisions;
    std::promise<base::Status> done;
  };
  struct CenterItem {
    std::shared_ptr<const center::Center> center;
    std::string archive_id;
    std::promise<base::Status> done;
  };
  struct TickItem {
    std::promise<void> done;
    bool when_reckoned = false;
  };
  using Item =
      std::variant<DeliveryItem, LifeSignItem, NoteItem, DecisionItem, CenterItem, TickItem>;
  struct Group;

  enum class State { kStarting, kOpen, kFailed, kSyncFailed };

  void Run();
  void CompleteLedger();
  void PassTime();
  void TakeTick(TickItem& item);
  void AnswerWaiting();
  std::vector<Item> NextItems();
  double ShareOf(const Item& item) const;
  /// The next entry, begun in the ledger.
  Group BeginGroup();
  void CommitGroup(std::vector<Item> items);
  void Prepare(DeliveryItem& item, Group& group);
  void Prepare(NoteItem& item, Group& group);
  void KeepNote(const store::SourceNote& note);
  void JudgeContract(const center::Center& center, store::CommittedDelivery& committed) const;
  void Classify(PendingDelivery& pending, Group& group, store::CommittedDelivery& committed);
  void WithdrawReplaced(std::vector<model::Version> replaced, Group& group,
                        store::CommittedDelivery& committed);
  bool AcceptVersion(model::Version version, Group& group, store::CommittedDelivery& committed);
  void SetAside(const model::Version& version, const model::Dataset& dataset, Group& group,
                store::CommittedDelivery& committed);
  void Finish(Group& group, const base::Status& appended);
  void CommitCenterItem(CenterItem& item);
  /// The pass of clocks goes on, and can.
  bool IsReckoning() const { return reckoning_.under_way && !reckoning_.is_held; }
  void ReckonPiece();
  void HoldReckoning(const base::Status& appended);
  store::CommittedDelivery ReckonedDelivery(std::vector<model::Version> versions, Group& group);
  base::Status AppendEntry(const store::JournalEntry& entry);
  base::Timestamp NextRecordedAt();
  static base::Error BusyError();

  const Parts parts_;
  const Settings settings_;
  base::BoundedQueue<Item> queue_;
  std::optional<Item> held_;  ///< too large for the group before it; the committer's thread alone
  std::atomic<State> state_{State::kStarting};
  ContractMemory contracts_;  ///< Recall, then the committer's thread alone
  std::promise<void> started_;
  const std::shared_future<void> has_started_ = started_.get_future().share();
  base::Timestamp last_recorded_at_{};  ///< the committer's thread alone
  model::Sequence last_sequence_{};     ///< the committer's thread alone

  /// What runs through all records after a change of center; the committer's thread alone.
  struct Reckoning {
    bool under_way = false;
    bool looked_at_any = false;
    bool is_held = false;  ///< the storage takes nothing: it is tried again now and then
    std::chrono::steady_clock::time_point try_again{};
    std::string archive_id;  ///< of the center's text
    model::Sequence change;  ///< when the center came to be the running one
  };
  Reckoning reckoning_;
  std::vector<std::promise<void>> waiting_;  ///< ticks that wait for it; that thread alone

  mutable std::mutex keys_mutex_;
  IdempotencyKeys keys_;
  std::map<std::string, std::string> positions_;  ///< by source; guarded by keys_mutex_
  /// Conditions that have begun and not ended; guarded by keys_mutex_.
  std::map<std::pair<std::string, store::SourceCondition>, store::SourceNote> notes_;
  model::AcceptedByDelivery accepted_;  ///< guarded by keys_mutex_

  base::Histogram& journal_seconds_;
  base::Histogram& publish_seconds_;
  base::QueueGauges queue_fullness_;
  std::thread thread_;
};

}  // namespace fansipan::sources
