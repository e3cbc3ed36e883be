#include "sources/connectors/exchange/exchange.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/log.h"
#include "center/connectors/exchange.h"
#include "sources/connectors/exchange/exchange_position.h"
#include "sources/connectors/exchange/exchange_requests.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources {
namespace {

/// So many documents in a row that do not come: the exchange itself is down.
constexpr int kMaxFailuresInRow = 3;
/// So many refusals in a row: the declaration is wrong, or the exchange has changed, and what is
/// refused is lost.
constexpr int kMaxRefusalsInRow = 3;
/// A document that is still listed after it was reported so often.
constexpr std::uint32_t kMaxReports = 3;
/// Documents whose hash is kept in mind, to know them when they are listed again.
constexpr std::size_t kMaxKnown = 10'000;
constexpr std::size_t kMaxReason = 300;

/// Errors of the exchange as a whole, or of our way to it: no further document is asked for.
bool ConcernsAll(const base::Error& error) {
  static const std::set<std::string, std::less<>> kReasons = {
      "connector_stopped",   "secret_missing",       "token_refused", "sign_in_refused",
      "source_busy",         "host_unknown",         "no_connection", "certificate_refused",
      "address_not_allowed", "redirect_not_followed"};
  return kReasons.contains(error.reason);
}

/// The document itself is at fault: asking again brings the same.
bool ConcernsDocument(const base::Error& error) {
  return error.code == base::ErrorCode::kInvalidArgument ||
         error.code == base::ErrorCode::kTooLarge || error.code == base::ErrorCode::kUnsupported;
}

/// Fit to stand in a request and in a position. An id of nothing but dots would change the path.
bool IsUsableId(const std::string& id) {
  const bool plain = std::ranges::none_of(
      id, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; });
  return !id.empty() && id.size() <= kMaxIdBytes && plain && internal::IsUtf8(id) &&
         id.find_first_not_of('.') != std::string::npos;
}

/// One asking.
struct Asking {
  Passage& passage;
  ExchangePosition position;
  std::set<std::string> handled{};  ///< ids that were dealt with, well or not
  std::set<std::string> unknown{};  ///< reported, and the exchange knows of no such document
  std::uint32_t documents = 0;
  int failures_in_row = 0;
  int refusals_in_row = 0;
  std::size_t problems = 0;
  std::optional<base::Error> first_problem{};

  void NoteProblem(const std::string& id, const base::Error& error) {
    ++problems;
    if (first_problem) return;
    first_problem = base::Error{error.code, error.reason.empty() ? "document_failed" : error.reason,
                                "document '" + ShortLine(id, kMaxIdBytes) + "': " + error.message};
  }
};

class ExchangeConnector final : public Connector {
 public:
  ExchangeConnector(const center::Source& source, base::MetricsRegistry& metrics,
                    std::unique_ptr<HttpClient> client)
      : exchange_(*source.exchange),
        requests_(source, metrics, std::move(client)),
        refused_(metrics.GetCounter("fansipan_connector_documents_refused_total",
                                    "Documents that an exchange was told are refused",
                                    {{"source", source.name}, {"connector", "exchange"}})) {}

  base::Status Ask(Passage& passage) override;
  base::Duration every() const override { return exchange_.every; }

 private:
  /// What is known of a document that was handed over since the program began.
  struct Known {
    base::Sha256Digest sha256{};
    std::uint32_t reports = 0;
  };

  base::Status AskAll(Asking& asking);
  base::Status ReportLeft(Asking& asking);
  base::Status TakeListed(const std::vector<std::string>& ids, Asking& asking, bool& news);
  static void Settle(const std::vector<std::string>& ids, Asking& asking);
  base::Status TakeDocument(const std::string& id, Asking& asking);
  base::Status Deliver(const std::string& id, std::string document, Asking& asking);
  bool MayRefuse(const Asking& asking) const;
  base::Status NoteMissing(const std::string& id, const base::Error& error, Asking& asking);
  base::Status RefuseDocument(const std::string& id, const base::Error& error, Asking& asking);
  base::Status ReportReceived(const std::string& id, Asking& asking);

