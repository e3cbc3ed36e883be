#include "center/internal/folder.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

namespace fs = std::filesystem;

class FolderReader {
 public:
  FolderReader(const std::string& folder, Problems& problems)
      : folder_(folder), problems_(problems) {}

  std::map<std::string, std::string, std::less<>> Read() {
    std::error_code error;
    if (!fs::is_directory(folder_, error)) {
      problems_.Report("center.yaml", {}, "'" + folder_ + "' is no folder that can be read");
      return {};
    }
    ReadInside("", 0);
    return std::move(files_);
  }

 private:
  // `path` is empty, or ends with a slash.
  void ReadInside(const std::string& path, std::size_t depth) {
    base::PosixFileSystem system;
    const auto names = system.List(folder_ + "/" + path);
    if (!names.ok()) {
      problems_.Report(path, {}, "cannot be read: " + names.error().message);
      return;
    }
    for (const std::string& name : *names) {
      const std::string inside = path + name;
      if (full_) return;
      if (IsIgnored(inside)) continue;
      if (FindBadByte(inside)) {
        problems_.Report(path, {}, "the name of a file in this folder is not UTF-8 text");
        continue;
      }
      ReadEntry(inside, depth);
    }
  }

  void ReadEntry(const std::string& inside, std::size_t depth) {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(folder_ + "/" + inside, error);
    if (fs::is_directory(status)) {
      if (depth + 1 < kMaxFolderDepth) {
        ReadInside(inside + "/", depth + 1);
      } else {
        problems_.Report(
            inside, {},
            "folders are nested deeper than " + std::to_string(kMaxFolderDepth) + " levels");
      }
    } else if (fs::is_regular_file(status)) {
      ReadFile(inside);
    } else {
      problems_.Report(inside, {},
                       "is no regular file; put the file itself here, not a link to it");
    }
  }

  void ReadFile(const std::string& inside) {
    base::PosixFileSystem system;
    const auto content = system.ReadWhole(folder_ + "/" + inside, kMaxFolderBytes - bytes_);
    if (!content.ok() && content.error().code != base::ErrorCode::kTooLarge) {
      problems_.Report(inside, {}, "cannot be read: " + content.error().message);
      return;
    }
    if (!content.ok() || files_.size() == kMaxFiles) {
      problems_.Report(inside, {},
                       "the center has more than " + std::to_string(kMaxFiles) + " files or " +
                           std::to_string(kMaxFolderBytes >> 20U) +
                           " MB; this file and what follows was not read");
      full_ = true;
      return;
    }
    bytes_ += content->size();
    files_.emplace(inside, *content);
  }

  std::string folder_;
  Problems& problems_;
  std::map<std::string, std::string, std::less<>> files_;
  std::size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace

std::map<std::string, std::string, std::less<>> ReadFolder(const std::string& folder,
                                                           Problems& problems) {
  return FolderReader(folder, problems).Read();
}

bool IsIgnored(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  return name == "README.md" || path.starts_with('.') || path.find("/.") != std::string_view::npos;
}

}  // namespace fansipan::center
