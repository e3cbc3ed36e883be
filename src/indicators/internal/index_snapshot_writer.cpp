#include "indicators/internal/index_snapshot_writer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"
#include "indicators/internal/bytes.h"

namespace fansipan::indicators {
namespace {

constexpr std::size_t kPiecesWaiting = 16;
constexpr std::size_t kChecksumBytes = 4;

std::string NewPath(const std::string& path) { return path + ".new"; }

}  // namespace

IndexSnapshotWriter::IndexSnapshotWriter(Parts parts, std::uint64_t versions)
    : parts_(std::move(parts)), versions_(versions), queue_(kPiecesWaiting) {
  thread_ = std::thread([this] {
    base::NameThread("index-snapshot");
    Run();
  });
}

IndexSnapshotWriter::~IndexSnapshotWriter() {
  queue_.Close();
  thread_.join();
}

bool IndexSnapshotWriter::IsDue(const std::vector<CurrentIndex>& indexes) const {
  return versions_ >= std::max(parts_.after, CountRecords(indexes) / 2) && !writing_;
}

void IndexSnapshotWriter::Step(const std::vector<CurrentIndex>& indexes, const Published& published,
                               std::size_t pieces) {
  if (!taking_) {
    if (!IsDue(indexes)) return;
    taking_ = first_ = true;
    writing_ = true;
    versions_ = 0;
    mark_ = {published.entry, 0, 0, 0, {}};
    dataset_ = 0;
    record_ = 0;
  }
  for (; taking_ && pieces > 0 && queue_.size() < queue_.capacity(); --pieces) {
    queue_.Push(Take(indexes, published));
  }
}

IndexSnapshotWriter::Piece IndexSnapshotWriter::Take(const std::vector<CurrentIndex>& indexes,
                                                     const Published& published) {
  Piece piece;
  piece.is_first = std::exchange(first_, false);
  while (dataset_ < indexes.size() && record_ >= indexes[dataset_].size()) {
    ++dataset_;
    record_ = 0;
  }
  if (dataset_ < indexes.size()) {
    const auto next =
        AppendIndexRecords(dataset_, indexes[dataset_], record_, parts_.piece_bytes, piece.payload);
    mark_.records += next - record_;
    record_ = next;
    return piece;
  }
  Piece end = TakeEnd(published);
  end.is_first = piece.is_first;
  return end;
}

IndexSnapshotWriter::Piece IndexSnapshotWriter::TakeEnd(const Published& published) {
  taking_ = false;
  Piece piece;
  piece.kind = FrameKind::kIndexEnd;
  piece.whole = parts_.history->Flush();
  mark_.last_entry = published.entry;
  mark_.blocks = published.blocks;
  mark_.history = parts_.history->mark();
  piece.payload = EncodeIndexEnd(mark_);
  return piece;
}

void IndexSnapshotWriter::Run() {
  while (const auto piece = queue_.Pop()) {
    Write(*piece);
    if (piece->kind == FrameKind::kIndexEnd) writing_ = false;
  }
  if (!file_) return;
  file_.reset();
  (void)parts_.files->Remove(NewPath(parts_.path)).ok();
}

void IndexSnapshotWriter::Write(const Piece& piece) {
  if (piece.is_first) {
    const auto begun = Begin();
    if (!begun.ok()) return GiveUp(begun.error());
  }
  if (!file_) return;
  if (!piece.whole.ok()) return GiveUp(piece.whole.error());
  std::string bytes;
  checksum_ = AppendFrame(piece.kind, piece.payload, checksum_, bytes);
  auto written = file_->Append(bytes);
  if (written.ok() && piece.kind == FrameKind::kIndexEnd) written = Finish();
  if (!written.ok()) GiveUp(written.error());
}

base::Status IndexSnapshotWriter::Begin() {
  const std::string path = NewPath(parts_.path);
  if (parts_.files->Exists(path)) FANSIPAN_RETURN_IF_ERROR(parts_.files->Remove(path));
  FANSIPAN_ASSIGN_OR_RETURN(file_, parts_.files->OpenForAppend(path));
  const std::string header = EncodeFileHeader(kIndexSnapshotFile, parts_.identity);
  const std::string_view sum = std::string_view(header).substr(header.size() - kChecksumBytes);
  checksum_ = internal::ByteReader(sum).Fixed32();
  return file_->Append(header);
}

/// The cell log and the version history come first: whoever finds the snapshot finds what it has in
/// the one, and what it refers to in the other.
base::Status IndexSnapshotWriter::Finish() {
  FANSIPAN_RETURN_IF_ERROR(parts_.flush_log());
  FANSIPAN_RETURN_IF_ERROR(parts_.history->Sync());
  FANSIPAN_RETURN_IF_ERROR(file_->Sync());
  file_.reset();
  FANSIPAN_RETURN_IF_ERROR(parts_.files->Rename(NewPath(parts_.path), parts_.path));
  return parts_.files->SyncFolder(parts_.path.substr(0, parts_.path.find_last_of('/')));
}

void IndexSnapshotWriter::GiveUp(const base::Error& error) {
  base::LogWarning("index snapshot: {}; the one before stays, the next start takes longer",
                   error.message);
  file_.reset();
  (void)parts_.files->Remove(NewPath(parts_.path)).ok();
}

}  // namespace fansipan::indicators
