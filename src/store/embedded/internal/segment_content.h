#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/embedded/internal/segment_reader.h"
#include "store/journal.h"

namespace fansipan::store::internal {

/// A mark stands for each segment's first entry and for each entry this far behind the mark before.
inline constexpr std::uint64_t kMarkDistance = std::uint64_t{1} << 20;

/// An entry's place, remembered now and then so that reading from a number need not begin at the
/// segment's start.
struct EntryMark {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  std::uint32_t previous_checksum = 0;
  bool operator==(const EntryMark&) const = default;
};

/// A segment and what is known of it without its entries.
struct Segment {
  std::string path;
  std::uint64_t first_number = 0;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;              ///< up to the end of its last whole entry
  std::uint32_t previous_checksum = 0;  ///< of the last entry before it
  std::uint32_t last_checksum = 0;      ///< of its last entry; the one before while it has none
  base::Timestamp recorded_at;          ///< of its last entry
  model::Sequence last_sequence;        ///< the highest of its entries; 0 when they have none
  std::vector<EntryMark> marks;         ///< by number; the first one is the segment's first entry
  bool operator==(const Segment&) const = default;

  /// Number of the entry that follows its last one.
  std::uint64_t next_number() const { return first_number + entries; }
  /// The entry with this head stands at the end, up to `next_offset`.
  void Add(const JournalHead& head, std::uint32_t checksum, std::uint64_t next_offset);
};

/// Encoded heads of consecutive entries, each behind its length as a varint.
struct HeadPiece {
  std::uint64_t first_number = 0;
  std::string heads;
};

/// Encoded heads in pieces of some kilobytes, so that a reader copies no more under a lock.
class HeadList {
 public:
  void Add(const JournalHead& head);
  /// The piece with the head of entry `number`, which must be there.
  const HeadPiece& PieceWith(std::uint64_t number) const;
  /// All of them behind each other.
  std::string Join() const;

 private:
  std::vector<HeadPiece> pieces_;
};

/// Decodes the heads of a piece, one after the other.
class HeadCursor {
 public:
  HeadCursor() = default;
  explicit HeadCursor(HeadPiece piece) : piece_(std::move(piece)), number_(piece_.first_number) {}

  /// Passes over the heads before `number`.
  void SkipTo(std::uint64_t number);
  /// Nothing at the end, or when the bytes there are no head.
  std::optional<JournalHead> Next();

 private:
  std::optional<std::string_view> NextBytes();

  HeadPiece piece_;
  std::uint64_t number_ = 0;
  std::size_t offset_ = 0;
};

/// Passes over `count` encoded heads: their bytes together. Nothing when so many are not there.
std::optional<std::size_t> MeasureHeads(std::string_view bytes, std::uint64_t count);

/// A segment with the heads of its entries.
struct SegmentContent {
  Segment segment;
  HeadList heads;

  /// Takes the entry that stands at the end of what was taken so far. kCorrupt says for a person
  /// why it cannot stand there.
  base::Status Take(const FoundEntry& entry);
};

}  // namespace fansipan::store::internal
