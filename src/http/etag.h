#pragma once

#include <string>

#include "http/call.h"
#include "http/message.h"
#include "model/figure.h"

namespace fansipan::http {

/// A weak validator that changes with the snapshot, the center and the reader's rights.
std::string EtagOf(const Call& call, const model::Snapshot& snapshot);
/// One that changes with the center and the reader's rights alone.
std::string EtagOfCenter(const Call& call);
/// True when `If-None-Match` names `etag`.
bool HasEtag(const Request& request, const std::string& etag);
/// 304 with the validator.
Response NotModified(const std::string& etag);
/// Lets the reader keep the answer and ask whether it still holds.
Response WithEtag(Response response, const std::string& etag);

}  // namespace fansipan::http
