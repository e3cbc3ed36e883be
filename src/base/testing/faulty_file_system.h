#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/testing/file_operation.h"

namespace fansipan::base {

/// Fails on demand what another file system would do; everything else it passes on. Safe from any
/// thread; outlives the files opened with it.
class FaultyFileSystem final : public FileSystem {
 public:
  explicit FaultyFileSystem(FileSystem& inner) : inner_(inner) {}

  /// The next `times` operations of this kind on paths that contain `path_part` give `error` and do
  /// nothing else. A rename is matched by either path.
  void Fail(FileOperation kind, std::string path_part, Error error, std::size_t times = 1);
  /// The next sync of a file whose path contains `path_part` fails; the one after it succeeds, as
  /// the kernel's would, although bytes may be lost.
  void FailNextSync(std::string path_part);
  /// `bytes` may still be appended; then the storage is full until FreeStorage. An append that fits
  /// in part leaves its first part in the file.
  void LimitStorage(std::uint64_t bytes);
  void FillStorage() { LimitStorage(0); }
  void FreeStorage();
  /// How often an operation was failed, so that a test can tell that its fault was met.
  std::size_t failures() const;

  Result<std::unique_ptr<File>> OpenForAppend(const std::string& path) override;
  Result<std::unique_ptr<File>> OpenForRead(const std::string& path) override;
  Result<std::string> ReadWhole(const std::string& path, std::uint64_t limit) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status MakeFolder(const std::string& path) override;
  Status SyncFolder(const std::string& path) override;
  Result<std::vector<std::string>> List(const std::string& folder) override;
  bool Exists(const std::string& path) override;
  Result<std::uint64_t> FreeBytes(const std::string& path) override;

 private:
  class FaultyFile;

  struct Fault {
    FileOperation kind = FileOperation::kOpen;
    std::string path_part;
    Error error;
    std::size_t times = 0;
  };

  /// The error that the operation is to give, if any.
  Status Meet(FileOperation kind, std::string_view path);
  /// How many of `wanted` bytes still fit; they count as written.
  std::size_t TakeRoom(std::size_t wanted);
  Status RefuseWhenFull(std::string_view path);

  FileSystem& inner_;
  mutable std::mutex mutex_;
  std::vector<Fault> faults_;
  std::optional<std::uint64_t> room_;  // nothing: no limit
  std::size_t failures_ = 0;
};

}  // namespace fansipan::base
