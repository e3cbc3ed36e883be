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
#include "sources/connectors/exchange/failing_documents.h"
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
/// Documents with problems that are told by name.
constexpr std::size_t kMaxNamed = 10;

/// Errors of the exchange as a whole, or of our way to it: no further document is asked for.
bool ConcernsAll(const base::Error& error) {
  static const std::set<std::string, std::less<>> kReasons = {
      "connector_stopped",   "secret_missing",      "token_refused",        "token_server_failed",
      "sign_in_refused",     "source_busy",         "host_unknown",         "no_connection",
      "certificate_refused", "address_not_allowed", "redirect_not_followed"};
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
  std::vector<std::string> named{};  ///< documents with a problem, the first ones
  std::size_t problems = 0;
  std::optional<base::Error> first_problem{};

  void NoteProblem(const std::string& id, const base::Error& error) {
    const std::string name = "'" + ShortLine(id, kMaxIdBytes) + "'";
    ++problems;
    if (named.size() < kMaxNamed) named.push_back(name);
    if (first_problem) return;
    first_problem = base::Error{error.code, error.reason.empty() ? "document_failed" : error.reason,
                                "document " + name + ": " + error.message};
  }

  /// All problems as one: the first with its cause, others by name.
  base::Error Problem() const {
    base::Error error = *first_problem;
    if (problems == 1) return error;
    error.message += "; further documents with a problem: ";
    for (std::size_t i = 1; i < named.size(); ++i) {
      error.message += (i > 1 ? ", " : "") + named[i];
    }
    if (problems > named.size()) {
      error.message += " and " + std::to_string(problems - named.size()) + " more";
    }
    return error;
  }
};

class ExchangeConnector final : public Connector {
 public:
  ExchangeConnector(const center::Source& source, base::MetricsRegistry& metrics,
                    std::unique_ptr<HttpClient> client)
      : exchange_(*source.exchange),
        requests_(source, metrics, std::move(client)),
        failing_(exchange_.every),
        failing_reports_(exchange_.every),
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

  /// A position that is known, and recorded only with the next delivery or sign of life.
  struct Unrecorded {
    std::string behind;  ///< what is recorded
    ExchangePosition position;
  };

  ExchangePosition Begin(const Passage& passage) const;
  base::Status AskAll(Asking& asking);
  base::Status ReportLeft(Asking& asking);
  base::Status TakeListed(const std::vector<std::string>& ids, Asking& asking, bool& news);
  static void Settle(const std::vector<std::string>& ids, Asking& asking);
  std::vector<std::string> InOrder(const std::vector<std::string>& ids) const;
  std::size_t MostIds() const { return exchange_.max_ids + failing_.size(); }
  void ForgetGone(const std::vector<std::string>& ids);
  base::Status TakeDocument(const std::string& id, Asking& asking);
  base::Status Deliver(const std::string& id, std::string document, Asking& asking);
  bool MayRefuse(const Asking& asking) const;
  static base::Status NoteFailing(const std::string& id, const base::Error& error, Asking& asking,
                                  FailingDocuments& failing);
  base::Status RefuseDocument(const std::string& id, const base::Error& error, Asking& asking);
  base::Status ReportReceived(const std::string& id, Asking& asking);

  const center::Exchange& exchange_;
  ExchangeRequests requests_;
  FailingDocuments failing_;          ///< that could not be taken, or not be refused
  FailingDocuments failing_reports_;  ///< durable ones
  base::Counter& refused_;
  std::map<std::string, Known> known_;
  std::optional<Unrecorded> unrecorded_;
};

base::Status ExchangeConnector::Ask(Passage& passage) {
  Asking asking{.passage = passage, .position = Begin(passage)};
  base::Status status = AskAll(asking);
  if (!status.ok() && status.error().reason == "connector_stopped") return status;
  // Of what has been reported nothing is recorded yet but with the deliveries that followed.
  const std::string recorded = passage.Position();
  const bool begun = !recorded.empty() || asking.position.taken > 0;
  std::string encoded = begun ? Encode(asking.position) : std::string();
  if (encoded == recorded) encoded.clear();
  if (!status.ok()) {
    // No sign of life goes out for an exchange that did not do its part.
    if (!encoded.empty()) unrecorded_ = Unrecorded{recorded, asking.position};
    return status;
  }
  FANSIPAN_RETURN_IF_ERROR(passage.Heartbeat(std::move(encoded)));
  unrecorded_.reset();
  if (!asking.first_problem) return {};
  return asking.Problem();
}

