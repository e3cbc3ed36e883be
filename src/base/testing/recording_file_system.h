#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/random.h"
#include "base/testing/file_operation.h"

namespace fansipan::base {

/// Shows what a power cut may leave. Passes everything on to another file system and records, in
/// one order, each operation that succeeded and changes files below `root`; what lies there when
/// the recording begins counts as safely stored. Safe from any thread; outlives the files opened
/// with it.
class RecordingFileSystem final : public FileSystem {
 public:
  RecordingFileSystem(FileSystem& inner, const std::string& root);

  struct Operation {
    FileOperation kind = FileOperation::kOpen;
    std::string path;  ///< relative to the root; of a rename, the new one
  };
  std::size_t operation_count() const;
  std::vector<Operation> operations() const;

  /// Writes into `to_folder` (made new) what a power cut directly after the first `operation_count`
  /// operations may leave: all that was synced, and of the rest what `random` chooses. Of a file's
  /// unsynced appends and cuts a first part stays, the last append perhaps torn, its bytes perhaps
  /// garbled. Of unsynced names a first part, or any selection, stays.
  Status WriteSurvivors(const std::string& to_folder, std::size_t operation_count,
                        SeededRandom& random) const;

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
  class RecordingFile;
  class Disk;
  using FileNumber = std::size_t;

  /// One step with all that is needed to take it again.
  struct Step {
    FileOperation kind = FileOperation::kOpen;
    FileNumber file = 0;
    std::string path;
    std::string from;        ///< kRename
    std::string bytes;       ///< kAppend
    std::uint64_t size = 0;  ///< kTruncate
  };

  void Record(Step step) { steps_.push_back(std::move(step)); }
  /// Empty for the root itself; nothing for a path that does not lie below it.
  std::optional<std::string> Relative(const std::string& path) const;
  void ReadStart();

  FileSystem& inner_;
  const std::string root_;
  mutable std::mutex mutex_;
  std::vector<Step> steps_;
  std::map<std::string, FileNumber> names_;  // now
  FileNumber next_file_ = 0;
  std::map<std::string, FileNumber> start_names_;
  std::map<FileNumber, std::string> start_contents_;
  std::set<std::string> start_folders_;
};

}  // namespace fansipan::base
