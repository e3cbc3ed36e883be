#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::base {

/// An open file. Used by one thread at a time; closed by its destructor.
class File {
 public:
  virtual ~File() = default;
  /// Writes all of `bytes` at the end. kStorageFull when there is no room; the file may then have
  /// grown by a part of it.
  virtual Status Append(std::string_view bytes) = 0;
  /// At most `count` bytes from `offset`; fewer only at the end of the file.
  virtual Result<std::string> ReadAt(std::uint64_t offset, std::size_t count) const = 0;
  virtual Result<std::uint64_t> Size() const = 0;
  virtual Status Truncate(std::uint64_t size) = 0;
  /// Returns once the content and the size are on the device. A failure is final: what the device
  /// holds is then unknown, and the caller must stop and recover from what is on disk.
  virtual Status Sync() = 0;
};

/// The operating system's files. Everything that must survive a crash goes through this, so that
/// tests can cut the power at any write. Safe from any thread.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  /// Makes the file when it is missing; its name is on the device after SyncFolder only. What is
  /// opened so can be read, too.
  virtual Result<std::unique_ptr<File>> OpenForAppend(const std::string& path) = 0;
  virtual Result<std::unique_ptr<File>> OpenForRead(const std::string& path) = 0;
  /// kTooLarge when the file has more than `limit` bytes.
  virtual Result<std::string> ReadWhole(const std::string& path, std::uint64_t limit) = 0;
  /// An existing `to` is replaced at once: nobody sees neither or both.
  virtual Status Rename(const std::string& from, const std::string& to) = 0;
  /// A file or an empty folder. kNotFound when it is not there.
  virtual Status Remove(const std::string& path) = 0;
  /// Makes the folder and those above it that are missing; only its owner may enter. Names that it
  /// made are on the device when it returns.
  virtual Status MakeFolder(const std::string& path) = 0;
  /// Returns once the folder's entries (created, renamed, removed names) are on the device.
  virtual Status SyncFolder(const std::string& path) = 0;
  /// Names (not paths) of the entries of a folder, sorted.
  virtual Result<std::vector<std::string>> List(const std::string& folder) = 0;
  virtual bool Exists(const std::string& path) = 0;
  /// Bytes that may still be written where `path` lies.
  virtual Result<std::uint64_t> FreeBytes(const std::string& path) = 0;
};

/// Files of the machine. New files are readable by their owner alone.
class PosixFileSystem final : public FileSystem {
 public:
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
};

/// Writes a small file whole or not at all: a new name beside it, synced, renamed, folder synced.
Status WriteWhole(FileSystem& files, const std::string& path, std::string_view bytes);

}  // namespace fansipan::base
