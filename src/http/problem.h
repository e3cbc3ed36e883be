#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace fansipan::http {

/// The HTTP status that an error is answered with.
int StatusOf(const base::Error& error);

/// An error as application/problem+json (RFC 9457). `code` is the error's reason, or the name of
/// its code. `instance` names this occurrence in the log; a defect or damaged store shows nothing
/// else. `nearest` lists names that exist, at most ten.
Response BuildProblem(const base::Error& error, std::string_view instance,
                      const std::vector<std::string>& nearest = {});

/// The same with a status of its own, for what HTTP itself refuses.
Response BuildProblem(int status, const base::Error& error, std::string_view instance);

/// The first members of a problem, without braces, for a problem that says more.
std::string ProblemMembers(int status, const base::Error& error, std::string_view instance);

}  // namespace fansipan::http
