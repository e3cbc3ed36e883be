#pragma once

namespace fansipan::base {

/// Names the calling thread, and those that it starts from now on, for whoever looks at the running
/// program (`top -H`, `perf`). At most 15 characters.
void NameThread(const char* name);

}  // namespace fansipan::base