  const center::Exchange& exchange_;
  ExchangeRequests requests_;
  base::Counter& refused_;
  std::map<std::string, Known> known_;
};

base::Status ExchangeConnector::Ask(Passage& passage) {
  Asking asking{.passage = passage,
                .position = Under(exchange_, DecodeExchangePosition(passage.Position()))};
  base::Status status = AskAll(asking);
  if (!status.ok() && status.error().reason == "connector_stopped") return status;
  // Of what has been reported nothing is recorded yet but with the deliveries that followed.
  const bool begun = !passage.Position().empty() || asking.position.taken > 0;
  std::string encoded = begun ? Encode(asking.position) : std::string();
  if (encoded == passage.Position()) encoded.clear();
  if (status.ok() || !encoded.empty()) {
    FANSIPAN_RETURN_IF_ERROR(passage.Heartbeat(std::move(encoded)));
  }
  FANSIPAN_RETURN_IF_ERROR(status);
  if (!asking.first_problem) return {};
  if (asking.problems > 1) {
    asking.first_problem->message +=
        "; and " + std::to_string(asking.problems - 1) + " further problems of this asking";
  }
  return *std::move(asking.first_problem);
}

base::Status ExchangeConnector::AskAll(Asking& asking) {
  FANSIPAN_RETURN_IF_ERROR(ReportLeft(asking));
  for (bool news = true; news && asking.documents < exchange_.max_documents;) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto ids, requests_.List(asking.passage));
    asking.passage.NoteContact();
    Settle(ids, asking);
    news = false;
    FANSIPAN_RETURN_IF_ERROR(TakeListed(ids, asking, news));
  }
  return {};
}

/// What was durable before the exchange could be told.
base::Status ExchangeConnector::ReportLeft(Asking& asking) {
  const std::vector<std::string> left = asking.position.unreported;
  for (const std::string& id : left) {
    asking.handled.insert(id);
    FANSIPAN_RETURN_IF_ERROR(ReportReceived(id, asking));
  }
  return {};
}

/// The list says whether a document that the exchange does not know any more still waits.
void ExchangeConnector::Settle(const std::vector<std::string>& ids, Asking& asking) {
  std::erase_if(asking.position.unreported, [&](const std::string& id) {
    if (!asking.unknown.contains(id)) return false;
    if (std::ranges::find(ids, id) == ids.end()) return true;
    asking.unknown.erase(id);
    asking.NoteProblem(id, {base::ErrorCode::kConflict, "report_refused",
                            "the exchange lists it as waiting, and does not know it when it is "
                            "reported; check the declaration of 'report'"});
    return false;
  });
}

base::Status ExchangeConnector::TakeListed(const std::vector<std::string>& ids, Asking& asking,
                                           bool& news) {
  for (const std::string& id : ids) {
    if (asking.documents >= exchange_.max_documents) return {};
    if (!asking.handled.insert(id).second) continue;
    news = true;
    ++asking.documents;
    if (!IsUsableId(id)) {
      asking.NoteProblem(id, {base::ErrorCode::kInvalidArgument, "unusable_id",
                              "the exchange lists an id that is empty, of control characters or "
                              "dots alone, or longer than 200 bytes; ask its operator"});
      continue;
    }
    if (asking.position.unreported.size() >= kMaxUnreported) {
      return base::Error{base::ErrorCode::kUnavailable, "reports_fail",
                         std::to_string(kMaxUnreported) +
                             " documents are kept of which the exchange cannot be told; nothing "
                             "further is taken before it can. " +
                             (asking.first_problem ? asking.first_problem->message : "")};
    }
    FANSIPAN_RETURN_IF_ERROR(TakeDocument(id, asking));
  }
  return {};
}

