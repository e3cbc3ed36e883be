#include "indicators/internal/version_history.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "base/checksum.h"
#include "base/log.h"
#include "indicators/internal/bytes.h"

namespace fansipan::indicators {
namespace {

using internal::ByteReader;
using internal::ByteWriter;
using internal::KnownVersion;

constexpr std::size_t kGuess = 512;                ///< most pieces have fewer bytes
constexpr std::size_t kLeastVersionBytes = 13;     ///< an empty order, four numbers, a fingerprint
constexpr std::size_t kCheckedAtOnce = 4U << 20U;  ///< bytes

base::Error Corrupt(const std::string& path) {
  return {base::ErrorCode::kCorrupt, "version_history",
          "the version history " + path +
              " is not what the index snapshot belongs to; both are made anew from the journal"};
}

/// Of a file's first `bytes`.
base::Result<std::uint32_t> ChecksumOf(const base::File& file, std::uint64_t bytes) {
  std::uint32_t checksum = 0;
  for (std::uint64_t offset = 0; offset < bytes;) {
    const auto count = std::min<std::uint64_t>(kCheckedAtOnce, bytes - offset);
    FANSIPAN_ASSIGN_OR_RETURN(const std::string read, file.ReadAt(offset, count));
    if (read.size() != count) break;
    checksum = base::Crc32c(read, checksum);
    offset += count;
  }
  return checksum;
}

/// The body of a piece; false when it is none.
bool ReadPiece(std::string_view body, std::uint64_t& back, std::vector<KnownVersion>& versions) {
  ByteReader reader(body);
  back = reader.Varint();
  versions.resize(reader.Count(kLeastVersionBytes));
  for (KnownVersion& version : versions) version = internal::ReadVersion(reader);
  return reader.finished() && !versions.empty();
}

}  // namespace

base::Result<VersionHistory> VersionHistory::Create(base::FileSystem& files,
                                                    const std::string& path,
                                                    const FileIdentity& identity) {
  // Whoever still has the old file open keeps it as it is.
  if (files.Exists(path)) FANSIPAN_RETURN_IF_ERROR(files.Remove(path));
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<base::File> file, files.OpenForAppend(path));
  VersionHistory history(files, path, std::move(file));
  history.waiting_ = EncodeFileHeader(kVersionHistoryFile, identity);
  FANSIPAN_RETURN_IF_ERROR(history.Flush());
  return history;
}

base::Result<VersionHistory> VersionHistory::Continue(base::FileSystem& files,
                                                      const std::string& path,
                                                      const FileIdentity& identity,
                                                      const HistoryMark& mark) {
  if (!files.Exists(path)) return Corrupt(path);
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<base::File> file, files.OpenForAppend(path));
  FANSIPAN_ASSIGN_OR_RETURN(const std::string header, file->ReadAt(0, kFileHeaderBytes));
  FANSIPAN_RETURN_IF_ERROR(CheckFileHeader(header, kVersionHistoryFile, identity));
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t size, file->Size());
  if (mark.bytes < kFileHeaderBytes || size < mark.bytes) return Corrupt(path);
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint32_t checksum, ChecksumOf(*file, mark.bytes));
  if (checksum != mark.checksum) return Corrupt(path);
  if (size > mark.bytes) FANSIPAN_RETURN_IF_ERROR(file->Truncate(mark.bytes));
  VersionHistory history(files, path, std::move(file));
  history.written_ = mark;
  return history;
}

VersionHistory::Chain VersionHistory::Add(Chain chain, const std::vector<KnownVersion>& versions) {
  // Offset 0 is no piece's, with or without a file's header.
  if (written_.bytes == 0 && waiting_.empty()) waiting_.assign(1, '\0');
  const Chain added = written_.bytes + waiting_.size();
  std::string body;
  ByteWriter writer(body);
  writer.Varint(chain == 0 ? 0 : added - chain);
  writer.Varint(versions.size());
  for (const KnownVersion& version : versions) internal::Write(version, writer);
  ByteWriter(waiting_).Text(body);
  if (waiting_.size() >= write_at_ && file_ && may_write_ && !Flush().ok()) {
    write_at_ = waiting_.size() + kWriteBytes;
  }
  return added;
}

VersionHistory::Chain VersionHistory::AddOne(Chain chain, KnownVersion version) {
  std::vector<KnownVersion> versions{std::move(version)};
  while (chain != 0) {
    Chain next = 0;
    std::vector<KnownVersion> piece = Read(chain, next);
    if (piece.size() > versions.size()) break;
    std::move(piece.begin(), piece.end(), std::back_inserter(versions));
    chain = next;
  }
  return Add(chain, versions);
}

std::vector<KnownVersion> VersionHistory::All(Chain chain) const {
  std::vector<KnownVersion> all;
  while (chain != 0) {
    std::vector<KnownVersion> piece = Read(chain, chain);
    std::move(piece.begin(), piece.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<KnownVersion> VersionHistory::Read(Chain chain, Chain& next) const {
  std::string bytes = Bytes(chain, kGuess);
  ByteReader reader(bytes);
  const std::uint64_t length = reader.Varint();
  if (reader.failed()) Stop(chain, "there is no piece");
  const std::size_t head = bytes.size() - reader.Rest().size();
  if (bytes.size() - head < length) bytes = Bytes(chain, head + length);
  std::uint64_t back = 0;
  std::vector<KnownVersion> versions;
  const std::string_view body = std::string_view(bytes).substr(head, length);
  if (!ReadPiece(body, back, versions) || back >= chain) Stop(chain, "there is no whole piece");
  next = back == 0 ? 0 : chain - back;
  return versions;
}

std::string VersionHistory::Bytes(std::uint64_t offset, std::size_t count) const {
  if (offset >= written_.bytes) {
    const std::uint64_t start = offset - written_.bytes;
    return start < waiting_.size() ? waiting_.substr(start, count) : std::string();
  }
  auto read = file_->ReadAt(offset, std::min<std::uint64_t>(count, written_.bytes - offset));
  if (!read.ok()) Stop(offset, read.error().message);
  return *std::move(read);
}

void VersionHistory::Stop(std::uint64_t offset, std::string_view why) const {
  base::LogError(
      "version history: {} cannot be read at byte {}: {}. The program ends here, since it could no "
      "longer tell a repeated row from a new one. Remove the file and start again: it is made "
      "anew from the journal, nothing is lost",
      path_, offset, why);
  std::abort();
}

base::Status VersionHistory::Flush() {
  if (!file_ || !may_write_) {
    return base::Error{base::ErrorCode::kIo, "version_history", "it has no file of its own"};
  }
  if (waiting_.empty()) return {};
  auto appended = file_->Append(waiting_);
  if (!appended.ok()) {
    // A part of it may stand in the file.
    if (!file_->Truncate(written_.bytes).ok()) may_write_ = false;
    base::LogWarning("version history: {}; it is kept in memory for now", appended.error().message);
    return appended;
  }
  written_ = {written_.bytes + waiting_.size(), base::Crc32c(waiting_, written_.checksum)};
  waiting_.clear();
  write_at_ = kWriteBytes;
  return {};
}

base::Status VersionHistory::Sync() const {
  if (!files_->Exists(path_)) return Corrupt(path_);
  FANSIPAN_ASSIGN_OR_RETURN(const std::unique_ptr<base::File> file, files_->OpenForAppend(path_));
  return file->Sync();
}

void VersionHistory::Leave() {
  if (file_ && may_write_) (void)Flush().ok();
  may_write_ = false;
}

}  // namespace fansipan::indicators
