#include "indicators/cell_log_format.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/checksum.h"
#include "indicators/internal/bytes.h"
#include "indicators/internal/value_bytes.h"

namespace fansipan::indicators {
namespace {

using internal::ByteReader;
using internal::ByteWriter;

constexpr std::size_t kFormatOffset = 8;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kLeastDeltaBytes = 9;
// Far above what a center can hold, and low enough that no sum of a whole file overflows.
constexpr std::int64_t kMaxBlockCount = 1LL << 32U;
constexpr std::size_t kLeastChunkBytes = 11;
constexpr model::Int128 kMaxSum = static_cast<model::Int128>(1) << 126U;

base::Error Corrupt(std::string_view what) {
  return {base::ErrorCode::kCorrupt, "cell_log",
          "the cell log's " + std::string(what) + " is damaged; it is rebuilt from the journal"};
}

std::uint64_t NumberOf(model::UnitId unit) {
  return unit == model::kNoUnit ? 0 : static_cast<std::uint64_t>(unit.value) + 1;
}

model::UnitId ReadUnit(ByteReader& reader, std::size_t units) {
  const std::uint64_t number = reader.UpTo(units);
  return number == 0 ? model::kNoUnit : model::UnitId{static_cast<std::uint32_t>(number - 1)};
}

void WriteDeltas(const std::vector<Delta>& deltas, ByteWriter& writer) {
  writer.Varint(deltas.size());
  std::int64_t leaf = 0;
  for (const Delta& delta : deltas) {
    writer.Varint(delta.measure);
    writer.Byte(static_cast<std::uint8_t>(delta.cause));
    writer.Varint(NumberOf(delta.cell.territory));
    writer.Varint(NumberOf(delta.cell.organisation));
    writer.Signed(delta.cell.leaf - leaf);
    writer.Varint(delta.cell.dimensions);
    writer.Varint(delta.value);
    writer.Signed(delta.count);
    writer.Wide(delta.sum);
    leaf = delta.cell.leaf;
  }
}

/// `index` of something of which there are `size`; fails when there is no such.
std::uint32_t ReadIndex(ByteReader& reader, std::size_t size) {
  const std::uint64_t index = reader.Varint();
  if (index < size) return static_cast<std::uint32_t>(index);
  reader.Fail();
  return 0;
}

Delta ReadDelta(ByteReader& reader, const CellLogBounds& bounds, std::int64_t leaf_before) {
  Delta delta;
  delta.measure = ReadIndex(reader, bounds.set_of_measure.size());
  if (reader.failed()) return delta;
  delta.cell.measure_set = bounds.set_of_measure[delta.measure];
  const std::uint8_t cause = reader.Byte();
  if (cause > static_cast<std::uint8_t>(Cause::kClock)) reader.Fail();
  delta.cause = static_cast<Cause>(reader.failed() ? 0 : cause);
  delta.cell.territory = ReadUnit(reader, bounds.territory_units);
  delta.cell.organisation = ReadUnit(reader, bounds.organisation_units);
  constexpr std::int64_t kFarthest = 2LL * std::numeric_limits<model::Leaf>::max() + 1;
  const std::int64_t leaf = leaf_before + reader.SignedUpTo(kFarthest);
  delta.cell.leaf = static_cast<model::Leaf>(leaf);
  if (delta.cell.leaf != leaf) reader.Fail();
  delta.cell.dimensions = ReadIndex(reader, bounds.tuples);
  delta.value = ReadIndex(reader, bounds.values + 1);
  delta.count = reader.SignedUpTo(kMaxBlockCount);
  delta.sum = reader.Wide();
  const bool fits = -kMaxSum <= delta.sum && delta.sum <= kMaxSum;
  if (!fits || (delta.value != 0 && delta.sum != 0)) reader.Fail();
  return delta;
}

std::vector<Delta> ReadDeltas(ByteReader& reader, const CellLogBounds& bounds) {
  std::vector<Delta> deltas;
  const std::size_t count = reader.Count(kLeastDeltaBytes);
  deltas.reserve(count);
  std::int64_t leaf = 0;
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    deltas.push_back(ReadDelta(reader, bounds, leaf));
    leaf = deltas.back().cell.leaf;
  }
  return deltas;
}

/// A block is of the clock alone or not of the clock at all.
bool HasOneOrigin(const std::vector<Delta>& deltas) {
  for (const Delta& delta : deltas) {
    const bool clock = delta.cause == Cause::kClock;
    if (clock != (deltas.front().cause == Cause::kClock)) return false;
  }
  return !deltas.empty();
}

}  // namespace

