#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/metrics.h"
#include "http/call.h"
#include "http/caller.h"
#include "http/message.h"
#include "http/router.h"
#include "http/services.h"

namespace fansipan::http {

/// One request from its head to its answer. Owned by the connection; one thread at a time.
struct Exchange {
  Request request;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  RouteMatch match;
  Call call;
  std::uint64_t body_limit = 0;
  std::stop_source gone;           ///< stopped when nobody waits for the answer any more
  std::optional<Response> answer;  ///< set: it is decided, nothing more is to be done

  const Route* route() const { return match.route; }
};

/// Where the exchange's handler runs: its route's lane; but figures of a past moment may have to be
/// added up first, and go with the heavy questions, so that the wall waits for none of them.
Lane LaneOf(const Exchange& exchange);

/// What every request passes, whichever way it came: path, host, origin, caller, right, limits; and
/// what every answer gets: security headers, metrics, an id when it is a problem. Knows nothing of
/// sockets. Safe from any thread.
class Application {
 public:
  Application(Services services, Router router, CallerPolicy policy);

  /// From the head alone, without waiting for anything. Sets `answer`, or leaves the route to be
  /// followed.
  void Begin(Exchange& exchange) const;
  /// Who asks, whether they may, and how large a body is read. In the route's lane.
  void Admit(Exchange& exchange) const;
  /// Calls the handler and sets `answer`. In the route's lane, after Admit left `answer` unset.
  void Finish(Exchange& exchange) const;
  /// Admit, then Finish: for a request without a body.
  void Handle(Exchange& exchange) const;
  /// Sets `answer` to a problem, unless there is an answer.
  static base::Status TurnToMoment(Exchange& exchange);
  void Refuse(Exchange& exchange, const base::Error& error) const;
  void Refuse(Exchange& exchange, int status, const base::Error& error) const;
  /// The answer with what all answers have. Once for each exchange.
  Response Seal(Exchange& exchange) const;

  /// How many live streams are open, for Call::viewers. Before the first request.
  void SetViewerCount(std::function<std::size_t()> viewers) { viewers_ = std::move(viewers); }
  const Router& router() const { return router_; }
  const Services& services() const { return services_; }

 private:
  base::Status CheckHead(Exchange& exchange) const;
  base::Status Resolve(Exchange& exchange) const;
  std::string NextInstance() const;
  void AddSecurityFields(Response& response) const;
  void Observe(const Exchange& exchange, const Response& response) const;

  const Services services_;
  const Router router_;
  const CallerPolicy policy_;
  std::function<std::size_t()> viewers_;
  std::map<const Route*, base::Histogram*> seconds_;
  base::Histogram* unrouted_seconds_ = nullptr;
  std::string instance_prefix_;
  mutable std::atomic<std::uint64_t> instances_{0};
};

}  // namespace fansipan::http
