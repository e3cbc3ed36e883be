#include "sources/connectors/http/refused_status.h"

#include "sources/connectors/http/request_pace.h"

namespace fansipan::sources {

base::Error RefusedStatus(const HttpAnswer& answer, const std::string& host, Passage& passage) {
  const int status = answer.status;
  const std::string told = host + " answers with status " + std::to_string(status);
  if (const auto pause = RetryAfter(answer.Header("retry-after"), passage.Now())) {
    passage.HoldOff(*pause);
  }
  if (status == 429 || status == 503) {
    return {base::ErrorCode::kUnavailable, "source_busy",
            told + ": it has too much to do; it is asked again later"};
  }
  if (status == 401 || status == 403) {
    return {base::ErrorCode::kUnauthenticated, "sign_in_refused",
            told + ": it refuses the sign-in; check sign_in, headers and their secrets"};
  }
  if (status >= 500) {
    return {base::ErrorCode::kUnavailable, "source_failed",
            told + ": a fault of its own; ask its operator if it stays"};
  }
  return {base::ErrorCode::kInvalidArgument, "request_refused",
          told + ": it does not take the request; check url and query"};
}

}  // namespace fansipan::sources
