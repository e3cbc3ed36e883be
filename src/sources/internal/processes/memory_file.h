#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sources/internal/processes/file_handle.h"

namespace fansipan::sources::internal {

// What goes to a worker and comes from it lies in files that have no name and never reach a disk:
// they end with the last process that has them open.

/// A new file with these bytes, to be read from the start. Errors: kStorageFull, kIo.
base::Result<FileHandle> MakeMemoryFile(std::string_view bytes);

/// All that a file holds, wherever it was written last. Errors: kTooLarge beyond `limit`, kIo.
base::Result<std::string> ReadMemoryFile(const FileHandle& file, std::uint64_t limit);

/// What a file holds, as bytes in memory. A large one is mapped, so that it counts as a file and
/// not as memory of the process; a small one is copied into `room`, whose memory serves again: a
/// mapping costs more than that to make and to take down.
class MappedFile {
 public:
  MappedFile(const FileHandle& file, std::string& room);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  bool valid() const { return valid_; }
  std::string_view bytes() const { return bytes_; }

 private:
  std::string_view bytes_;
  void* start_ = nullptr;  ///< of what is mapped
  bool valid_ = false;
};

}  // namespace fansipan::sources::internal
