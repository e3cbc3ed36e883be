#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "bench/benches.h"
#include "bench/big_center.h"
#include "bench/live_connections.h"
#include "bench/prepared.h"
#include "bench/report.h"
#include "bench/server_process.h"

namespace fansipan::bench {
namespace {

constexpr std::size_t kPushers = 2;
constexpr double kConnectPatience = 120;               // seconds until all have a first state
constexpr auto kAfterwards = std::chrono::seconds(5);  // for the last change to be shown
constexpr rlim_t kFilesBesideViewers = 1'000;

/// One change that was delivered: a new case in a commune.
struct Change {
  std::size_t commune = 0;
  std::uint64_t sequence = 0;
  SteadyMoment pushed;
  SteadyMoment acknowledged;
};

base::Status AllowFiles(std::size_t viewers) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t wanted = viewers + kFilesBesideViewers;
  if (limit.rlim_cur >= wanted) return {};
  limit.rlim_cur = wanted;
  limit.rlim_max = std::max(limit.rlim_max, wanted);
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  return base::Error{base::ErrorCode::kUnavailable, "",
                     fmt::format("{} open files are not allowed here (ulimit -n)", wanted)};
}

std::string UnitOf(std::size_t pair) {
  return pair == 0 ? std::string(kProvince) : CommuneCode(pair - 1);
}

/// Delivers changes at the wanted rate, each from the moment it was due.
class ChangeSource {
 public:
  ChangeSource(const ServerProcess& server, const BigHistory& history, const Settings& settings)
      : server_(server), history_(history), settings_(settings) {}

  base::Status Run() {
    FANSIPAN_ASSIGN_OR_RETURN(token_, server_.MakeToken());
    start_ = SteadyNow();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kPushers; ++i) threads.emplace_back([this, i] { Push(i); });
    for (std::thread& thread : threads) thread.join();
    return failed_;
  }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  void Push(std::size_t first) {
    const auto status = [&]() -> base::Status {
      FANSIPAN_ASSIGN_OR_RETURN(const auto client, server_.Connect());
      const auto count = static_cast<std::size_t>(settings_.seconds * settings_.changes_per_second);
      for (std::size_t i = first; i < count; i += kPushers) {
        FANSIPAN_RETURN_IF_ERROR(PushOne(*client, i));
      }
      return {};
    }();
    const std::lock_guard lock(mutex_);
    if (!status.ok()) failed_ = status;
  }

  base::Status PushOne(HttpClient& client, std::size_t number) {
    Change change;
    std::mt19937_64 random(number);
    change.commune = random() % std::max<std::size_t>(1, settings_.pairs - 1);
    const auto due = static_cast<double>(number) / settings_.changes_per_second;
    change.pushed = start_ + std::chrono::microseconds(static_cast<std::int64_t>(due * 1e6));
    std::this_thread::sleep_until(change.pushed);
    std::string csv = kCsvHeader;
    AppendCsv(history_.NewCase(number, static_cast<std::uint32_t>(change.commune),
                               base::SystemClock().Now()),
              csv);
    FANSIPAN_ASSIGN_OR_RETURN(
        const HttpAnswer answer,
        client.Post("/api/v1/sources/cases/deliveries",
                    "Content-Type: text/csv\r\nAuthorization: Bearer " + token_ + "\r\n", csv));
    if (answer.status != 201) {
      return base::Error{base::ErrorCode::kUnavailable, "", "a change was refused: " + answer.body};
    }
    change.acknowledged = SteadyNow();
    change.sequence = FindNumber(answer.body, "sequence");
    const std::lock_guard lock(mutex_);
    changes_.push_back(change);
    return {};
  }

  const ServerProcess& server_;
  const BigHistory& history_;
  const Settings& settings_;
  std::string token_;
  SteadyMoment start_{};
  std::mutex mutex_;
  std::vector<Change> changes_;
  base::Status failed_;
};

struct Delays {
  Latencies since_pushed;
  Latencies since_acknowledged;
  Latencies whole_province;
  std::size_t missing = 0;
};

Delays FindDelays(const LiveConnections& viewers, const std::vector<Change>& changes,
                  std::size_t pairs) {
  Delays delays;
  for (const Change& change : changes) {
    for (std::size_t viewer = 0; viewer < viewers.size(); ++viewer) {
      const std::size_t pair = viewer % pairs;
      if (pair != 0 && pair != change.commune + 1) continue;
      const SeenState* state = FirstWith(viewers.Seen(viewer), change.sequence);
      if (state == nullptr) {
        ++delays.missing;
        continue;
      }
      delays.since_pushed.Add(MillisecondsBetween(change.pushed, state->at));
      const double after = std::max(0.0, MillisecondsBetween(change.acknowledged, state->at));
      delays.since_acknowledged.Add(after);
      if (pair == 0) delays.whole_province.Add(after);
    }
  }
  return delays;
}

