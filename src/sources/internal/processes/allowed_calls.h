#pragma once

namespace fansipan::sources::internal {

/// Lets a filter of system calls (an scmp_filter_ctx that refuses all others) pass those for
/// computing with what is open: memory, threads, time, reading, writing, ending. Returns 0, or what
/// failed as a negative errno.
int AllowComputing(void* filter);

}  // namespace fansipan::sources::internal
