#include "store/embedded/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace fansipan::store {
namespace {

constexpr int kOwnerOnly = 0600;

base::Error SystemError(int error_number, const std::string& path) {
  return {base::ErrorCode::kIo, "folder_lock",
          "cannot lock " + path + ": " + std::generic_category().message(error_number)};
}

std::string HolderOf(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
  std::string holder(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  holder.erase(holder.find_last_not_of(" \n") + 1);
  return holder.empty() ? "unknown" : holder;
}

}  // namespace

base::Result<FolderLock> FolderLock::Acquire(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
  if (descriptor < 0) return SystemError(errno, path);
  FolderLock lock(descriptor);
  int locked = 0;
  do {
    locked = ::flock(descriptor, LOCK_EX | LOCK_NB);
  } while (locked != 0 && errno == EINTR);
  if (locked != 0 && errno == EWOULDBLOCK) {
    return base::Error{base::ErrorCode::kConflict, "folder_in_use",
                       "another process (" + HolderOf(descriptor) + ") holds " + path +
                           "; stop it first, or use another data folder"};
  }
  if (locked != 0) return SystemError(errno, path);
  // The process id is for people; the lock holds without it.
  const std::string holder = std::to_string(::getpid()) + "\n";
  const bool named =
      ::ftruncate(descriptor, 0) == 0 && ::pwrite(descriptor, holder.data(), holder.size(), 0) > 0;
  static_cast<void>(named);
  return lock;
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace fansipan::store
