#include "indicators/internal/index_snapshot.h"

#include <functional>
#include <future>
#include <memory>
#include <utility>

#include "base/bounded_queue.h"
#include "base/thread_name.h"
#include "indicators/cell_log_reader.h"
#include "indicators/internal/bytes.h"

namespace fansipan::indicators {
namespace {

using internal::ByteReader;
using internal::ByteWriter;

constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kFramesAhead = 4;

base::Error Corrupt(std::string_view what) {
  return {base::ErrorCode::kCorrupt, "index_snapshot",
          "the index snapshot " + std::string(what) + "; the index is read from the journal"};
}

/// Reads frames up to the end's, and gives what they hold to `take` until that says no.
base::Result<IndexSnapshotMark> ReadFrames(FrameReader& frames,
                                           const std::vector<CurrentIndex>& indexes,
                                           const std::function<bool(IndexRecords)>& take) {
  FrameReader::Frame frame;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool whole, frames.Next(frame));
    if (!whole) return Corrupt("is damaged at byte " + std::to_string(frames.position().offset));
    if (frame.kind == FrameKind::kIndexEnd) return DecodeIndexEnd(frame.payload);
    if (frame.kind != FrameKind::kRecords) return Corrupt("holds what no index holds");
    FANSIPAN_ASSIGN_OR_RETURN(IndexRecords records, ReadIndexRecords(frame.payload, indexes));
    if (!take(std::move(records))) return Corrupt("was not read to its end");
    frames.Accept();
  }
}

/// One thread reads and checks the records, this one takes them in.
base::Result<IndexSnapshotMark> TakeFrames(FrameReader& frames,
                                           std::vector<CurrentIndex>& indexes) {
  base::BoundedQueue<IndexRecords> queue(kFramesAhead);
  auto reading = std::async(std::launch::async, [&] {
    base::NameThread("index-reader");
    auto mark = ReadFrames(frames, indexes,
                           [&](IndexRecords records) { return queue.Push(std::move(records)); });
    queue.Close();
    return mark;
  });
  base::Status taken;
  while (auto records = queue.Pop()) {
    taken = TakeIndexRecords(*std::move(records), indexes);
    if (!taken.ok()) break;
  }
  queue.Close();
  auto mark = reading.get();
  FANSIPAN_RETURN_IF_ERROR(taken);
  if (mark.ok() && mark->records != CountRecords(indexes)) return Corrupt("lacks records");
  return mark;
}

}  // namespace

CurrentIndex::RecordNumber AppendIndexRecords(std::size_t dataset, const CurrentIndex& index,
                                              CurrentIndex::RecordNumber first, std::size_t limit,
                                              std::string& bytes) {
  const std::size_t start = bytes.size();
  ByteWriter writer(bytes);
  writer.Varint(dataset);
  writer.Varint(first);
  CurrentIndex::RecordNumber next = first;
  for (; next < index.size() && bytes.size() - start < limit; ++next) index.Save(next, writer);
  return next;
}

base::Result<IndexRecords> ReadIndexRecords(std::string_view payload,
                                            const std::vector<CurrentIndex>& indexes) {
  ByteReader reader(payload);
  IndexRecords read;
  const std::uint64_t dataset = reader.Varint();
  read.first = reader.Varint();
  if (dataset >= indexes.size()) return Corrupt("is of another center");
  read.dataset = static_cast<std::size_t>(dataset);
  while (!reader.failed() && !reader.finished()) {
    read.records.push_back(indexes[read.dataset].Read(reader));
  }
  if (reader.failed()) return Corrupt("holds what is no record");
  return read;
}

base::Status TakeIndexRecords(IndexRecords records, std::vector<CurrentIndex>& indexes) {
  CurrentIndex& index = indexes[records.dataset];
  if (records.first != index.size()) return Corrupt("lacks records");
  for (CurrentIndex::Loaded& record : records.records) index.Load(std::move(record));
  return {};
}

std::string EncodeIndexEnd(const IndexSnapshotMark& mark) {
  std::string bytes;
  ByteWriter writer(bytes);
  writer.Varint(mark.first_entry);
  writer.Varint(mark.last_entry);
  writer.Varint(mark.blocks);
  writer.Varint(mark.records);
  writer.Varint(mark.history.bytes);
  writer.Fixed32(mark.history.checksum);
  return bytes;
}

base::Result<IndexSnapshotMark> DecodeIndexEnd(std::string_view payload) {
  ByteReader reader(payload);
  IndexSnapshotMark mark;
  mark.first_entry = reader.Varint();
  mark.last_entry = reader.Varint();
  mark.blocks = reader.Varint();
  mark.records = reader.Varint();
  mark.history.bytes = reader.Varint();
  mark.history.checksum = reader.Fixed32();
  if (!reader.finished() || mark.first_entry > mark.last_entry) return Corrupt("has no end");
  return mark;
}

std::uint64_t CountRecords(const std::vector<CurrentIndex>& indexes) {
  std::uint64_t records = 0;
  for (const CurrentIndex& index : indexes) records += index.size();
  return records;
}

base::Result<IndexSnapshotMark> LoadIndexSnapshot(base::FileSystem& files, const std::string& path,
                                                  const FileIdentity& identity,
                                                  std::vector<CurrentIndex>& indexes) {
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<base::File> file, files.OpenForRead(path));
  const CellLogReader reader(std::move(file));
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t size, reader.Size());
  FANSIPAN_ASSIGN_OR_RETURN(const std::string header, reader.ReadAt(0, kFileHeaderBytes));
  FANSIPAN_RETURN_IF_ERROR(CheckFileHeader(header, kIndexSnapshotFile, identity));
  const std::string_view sum = std::string_view(header).substr(header.size() - kChecksumBytes);
  FrameReader frames(reader, size, {header.size(), ByteReader(sum).Fixed32()});
  return TakeFrames(frames, indexes);
}

}  // namespace fansipan::indicators
