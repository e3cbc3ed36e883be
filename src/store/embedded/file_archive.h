#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "store/archive.h"
#include "store/embedded/internal/sealed_payload.h"
#include "store/embedded/key_file.h"

namespace fansipan::store {

struct FileArchiveOptions {
  std::uint64_t payload_limit = std::uint64_t{1} << 30;  ///< of one payload, unpacked
};

/// The archive as one compressed, encrypted file a payload (docs/formats/archive.md). Beside the
/// payload itself, Put and Get hold a few megabytes. After a failed sync nothing is put any more
/// until it is opened again; what is there can still be read. One process has it at a time: the
/// journal's lock sees to that.
class FileArchive final : public Archive {
 public:
  /// Makes the folder if it is missing and removes unfinished drafts. kConflict with reason
  /// other_key when everything in it was encrypted under another key. `files` must outlive it.
  static base::Result<std::unique_ptr<FileArchive>> Open(base::FileSystem& files,
                                                         const std::string& folder,
                                                         const SecretKey& key,
                                                         const FileArchiveOptions& options = {});

  /// Beside what the port says: kTooLarge above the limit, kIo with reason sync_failed for good.
  base::Result<std::unique_ptr<Draft>> Begin(std::string_view payload) override;
  /// Beside what the port says: kCorrupt with reason other_key, kUnsupported for a newer format.
  base::Result<std::string> Get(const std::string& id) override;
  bool Has(const std::string& id) override;
  base::Result<std::vector<std::string>> List() override;

 private:
  class FileDraft;
  FileArchive(base::FileSystem& files, std::string folder, const internal::ArchiveKeys& keys,
              const FileArchiveOptions& options)
      : files_(files), folder_(std::move(folder)), keys_(keys), options_(options) {}

  std::string FolderOf(const std::string& id) const;
  std::string PathOf(const std::string& id) const;
  base::Status RemoveUnfinished();
  base::Status CheckKey();
  base::Status MakeFolderOf(const std::string& id);
  base::Result<bool> HasIntact(const std::string& id);
  base::Status Write(const std::string& path, const std::string& id, std::string_view payload);
  base::Status WriteSealed(const std::string& path, const std::string& id,
                           std::string_view payload);
  base::Result<std::string> Keep(const std::string& id, const std::string& unfinished);
  base::Error NotKept(const base::Error& cause) const;
  base::Status SyncFolder(const std::string& folder);
  base::Error Poison(const base::Error& cause);

  base::FileSystem& files_;
  const std::string folder_;
  const internal::ArchiveKeys keys_;
  const FileArchiveOptions options_;
  std::atomic<std::uint64_t> next_unfinished_{0};
  std::atomic<bool> poisoned_{false};

  std::mutex mutex_;  // guards what follows
  std::array<bool, 256> folder_ready_{};
};

}  // namespace fansipan::store
