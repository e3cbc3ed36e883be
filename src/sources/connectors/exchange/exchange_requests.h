#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/connectors/exchange.h"
#include "center/source.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/http/http_session.h"

namespace fansipan::sources {

/// The three requests to an exchange, and what their answers say. Source and exchange outlive it.
/// Belongs to one thread.
class ExchangeRequests {
 public:
  ExchangeRequests(const center::Source& source, base::MetricsRegistry& metrics,
                   std::unique_ptr<HttpClient> client);

  /// Ids of what waits, in the exchange's order; those beyond `most` are left out.
  base::Result<std::vector<std::string>> List(std::size_t most, Passage& passage);
  /// One document. kInvalidArgument document_not_found when the answer has none,
  /// document_unreadable when it is no base64, exchange_refused when the answer itself says that it
  /// went wrong; the errors of HttpSession, RefusedStatus and the readers.
  base::Result<std::string> Fetch(const std::string& id, Passage& passage);
  /// Tells what became of a document. kNotFound report_unknown when the exchange knows of no such
  /// document that waits: it has been told before, or nobody waits for it any more.
  base::Status Report(const std::string& id, const std::string& status, const std::string& reason,
                      Passage& passage);

 private:
  using Values = std::map<std::string, std::string>;

  base::Result<HttpAnswer> Send(const center::ExchangeRequest& request, Values values,
                                const std::string& accept, Passage& passage);
  base::Result<HttpRequest> Build(const center::ExchangeRequest& request, const Values& values,
                                  const std::string& accept) const;
  base::Status CheckSuccess(const center::ExchangeRequest& request, const HttpAnswer& answer) const;
  base::Result<std::string> TakeDocument(HttpAnswer answer) const;

  const center::Source& source_;
  const center::Exchange& exchange_;
  HttpSession session_;
};

/// What of a text may stand in a request to another system: at most so many bytes, without control
/// characters.
std::string ShortLine(std::string_view text, std::size_t most);

}  // namespace fansipan::sources
