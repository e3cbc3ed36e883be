#include "sources/internal/processes/memory_file.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kCopiedBytes = std::size_t{1} << 20U;

base::Error Unable(std::string_view what, int number) {
  const base::ErrorCode code =
      number == ENOSPC || number == ENOMEM ? base::ErrorCode::kStorageFull : base::ErrorCode::kIo;
  return {code, "", fmt::format("cannot {} a worker's file: {}", what, std::strerror(number))};
}

/// By a call that a closed sandbox allows, too. Moves to the file's end.
std::optional<std::size_t> SizeOf(const FileHandle& file) {
  const off_t end = file.valid() ? lseek(file.number(), 0, SEEK_END) : -1;
  if (end < 0) return std::nullopt;
  return static_cast<std::size_t>(end);
}

}  // namespace

base::Result<FileHandle> MakeMemoryFile(std::string_view bytes) {
  FileHandle file(memfd_create("fansipan-worker", MFD_CLOEXEC));
  if (!file.valid()) return Unable("make", errno);
  if (!file.WriteAll(bytes)) return Unable("write", errno);
  if (lseek(file.number(), 0, SEEK_SET) != 0) return Unable("write", errno);
  return file;
}

base::Result<std::string> ReadMemoryFile(const FileHandle& file, std::uint64_t limit) {
  const auto size = SizeOf(file);
  if (!size || lseek(file.number(), 0, SEEK_SET) != 0) return Unable("read", errno);
  if (*size > limit) {
    return base::Error{base::ErrorCode::kTooLarge, "",
                       fmt::format("a worker's file has more than {} bytes", limit)};
  }
  std::string bytes(*size, '\0');
  if (!file.ReadAll(bytes)) return Unable("read", errno);
  return bytes;
}

MappedFile::MappedFile(const FileHandle& file, std::string& room) {
  const auto size = SizeOf(file);
  if (!size) return;
  if (*size <= kCopiedBytes) {
    room.resize(*size);
    valid_ = lseek(file.number(), 0, SEEK_SET) == 0 && file.ReadAll(room);
    bytes_ = room;
    return;
  }
  void* const start = mmap(nullptr, *size, PROT_READ, MAP_PRIVATE, file.number(), 0);
  valid_ = start != MAP_FAILED;
  if (!valid_) return;
  start_ = start;
  bytes_ = {static_cast<const char*>(start), *size};
}

MappedFile::~MappedFile() {
  if (start_ != nullptr) munmap(start_, bytes_.size());
}

}  // namespace fansipan::sources::internal
