#pragma once

#include <vector>

#include "center/load.h"
#include "http/call.h"
#include "http/json_body.h"
#include "http/message.h"

namespace fansipan::http {

/// The problems as members, and the first of them as text too, for whoever shows only that.
Response ProblemsOfCenter(const Call& call, const std::vector<center::Problem>& problems);

/// The member 'folder', which must be there.
base::Result<std::string> GetFolder(const TextMembers& body);

}  // namespace fansipan::http
