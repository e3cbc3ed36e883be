#include "sources/connectors/connector_runner.h"

#include <algorithm>
#include <condition_variable>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"
#include "sources/internal/passing_errors.h"

namespace fansipan::sources {
namespace {

constexpr base::Duration kFirstBackoff = std::chrono::seconds(1);
constexpr base::Duration kLongestBackoff = std::chrono::minutes(5);
constexpr base::Duration kSecretLook =
    std::chrono::seconds(5);  // looking costs nothing, and nobody likes to wait then
constexpr base::Duration kPauseLook = std::chrono::seconds(1);
constexpr std::uint32_t kMaxDoublings = 10;
/// What mends itself within a few seconds is recorded by no entry.
constexpr std::uint32_t kFailuresThatLast = 3;

constexpr std::string_view kSecretMissing = "secret_missing";
constexpr std::string_view kStopped = "connector_stopped";

base::Labels LabelsOf(const std::string& source, const std::string& connector) {
  return {{"source", source}, {"connector", connector}};
}

double SecondsOf(base::Timestamp moment) {
  return std::chrono::duration<double>(moment.time_since_epoch()).count();
}

}  // namespace

base::Error ConnectorStopped() {
  return {base::ErrorCode::kUnavailable, std::string(kStopped), "the connector is being stopped"};
}

base::Result<std::string> GetSecret(const std::string& name,
                                    base::Result<std::optional<std::string>> found) {
  FANSIPAN_ASSIGN_OR_RETURN(auto value, std::move(found));
  if (value) return *std::move(value);
  return base::Error{base::ErrorCode::kUnavailable, std::string(kSecretMissing),
                     "the secret '" + name +
                         "' is not set; an administrator sets it with 'fansipan secret set " +
                         name + "'"};
}

void WaitUnlessStopped(base::Duration duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, duration, [] { return false; });
}

/// The passage of one asking.
class ConnectorRunner::Gate final : public Passage {
 public:
  Gate(ConnectorRunner& runner, const std::stop_token& stop) : runner_(runner), stop_(stop) {}

  const std::string& source() const override { return runner_.source_; }
  std::string Position() const override {
    return runner_.surroundings_.position_of(runner_.source_);
  }
  base::Status Deliver(std::string payload, std::string position) override {
    return DeliverFile({}, std::move(payload), std::move(position));
  }
  base::Status DeliverFile(const std::string& file_name, std::string payload,
                           std::string position) override;
  base::Status Heartbeat(std::string position) override {
    return Insist([&] { return runner_.surroundings_.heartbeat(runner_.source_, position); });
  }
  base::Result<std::string> Secret(const std::string& name) override;
  void NoteTold(const std::map<std::string, std::string>& told) override { told_ = told; }
  void NoteContact() override { runner_.NoteContact(); }
  void HoldOff(base::Duration duration) override { hold_off_ = duration; }
  base::Status Wait(base::Duration duration) override {
    if (duration > base::Duration() && !stop_.stop_requested()) {
      runner_.surroundings_.wait(duration, stop_);
    }
    if (stop_.stop_requested()) return ConnectorStopped();
    return {};
  }
  base::Timestamp Now() const override { return runner_.surroundings_.clock->Now(); }
  const std::stop_token& stop() const override { return stop_; }

  base::Duration hold_off() const { return hold_off_; }
  /// Why the last payload that was refused for its mapping was refused.
  const std::optional<base::Error>& refusal() const { return refusal_; }
  bool has_taken() const { return has_taken_; }

 private:
  base::Status Insist(const std::function<base::Status()>& act);

  ConnectorRunner& runner_;
  const std::stop_token stop_;
  base::Duration hold_off_{};
  std::optional<base::Error> refusal_;
  bool has_taken_ = false;
  std::map<std::string, std::string> told_;  ///< of the payload that is delivered next
};

/// Until it is taken, or refused for good.
base::Status ConnectorRunner::Gate::Insist(const std::function<base::Status()>& act) {
  for (std::uint32_t attempt = 1;; ++attempt) {
    if (stop_.stop_requested()) return ConnectorStopped();
    base::Status status = act();
    const bool is_paused = !status.ok() && status.error().reason == kSourcePaused;
    if (status.ok() || is_paused || !internal::MayPass(status.error().code)) {
      runner_.SetPhase(ConnectionPhase::kAsking);
      return status;
    }
    runner_.NoteHeldBack(status.error());
    if (attempt == 1) {
      base::LogInfo("source '{}' is held back: {}", runner_.source_, status.error().message);
    }
    FANSIPAN_RETURN_IF_ERROR(Wait(runner_.Backoff(attempt) / 4));
  }
}

