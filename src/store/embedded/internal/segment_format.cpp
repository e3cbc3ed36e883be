#include "store/embedded/internal/segment_format.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/checksum.h"
#include "store/embedded/internal/bytes.h"
#include "store/embedded/journal_encoding.h"

namespace fansipan::store::internal {
namespace {

constexpr std::string_view kSegmentMagic = "FSJOURNL";
constexpr std::string_view kEntryMagic = "FSJe";
constexpr std::string_view kExtension = ".fj";
constexpr std::size_t kNameDigits = 16;
constexpr std::size_t kReservedBytes = 16;
constexpr std::size_t kChecksumOffset = kSegmentHeaderBytes - 4;

base::Error BadHeader(const char* what) {
  return {base::ErrorCode::kCorrupt, "segment_header", what};
}

}  // namespace

std::string EncodeSegmentHeader(const SegmentHeader& header) {
  std::string bytes(kSegmentMagic);
  ByteWriter writer(bytes);
  writer.Fixed32(kJournalFormat);
  writer.Fixed32(kSegmentHeaderBytes);
  bytes += header.journal_id;
  writer.Fixed64(header.first_number);
  writer.Fixed32(header.previous_checksum);
  bytes.append(kReservedBytes, '\0');
  writer.Fixed32(base::Crc32c(bytes));
  return bytes;
}

base::Result<SegmentHeader> ParseSegmentHeader(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes) return BadHeader("the header is not whole");
  ByteReader checksum(bytes.substr(kChecksumOffset, 4));
  if (checksum.Fixed32() != base::Crc32c(bytes.substr(0, kChecksumOffset))) {
    return BadHeader("the header's checksum is wrong");
  }
  if (!bytes.starts_with(kSegmentMagic)) return BadHeader("it does not begin like a segment");
  ByteReader reader(bytes.substr(kSegmentMagic.size()));
  const std::uint32_t format = reader.Fixed32();
  if (format > kJournalFormat) {
    return base::Error{base::ErrorCode::kUnsupported, "journal_format",
                       "it has journal format " + std::to_string(format) +
                           ", this program knows up to " + std::to_string(kJournalFormat) +
                           "; start the newer program that wrote it"};
  }
  if (format < kJournalFormat) {
    return base::Error{base::ErrorCode::kUnsupported, "journal_format",
                       "it has journal format " + std::to_string(format) +
                           " of an early program, this one reads format " +
                           std::to_string(kJournalFormat) + "; start the program that wrote it"};
  }
  if (reader.Fixed32() != kSegmentHeaderBytes) {
    return BadHeader("the header names no known format");
  }
  SegmentHeader header;
  const std::size_t id_offset = kSegmentMagic.size() + reader.offset();
  header.journal_id = std::string(bytes.substr(id_offset, kJournalIdBytes));
  ByteReader rest(bytes.substr(id_offset + kJournalIdBytes));
  header.first_number = rest.Fixed64();
  header.previous_checksum = rest.Fixed32();
  return header;
}

std::string NumberedName(std::uint64_t first_number, std::string_view extension) {
  const std::string digits = std::to_string(first_number);
  const std::size_t zeros = kNameDigits - std::min(kNameDigits, digits.size());
  return std::string(zeros, '0') + digits + std::string(extension);
}

std::string SegmentName(std::uint64_t first_number) {
  return NumberedName(first_number, kExtension);
}

std::optional<std::uint64_t> ParseSegmentName(std::string_view name) {
  if (!name.ends_with(kExtension)) return std::nullopt;
  name.remove_suffix(kExtension.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  if (number == 0 || name.size() < kNameDigits) return std::nullopt;
  return number;
}

std::uint32_t ChecksumSeed(std::string_view journal_id) { return base::Crc32c(journal_id); }

std::uint32_t SealEntry(std::string& frame, std::uint64_t number, std::uint32_t previous_checksum,
                        std::uint32_t seed) {
  std::string header(kEntryMagic);
  ByteWriter writer(header);
  EntryHeader entry;
  entry.payload_bytes = static_cast<std::uint32_t>(frame.size() - kEntryHeaderBytes);
  writer.Fixed32(entry.payload_bytes);
  writer.Fixed64(number);
  writer.Fixed32(previous_checksum);
  entry.checksum = base::Crc32c(header, seed);
  writer.Fixed32(entry.checksum);
  frame.replace(0, kEntryHeaderBytes, header);
  const std::uint32_t checksum =
      EntryChecksum(entry, std::string_view(frame).substr(kEntryHeaderBytes));
  ByteWriter(frame).Fixed32(checksum);
  return checksum;
}

std::optional<EntryHeader> ParseEntryHeader(std::string_view bytes, std::uint32_t seed) {
  if (bytes.size() < kEntryHeaderBytes || !bytes.starts_with(kEntryMagic)) return std::nullopt;
  ByteReader reader(bytes.substr(kEntryMagic.size(), kEntryHeaderBytes - kEntryMagic.size()));
  EntryHeader header;
  header.payload_bytes = reader.Fixed32();
  header.number = reader.Fixed64();
  header.previous_checksum = reader.Fixed32();
  header.checksum = reader.Fixed32();
  if (header.checksum != base::Crc32c(bytes.substr(0, kEntryHeaderBytes - 4), seed)) {
    return std::nullopt;
  }
  if (header.payload_bytes > kMaxEntryBytes) return std::nullopt;
  return header;
}

std::uint32_t EntryChecksum(const EntryHeader& header, std::string_view payload) {
  return base::Crc32c(payload, header.checksum);
}

std::uint32_t ParseEntryTrailer(std::string_view trailer) { return ByteReader(trailer).Fixed32(); }

std::size_t FindEntryMagic(std::string_view bytes, std::size_t offset) {
  return bytes.find(kEntryMagic, offset);
}

}  // namespace fansipan::store::internal
