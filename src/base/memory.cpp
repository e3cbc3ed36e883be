#include "base/memory.h"

#include <malloc.h>

namespace fansipan::base {

void KeepFreedMemory() {
  constexpr int kMegabyte = 1 << 20;
  // 32 MB is the most that the C library takes for the first.
  mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);
  mallopt(M_TRIM_THRESHOLD, 1024 * kMegabyte);
  mallopt(M_TOP_PAD, 16 * kMegabyte);
}

}  // namespace fansipan::base
