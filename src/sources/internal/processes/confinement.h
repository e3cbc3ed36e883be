#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sources/internal/processes/sandbox.h"

namespace fansipan::sources::internal {

/// For a program that is not ours and is about to be executed: from here on nothing can be opened
/// for writing, no socket and no process made, no signal sent to others; threads are allowed. Where
/// the kernel has Landlock, only what lies below `readable` can be read and only `programs` be
/// executed. To be called after EnterSandbox. Memory is not bounded here: see LimitMemory. Error
/// kInternal. Cannot be undone.
base::Status ConfineProgram(const std::vector<std::string>& readable,
                            const std::vector<std::string>& programs);

/// Bounds the addresses of the program that is executed next. What this process takes may not fit
/// into it any more: to be called last.
base::Status LimitMemory(std::uint64_t bytes);

}  // namespace fansipan::sources::internal
