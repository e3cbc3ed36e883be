#include "sources/internal/processes/file_handle.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace fansipan::sources::internal {

FileHandle::FileHandle(FileHandle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

FileHandle::~FileHandle() {
  if (number_ >= 0) close(number_);
}

bool FileHandle::WriteAll(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = write(number_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool FileHandle::ReadAll(std::string& bytes) const {
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = read(number_, bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return true;
}

}  // namespace fansipan::sources::internal