ExchangePosition ExchangeConnector::Begin(const Passage& passage) const {
  const std::string recorded = passage.Position();
  if (unrecorded_ && unrecorded_->behind == recorded) return unrecorded_->position;
  return Under(exchange_, DecodeExchangePosition(recorded));
}

base::Status ExchangeConnector::AskAll(Asking& asking) {
  FANSIPAN_RETURN_IF_ERROR(ReportLeft(asking));
  for (bool news = true; news && asking.documents < exchange_.max_documents;) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto ids, requests_.List(MostIds(), asking.passage));
    asking.passage.NoteContact();
    ForgetGone(ids);
    Settle(ids, asking);
    news = false;
    FANSIPAN_RETURN_IF_ERROR(TakeListed(InOrder(ids), asking, news));
  }
  return {};
}

/// What was durable before the exchange could be told.
base::Status ExchangeConnector::ReportLeft(Asking& asking) {
  const std::vector<std::string> left = asking.position.unreported;
  for (const std::string& id : left) {
    asking.handled.insert(id);
    if (const auto error = failing_reports_.SetBack(id, asking.passage.Now())) {
      asking.NoteProblem(id, *error);
      continue;
    }
    FANSIPAN_RETURN_IF_ERROR(ReportReceived(id, asking));
  }
  return {};
}

/// A list that was cut says nothing of those behind its end.
void ExchangeConnector::ForgetGone(const std::vector<std::string>& ids) {
  if (ids.size() >= MostIds()) return;
  failing_.KeepOnly({ids.begin(), ids.end()});
}

/// As the exchange lists them, but what failed before behind all others.
std::vector<std::string> ExchangeConnector::InOrder(const std::vector<std::string>& ids) const {
  std::vector<std::string> ordered = ids;
  std::stable_partition(ordered.begin(), ordered.end(),
                        [&](const std::string& id) { return !failing_.Knows(id); });
  return ordered;
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
    if (const auto error = failing_.SetBack(id, asking.passage.Now())) {
      asking.NoteProblem(id, *error);
      continue;
    }
    if (!IsUsableId(id)) {
      asking.NoteProblem(id, {base::ErrorCode::kInvalidArgument, "unusable_id",
                              "the exchange lists an id that is empty, of control characters or "
                              "dots alone, or longer than 200 bytes; ask its operator"});
      continue;
    }
    news = true;
    ++asking.documents;
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
    if (!document.ok()) return NoteFailing(id, document.error(), asking, failing_);
    const base::Sha256Digest sha256 = base::Sha256(*document);
    base::Status delivered = Deliver(id, *std::move(document), asking);
    if (delivered.ok()) {
      asking.refusals_in_row = 0;
      failing_.Forget(id);
      return ReportReceived(id, asking);
    }
    if (!ConcernsDocument(delivered.error())) return delivered;
    if (!MayRefuse(asking) || (undecodable && *undecodable != sha256)) {
      failing_.Note(id, delivered.error(), asking.passage.Now());
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

/// What fails is set back even where it ends the asking: the next one goes on behind it.
base::Status ExchangeConnector::NoteFailing(const std::string& id, const base::Error& error,
                                            Asking& asking, FailingDocuments& failing) {
  if (ConcernsAll(error)) return error;
  failing.Note(id, error, asking.passage.Now());
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
  if (!told.ok()) return NoteFailing(id, told.error(), asking, failing_);
  failing_.Forget(id);
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
    failing_reports_.Forget(id);
    asking.failures_in_row = 0;
    return {};
  }
  if (told.error().code == base::ErrorCode::kNotFound) {
    asking.unknown.insert(id);
    failing_reports_.Forget(id);
    return {};
  }
  return NoteFailing(id, told.error(), asking, failing_reports_);
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
