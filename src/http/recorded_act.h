#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/call.h"

namespace fansipan::http {

/// Writes into the audit what was done, or tried in vain: of that the detail says why it failed.
base::Status RecordAct(const Call& call, std::string_view what, const std::string& on,
                       const base::Status& done, std::string_view detail = {});

}  // namespace fansipan::http
