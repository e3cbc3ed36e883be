#include "bench/sustained_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "bench/big_center.h"
#include "bench/live_connections.h"
#include "model/value.h"

namespace fansipan::bench {
namespace {

constexpr std::size_t kPushers = 4;
constexpr double kTooLate = 30'000;  // milliseconds
constexpr auto kRest = std::chrono::milliseconds(500);

struct Pushed {
  std::uint64_t sequence = 0;
  SteadyMoment due;
};

class Load {
 public:
  Load(const ServerProcess& server, const BigHistory& history, const LoadPlan& plan)
      : server_(server), history_(history), plan_(plan), viewer_(server.port()) {}

  base::Result<LoadSpan> Run() {
    FANSIPAN_ASSIGN_OR_RETURN(token_, server_.MakeToken());
    FANSIPAN_RETURN_IF_ERROR(viewer_.Open(std::string(kProvince)));
    FANSIPAN_RETURN_IF_ERROR(viewer_.Start());
    start_ = SteadyNow() + std::chrono::seconds(1);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kPushers; ++i) {
      threads.emplace_back([this] { Guard([this] { return Push(); }); });
    }
    threads.emplace_back([this] { Guard([this] { return ReadPast(); }); });
    while (!stop_ && SecondsSince(start_) < plan_.seconds) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      if (SecondsSince(start_) - ended_ >= plan_.span_seconds) EndSpan();
    }
    stop_ = true;
    for (std::thread& thread : threads) thread.join();
    std::this_thread::sleep_for(std::chrono::seconds(1));
    EndSpan();
    viewer_.Stop();
    FANSIPAN_RETURN_IF_ERROR(failed_);
    return total_;
  }

 private:
  template <typename Work>
  void Guard(const Work& work) {
    const base::Status status = work();
    if (status.ok()) return;
    const std::lock_guard lock(mutex_);
    failed_ = status;
    stop_ = true;
  }

  base::Status Push() {
    FANSIPAN_ASSIGN_OR_RETURN(const auto client, server_.Connect());
    const std::string fields = "Content-Type: text/csv\r\nAuthorization: Bearer " + token_ + "\r\n";
    const double step =
        static_cast<double>(plan_.rows_per_delivery) / static_cast<double>(plan_.rows_per_second);
    while (!stop_) {
      const std::uint64_t number = next_++;
      const double at = static_cast<double>(number) * step;
      if (at > plan_.seconds) return {};
      const auto due = start_ + std::chrono::microseconds(static_cast<std::int64_t>(at * 1e6));
      std::string csv = kCsvHeader;
      const auto rows = history_.NextRows(number, plan_.rows_per_delivery,
                                          base::SystemClock().Now(), plan_.new_share);
      for (const CaseRow& row : rows) AppendCsv(row, csv);
      std::this_thread::sleep_until(due);
      const double late = MillisecondsBetween(due, SteadyNow());
      if (late > kTooLate) stop_ = true;
      FANSIPAN_RETURN_IF_ERROR(PushUntilTaken(*client, fields, csv, {0, due}));
      const std::lock_guard lock(mutex_);
      span_.latest = late;
      span_.rows += plan_.rows_per_delivery;
      span_.taken_until = SecondsSince(start_);
    }
    return {};
  }

  base::Status PushUntilTaken(HttpClient& client, const std::string& fields, const std::string& csv,
                              Pushed pushed) {
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer answer,
                                client.Post("/api/v1/sources/cases/deliveries", fields, csv));
      const std::lock_guard lock(mutex_);
      if (answer.status == 201) {
        pushed.sequence = FindNumber(answer.body, "sequence");
        pushed_.push_back(pushed);
        span_.acknowledged.Add(MillisecondsBetween(pushed.due, SteadyNow()));
        return {};
      }
      ++span_.refused;
      if (answer.status != 503 && answer.status != 429) {
        return base::Error{base::ErrorCode::kUnavailable, "", "refused: " + answer.body};
      }
      if (stop_) return {};
    }
  }

  base::Status ReadPast() {
    FANSIPAN_ASSIGN_OR_RETURN(const auto client, server_.Connect());
    std::mt19937_64 random(7);
    const auto from = history_.shape().start;
    const auto span = static_cast<std::uint64_t>((history_.shape().end - from).count());
    while (!stop_) {
      const auto moment = from + base::Duration(static_cast<std::int64_t>(random() % span));
      const std::string target = fmt::format("/api/v1/panels/{}?as_of={}", kPanelName,
                                             EncodeQuery(model::ToText(model::Value(moment))));
      const auto begun = SteadyNow();
      FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer answer, client->Get(target));
      const double took = MillisecondsBetween(begun, SteadyNow());
      {
        const std::lock_guard lock(mutex_);
        if (answer.status == 200) span_.as_of.Add(took);
        if (answer.status != 200) ++span_.refused;
      }
      std::this_thread::sleep_for(kRest);
    }
    return {};
  }

  /// Moves what was gathered into the total. What no viewer saw yet stays for the next span.
  void EndSpan() {
    LoadSpan span;
    {
      const std::lock_guard lock(mutex_);
      std::swap(span, span_);
      span.until = SecondsSince(start_);
      const std::vector<SeenState> seen = viewer_.TakeSeen(0);
      std::vector<Pushed> waiting;
      for (const Pushed& pushed : pushed_) {
        const SeenState* state = FirstWith(seen, pushed.sequence);
        if (state == nullptr) {
          waiting.push_back(pushed);
        } else {
          span.seen.Add(MillisecondsBetween(pushed.due, state->at));
        }
      }
      pushed_ = std::move(waiting);
    }
    ended_ = span.until;
    total_.Add(span);
    if (plan_.on_span) plan_.on_span(span);
  }

  const ServerProcess& server_;
  const BigHistory& history_;
  const LoadPlan& plan_;
  LiveConnections viewer_;
  std::string token_;
  SteadyMoment start_{};
  double ended_ = 0;
  std::atomic<std::uint64_t> next_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;  ///< guards what follows
  LoadSpan span_;
  LoadSpan total_;
  std::vector<Pushed> pushed_;  ///< not yet seen
  base::Status failed_;
};

}  // namespace

void LoadSpan::Add(const LoadSpan& other) {
  until = other.until;
  acknowledged.Add(other.acknowledged);
  seen.Add(other.seen);
  as_of.Add(other.as_of);
  taken_until = std::max(taken_until, other.taken_until);
  rows += other.rows;
  refused += other.refused;
  latest = std::max(latest, other.latest);
}

base::Result<LoadSpan> RunLoad(const ServerProcess& server, const BigHistory& history,
                               const LoadPlan& plan) {
  return Load(server, history, plan).Run();
}

}  // namespace fansipan::bench
