#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/embedded/internal/bytes.h"
#include "store/journal.h"

namespace fansipan::store::internal {

/// Appends the binary form of `head`, without its number (docs/formats/journal.md). It is shorter
/// than the payload of its entry.
void EncodeHead(const JournalHead& head, std::string& bytes);
/// The head whose binary form `bytes` is. Takes any bytes: kCorrupt when they are not what
/// EncodeHead makes. What decodes encodes to the same bytes.
base::Result<JournalHead> DecodeHead(std::string_view bytes, std::uint64_t number);
/// The head of the entry whose binary form `payload` is; its rows are passed over, not checked.
/// Takes any bytes.
base::Result<JournalHead> DecodeEntryHead(std::string_view payload, std::uint64_t number);

// What an entry's payload and a head spell alike.
void WriteMoment(ByteWriter& writer, base::Timestamp moment);
base::Timestamp ReadMoment(ByteReader& reader);
void WriteDelivery(ByteWriter& writer, const model::Delivery& delivery);
model::Delivery ReadDelivery(ByteReader& reader);
void WriteCenters(ByteWriter& writer, const std::vector<CenterChange>& centers);
std::vector<CenterChange> ReadCenters(ByteReader& reader);
void WriteLifeSigns(ByteWriter& writer, const std::vector<LifeSign>& life_signs);
std::vector<LifeSign> ReadLifeSigns(ByteReader& reader);
/// Lists at the end are written up to the last that has any; read while bytes are left.
void WriteAfterLifeSigns(ByteWriter& writer, const std::vector<SourcePosition>& positions,
                         const std::vector<SourceNote>& notes,
                         const std::vector<model::QuarantineDecision>& decisions);
std::vector<SourcePosition> ReadPositions(ByteReader& reader);
std::vector<SourceNote> ReadNotes(ByteReader& reader);
std::vector<model::QuarantineDecision> ReadDecisions(ByteReader& reader);
/// A byte of which only the bits of `known` may be set.
std::uint8_t ReadFlags(ByteReader& reader, int known);

// Fewest bytes of each repeated thing of an entry; a count that could not fit into what follows is
// refused before anything is made for it.
inline constexpr std::size_t kLeastDataset = 2;
inline constexpr std::size_t kLeastColumn = 2;
inline constexpr std::size_t kLeastDelivery = 26;
inline constexpr std::size_t kLeastVersion = 7;
inline constexpr std::size_t kLeastQuarantined = 7;

inline constexpr std::uint8_t kHasPredecessor = 1;
inline constexpr std::uint8_t kWithdrawn = 2;
inline constexpr std::uint8_t kOutranked = 4;

/// What the first byte of a value says.
enum class ValueTag : std::uint8_t {
  kMissing = 0,
  kText = 1,
  kInteger = 2,
  kDecimal = 3,
  kFalse = 4,
  kTrue = 5,
  kDate = 6,
  kTimestamp = 7
};

}  // namespace fansipan::store::internal
