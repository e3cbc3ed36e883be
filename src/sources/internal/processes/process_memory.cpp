#include "sources/internal/processes/process_memory.h"

#include <unistd.h>

#include <fstream>

namespace fansipan::sources::internal {

std::optional<ProcessMemory> ReadProcessMemory(const std::string& statm_path) {
  std::ifstream file(statm_path);
  ProcessMemory pages;
  if (!(file >> pages.addresses >> pages.resident >> pages.shared)) return std::nullopt;
  const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return ProcessMemory{pages.addresses * page_bytes, pages.resident * page_bytes,
                       pages.shared * page_bytes};
}

}  // namespace fansipan::sources::internal
