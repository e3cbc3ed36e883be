#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources::internal {

// Staged files live for one job and are never synced: after a crash they are leftovers. They are
// not written through base::FileSystem, which stands for what must survive.

/// The folder of one job, for the owner alone; removed with everything in it by the destructor.
class StagingFolder {
 public:
  /// Makes `path`, which must not exist. Error kIo or kStorageFull.
  static base::Result<StagingFolder> Make(std::string path);
  StagingFolder(StagingFolder&& other) noexcept;
  StagingFolder& operator=(StagingFolder&&) = delete;
  ~StagingFolder();

  const std::string& path() const { return path_; }
  base::Status Write(std::string_view name, std::string_view bytes) const;
  /// kTooLarge when the file is longer than `limit`, kNotFound when there is none.
  base::Result<std::string> Read(std::string_view name, std::uint64_t limit) const;

 private:
  explicit StagingFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

/// Makes the root (owner alone), or removes what is in it.
base::Status EmptyStagingRoot(const std::string& root);

inline constexpr std::string_view kStagedJob = "job.json";
inline constexpr std::string_view kStagedPayload = "payload";
inline constexpr std::string_view kStagedResult = "result";

}  // namespace fansipan::sources::internal
