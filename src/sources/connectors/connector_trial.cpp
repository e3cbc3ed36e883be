#include "sources/connectors/connector_trial.h"

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <thread>
#include <utility>

#include "base/thread_name.h"
#include "sources/connectors/connectors.h"

namespace fansipan::sources {
namespace {

using SteadyMoment = base::Patience::Moment;

/// A stop that is asked for at a moment, or when nobody waits any more.
class TimedStop {
 public:
  TimedStop(SteadyMoment at, const std::stop_token& gone)
      : when_gone_(gone, [this] { stop_.request_stop(); }),
        timer_([this, at](const std::stop_token& over) {
          base::NameThread("trial timer");
          const auto left = at - std::chrono::steady_clock::now();
          WaitUnlessStopped(std::chrono::ceil<base::Duration>(left), over);
          if (!over.stop_requested()) stop_.request_stop();
        }) {}

  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> when_gone_;
  std::jthread timer_;
};

/// Keeps the first payload for the trial and says to the connector that nothing was recorded.
class TrialPassage final : public Passage {
 public:
  TrialPassage(const std::string& source, const ConnectorTrialParts& parts, std::stop_token stop)
      : source_(source), parts_(parts), stop_(std::move(stop)) {}

  const std::string& source() const override { return source_; }
  std::string Position() const override { return {}; }
  base::Status Deliver(std::string payload, std::string position) override {
    return DeliverFile({}, std::move(payload), std::move(position));
  }
  base::Status DeliverFile(const std::string& file_name, std::string payload,
                           std::string /*position*/) override {
    if (!fetched_) fetched_ = FetchedOnce{std::move(payload), file_name, std::move(told_)};
    return ConnectorStopped();
  }
  void NoteTold(const std::map<std::string, std::string>& told) override { told_ = told; }
  base::Status Heartbeat(std::string /*position*/) override { return {}; }
  base::Result<std::string> Secret(const std::string& name) override {
    return GetSecret(name, parts_.secret(name));
  }
  void NoteContact() override { answered_ = true; }
  void HoldOff(base::Duration /*duration*/) override {}
  base::Status Wait(base::Duration duration) override {
    if (duration > base::Duration()) WaitUnlessStopped(duration, stop_);
    if (stop_.stop_requested()) return ConnectorStopped();
    return {};
  }
  base::Timestamp Now() const override { return parts_.clock->Now(); }
  const std::stop_token& stop() const override { return stop_; }
  bool is_trial() const override { return true; }

  std::optional<FetchedOnce>& fetched() { return fetched_; }
  bool answered() const { return answered_; }

 private:
  const std::string& source_;
  const ConnectorTrialParts& parts_;
  const std::stop_token stop_;
  std::map<std::string, std::string> told_;
  std::optional<FetchedOnce> fetched_;
  bool answered_ = false;
};

base::Error NothingCame(const std::string& source) {
  return {base::ErrorCode::kUnavailable, "nothing_came",
          "source '" + source +
              "' answers, and has nothing to send; try again when it has, or try a file as it "
              "would send it"};
}

base::Error Silent(const TrialPassage& passage, const ConnectorTrialParts& parts) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(parts.limit).count();
  return {base::ErrorCode::kUnavailable, "source_silent",
          "source '" + passage.source() + "' " +
              (passage.answered() ? "answers, and has sent nothing whole" : "has not answered") +
              " within " + std::to_string(seconds) + " seconds; ask its operator"};
}

/// The status of a trial says how the trial went, not how the source's sign-in did.
base::Error OfSource(base::Error error) {
  if (error.reason.empty()) error.reason = base::NameOf(error.code);
  error.code = base::ErrorCode::kUnavailable;
  return error;
}

}  // namespace

base::Result<FetchedOnce> FetchOnce(const std::string& source, Connector& connector,
                                    const ConnectorTrialParts& parts,
                                    const base::Patience& patience) {
  const SteadyMoment begun = std::chrono::steady_clock::now();
  const TimedStop stop(std::min(begun + parts.limit, patience.deadline()), patience.gone());
  TrialPassage passage(source, parts, stop.token());
  for (int asking = 1;; ++asking) {
    base::Status status = connector.Ask(passage);
    if (passage.fetched()) return *std::move(passage.fetched());
    FANSIPAN_RETURN_IF_ERROR(patience.Check());
    if (stop.token().stop_requested()) return Silent(passage, parts);
    if (!status.ok()) return OfSource(std::move(status).error());
    const bool quick = std::chrono::steady_clock::now() - begun < parts.limit / 3;
    if (asking == 2 || !quick) return NothingCame(source);
    if (!passage.Wait(parts.look).ok()) return Silent(passage, parts);
  }
}

base::Result<FetchedOnce> FetchOnce(const center::Source& source, const ConnectorTrialParts& parts,
                                    const base::Patience& patience) {
  base::MetricsRegistry metrics;
  const auto connector = MakeConnector(source, metrics);
  if (connector) return FetchOnce(source.name, *connector, parts, patience);
  return base::Error{base::ErrorCode::kInvalidArgument, "no_connector",
                     "source '" + source.name +
                         "' is not asked, what it sends comes by itself; try a file as it would "
                         "send it"};
}

}  // namespace fansipan::sources
