#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.h"
#include "base/result.h"
#include "store/embedded/internal/segment_format.h"

namespace fansipan::store::internal {

/// An entry whose checksums are right.
struct FoundEntry {
  EntryHeader header;
  std::string_view payload;  ///< until the reader's next call
  std::uint32_t checksum = 0;
  std::uint64_t next_offset = 0;
};

/// Reads one segment in large pieces, up to `end`. Memory: one piece, or one entry if that is
/// larger.
class SegmentReader {
 public:
  SegmentReader(std::unique_ptr<base::File> file, std::uint64_t end)
      : file_(std::move(file)), end_(end) {}

  /// At most `count` bytes from `offset`, fewer only at the end; valid until the next call.
  base::Result<std::string_view> Fetch(std::uint64_t offset, std::size_t count);
  /// The entry at `offset`; nothing when the bytes there are no whole, valid one.
  base::Result<std::optional<FoundEntry>> FindEntry(std::uint64_t offset, std::uint32_t seed);
  /// Where behind `offset` the next valid header of an entry with at least `number` stands. The
  /// header alone counts: it was only written after the entry before it was acknowledged.
  base::Result<std::optional<std::uint64_t>> FindLaterHeader(std::uint64_t offset,
                                                             std::uint64_t number,
                                                             std::uint32_t seed);

  std::uint64_t end() const { return end_; }

 private:
  std::unique_ptr<base::File> file_;
  std::uint64_t end_;
  std::uint64_t piece_offset_ = 0;
  std::string piece_;
};

}  // namespace fansipan::store::internal