base::Status ConnectorRunner::Gate::DeliverFile(const std::string& file_name, std::string payload,
                                                std::string position) {
  const base::Timestamp received_at = Now();
  base::Status status = Insist([&]() -> base::Status {
    auto report = runner_.surroundings_.deliver({.source = runner_.source_,
                                                 .payload = payload,
                                                 .file_name = file_name,
                                                 .idempotency_key = {},
                                                 .received_at = received_at,
                                                 .position = position,
                                                 .told = told_});
    if (report.ok()) {
      runner_.rows_.Add(report->delivery.counts.raw_rows);
      return {};
    }
    const bool kept = !position.empty() && Position() == position;
    if (!kept) return std::move(report).error();
    refusal_ = std::move(report).error();
    return {};
  });
  if (status.ok()) runner_.deliveries_.Add();
  has_taken_ = has_taken_ || status.ok();
  told_.clear();
  return status;
}

base::Result<std::string> ConnectorRunner::Gate::Secret(const std::string& name) {
  return GetSecret(name, runner_.surroundings_.secret(name));
}

ConnectorRunner::ConnectorRunner(std::string source, std::string connector_name,
                                 std::unique_ptr<Connector> connector,
                                 ConnectorSurroundings surroundings)
    : source_(std::move(source)),
      connector_name_(std::move(connector_name)),
      connector_(std::move(connector)),
      surroundings_(std::move(surroundings)),
      phase_gauge_(surroundings_.metrics->GetGauge(
          "fansipan_connector_state",
          "What a connector does: 0 waiting, 1 asking, 2 held back by intake, 3 failing, "
          "4 paused",
          LabelsOf(source_, connector_name_))),
      contact_gauge_(surroundings_.metrics->GetGauge(
          "fansipan_connector_last_contact_seconds",
          "When the source last answered a connector as it should, Unix time",
          LabelsOf(source_, connector_name_))),
      failures_(surroundings_.metrics->GetCounter("fansipan_connector_failures_total",
                                                  "Askings of a connector that failed",
                                                  LabelsOf(source_, connector_name_))),
      deliveries_(surroundings_.metrics->GetCounter("fansipan_connector_deliveries_total",
                                                    "Deliveries recorded for a connector",
                                                    LabelsOf(source_, connector_name_))),
      rows_(surroundings_.metrics->GetCounter("fansipan_connector_rows_total",
                                              "Raw rows of a connector's deliveries",
                                              LabelsOf(source_, connector_name_))) {
  connection_.connector = connector_name_;
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

ConnectorRunner::~ConnectorRunner() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  phase_gauge_.Withdraw();
  contact_gauge_.Withdraw();
}

Connection ConnectorRunner::connection() const {
  const bool is_paused = IsPaused();
  const std::lock_guard lock(mutex_);
  Connection shown = connection_;
  // What an official says holds at once; the thread comes to know of it when it looks.
  if (is_paused) {
    shown.phase = ConnectionPhase::kPaused;
    shown.next_at = std::nullopt;
  } else if (shown.phase == ConnectionPhase::kPaused) {
    shown.phase = shown.failures > 0 ? ConnectionPhase::kFailing : ConnectionPhase::kWaiting;
  }
  if (shown.phase == ConnectionPhase::kHeldBack && held_back_) {
    shown.reason = held_back_->reason;
    shown.message = held_back_->message;
  }
  return shown;
}

void ConnectorRunner::Run(const std::stop_token& stop) {
  base::NameThread("connector");
  while (!stop.stop_requested()) {
    if (IsPaused()) {
      SetPhase(ConnectionPhase::kPaused);
      surroundings_.wait(kPauseLook, stop);
      continue;
    }
    Gate gate(*this, stop);
    SetPhase(ConnectionPhase::kAsking);
    const base::Status status = connector_->Ask(gate);
    if (stop.stop_requested()) return;
    WaitUnlessPaused(NoteEnd(status, gate), stop);
  }
}

/// In pieces, so that a pause ends the wait. After the pause it is asked at once.
void ConnectorRunner::WaitUnlessPaused(base::Duration duration, const std::stop_token& stop) {
  if (!surroundings_.is_paused) return surroundings_.wait(duration, stop);
  while (duration > base::Duration() && !stop.stop_requested() && !IsPaused()) {
    const base::Duration piece = std::min<base::Duration>(duration, kPauseLook);
    surroundings_.wait(piece, stop);
    duration -= piece;
  }
}

