#include "base/random.h"

#include <sys/random.h>

#include <cstdlib>

#include "base/log.h"

namespace fansipan::base {

std::string SystemRandom::Bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got <= 0) {
      LogError("the operating system gives no random bytes; secrets cannot be made, ending");
      std::abort();
    }
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string SeededRandom::Bytes(std::size_t count) {
  std::string bytes;
  bytes.reserve(count);
  while (bytes.size() < count) bytes += static_cast<char>(engine_() & 0xFFU);
  return bytes;
}

}  // namespace fansipan::base
