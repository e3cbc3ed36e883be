#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "http/call.h"
#include "security/authorisation.h"
#include "store/fact_store.h"

namespace fansipan::http {

/// Names of the parameters that say which quarantined rows are meant, and `more`.
std::vector<std::string> QuarantineParameters(const std::vector<std::string>& more = {});

/// Which rows they name. A `column` that is `-` stands for rows at fault as a whole.
base::Result<store::QuarantineQuery> ParseQuarantineFilter(Call& call);
/// Sets the page that `cursor` and `limit` name.
base::Status ParseQuarantinePage(Call& call, store::QuarantineQuery& query);

/// Values that may be personal are masked row by row for those who may not read them, so the object
/// itself is not personal.
security::Object QuarantineObject(const Call& call);

}  // namespace fansipan::http