base::Status Connect(LiveConnections& viewers, const Settings& settings) {
  for (std::size_t i = 0; i < settings.viewers; ++i) {
    FANSIPAN_RETURN_IF_ERROR(viewers.Open(UnitOf(i % settings.pairs)));
  }
  FANSIPAN_RETURN_IF_ERROR(viewers.Start());
  const auto start = SteadyNow();
  while (viewers.CountSnapshots() < settings.viewers) {
    if (SecondsSince(start) > kConnectPatience || viewers.CountClosed() > 0) {
      return base::Error{
          base::ErrorCode::kUnavailable, "",
          fmt::format("{} of {} viewers got a state, {} were closed", viewers.CountSnapshots(),
                      settings.viewers, viewers.CountClosed())};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return {};
}

}  // namespace

base::Status RunViewers(const Settings& settings) {
  FANSIPAN_RETURN_IF_ERROR(AllowFiles(settings.viewers));
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, settings.scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto copy, ScratchCopy::Of(prepared, settings));
  FANSIPAN_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(copy->folder(), settings));
  FANSIPAN_RETURN_IF_ERROR(server->WaitForIntake());
  Report report("viewers", settings);
  const BigHistory history(prepared.shape);
  const double before = server->Gigabytes("VmRSS");
  LiveConnections viewers(server->port());
  const auto connecting = SteadyNow();
  FANSIPAN_RETURN_IF_ERROR(Connect(viewers, settings));
  const double connected = SecondsSince(connecting);
  const double resident = server->Gigabytes("VmRSS");
  const std::uint64_t frames = viewers.frames();
  const std::uint64_t bytes = viewers.bytes();
  const double processor = server->cpu_seconds();
  const auto start = SteadyNow();
  ChangeSource source(*server, history, settings);
  FANSIPAN_RETURN_IF_ERROR(source.Run());
  const double pushing = SecondsSince(start);
  std::this_thread::sleep_for(kAfterwards);
  const double seconds = SecondsSince(start);
  const double used = (server->cpu_seconds() - processor) / seconds;
  const double at_end = server->Gigabytes("VmRSS");
  viewers.Stop();
  const Delays delays = FindDelays(viewers, source.changes(), settings.pairs);
  report.AddSetting("load", fmt::format("{} viewers over {} units of one public panel, {:g} new "
                                        "cases a second in random communes, {:g} s; each shows in "
                                        "its commune's panel and the province's",
                                        settings.viewers, settings.pairs,
                                        settings.changes_per_second, settings.seconds));
  report.AddSetting("generator", "in its own process: one thread reads all streams");
  const auto kilobytes_each = [&](double gigabytes) {
    return std::max(0.0, gigabytes - before) * 1e6 / static_cast<double>(settings.viewers);
  };
  report.AddJudged("change acknowledged to frame at the viewer, p99",
                   delays.since_acknowledged.p99(), {250, false, "ms"});
  report.AddFigure("acknowledged to frame", delays.since_acknowledged.Text());
  report.AddFigure("of it viewers of the province", delays.whole_province.Text());
  report.AddFigure("pushed to frame (worker process and journal, too)", delays.since_pushed.Text());
  report.AddJudged("server memory for each viewer, connected", kilobytes_each(resident),
                   {25, false, "kB"});
  report.AddJudged("server memory for each viewer, after the load", kilobytes_each(at_end),
                   {25, false, "kB"});
  report.AddFigure("all connected and with a first state after", NumberText(connected, "s"));
  report.AddFigure("frames and heartbeats",
                   fmt::format("{:.0f} frames/s, {:.1f} MB/s",
                               static_cast<double>(viewers.frames() - frames) / seconds,
                               static_cast<double>(viewers.bytes() - bytes) / 1e6 / seconds));
  report.AddFigure("the server's processor, workers too", fmt::format("{:.2f} cores", used));
  report.AddJudged("changes delivered a second",
                   static_cast<double>(source.changes().size()) / pushing,
                   {0.99 * settings.changes_per_second, true, "changes/s"});
  report.AddFigure("changes that a viewer never saw", fmt::format("{}", delays.missing));
  report.AddFigure("streams that were closed", fmt::format("{}", viewers.CountClosed()));
  report.Finish();
  return {};
}

}  // namespace fansipan::bench
