#include "http/application.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "http/problem.h"
#include "http/target.h"

namespace fansipan::http {
namespace {

constexpr std::uint64_t kDefaultBody = 64U << 10U;
constexpr std::string_view kSecondsName = "fansipan_http_request_seconds";
constexpr std::string_view kSecondsHelp = "Time from a request's head to its answer, by route";

/// Fields that decide something and must not be there twice.
constexpr std::array<std::string_view, 10> kSingle{
    "host",   "authorization",   "content-type", "content-encoding", "content-length",
    "origin", "idempotency-key", "x-csrf-token", "sec-fetch-site",   "transfer-encoding"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSecurityFields{
    {{"Content-Security-Policy",
      "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
      "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
      "object-src 'none'"},
     {"X-Content-Type-Options", "nosniff"},
     {"X-Frame-Options", "DENY"},
     {"Referrer-Policy", "no-referrer"},
     {"Permissions-Policy",
      "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"},
     {"Cross-Origin-Opener-Policy", "same-origin"},
     {"Cross-Origin-Resource-Policy", "same-origin"}}};

bool CarriesBody(const Fields& fields) {
  const auto length = fields.Find("content-length");
  return fields.Find("transfer-encoding") || (length && *length != "0");
}

}  // namespace

Lane LaneOf(const Exchange& exchange) {
  const Lane lane = exchange.route()->options().lane;
  if (lane != Lane::kFigures) return lane;
  const auto& query = exchange.request.query;
  const bool of_past = std::any_of(query.begin(), query.end(), [](const auto& parameter) {
    return parameter.first == "as_of" && !parameter.second.empty();
  });
  return of_past ? Lane::kHeavy : lane;
}

Application::Application(Services services, Router router, CallerPolicy policy)
    : services_(std::move(services)), router_(std::move(router)), policy_(std::move(policy)) {
  instance_prefix_ = base::ToHex(services_.random->Bytes(6));
  for (const Route& route : router_.routes()) {
    seconds_[&route] =
        &services_.metrics->GetHistogram(kSecondsName, kSecondsHelp, {{"route", route.pattern()}});
  }
  unrouted_seconds_ =
      &services_.metrics->GetHistogram(kSecondsName, kSecondsHelp, {{"route", "none"}});
}

std::string Application::NextInstance() const {
  return instance_prefix_ + "-" + std::to_string(instances_.fetch_add(1) + 1);
}

void Application::Begin(Exchange& exchange) const {
  exchange.call.instance = NextInstance();
  base::Status status = CheckHead(exchange);
  if (status.ok()) status = Resolve(exchange);
  if (!status.ok()) Refuse(exchange, status.error());
}

base::Status Application::CheckHead(Exchange& exchange) const {
  Request& request = exchange.request;
  FANSIPAN_RETURN_IF_ERROR(CheckHost(request, policy_));
  for (const auto name : kSingle) {
    if (request.fields.Count(name) <= 1) continue;
    return base::Error{base::ErrorCode::kInvalidArgument, "repeated_header",
                       "the header '" + std::string(name) + "' stands there twice"};
  }
  FANSIPAN_ASSIGN_OR_RETURN(Target target, ParseTarget(request.target));
  request.segments = std::move(target.segments);
  request.query = std::move(target.query);
  const bool takes_body = request.method == Method::kPost || request.method == Method::kPut ||
                          request.method == Method::kOther;
  if (!takes_body && CarriesBody(request.fields)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "body_not_expected",
                       std::string(NameOf(request.method)) + " takes no body"};
  }
  return {};
}

base::Status Application::Resolve(Exchange& exchange) const {
  Request& request = exchange.request;
  exchange.match = router_.Find(request.method, request.segments, request.local);
  RouteMatch& match = exchange.match;
  if (match.allow.empty()) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_route",
                       "there is nothing at this path"};
  }
  if (match.route == nullptr) {
    const bool asked = request.method == Method::kOptions;
    if (!asked) {
      Refuse(exchange, 405,
             {base::ErrorCode::kInvalidArgument, "method_not_allowed",
              "this path takes " + match.allow});
    } else {
      exchange.answer = Response::Empty(204);
    }
    exchange.answer->Set("Allow", match.allow);
    return {};
  }
  const RouteOptions& options = match.route->options();
  if (!IsSafe(request.method) || options.stream) {
    FANSIPAN_RETURN_IF_ERROR(CheckOrigin(request, policy_));
  }
  Call& call = exchange.call;
  call.services = &services_;
  call.request = &request;
  call.path = std::move(match.path);
  call.running = services_.center();
  if (call.running) call.engine = call.running->engine();
  call.viewers = viewers_ ? viewers_() : 0;
  if (options.needs_center && !call.engine) {
    return base::Error{base::ErrorCode::kUnavailable, "starting",
                       "the center is still being loaded; try again in a moment"};
  }
  return {};
}

