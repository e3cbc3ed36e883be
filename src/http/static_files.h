#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/result.h"
#include "http/message.h"

namespace fansipan::http {

/// The files of the web screens, read once into memory: what is served is decided by a name in this
/// map, so that no request reaches the file system. Immutable; safe from any thread.
class StaticFiles {
 public:
  static constexpr std::uint64_t kMaxBytes = 64ULL << 20U;  ///< of all files together
  static constexpr std::size_t kMaxFiles = 2'000;

  /// Reads a folder with the folders in it. kTooLarge beyond the limits. Files whose name begins
  /// with a dot, and kinds a browser has no use for, are left out.
  static base::Result<StaticFiles> Load(base::FileSystem& files, const std::string& folder);
  /// Without any file: every path is unknown.
  StaticFiles() = default;

  void Add(std::string path, std::string bytes);
  std::size_t size() const { return files_.size(); }

  /// The file at the path, or index.html for a path that looks like a screen's. 304 when the reader
  /// has it. kNotFound.
  base::Result<Response> Serve(const Request& request) const;

 private:
  struct File {
    std::string content_type;
    std::shared_ptr<const std::string> bytes;
    std::string etag;
    bool hashed = false;  ///< its name changes with its content
  };
  base::Status LoadFolder(base::FileSystem& files, const std::string& folder,
                          const std::string& prefix);

  std::map<std::string, File, std::less<>> files_;  ///< by path without the first slash
  std::uint64_t bytes_ = 0;
};

}  // namespace fansipan::http
