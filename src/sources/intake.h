#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "center/center.h"
#include "model/quarantine_decision.h"
#include "model/record.h"
#include "sources/committer.h"
#include "sources/mapping_worker.h"
#include "sources/validation.h"
#include "store/archive.h"
#include "store/fact_store.h"

namespace fansipan::sources {

inline constexpr std::size_t kMaxPauseReason = 500;  ///< characters
/// The reason of the error that a paused source is answered with.
inline constexpr std::string_view kSourcePaused = "source_paused";

/// What a source handed over, unpacked.
struct Submission {
  std::string source;
  std::string payload;
  std::string file_name;        ///< of a file that was dropped or fetched; else empty
  std::string idempotency_key;  ///< push only, may be empty
  base::Timestamp received_at;
  /// Where the connector goes on once this is durable: recorded in the same journal entry, also
  /// with a delivery that is kept as refused. Empty: unchanged.
  std::string position{};
  /// What the source told beside the payload (center::ControlPlace::ToldName → text).
  std::map<std::string, std::string> told{};
};

/// What became of a delivery. `already_recorded`: the same key and payload had been taken before,
/// and this is the report of that time.
struct DeliveryReport {
  model::Delivery delivery;
  std::vector<model::QuarantinedRow> quarantined;  ///< the first 100
  bool already_recorded = false;
};

/// The way of a delivery from its bytes to its acknowledgement: archive, worker, validation,
/// journal. Threads: any thread calls; the caller waits. At most as many deliveries as the worker
/// allows are decoded at once; the committer puts them in order.
class Intake {
 public:
  struct Parts {
    store::Archive* archive = nullptr;
    store::FactStore* facts = nullptr;
    MappingWorker* worker = nullptr;
    Committer* committer = nullptr;
    const base::Clock* clock = nullptr;
    base::MetricsRegistry* metrics = nullptr;
    /// The running center; may change between calls.
    std::function<std::shared_ptr<const center::Center>()> center;
    /// Returns once the fact store holds everything up to the sequence.
    std::function<base::Status(model::Sequence)> wait_for_facts;
  };
  explicit Intake(Parts parts);

  /// Success means durable. Errors: kNotFound unknown_source; kTooLarge payload_too_large; decoding
  /// errors (nothing is kept); kInvalidArgument with a mapping's or worker's reason (the delivery
  /// is kept as refused, to be replayed once the mapping is mended; the message names its
  /// sequence); kConflict idempotency_key_reused; kStorageFull; kUnavailable intake_stopped,
  /// source_paused or intake_busy (also when one source has too many under way).
  base::Result<DeliveryReport> Deliver(Submission submission);
  /// Reads an archived delivery again with the mappings of today. Its rows take the place of the
  /// original in precedence; rows it no longer yields are withdrawn. kNotFound: no such delivery;
  /// kUnavailable intake_busy: it is being read again already.
  base::Result<DeliveryReport> Replay(model::Sequence sequence);
  /// Records decisions about rows of one original delivery, all or none; without sequences and
  /// moments. Where they change which rows are accepted, the delivery is read again with them in
  /// the same step, and its report is given. Errors: those of Replay.
  base::Result<std::optional<DeliveryReport>> Decide(
      std::vector<model::QuarantineDecision> decisions);
  /// Notes that the source lives without news. `position` as in a submission.
  base::Status Heartbeat(const std::string& source, std::string position = {});
  /// Has the source stand still: what it sends is answered kUnavailable source_paused, its
  /// connector does not ask. kInvalidArgument pause_reason: it is empty or blank, longer than
  /// kMaxPauseReason characters, or no UTF-8. `by` is who decided it, in the words of the audit.
  base::Status Pause(const std::string& source, const std::string& reason, std::string by);
  /// Ends the pause; does nothing when there is none.
  base::Status Resume(const std::string& source, std::string by);
  /// kUnavailable source_paused while it is.
  base::Status CheckNotPaused(const std::string& source) const;
  /// Records that the source's connector fails, or that it no longer does; a failure that is known
  /// is not recorded again.
  base::Status NoteFailing(const std::string& source, const base::Error& error);
  base::Status NoteAnswering(const std::string& source);
  /// The last position recorded for the source; empty: none.
  std::string PositionOf(const std::string& source) const;
  /// The highest sequence that is recorded, published or not.
  model::Sequence last_recorded() const { return parts_.committer->last_recorded(); }
  /// Whether a delivery of the source was recorded under this idempotency key and is remembered.
  bool HasRecorded(const std::string& source, const std::string& idempotency_key) const {
    return parts_.committer->FindIdempotent(source, idempotency_key).has_value();
  }
  /// Rows of an original delivery that are taken in by a person's decision.
  model::AcceptedRows AcceptedRowsOf(model::Sequence delivery) const {
    return parts_.committer->AcceptedRowsOf(delivery);
  }

 private:
  /// One of the deliveries of a source that are under way, from construction to destruction.
  class Passage;
  class Rereading;
  /// What goes with a payload while it is prepared.
  struct Beside {
    const std::map<std::string, std::string>& told;
    /// Of the raw columns, when the mappings failed.
    std::vector<model::ColumnProfile> failed_profile{};
  };
  static void AddTold(const center::Source& source, const model::Delivery& delivery,
                      const Beside& beside, ToldTotals& told);
  static std::optional<model::ControlTotals> ToldOfRefused(const center::Source& source,
                                                           const model::Delivery& delivery,
                                                           const Beside& beside);
  void ShowUnderWay(const std::string& source, std::size_t count);
  base::Result<DeliveryReport> DeliverNow(Submission submission);
  base::Status DropBodies(const center::Center& center, const center::Source& source,
                          Submission& submission);
  base::Result<PendingDelivery> Prepare(const center::Center& center, const center::Source& source,
                                        model::Delivery delivery, std::string payload,
                                        const model::AcceptedRows& accepted, Beside& beside);
  base::Result<DeliveryReport> ReadAgain(model::Sequence root, const model::AcceptedRows& accepted,
                                         const std::vector<model::QuarantineDecision>& decisions);
  base::Result<model::Delivery> FindOriginal(model::Sequence sequence);
  base::Result<DeliveryReport> RecordRefusal(model::Delivery delivery, std::string position,
                                             const base::Error& error);
  base::Result<DeliveryReport> ReportOf(model::Sequence sequence);

  Parts parts_;
  std::mutex under_way_mutex_;
  std::map<std::string, std::size_t> under_way_;  ///< deliveries by source
  std::set<model::Sequence> read_again_;          ///< originals of the replays under way
  base::Histogram& map_seconds_;
  base::Histogram& validate_seconds_;
  base::Histogram& archive_seconds_;  ///< within map_seconds_
  base::Histogram& keep_seconds_;
  base::Histogram& commit_seconds_;
};

}  // namespace fansipan::sources