std::string EncodeFileHeader(const FileFormat& format, const FileIdentity& identity) {
  std::string bytes(format.magic);
  ByteWriter writer(bytes);
  writer.Fixed32(format.format);
  writer.Fixed32(kFileHeaderBytes);
  writer.Fixed32(kCellLogRules);
  writer.Fixed64(identity.journal.high);
  writer.Fixed64(identity.journal.low);
  writer.Text(std::string_view(identity.revision).substr(0, kMaxRevisionBytes));
  bytes.resize(kFileHeaderBytes - kChecksumBytes, '\0');
  writer.Fixed32(base::Crc32c(bytes));
  return bytes;
}

base::Status CheckFileHeader(std::string_view bytes, const FileFormat& format,
                             const FileIdentity& identity) {
  const std::string name(format.name);
  const base::Error damaged{
      base::ErrorCode::kCorrupt, "cell_log",
      "the header of the " + name + " is damaged; the file is rebuilt from the journal"};
  if (bytes.size() != kFileHeaderBytes || !bytes.starts_with(format.magic)) return damaged;
  const std::string_view covered = bytes.substr(0, kFileHeaderBytes - kChecksumBytes);
  if (ByteReader(bytes.substr(covered.size())).Fixed32() != base::Crc32c(covered)) return damaged;
  const std::uint32_t found = ByteReader(bytes.substr(kFormatOffset)).Fixed32();
  if (found > format.format) {
    return base::Error{base::ErrorCode::kUnsupported, "newer_format",
                       "the " + name + " has format " + std::to_string(found) +
                           ", this program knows formats up to " + std::to_string(format.format) +
                           "; start the newer program that wrote it"};
  }
  if (bytes == EncodeFileHeader(format, identity)) return {};
  return base::Error{base::ErrorCode::kConflict, "other_file",
                     "the " + name + " belongs to another center, journal or release"};
}

void EncodeRows(const CellLogRows& rows, std::string& payload) {
  ByteWriter writer(payload);
  writer.Byte(static_cast<std::uint8_t>(rows.table));
  writer.Varint(rows.first);
  writer.Varint(rows.rows.size());
  for (const model::Row& row : rows.rows) {
    writer.Varint(row.size());
    for (const model::Value& value : row) WriteValue(value, writer);
  }
}

void EncodeBlock(const CellLogBlock& block, std::string& payload) {
  ByteWriter writer(payload);
  writer.Signed(block.at.time_since_epoch().count());
  writer.Varint(block.sequence.value);
  WriteDeltas(block.deltas, writer);
}

void EncodeSeal(const CellLogSeal& seal, std::string& payload) {
  ByteWriter writer(payload);
  writer.Varint(seal.blocks);
  writer.Varint(seal.chunks.size());
  for (const SealedChunk& chunk : seal.chunks) {
    writer.Varint(chunk.key.set);
    writer.Byte(chunk.key.tree == model::TreeKind::kTerritory ? 0 : 1);
    writer.Varint(chunk.key.unit.value);
    writer.Signed(chunk.key.number);
    writer.Varint(chunk.changes);
    writer.Varint(chunk.offset);
    writer.Varint(chunk.size);
    writer.Fixed32(chunk.checksum);
  }
}

