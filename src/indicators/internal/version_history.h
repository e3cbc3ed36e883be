#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "indicators/cell_log_format.h"
#include "indicators/internal/packed_record.h"

namespace fansipan::indicators {

// The bytes of its file: docs/formats/version_history.md.

inline constexpr FileFormat kVersionHistoryFile{"version history", "FSHISTOR", 1};

/// How far a history goes, so that a file can be found to be whole up to there.
struct HistoryMark {
  std::uint64_t bytes = 0;
  std::uint32_t checksum = 0;  ///< of all of them
  bool operator==(const HistoryMark&) const = default;
};

/// The older versions of records, out of memory. Problem: a record that is corrected for years
/// gathers versions without end, and they are asked for almost never: when a row comes late, or
/// once more. So they leave the index in pieces, which make a chain for each record, the last piece
/// first; within a chain the versions have no order. Pieces stand in a file, those of the last
/// moments in memory; without a file all do. What nothing refers to any more stays in the file.
/// Owner: the engine's writing thread.
class VersionHistory {
 public:
  /// Where a chain's last piece stands; 0: the chain is empty.
  using Chain = std::uint64_t;

  /// Without a file.
  VersionHistory() = default;
  /// In a new file, in place of whatever is there. kIo, kStorageFull.
  static base::Result<VersionHistory> Create(base::FileSystem& files, const std::string& path,
                                             const FileIdentity& identity);
  /// In the file as it was at `mark`; what lies behind that is cut off. kNotFound, kIo, as
  /// CheckFileHeader; kCorrupt: the file is not whole up to there.
  static base::Result<VersionHistory> Continue(base::FileSystem& files, const std::string& path,
                                               const FileIdentity& identity,
                                               const HistoryMark& mark);

  /// The chain with these versions, of which there is one at least. A file that takes no more
  /// bytes is tried again later; they stay in memory until then.
  Chain Add(Chain chain, const std::vector<internal::KnownVersion>& versions);
  /// The chain with one version more. Small pieces become one on the way, so that a chain to which
  /// single versions come stays short.
  Chain AddOne(Chain chain, internal::KnownVersion version);

  /// True when `matches` says so of a version of the chain. Ends the process when the file cannot
  /// be read: without it nothing would be right any more, and the next start makes it anew.
  template <typename Matches>
  bool Any(Chain chain, Matches matches) const {
    while (chain != 0) {
      for (const internal::KnownVersion& version : Read(chain, chain)) {
        if (matches(version)) return true;
      }
    }
    return false;
  }
  /// All of the chain, in no order.
  std::vector<internal::KnownVersion> All(Chain chain) const;

  /// Hands everything to the operating system. kIo, kStorageFull.
  base::Status Flush();
  /// Of what Flush has handed over.
  HistoryMark mark() const { return written_; }
  /// Returns once that is on the device. Any thread, while the history lives.
  base::Status Sync() const;
  /// Leaves the file to another history, which may change it: what comes later stays in memory.
  void Leave();

 private:
  VersionHistory(base::FileSystem& files, std::string path, std::unique_ptr<base::File> file)
      : files_(&files), path_(std::move(path)), file_(std::move(file)) {}

  /// The versions of the piece at `chain`; `next` becomes what comes behind it in the chain.
  std::vector<internal::KnownVersion> Read(Chain chain, Chain& next) const;
  /// `count` bytes from `offset`, fewer only at the history's end.
  std::string Bytes(std::uint64_t offset, std::size_t count) const;
  [[noreturn]] void Stop(std::uint64_t offset, std::string_view why) const;

  base::FileSystem* files_ = nullptr;
  std::string path_;
  std::unique_ptr<base::File> file_;  ///< null: in memory only
  bool may_write_ = true;
  HistoryMark written_;
  std::string waiting_;  ///< what comes behind that
  std::size_t write_at_ = kWriteBytes;

  static constexpr std::size_t kWriteBytes = 256U << 10U;
};

}  // namespace fansipan::indicators