void Application::Admit(Exchange& exchange) const {
  const Route& route = *exchange.route();
  const Request& request = exchange.request;
  const auto decide = [&]() -> base::Status {
    if (route.options().lane == Lane::kInline) {
      exchange.call.identity =
          request.local ? security::LocalOperator() : security::Anonymous(request.remote_address);
    } else {
      FANSIPAN_ASSIGN_OR_RETURN(exchange.call.identity,
                                Identify(request, policy_, *services_.access));
      FANSIPAN_RETURN_IF_ERROR(CheckCsrf(request, exchange.call.identity, *services_.access));
    }
    return Router::Authorise(route, exchange.call);
  };
  const base::Status status = decide();
  if (!status.ok()) return Refuse(exchange, status.error());
  const auto& limit = route.options().body_limit;
  const bool takes_body = route.method() == Method::kPost || route.method() == Method::kPut;
  exchange.body_limit = !takes_body ? 0 : limit ? limit(exchange.call) : kDefaultBody;
}

/// A past moment is answered by the center that ran then: its names, rules and units.
base::Status Application::TurnToMoment(Exchange& exchange) {
  Call& call = exchange.call;
  if (!exchange.route()->options().by_rules_of_then || !call.running) return {};
  FANSIPAN_ASSIGN_OR_RETURN(const auto as_of, call.FindAsOf());
  if (!as_of) return {};
  FANSIPAN_ASSIGN_OR_RETURN(call.engine, call.running->engine_at(*as_of, call.patience));
  return {};
}

void Application::Finish(Exchange& exchange) const {
  const auto turned = TurnToMoment(exchange);
  if (!turned.ok()) return Refuse(exchange, turned.error());
  auto answer = Router::Dispatch(*exchange.route(), exchange.call);
  if (answer.ok()) {
    exchange.answer = *std::move(answer);
  } else {
    Refuse(exchange, answer.error());
  }
}

void Application::Handle(Exchange& exchange) const {
  Admit(exchange);
  if (!exchange.answer) Finish(exchange);
}

void Application::Refuse(Exchange& exchange, const base::Error& error) const {
  Refuse(exchange, StatusOf(error), error);
}

void Application::Refuse(Exchange& exchange, int status, const base::Error& error) const {
  if (exchange.answer) return;
  std::string& instance = exchange.call.instance;
  if (instance.empty()) instance = NextInstance();
  const char* const pattern = exchange.route() ? exchange.route()->pattern().c_str() : "none";
  if (status == 500) {
    base::LogError("problem {}: {} {}: {} {}: {}", instance, NameOf(exchange.request.method),
                   pattern, NameOf(error.code), error.reason, error.message);
  }
  exchange.answer = status == StatusOf(error) ? BuildProblem(error, instance, exchange.call.nearest)
                                              : BuildProblem(status, error, instance);
}

void Application::AddSecurityFields(Response& response) const {
  for (const auto& [name, value] : kSecurityFields) {
    response.Set(std::string(name), std::string(value));
  }
  if (policy_.secure) {
    response.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  }
  for (const auto& [name, value] : response.fields) {
    if (name == "Cache-Control") return;
  }
  response.Set("Cache-Control", "no-store");
}

void Application::Observe(const Exchange& exchange, const Response& response) const {
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - exchange.started;
  const auto known = seconds_.find(exchange.route());
  (known == seconds_.end() ? unrouted_seconds_ : known->second)->Observe(taken.count());
  services_.metrics
      ->GetCounter("fansipan_http_responses_total", "Answers by route, method and status",
                   {{"route", exchange.route() ? exchange.route()->pattern() : "none"},
                    {"method", std::string(NameOf(exchange.request.method))},
                    {"status", std::to_string(response.status)}})
      .Add();
}

Response Application::Seal(Exchange& exchange) const {
  if (!exchange.answer) {
    Refuse(exchange, {base::ErrorCode::kInternal, "", "a request was left without an answer"});
  }
  Response response = *std::move(exchange.answer);
  exchange.answer.reset();
  AddSecurityFields(response);
  if (exchange.route() && exchange.route()->pattern().starts_with("/api/")) {
    response.Set("Vary", "Accept, Authorization, Cookie");
  }
  Observe(exchange, response);
  return response;
}

}  // namespace fansipan::http
