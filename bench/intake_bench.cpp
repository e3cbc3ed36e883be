#include <fmt/format.h>

#include <atomic>
#include <ctime>
#include <mutex>
#include <thread>

#include "base/thread_name.h"
#include "bench/benches.h"
#include "bench/big_center.h"
#include "bench/latencies.h"
#include "bench/postgres_peer.h"
#include "bench/prepared.h"
#include "bench/report.h"

namespace fansipan::bench {
namespace {

constexpr double kFresh = 0.2;  // share of rows that are new cases; the others correct known ones
constexpr int kPatience = 60;   // tries of ten seconds, for the fact store

/// What one way of intake took.
struct Taken {
  double seconds = 0;          ///< until everything was acknowledged and in the published figures
  double processor = 0;        ///< of this process
  double facts_seconds = 0;    ///< until the fact store had followed, after that
  double journal_seconds = 0;  ///< of the committer, from its own metrics
  double publish_seconds = 0;
  std::uint64_t rows = 0;
  std::uint64_t not_accepted = 0;
  double rate() const { return static_cast<double>(rows) / seconds; }
};

double StageSeconds(LocalCenter& center, const std::string& stage) {
  return center.metrics()
      .GetHistogram("fansipan_stage_seconds", "Time a stage of intake takes", {{"stage", stage}})
      .sum();
}

double ThreadsSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Runs `deliver` for each batch on as many threads as there are connections, and waits until the
/// last is in the published figures.
template <typename Deliver>
base::Result<Taken> Measure(LocalCenter& center, const Settings& settings, const Deliver& deliver) {
  Taken taken;
  const double journal = StageSeconds(center, "journal");
  const double publish = StageSeconds(center, "publish");
  const double processor = ThreadsSeconds();
  const auto start = SteadyNow();
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  base::Status failed;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < settings.connections; ++i) {
    threads.emplace_back([&] {
      base::NameThread("deliverer");
      for (std::size_t batch = next++; batch < settings.batches; batch = next++) {
        const base::Result<model::DeliveryCounts> counts = deliver(batch);
        const std::lock_guard lock(mutex);
        if (!counts.ok()) {
          failed = counts.error();
          return;
        }
        taken.rows += counts->candidates;
        taken.not_accepted += counts->candidates - counts->accepted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  FANSIPAN_RETURN_IF_ERROR(failed);
  server::CenterRuntime& runtime = center.runtime();
  runtime.committer().TickNow();
  const auto end = runtime.journal().End().sequence;
  if (runtime.engine()->snapshot().sequence < end) {
    return base::Error{base::ErrorCode::kInternal, "", "the figures are behind the journal"};
  }
  taken.seconds = SecondsSince(start);
  taken.processor = ThreadsSeconds() - processor;
  taken.journal_seconds = StageSeconds(center, "journal") - journal;
  taken.publish_seconds = StageSeconds(center, "publish") - publish;
  for (int i = 0; i < kPatience && !runtime.WaitForFacts(end).ok(); ++i) {
  }
  taken.facts_seconds = SecondsSince(start) - taken.seconds;
  return taken;
}

/// Payloads of one half of the batches' numbers, so that no batch comes twice.
std::vector<std::string> MakePayloads(const BigHistory& history, const Settings& settings,
                                      base::Timestamp moment) {
  std::vector<std::string> payloads;
  for (std::size_t i = 0; i < settings.batches; ++i) {
    std::string csv = kCsvHeader;
    const auto at = moment + std::chrono::milliseconds(i);
    for (const CaseRow& row : history.NextRows(i, settings.batch_rows, at, kFresh)) {
      AppendCsv(row, csv);
    }
    payloads.push_back(std::move(csv));
  }
  return payloads;
}

base::Result<Taken> MeasureDirect(LocalCenter& center, const BigHistory& history,
                                  const Settings& settings, base::Timestamp moment) {
  std::vector<sources::PendingDelivery> pending;
  for (std::size_t i = 0; i < settings.batches; ++i) {
    const auto at = moment + std::chrono::milliseconds(i);
    const auto rows = history.NextRows(settings.batches + i, settings.batch_rows, at, kFresh);
    pending.push_back(ToPending(rows, center.runtime().engine()->center(), at));
    FANSIPAN_ASSIGN_OR_RETURN(pending.back().delivery.archive_id,
                              center.runtime().archive().Put(kCsvHeader));
  }
  return Measure(center, settings, [&](std::size_t batch) -> base::Result<model::DeliveryCounts> {
    FANSIPAN_ASSIGN_OR_RETURN(const auto recorded,
                              center.runtime().committer().Commit(std::move(pending[batch])));
    return recorded.delivery.counts;
  });
}

base::Result<Taken> MeasureWhole(LocalCenter& center, const std::vector<std::string>& payloads,
                                 const Settings& settings) {
  return Measure(center, settings, [&](std::size_t batch) -> base::Result<model::DeliveryCounts> {
    sources::Submission submission;
    submission.source = kSourceName;
    submission.payload = payloads[batch];
    submission.idempotency_key = fmt::format("intake-{}", batch);
    submission.received_at = center.clock().Now();
    FANSIPAN_ASSIGN_OR_RETURN(const auto report,
                              center.runtime().intake().Deliver(std::move(submission)));
    return report.delivery.counts;
  });
}

void Print(Report& report, const std::string& way, const Taken& taken) {
  report.AddFigure(
      way + ", took",
      fmt::format("{} rows in {:.2f} s, processor {:.2f} s in this process",
                  CountText(static_cast<double>(taken.rows)), taken.seconds, taken.processor));
  report.AddFigure(way + ", of it journal (write and sync)",
                   fmt::format("{:.2f} s", taken.journal_seconds));
  report.AddFigure(way + ", of it publishing (cells, log)",
                   fmt::format("{:.2f} s", taken.publish_seconds));
  report.AddFigure(way + ", the fact store follows after",
                   fmt::format("{:.2f} s", taken.facts_seconds));
  if (taken.not_accepted > 0) {
    report.AddNote(fmt::format("{}: {} rows were not accepted", way, taken.not_accepted));
  }
}

}  // namespace

base::Status RunIntake(const Settings& settings) {
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, settings.scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto copy, ScratchCopy::Of(prepared, settings));
  Report report("intake", settings);
  const BigHistory history(prepared.shape);
  const base::Timestamp moment = base::SystemClock().Now() - std::chrono::minutes(1);
  const std::vector<std::string> payloads = MakePayloads(history, settings, moment);
  base::Result<Taken> whole = Taken{};
  base::Result<Taken> direct = Taken{};
  {
    FANSIPAN_ASSIGN_OR_RETURN(const auto center, LocalCenter::Open(copy->folder(), settings));
    FANSIPAN_RETURN_IF_ERROR(center->runtime().Start({}));
    whole = MeasureWhole(*center, payloads, settings);
    if (!whole.ok()) return whole.error();
    direct = MeasureDirect(*center, history, settings, moment + std::chrono::seconds(1));
    if (!direct.ok()) return direct.error();
  }
  PeerOutcome peer;
  if (settings.peer) peer = RunPostgresPeer(history, payloads, settings);
  report.AddSetting("already there",
                    CountText(static_cast<double>(prepared.versions)) + " versions of " +
                        CountText(static_cast<double>(prepared.shape.keys)) + " keys");
  report.AddSetting(
      "load",
      fmt::format("{} deliveries of {} rows ({} bytes CSV), {} at once, {:.0f} % new cases, "
                  "the others correct known ones",
                  settings.batches, settings.batch_rows, payloads.front().size(),
                  settings.connections, 100 * kFresh));
  report.AddSetting("peer", peer.settings);
  const std::string of_peer =
      peer.seconds > 0 ? fmt::format("{:.0f} rows/s", peer.rate()) : "not measured";
  report.AddJudged("durable, worker process and all", whole->rate(), {150'000, true, "rows/s"},
                   of_peer);
  if (peer.seconds > 0) {
    report.AddJudged("the same against PostgreSQL", whole->rate() / peer.rate(),
                     {5, true, "times"});
  }
  report.AddFigure("straight to the committer", fmt::format("{:.0f} rows/s", direct->rate()));
  Print(report, "whole way", *whole);
  Print(report, "straight", *direct);
  if (!peer.note.empty()) report.AddNote(peer.note);
  report.Finish();
  return {};
}

}  // namespace fansipan::bench
