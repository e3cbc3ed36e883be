#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::store::internal {

inline constexpr std::uint32_t kJournalFormat = 2;
inline constexpr std::size_t kJournalIdBytes = 16;
inline constexpr std::size_t kSegmentHeaderBytes = 64;
inline constexpr std::size_t kEntryHeaderBytes = 24;
inline constexpr std::size_t kEntryTrailerBytes = 4;

/// The first bytes of every segment.
struct SegmentHeader {
  std::string journal_id;               ///< kJournalIdBytes random bytes, the same in all segments
  std::uint64_t first_number = 0;       ///< of the entry that follows the header
  std::uint32_t previous_checksum = 0;  ///< of the last entry before; 0 in the first segment
};

std::string EncodeSegmentHeader(const SegmentHeader& header);
/// kCorrupt when the checksum, magic or reserved bytes are wrong; kUnsupported for a newer format.
base::Result<SegmentHeader> ParseSegmentHeader(std::string_view bytes);

/// The number with 16 decimal digits at least, then `extension`.
std::string NumberedName(std::uint64_t first_number, std::string_view extension);
/// "0000000000000001.fj".
std::string SegmentName(std::uint64_t first_number);
/// Nothing when the name is not a segment's.
std::optional<std::uint64_t> ParseSegmentName(std::string_view name);

/// What stands before the payload of an entry.
struct EntryHeader {
  std::uint32_t payload_bytes = 0;
  std::uint64_t number = 0;
  std::uint32_t previous_checksum = 0;
  std::uint32_t checksum = 0;  ///< of the header alone; the entry's continues it
};

/// Checksums of entries begin with the journal's id: bytes of another journal, or text inside a
/// record that imitates an entry, do not pass for one.
std::uint32_t ChecksumSeed(std::string_view journal_id);

/// Fills in header and trailer around a payload that stands in `frame` behind kEntryHeaderBytes of
/// room. Returns the entry's checksum.
std::uint32_t SealEntry(std::string& frame, std::uint64_t number, std::uint32_t previous_checksum,
                        std::uint32_t seed);
/// The header at the start of `bytes`; nothing when there is no valid one.
std::optional<EntryHeader> ParseEntryHeader(std::string_view bytes, std::uint32_t seed);
/// Continues the header's checksum over the payload.
std::uint32_t EntryChecksum(const EntryHeader& header, std::string_view payload);
std::uint32_t ParseEntryTrailer(std::string_view trailer);
/// Where in `bytes` the magic of an entry stands next, from `offset`; npos when nowhere.
std::size_t FindEntryMagic(std::string_view bytes, std::size_t offset);

}  // namespace fansipan::store::internal
