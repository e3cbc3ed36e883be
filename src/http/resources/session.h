#pragma once

#include <string>

#include "http/call.h"
#include "http/message.h"

namespace fansipan::http {

/// The session of `identity` as JSON. `csrf_token` is empty when there is none.
base::Result<std::string> SessionJson(const Call& call, const security::Identity& identity,
                                      const std::string& csrf_token);

}  // namespace fansipan::http
