#pragma once

#include <string>

#include "base/result.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/http/http_client.h"

namespace fansipan::sources {

/// What a status that is no success means, for who must act; keeps to Retry-After. Reasons:
/// source_busy (429, 503), sign_in_refused (401, 403), source_failed (other 5xx), request_refused.
base::Error RefusedStatus(const HttpAnswer& answer, const std::string& host, Passage& passage);

}  // namespace fansipan::sources
