#include "sources/internal/staging.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "sources/internal/file_handle.h"

namespace fansipan::sources::internal {
namespace {

base::Error Unable(std::string_view what, const std::string& path, int number) {
  const base::ErrorCode code =
      number == ENOSPC || number == EDQUOT ? base::ErrorCode::kStorageFull : base::ErrorCode::kIo;
  return {code, "", fmt::format("cannot {} {}: {}", what, path, std::strerror(number))};
}

}  // namespace

base::Result<StagingFolder> StagingFolder::Make(std::string path) {
  if (mkdir(path.c_str(), S_IRWXU) != 0) return Unable("make the staging folder", path, errno);
  return StagingFolder(std::move(path));
}

StagingFolder::StagingFolder(StagingFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

StagingFolder::~StagingFolder() {
  std::error_code ignored;  // what stays is removed at the next start
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

base::Status StagingFolder::Write(std::string_view name, std::string_view bytes) const {
  const std::string path = fmt::format("{}/{}", path_, name);
  const FileHandle file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file.valid()) return Unable("write", path, errno);
  if (!file.WriteAll(bytes)) return Unable("write", path, errno);
  return {};
}

base::Result<std::string> StagingFolder::Read(std::string_view name, std::uint64_t limit) const {
  const std::string path = fmt::format("{}/{}", path_, name);
  const FileHandle file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.valid() && errno == ENOENT) {
    return base::Error{base::ErrorCode::kNotFound, "", fmt::format("there is no {}", path)};
  }
  struct stat state {};
  if (!file.valid() || fstat(file.number(), &state) != 0) return Unable("read", path, errno);
  if (!S_ISREG(state.st_mode)) return Unable("read", path, EINVAL);
  if (static_cast<std::uint64_t>(state.st_size) > limit) {
    return base::Error{base::ErrorCode::kTooLarge, "",
                       fmt::format("{} has more than {} bytes", path, limit)};
  }
  std::string bytes(static_cast<std::size_t>(state.st_size), '\0');
  if (!file.ReadAll(bytes)) return Unable("read", path, errno);
  return bytes;
}

base::Status EmptyStagingRoot(const std::string& root) {
  std::error_code error;
  std::filesystem::create_directories(root, error);
  if (error) return Unable("make the staging root", root, error.value());
  std::filesystem::permissions(root, std::filesystem::perms::owner_all, error);
  if (error) return Unable("close the staging root", root, error.value());
  for (std::filesystem::directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    std::filesystem::remove_all(entry->path(), error);
    if (error) break;
  }
  if (error) return Unable("empty the staging root", root, error.value());
  return {};
}

}  // namespace fansipan::sources::internal
