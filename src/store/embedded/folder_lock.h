#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace fansipan::store {

/// Keeps a folder to one process: an exclusive lock on a file in it, which also names the holder's
/// process id. Released by the destructor, and by the system when the process ends in any way.
class FolderLock {
 public:
  /// kConflict, naming the file and the process that holds it. The folder must exist.
  static base::Result<FolderLock> Acquire(const std::string& path);

  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace fansipan::store
