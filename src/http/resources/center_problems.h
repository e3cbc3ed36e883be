#pragma once

#include <vector>

#include "center/load.h"
#include "http/call.h"
#include "http/message.h"

namespace fansipan::http {

/// The problems as members, and the first of them as text too, for whoever shows only that.
Response ProblemsOfCenter(const Call& call, const std::vector<center::Problem>& problems);

}  // namespace fansipan::http
