#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/journal.h"

namespace fansipan::store {

/// Upper limit of one encoded entry.
inline constexpr std::size_t kMaxEntryBytes = std::size_t{1} << 30;
/// Upper limit of the columns of one dataset in an entry.
inline constexpr std::size_t kMaxEntryColumns = 4'096;

/// Appends the binary form of `entry`, without its number, to `payload` (docs/formats/journal.md).
/// kInvalidArgument or kTooLarge as Journal::Append says; `payload` then has undefined bytes added.
base::Status EncodeEntry(const JournalEntry& entry, std::string& payload);

/// The entry whose binary form `payload` is, as number `number`. Takes any bytes: kCorrupt with the
/// offset when they are not what EncodeEntry makes. What decodes encodes to the same bytes.
base::Result<JournalEntry> DecodeEntry(std::string_view payload, std::uint64_t number);

}  // namespace fansipan::store
