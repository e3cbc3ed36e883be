#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/result.h"
#include "simulation/faults.h"
#include "simulation/internal/access_tokens.h"
#include "simulation/internal/dice.h"
#include "simulation/internal/exchange_reports.h"
#include "simulation/loopback_server.h"

namespace fansipan::simulation {

struct DocumentExchangeOptions {
  std::uint64_t seed = 1;
  std::size_t documents = 200;      ///< that wait from the beginning
  std::chrono::seconds every{0};    ///< a further one comes so often; 0: none
  std::string state_file;           ///< what was reported; empty: forgotten at the end
  std::string client = "fansipan";  ///< OAuth 2
  std::string secret;               ///< of the client; empty: nobody has to sign in
  std::chrono::seconds token_life{300};
  std::chrono::seconds late_for{3};
  FaultRates faults;
};

/// How a document exchange stands.
struct DocumentExchangeCounts {
  std::size_t documents = 0;
  std::size_t received = 0;
  std::size_t refused = 0;
  std::uint64_t requests = 0;
};

/// An exchange as agencies' gateways have it: a list of the documents that wait, each document as
/// edXML, and a report of what became of it, which takes it off the list. In JSON and in SOAP, with
/// sign-in by OAuth 2 client credentials. The documents are invented. What was reported is in the
/// state file before the answer goes out, so that a kill forgets nothing. Safe from any thread.
class DocumentExchange {
 public:
  static base::Result<std::unique_ptr<DocumentExchange>> Open(DocumentExchangeOptions options,
                                                              const base::Clock& clock,
                                                              base::FileSystem& files);

  ServedAnswer Answer(const ServedRequest& request);
  DocumentExchangeCounts counts() const;

 private:
  DocumentExchange(DocumentExchangeOptions options, const base::Clock& clock,
                   internal::ExchangeReports reports)
      : options_(std::move(options)),
        clock_(clock),
        reports_(std::move(reports)),
        tokens_(options_.client, options_.secret, options_.token_life) {}

  ServedAnswer Route(const ServedRequest& request, internal::Dice& dice);
  ServedAnswer RouteJson(const ServedRequest& request, internal::Dice& dice);
  ServedAnswer RouteSoap(const ServedRequest& request, internal::Dice& dice);
  std::size_t Documents() const;
  std::vector<std::string> Waiting(std::size_t most, internal::Dice& dice) const;
  /// The status of HTTP: 200, 404 or 409, or 500 when it could not be kept.
  int Report(const std::string& id, const std::string& status, const std::string& reason);

  const DocumentExchangeOptions options_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  internal::ExchangeReports reports_;  ///< guarded by mutex_
  internal::AccessTokens tokens_;      ///< guarded by mutex_
  std::uint64_t requests_ = 0;         ///< guarded by mutex_
};

}  // namespace fansipan::simulation
