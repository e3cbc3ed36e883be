#include "indicators/internal/packed_record.h"

#include <cstring>
#include <string>

#include "indicators/internal/value_bytes.h"
#include "model/clocks/case_clock.h"

namespace fansipan::indicators::internal {
namespace {

using Length = std::uint32_t;

// The bits of a record's first byte.
constexpr std::uint8_t kWithdrawn = 1;
constexpr std::uint8_t kHasOlder = 2;

RecordBytes Allocate(std::string_view bytes) {
  const auto length = static_cast<Length>(bytes.size());
  RecordBytes record(new char[sizeof(Length) + bytes.size()]);
  std::memcpy(record.get(), &length, sizeof(Length));
  std::memcpy(record.get() + sizeof(Length), bytes.data(), bytes.size());
  return record;
}

/// Passes over what ReadVersion would read.
void SkipVersion(ByteReader& reader) {
  SkipValue(reader);
  for (int i = 0; i < 3; ++i) reader.Varint();
  reader.Signed();
  reader.Fixed64();
}

void WriteContent(const PackedRecord::Content& content, ByteWriter& writer) {
  writer.Byte((content.withdrawn ? kWithdrawn : 0) | (content.older != 0 ? kHasOlder : 0));
  if (content.older != 0) writer.Varint(content.older);
  writer.Text(content.row);
}

PackedRecord::Content ReadContent(ByteReader& reader) {
  PackedRecord::Content content;
  const std::uint64_t bits = reader.UpTo(kWithdrawn | kHasOlder);
  content.withdrawn = (bits & kWithdrawn) != 0;
  if ((bits & kHasOlder) != 0) {
    content.older = reader.Varint();
    if (content.older == 0) reader.Fail();
  }
  content.row = reader.TextView();
  return content;
}

}  // namespace

void Write(const KnownVersion& version, ByteWriter& writer) {
  const VersionPlace& place = version.place;
  WriteValue(place.order, writer);
  writer.Varint(place.delivery.value);
  // Both are mostly small, so that they take one byte.
  writer.Varint((static_cast<std::uint64_t>(place.revision.value) << model::kMaxClocks) |
                version.paused);
  writer.Varint(place.row);
  // Mostly a little after its delivery.
  writer.Signed(static_cast<std::int64_t>(place.sequence.value - place.delivery.value));
  writer.Fixed64(version.content);
}

KnownVersion ReadVersion(ByteReader& reader) {
  KnownVersion version;
  VersionPlace& place = version.place;
  place.order = ReadValue(reader);
  place.delivery.value = reader.Varint();
  const std::uint64_t revision_and_paused = reader.Varint();
  place.revision.value = static_cast<std::uint32_t>(revision_and_paused >> model::kMaxClocks);
  version.paused =
      static_cast<std::uint8_t>(revision_and_paused & ((1U << model::kMaxClocks) - 1U));
  place.row = static_cast<std::uint32_t>(reader.Varint());
  place.sequence.value = place.delivery.value + static_cast<std::uint64_t>(reader.Signed());
  version.content = reader.Fixed64();
  return version;
}

bool Before(const VersionPlace& left, const VersionPlace& right) {
  const auto order = model::Compare(left.order, right.order);
  if (order != 0) return order < 0;
  if (left.delivery != right.delivery) return left.delivery < right.delivery;
  if (left.revision != right.revision) return left.revision < right.revision;
  if (left.row != right.row) return left.row < right.row;
  return left.sequence < right.sequence;
}

RecordBytes PackedRecord::Make(const Content& content, const std::vector<KnownVersion>& versions) {
  thread_local std::string bytes;
  bytes.clear();
  ByteWriter writer(bytes);
  WriteContent(content, writer);
  writer.Varint(versions.size());
  for (const KnownVersion& version : versions) Write(version, writer);
  return Allocate(bytes);
}

RecordBytes PackedRecord::Append(const PackedRecord& before, bool withdrawn, std::string_view row,
                                 const KnownVersion& newest) {
  thread_local std::string bytes;
  bytes.clear();
  ByteWriter writer(bytes);
  WriteContent({withdrawn, before.older(), row}, writer);
  writer.Varint(before.count_ + 1);
  bytes.append(before.versions_);
  Write(newest, writer);
  return Allocate(bytes);
}

RecordBytes PackedRecord::Load(std::string_view bytes, std::size_t max_versions) {
  ByteReader reader(bytes);
  ReadContent(reader);
  const std::uint64_t count = reader.UpTo(max_versions);
  for (std::uint64_t i = 0; i < count; ++i) ReadVersion(reader);
  return count > 0 && reader.finished() ? Allocate(bytes) : nullptr;
}

PackedRecord::PackedRecord(const char* bytes) {
  Length length = 0;
  std::memcpy(&length, bytes, sizeof(Length));
  bytes_ = {bytes + sizeof(Length), length};
  ByteReader reader(bytes_);
  content_ = ReadContent(reader);
  count_ = static_cast<std::size_t>(reader.Varint());
  versions_ = reader.Rest();
}

KnownVersion PackedRecord::Oldest() const {
  ByteReader reader(versions_);
  return ReadVersion(reader);
}

KnownVersion PackedRecord::Newest() const {
  ByteReader reader(versions_);
  for (std::size_t i = 0; i + 1 < count_; ++i) SkipVersion(reader);
  return ReadVersion(reader);
}

std::vector<KnownVersion> PackedRecord::Versions() const {
  ByteReader reader(versions_);
  std::vector<KnownVersion> versions;
  versions.reserve(count_ + 1);
  for (std::size_t i = 0; i < count_; ++i) versions.push_back(ReadVersion(reader));
  return versions;
}

}  // namespace fansipan::indicators::internal