base::Duration ConnectorRunner::NoteEnd(const base::Status& status, Gate& gate) {
  // What was on its way when the pause came is asked for again behind it.
  if (!status.ok() && status.error().reason == kSourcePaused) return kPauseLook;
  if (!status.ok()) {
    // A source that gives and then asks for patience sets the pace; that is no failure that lasts.
    if (gate.has_taken() && gate.hold_off() > base::Duration()) ForgetFailures();
    const base::Duration pause = NoteFailure(status.error(), gate.hold_off());
    if (connection().failures >= kFailuresThatLast) RecordFailure(status.error());
    return pause;
  }
  RecordAnswering();
  // The source did its part; the mapping is to be mended, and is not helped by asking sooner. The
  // refused delivery is recorded itself, and needs no note.
  if (gate.refusal()) NoteFailure(*gate.refusal(), {});
  const base::Timestamp next = Now() + connector_->every();
  const std::lock_guard lock(mutex_);
  connection_.next_at = next;
  if (gate.refusal()) return connector_->every();
  if (connection_.failures > 0) base::LogInfo("source '{}' answers again", source_);
  connection_.failures = 0;
  connection_.failing_since = std::nullopt;
  connection_.reason.clear();
  connection_.message.clear();
  connection_.phase = ConnectionPhase::kWaiting;
  phase_gauge_.Set(static_cast<double>(connection_.phase));
  return connector_->every();
}

void ConnectorRunner::ForgetFailures() {
  RecordAnswering();
  const std::lock_guard lock(mutex_);
  connection_.failures = 0;
  connection_.failing_since = std::nullopt;
}

base::Duration ConnectorRunner::NoteFailure(const base::Error& error, base::Duration hold_off) {
  const std::string reason =
      error.reason.empty() ? std::string(base::NameOf(error.code)) : error.reason;
  failures_.Add();
  const std::lock_guard lock(mutex_);
  // Logged when it is news, not at every asking.
  if (connection_.reason != reason || connection_.message != error.message) {
    base::LogWarning("source '{}': {}", source_, error.message);
  }
  ++connection_.failures;
  if (!connection_.failing_since) connection_.failing_since = Now();
  connection_.reason = reason;
  connection_.message = error.message;
  connection_.phase = ConnectionPhase::kFailing;
  phase_gauge_.Set(static_cast<double>(connection_.phase));
  const base::Duration pause =
      reason == kSecretMissing ? kSecretLook : std::max(hold_off, Backoff(connection_.failures));
  connection_.next_at = Now() + pause;
  return pause;
}

/// What could not be recorded is recorded at the next failure.
void ConnectorRunner::RecordFailure(const base::Error& error) const {
  if (!surroundings_.note_failing) return;
  const base::Status noted = surroundings_.note_failing(source_, error);
  if (!noted.ok()) base::LogWarning("source '{}': {}", source_, noted.error().message);
}

void ConnectorRunner::RecordAnswering() const {
  if (!surroundings_.note_answering) return;
  const base::Status noted = surroundings_.note_answering(source_);
  if (!noted.ok()) base::LogWarning("source '{}': {}", source_, noted.error().message);
}

bool ConnectorRunner::IsPaused() const {
  return surroundings_.is_paused && surroundings_.is_paused(source_);
}

/// Between half and all of a time that doubles with each failure.
base::Duration ConnectorRunner::Backoff(std::uint32_t failures) const {
  const std::uint32_t doublings = std::min(failures - 1, kMaxDoublings);
  const base::Duration whole = std::min(kFirstBackoff * (1U << doublings), kLongestBackoff);
  const auto chance = static_cast<unsigned char>(surroundings_.random->Bytes(1)[0]);
  return whole / 2 + whole / 2 * chance / 255;
}

void ConnectorRunner::SetPhase(ConnectionPhase phase) {
  const std::lock_guard lock(mutex_);
  // Who fails is shown to fail until an asking went well.
  const bool still_failing = phase == ConnectionPhase::kAsking && connection_.failures > 0;
  connection_.phase = still_failing ? ConnectionPhase::kFailing : phase;
  connection_.next_at = std::nullopt;
  phase_gauge_.Set(static_cast<double>(connection_.phase));
}

void ConnectorRunner::NoteHeldBack(const base::Error& error) {
  {
    const std::lock_guard lock(mutex_);
    held_back_ = error;
    if (held_back_->reason.empty()) held_back_->reason = base::NameOf(error.code);
  }
  SetPhase(ConnectionPhase::kHeldBack);
}

void ConnectorRunner::NoteContact() {
  const base::Timestamp now = Now();
  const std::lock_guard lock(mutex_);
  connection_.last_contact = now;
  contact_gauge_.Set(SecondsOf(now));
}

}  // namespace fansipan::sources
