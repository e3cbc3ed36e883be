#include "simulation/pusher.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "simulation/internal/delivery_report.h"
#include "simulation/internal/gzip.h"

namespace fansipan::simulation {
namespace {

constexpr std::chrono::seconds kFirstWait{1};
constexpr std::chrono::seconds kLongestWait{30};
constexpr std::chrono::seconds kLongestAskedWait{300};
constexpr int kMostRefusedInARow = 5;

bool IsTaken(int status) { return status == 200 || status == 201; }

bool MayPass(int status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

/// Another delivery would be answered the same.
bool IsFinal(int status) {
  return status == 401 || status == 403 || status == 404 || status == 405 || status == 413 ||
         (status >= 300 && status < 400);
}

base::ErrorCode CodeOf(int status) {
  switch (status) {
    case 401:
      return base::ErrorCode::kUnauthenticated;
    case 403:
      return base::ErrorCode::kForbidden;
    case 404:
      return base::ErrorCode::kNotFound;
    case 413:
      return base::ErrorCode::kTooLarge;
    default:
      return base::ErrorCode::kInvalidArgument;
  }
}

std::string_view AdviceFor(int status) {
  switch (status) {
    case 401:
    case 403:
      return "; make a push token for this source and pass it with --token-file";
    case 404:
      return "; name a source of the running center with --source";
    case 413:
      return "; use a smaller --batch";
    default:
      return "";
  }
}

}  // namespace

void PushTally::Add(const PushCounts& counts) {
  const std::lock_guard lock(mutex_);
  counts_.deliveries += counts.deliveries;
  counts_.sent += counts.sent;
  counts_.accepted += counts.accepted;
  counts_.repeated += counts.repeated;
  counts_.in_conflict += counts.in_conflict;
  counts_.quarantined += counts.quarantined;
  counts_.refused += counts.refused;
  counts_.known += counts.known;
  counts_.retries += counts.retries;
  counts_.heartbeats += counts.heartbeats;
}

PushCounts PushTally::Read() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

Delivery BuildDelivery(std::span<const CaseRow> rows, const base::TimeZone& zone) {
  Delivery delivery;
  delivery.body = EncodeNdjson(rows, zone);
  delivery.rows = rows.size();
  const base::Fingerprint fingerprint = base::FingerprintOf(delivery.body);
  delivery.key = fmt::format("simulated-{:016x}{:016x}", fingerprint.high, fingerprint.low);
  return delivery;
}

Pusher::Pusher(DeliveryTransport& transport, Waiter& waiter, PushTally& tally,
               PusherOptions options)
    : transport_(transport), waiter_(waiter), tally_(tally), options_(std::move(options)) {}

base::Status Pusher::Push(const Delivery& delivery, const std::stop_token& stop) {
  HttpPost post{.path = "/api/v1/sources/" + options_.source + "/deliveries",
                .body = delivery.body,
                .idempotency_key = delivery.key,
                .is_gzip = options_.gzip};
  if (options_.gzip) {
    FANSIPAN_ASSIGN_OR_RETURN(post.body, internal::Gzip(delivery.body));
  }
  FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer answer, SendPatiently(post, stop));
  if (!IsTaken(answer.status)) return CountRefusal(delivery, answer);
  refused_in_a_row_ = 0;
  PushCounts counts{.deliveries = 1, .sent = delivery.rows};
  if (answer.status == 200 && !was_retried_) {
    counts.known = delivery.rows;  // its report tells of the first time
  } else {
    const internal::DeliveryReport report = internal::ParseDeliveryReport(answer.body);
    counts.accepted = report.accepted;
    counts.repeated = report.repeated;
    counts.in_conflict = report.in_conflict;
    counts.quarantined = report.quarantined;
    counts.refused = report.refused;
  }
  tally_.Add(counts);
  return {};
}

base::Status Pusher::SendHeartbeat() {
  const auto answer =
      transport_.Send({.path = "/api/v1/sources/" + options_.source + "/heartbeat"});
  if (!answer.ok()) return {};  // the next delivery will say so with patience
  if (IsFinal(answer->status)) return FinalError(*answer);
  if (answer->status < 300) tally_.Add({.heartbeats = 1});
  return {};
}

base::Result<HttpAnswer> Pusher::SendPatiently(const HttpPost& post, const std::stop_token& stop) {
  base::Duration waited{};
  base::Duration growing = kFirstWait;
  was_retried_ = false;
  while (true) {
    auto answer = transport_.Send(post);
    if (answer.ok() && !MayPass(answer->status)) return answer;
    const std::string reason = answer.ok()
                                   ? fmt::format("the center answered {}: {}", answer->status,
                                                 internal::ProblemText(answer->body))
                                   : answer.error().message;
    base::Duration pause =
        std::exchange(growing, std::min<base::Duration>(growing * 2, kLongestWait));
    if (answer.ok() && answer->retry_after.count() > 0) {
      pause = std::min(answer->retry_after, kLongestAskedWait);
    }
    if (stop.stop_requested()) {
      return base::Error{base::ErrorCode::kUnavailable, "stopped", "stopped"};
    }
    if (waited + pause > options_.patience) {
      return base::Error{
          base::ErrorCode::kUnavailable, "center_unavailable",
          fmt::format("{}; gave up after {} s of waiting", reason,
                      std::chrono::duration_cast<std::chrono::seconds>(waited).count())};
    }
    base::LogWarning("{}; trying again in {} s", reason,
                     std::chrono::duration_cast<std::chrono::seconds>(pause).count());
    if (!waiter_.Wait(pause, stop)) {
      return base::Error{base::ErrorCode::kUnavailable, "stopped", "stopped"};
    }
    waited += pause;
    was_retried_ = true;
    tally_.Add({.retries = 1});
  }
}

base::Status Pusher::CountRefusal(const Delivery& delivery, const HttpAnswer& answer) {
  tally_.Add({.deliveries = 1, .sent = delivery.rows, .refused = delivery.rows});
  if (IsFinal(answer.status) || ++refused_in_a_row_ >= kMostRefusedInARow) {
    return FinalError(answer);
  }
  base::LogWarning("the center refused a delivery of {} rows with {}: {}", delivery.rows,
                   answer.status, internal::ProblemText(answer.body));
  return {};
}

base::Error Pusher::FinalError(const HttpAnswer& answer) const {
  return {CodeOf(answer.status), "push_refused",
          fmt::format("the center refuses what source '{}' sends with {}: {}{}", options_.source,
                      answer.status, internal::ProblemText(answer.body), AdviceFor(answer.status))};
}

}  // namespace fansipan::simulation
