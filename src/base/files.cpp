#include "base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace fansipan::base {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;

ErrorCode CodeOf(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return ErrorCode::kStorageFull;
    case ENOENT:
      return ErrorCode::kNotFound;
    default:
      return ErrorCode::kIo;
  }
}

Error SystemError(int error_number, std::string_view action, const std::string& path) {
  std::string message = "cannot " + std::string(action) + " '" + path +
                        "': " + std::generic_category().message(error_number);
  if (CodeOf(error_number) == ErrorCode::kStorageFull) {
    message += "; free space on this disk or raise its quota";
  }
  return Error{CodeOf(error_number), {}, std::move(message)};
}

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Opens again when a signal interrupts. -1 and errno on failure.
int OpenDescriptor(const std::string& path, int flags) {
  int descriptor = -1;
  do {
    descriptor = ::open(path.c_str(), flags | O_CLOEXEC, kFileMode);
  } while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

class PosixFile final : public File {
 public:
  PosixFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixFile() override { ::close(descriptor_); }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  Status Append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return SystemError(errno, "append to", path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<std::string> ReadAt(std::uint64_t offset, std::size_t count) const override {
    // A caller may ask for far more than there is; only what is there is worth memory.
    FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t size, Size());
    const std::uint64_t rest = offset < size ? size - offset : 0;
    std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(count, rest)), '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
      const ssize_t got = ::pread(descriptor_, bytes.data() + filled, bytes.size() - filled,
                                  static_cast<off_t>(offset + filled));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return SystemError(errno, "read", path_);
      if (got == 0) break;
      filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
  }

  Result<std::uint64_t> Size() const override {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) return SystemError(errno, "measure", path_);
    return static_cast<std::uint64_t>(status.st_size);
  }

  Status Truncate(std::uint64_t size) override {
    while (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
      if (errno != EINTR) return SystemError(errno, "cut", path_);
    }
    return {};
  }

  Status Sync() override {
    // The kernel reports a lost write once and then forgets it: a second call would succeed
    // although the bytes are gone.
    if (sync_error_ != 0) return SystemError(sync_error_, "sync (failed before)", path_);
    while (::fsync(descriptor_) != 0) {
      if (errno == EINTR) continue;
      sync_error_ = errno;
      return SystemError(sync_error_, "sync", path_);
    }
    return {};
  }

 private:
  const int descriptor_;
  const std::string path_;
  int sync_error_ = 0;
};

Result<std::unique_ptr<File>> OpenFile(const std::string& path, int flags) {
  const int descriptor = OpenDescriptor(path, flags);
  if (descriptor < 0) return SystemError(errno, "open", path);
  return std::unique_ptr<File>(std::make_unique<PosixFile>(descriptor, path));
}

}  // namespace

Result<std::unique_ptr<File>> PosixFileSystem::OpenForAppend(const std::string& path) {
  return OpenFile(path, O_RDWR | O_CREAT | O_APPEND);
}

Result<std::unique_ptr<File>> PosixFileSystem::OpenForRead(const std::string& path) {
  return OpenFile(path, O_RDONLY);
}

Result<std::string> PosixFileSystem::ReadWhole(const std::string& path, std::uint64_t limit) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, OpenForRead(path));
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t size, file->Size());
  if (size > limit) {
    return Error{ErrorCode::kTooLarge, "file_too_large",
                 "file '" + path + "' has " + std::to_string(size) + " bytes; at most " +
                     std::to_string(limit) + " are read"};
  }
  return file->ReadAt(0, static_cast<std::size_t>(size));
}

Status PosixFileSystem::Rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return SystemError(errno, "rename '" + from + "' to", to);
  }
  return {};
}

Status PosixFileSystem::Remove(const std::string& path) {
  if (std::remove(path.c_str()) != 0) return SystemError(errno, "remove", path);
  return {};
}

Status PosixFileSystem::MakeFolder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) == 0) return SyncFolder(FolderOf(path));
  if (errno == ENOENT && FolderOf(path) != path) {
    FANSIPAN_RETURN_IF_ERROR(MakeFolder(FolderOf(path)));
    if (::mkdir(path.c_str(), kFolderMode) == 0) return SyncFolder(FolderOf(path));
  }
  const int error_number = errno;
  struct stat status {};
  const bool is_folder = ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  if (error_number == EEXIST && is_folder) return {};
  return SystemError(error_number, "make folder", path);
}

Status PosixFileSystem::SyncFolder(const std::string& path) {
  const int descriptor = OpenDescriptor(path, O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return SystemError(errno, "open folder", path);
  int outcome = 0;
  do {
    outcome = ::fsync(descriptor);
  } while (outcome != 0 && errno == EINTR);
  const int error_number = errno;
  ::close(descriptor);
  if (outcome != 0) return SystemError(error_number, "sync folder", path);
  return {};
}

Result<std::vector<std::string>> PosixFileSystem::List(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator entry(folder, error);
  while (!error && entry != std::filesystem::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(error);
  }
  if (error) return SystemError(error.value(), "list folder", folder);
  std::sort(names.begin(), names.end());
  return names;
}

bool PosixFileSystem::Exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Result<std::uint64_t> PosixFileSystem::FreeBytes(const std::string& path) {
  struct statvfs status {};
  std::string place = path;
  while (::statvfs(place.c_str(), &status) != 0) {
    if (errno == EINTR) continue;
    // A file that is not there yet will lie where its folder lies.
    if (errno != ENOENT || FolderOf(place) == place) {
      return SystemError(errno, "ask for the free space of", path);
    }
    place = FolderOf(place);
  }
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

namespace {

Status WriteSynced(FileSystem& files, const std::string& path, std::string_view bytes) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.OpenForAppend(path));
  // An earlier attempt that a crash ended may have left its part here.
  FANSIPAN_RETURN_IF_ERROR(file->Truncate(0));
  FANSIPAN_RETURN_IF_ERROR(file->Append(bytes));
  return file->Sync();
}

}  // namespace

Status WriteWhole(FileSystem& files, const std::string& path, std::string_view bytes) {
  const std::string beside = path + ".new";
  Status status = WriteSynced(files, beside, bytes);
  if (status.ok()) status = files.Rename(beside, path);
  if (!status.ok()) {
    // What made the writing fail is what the caller must know; the leftover is cut by the next try.
    static_cast<void>(files.Remove(beside));
    return status;
  }
  return files.SyncFolder(FolderOf(path));
}

}  // namespace fansipan::base