base::Result<CellLogRows> DecodeRows(std::string_view payload) {
  ByteReader reader(payload);
  CellLogRows rows;
  rows.table = static_cast<CellLogTable>(reader.UpTo(1));
  rows.first = reader.Varint();
  const std::size_t count = reader.Count(1);
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    model::Row row(reader.Count(1));
    for (model::Value& value : row) value = ReadValue(reader);
    if (rows.table == CellLogTable::kValues && row.size() != 1) reader.Fail();
    rows.rows.push_back(std::move(row));
  }
  if (!reader.finished()) return Corrupt("table");
  return rows;
}

base::Result<CellLogBlock> DecodeBlock(std::string_view payload, const CellLogBounds& bounds) {
  ByteReader reader(payload);
  CellLogBlock block;
  block.at = base::Timestamp(base::Duration(reader.Signed()));
  block.sequence.value = reader.Varint();
  block.deltas = ReadDeltas(reader, bounds);
  if (!reader.finished() || !HasOneOrigin(block.deltas)) return Corrupt("block");
  return block;
}

base::Result<CellLogBlockHead> DecodeBlockHead(std::string_view payload) {
  ByteReader reader(payload);
  CellLogBlockHead head;
  head.at = base::Timestamp(base::Duration(reader.Signed()));
  head.sequence.value = reader.Varint();
  head.deltas = reader.Count(kLeastDeltaBytes);
  reader.Varint();
  head.is_clock = reader.Byte() == static_cast<std::uint8_t>(Cause::kClock);
  if (reader.failed() || head.deltas == 0) return Corrupt("block");
  return head;
}

base::Result<CellLogSeal> DecodeSeal(std::string_view payload, const CellLogBounds& bounds,
                                     std::uint64_t end) {
  const auto& sets = bounds.set_of_measure;
  const std::uint32_t last_set = sets.empty() ? 0 : *std::max_element(sets.begin(), sets.end());
  constexpr std::int64_t kFarthest = std::numeric_limits<model::Leaf>::max() / CellChunk::kLeaves;
  ByteReader reader(payload);
  CellLogSeal seal;
  seal.blocks = reader.Varint();
  const std::size_t count = reader.Count(kLeastChunkBytes);
  seal.chunks.reserve(count);
  for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
    SealedChunk chunk;
    chunk.key.set = static_cast<std::uint32_t>(reader.UpTo(last_set));
    const bool territory = reader.UpTo(1) == 0;
    chunk.key.tree = territory ? model::TreeKind::kTerritory : model::TreeKind::kOrganisation;
    const std::size_t units = territory ? bounds.territory_units : bounds.organisation_units;
    chunk.key.unit.value = ReadIndex(reader, units);
    chunk.key.number = static_cast<std::int32_t>(reader.SignedUpTo(kFarthest + 1));
    chunk.changes = reader.Varint();
    chunk.offset = reader.UpTo(end);
    chunk.size = reader.UpTo(end - std::min(end, chunk.offset));
    chunk.checksum = reader.Fixed32();
    if (i > 0 && chunk.key <= seal.chunks.back().key) reader.Fail();
    seal.chunks.push_back(chunk);
  }
  if (!reader.finished()) return Corrupt("seal");
  return seal;
}

std::uint32_t AppendFrame(FrameKind kind, std::string_view payload, std::uint32_t checksum,
                          std::string& bytes) {
  const std::size_t start = bytes.size();
  ByteWriter writer(bytes);
  writer.Byte(static_cast<std::uint8_t>(kind));
  writer.Fixed32(static_cast<std::uint32_t>(payload.size()));
  bytes.append(payload);
  const std::size_t covered =
      kCellLogFrameHeadBytes + (kind == FrameKind::kCells ? 0 : payload.size());
  const std::uint32_t sum = base::Crc32c(std::string_view(bytes).substr(start, covered), checksum);
  writer.Fixed32(sum);
  return sum;
}

}  // namespace fansipan::indicators