/// Fetches and hands over one document, twice when the first one could not be decoded: what was
/// damaged on its way heals so.
base::Status ExchangeConnector::TakeDocument(const std::string& id, Asking& asking) {
  std::optional<base::Sha256Digest> undecodable;
  for (;;) {
    auto document = requests_.Fetch(id, asking.passage);
    if (!document.ok()) return NoteMissing(id, document.error(), asking);
    const base::Sha256Digest sha256 = base::Sha256(*document);
    base::Status delivered = Deliver(id, *std::move(document), asking);
    if (delivered.ok()) {
      asking.refusals_in_row = 0;
      return ReportReceived(id, asking);
    }
    if (!ConcernsDocument(delivered.error())) return delivered;
    if (!MayRefuse(asking) || (undecodable && *undecodable != sha256)) {
      asking.NoteProblem(id, delivered.error());
      return {};
    }
    if (undecodable) return RefuseDocument(id, delivered.error(), asking);
    undecodable = sha256;
  }
}

/// Nothing when the document is durable, now or from before.
base::Status ExchangeConnector::Deliver(const std::string& id, std::string document,
                                        Asking& asking) {
  const base::Sha256Digest sha256 = base::Sha256(document);
  const auto before = known_.find(id);
  if (before != known_.end() && before->second.sha256 == sha256) {
    if (before->second.reports >= kMaxReports) {
      asking.NoteProblem(
          id, {base::ErrorCode::kConflict, "report_without_effect",
               "it is listed as waiting though it was reported " +
                   std::to_string(before->second.reports) + " times; ask the exchange's operator"});
    }
    return {};
  }
  ExchangePosition& position = asking.position;
  position.unreported.push_back(id);
  ++position.taken;
  base::Status status = asking.passage.Deliver(std::move(document), Encode(position));
  if (!status.ok()) {
    position.unreported.pop_back();
    --position.taken;
    return status;
  }
  if (known_.size() >= kMaxKnown) known_.clear();
  known_[id] = {.sha256 = sha256, .reports = 0};
  return {};
}

/// Where nothing was ever decoded the fault is more likely ours than that of the document.
bool ExchangeConnector::MayRefuse(const Asking& asking) const {
  return !exchange_.refused.empty() && asking.position.taken > 0 &&
         asking.refusals_in_row < kMaxRefusalsInRow;
}

base::Status ExchangeConnector::NoteMissing(const std::string& id, const base::Error& error,
                                            Asking& asking) {
  if (ConcernsAll(error)) return error;
  const bool down = error.code == base::ErrorCode::kUnavailable ||
                    error.code == base::ErrorCode::kDeadlineExceeded;
  if (down && ++asking.failures_in_row >= kMaxFailuresInRow) return error;
  asking.NoteProblem(id, error);
  return {};
}

base::Status ExchangeConnector::RefuseDocument(const std::string& id, const base::Error& error,
                                               Asking& asking) {
  const std::string reason = ShortLine(error.message, kMaxReason);
  const base::Status told = requests_.Report(id, exchange_.refused, reason, asking.passage);
  if (!told.ok()) return NoteMissing(id, told.error(), asking);
  refused_.Add();
  ++asking.refusals_in_row;
  base::LogWarning("source '{}': document '{}' is refused: {}", asking.passage.source(), id,
                   reason);
  return {};
}

base::Status ExchangeConnector::ReportReceived(const std::string& id, Asking& asking) {
  const base::Status told = requests_.Report(id, exchange_.received, "", asking.passage);
  if (const auto known = known_.find(id); known != known_.end()) ++known->second.reports;
  if (told.ok()) {
    std::erase(asking.position.unreported, id);
    asking.failures_in_row = 0;
    return {};
  }
  if (told.error().code == base::ErrorCode::kNotFound) {
    asking.unknown.insert(id);
    return {};
  }
  return NoteMissing(id, told.error(), asking);
}

}  // namespace

std::unique_ptr<Connector> MakeExchange(const center::Source& source,
                                        base::MetricsRegistry& metrics) {
  return MakeExchange(source, metrics, MakeHttpClient());
}

std::unique_ptr<Connector> MakeExchange(const center::Source& source,
                                        base::MetricsRegistry& metrics,
                                        std::unique_ptr<HttpClient> client) {
  return std::make_unique<ExchangeConnector>(source, metrics, std::move(client));
}

}  // namespace fansipan::sources
