#include "simulation/document_exchange.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/hash.h"
#include "simulation/internal/documents.h"
#include "simulation/internal/exchange_soap.h"

namespace fansipan::simulation {
namespace {

using internal::Dice;

constexpr std::size_t kMostListed = 1'000;
constexpr std::size_t kUsuallyListed = 100;

ServedAnswer Json(int status, const nlohmann::json& json) {
  return {.status = status,
          .body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
}

ServedAnswer JsonError(int status, const std::string& words) {
  return Json(status, {{"result", "error"}, {"message", words}});
}

std::string TextAt(const nlohmann::json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::size_t Limit(const std::string& text) {
  std::size_t limit = kUsuallyListed;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return std::min(limit, kMostListed);
}

}  // namespace

base::Result<std::unique_ptr<DocumentExchange>> DocumentExchange::Open(
    DocumentExchangeOptions options, const base::Clock& clock, base::FileSystem& files) {
  FANSIPAN_ASSIGN_OR_RETURN(
      auto reports, internal::ExchangeReports::Open(files, options.state_file, clock.Now()));
  return std::unique_ptr<DocumentExchange>(
      new DocumentExchange(std::move(options), clock, std::move(reports)));
}

DocumentExchangeCounts DocumentExchange::counts() const {
  const std::lock_guard lock(mutex_);
  return {.documents = Documents(),
          .received = reports_.CountOf("received"),
          .refused = reports_.CountOf("refused"),
          .requests = requests_};
}

ServedAnswer DocumentExchange::Answer(const ServedRequest& request) {
  const std::lock_guard lock(mutex_);
  Dice dice(internal::MixSeeds(options_.seed, ++requests_));
  ServedAnswer answer = Route(request, dice);
  internal::Spoil(answer, options_.faults, options_.late_for, dice);
  return answer;
}

ServedAnswer DocumentExchange::Route(const ServedRequest& request, Dice& dice) {
  const auto& path = request.path;
  if (path == std::vector<std::string>{"token"} && request.method == "POST") {
    return tokens_.Give(request, clock_.Now());
  }
  if (!tokens_.Open(request, clock_.Now()))
    return JsonError(401, "sign in with an access token of /token");
  if (path == std::vector<std::string>{"soap"} && request.method == "POST") {
    return RouteSoap(request, dice);
  }
  if (path.size() >= 2 && path[0] == "api" && path[1] == "documents") {
    return RouteJson(request, dice);
  }
  return JsonError(404, "there are /token, /api/documents and /soap");
}

ServedAnswer DocumentExchange::RouteJson(const ServedRequest& request, Dice& dice) {
  const auto& path = request.path;
  if (path.size() == 2 && request.method == "GET") {
    nlohmann::json items = nlohmann::json::array();
    for (const std::string& id : Waiting(Limit(request.Query("limit")), dice)) {
      items.push_back({{"id", id}});
    }
    const bool drifted = dice.Chance(options_.faults.Of(Fault::kDrifted));
    return Json(200, {{"result", "ok"}, {drifted ? "documents" : "items", std::move(items)}});
  }
  const auto number =
      path.size() > 2 ? internal::NumberOf(options_.seed, path[2], Documents()) : std::nullopt;
  if (!number) return JsonError(404, "there is no such document");
  if (path.size() == 3 && request.method == "GET") {
    const std::string document = internal::Edxml(options_.seed, *number);
    const bool drifted = dice.Chance(options_.faults.Of(Fault::kDrifted));
    return Json(200, {{"result", "ok"},
                      {"id", path[2]},
                      {"sha256", base::ToHex(base::Sha256(document))},
                      {drifted ? "body" : "content", internal::ToBase64(document)}});
  }
  if (path.size() == 4 && path[3] == "edxml" && request.method == "GET") {
    return {.content_type = "application/xml", .body = internal::Edxml(options_.seed, *number)};
  }
  if (path.size() == 4 && path[3] == "status" && request.method == "POST") {
    const auto json = nlohmann::json::parse(request.body, nullptr, false);
    if (!json.is_object()) return JsonError(400, "the body must be a JSON object with a status");
    const int status = Report(path[2], TextAt(json, "status"), TextAt(json, "reason"));
    if (status == 200) return Json(200, {{"result", "ok"}});
    return JsonError(status, "status must be received or refused, and not another one than before");
  }
  return JsonError(405, "there are GET and POST of status");
}

ServedAnswer DocumentExchange::RouteSoap(const ServedRequest& request, Dice& dice) {
  const std::string operation = internal::OperationOf(request);
  const bool drifted = dice.Chance(options_.faults.Of(Fault::kDrifted));
  if (operation == "ListDocuments") {
    const auto ids = Waiting(Limit(internal::ElementText(request.body, "limit")), dice);
    const std::string holder = drifted ? "items" : "documents";
    return internal::SoapAnswer(operation, "<x:result>ok</x:result><x:" + holder + ">" +
                                               internal::SoapIds(ids, "documentId") +
                                               "</x:" + holder + ">");
  }
  const std::string id = internal::ElementText(request.body, "documentId");
  const auto number = internal::NumberOf(options_.seed, id, Documents());
  if (!number) return internal::SoapFault(404, "there is no such document, or operation");
  if (operation == "GetDocument") {
    const std::string member = drifted ? "body" : "content";
    return internal::SoapAnswer(operation,
                                "<x:result>ok</x:result><x:" + member + ">" +
                                    internal::ToBase64(internal::Edxml(options_.seed, *number)) +
                                    "</x:" + member + ">");
  }
  if (operation != "ReportStatus") return internal::SoapFault(500, "there is no such operation");
  const int status = Report(id, internal::ElementText(request.body, "status"),
                            internal::ElementText(request.body, "reason"));
  if (status == 200) return internal::SoapAnswer(operation, "<x:result>ok</x:result>");
  return internal::SoapFault(status, "the status cannot be taken");
}

std::size_t DocumentExchange::Documents() const {
  if (options_.every.count() == 0) return options_.documents;
  const auto passed = std::max(clock_.Now() - reports_.began(), base::Duration());
  return options_.documents + static_cast<std::size_t>(passed / options_.every);
}

/// In the order of their numbers, unless a fault has it otherwise.
std::vector<std::string> DocumentExchange::Waiting(std::size_t most, Dice& dice) const {
  std::vector<std::string> ids;
  const std::size_t count = Documents();
  for (std::size_t number = 0; number < count && ids.size() < most; ++number) {
    std::string id = internal::DocumentId(options_.seed, number);
    const bool waits = reports_.StatusOf(id) == nullptr;
    const bool again = dice.Chance(options_.faults.Of(Fault::kDuplicated));
    if (waits && again) ids.push_back(id);
    if (waits || again) ids.push_back(std::move(id));
  }
  if (!dice.Chance(options_.faults.Of(Fault::kReordered))) return ids;
  for (std::size_t i = ids.size(); i > 1; --i) {
    const auto other = static_cast<std::size_t>(dice.Between(0, static_cast<std::int64_t>(i) - 1));
    std::swap(ids[i - 1], ids[other]);
  }
  return ids;
}

int DocumentExchange::Report(const std::string& id, const std::string& status,
                             const std::string& reason) {
  if (status != "received" && status != "refused") return 409;
  if (const std::string* before = reports_.StatusOf(id)) return *before == status ? 200 : 409;
  return reports_.Add(id, status, reason).ok() ? 200 : 500;
}

}  // namespace fansipan::simulation
