#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "base/patience.h"
#include "base/result.h"
#include "indicators/cell_log_format.h"

namespace fansipan::indicators {

/// Where a frame stands, and the checksum of the frame before it, from which its own continues: so
/// it can be checked alone.
struct CellLogPosition {
  std::uint64_t offset = 0;
  std::uint32_t seed = 0;
};

struct CellLogSealPlace {
  std::uint64_t blocks = 0;
  CellLogPosition position;
};

using VisitBlock = std::function<void(const CellLogBlock&)>;

/// Reads a cell log's file while another handle appends to it. Everything is checked on its way; an
/// error of code kCorrupt says that something that was written whole is not whole any more. Safe
/// from any thread.
class CellLogReader {
 public:
  explicit CellLogReader(std::unique_ptr<base::File> file) : file_(std::move(file)) {}

  /// `count` blocks, the first of them the frame at `first` or the next block behind it. Looks at
  /// the patience before each.
  base::Status ReadBlocks(const CellLogPosition& first, std::size_t count,
                          const CellLogBounds& bounds, const VisitBlock& visit,
                          const base::Patience& patience = {}) const;
  base::Result<CellLogSeal> ReadSeal(const CellLogSealPlace& place,
                                     const CellLogBounds& bounds) const;
  base::Result<CellChunk> ReadChunk(const SealedChunk& place, const CellLayout& layout,
                                    const CellChunkBounds& bounds) const;

  /// Fewer bytes only at the end of the file.
  base::Result<std::string> ReadAt(std::uint64_t offset, std::size_t count) const;
  base::Result<std::uint64_t> Size() const;

 private:
  mutable std::mutex mutex_;  ///< of one access to the handle
  std::unique_ptr<base::File> file_;
};

/// Hands out the frames of a file one by one, reading ahead. One thread.
class FrameReader {
 public:
  FrameReader(const CellLogReader& file, std::uint64_t size, const CellLogPosition& start)
      : file_(file), size_(size), next_(start), after_(start) {}

  struct Frame {
    FrameKind kind = FrameKind::kRows;
    std::string_view payload;  ///< until the next call; empty for kCells, which is not read
    CellLogPosition position;
  };
  /// False at the end and where no whole frame stands.
  base::Result<bool> Next(Frame& frame);
  /// Goes behind the frame that Next gave.
  void Accept() { next_ = after_; }
  /// Behind the last frame accepted.
  const CellLogPosition& position() const { return next_; }

 private:
  base::Result<std::string_view> Peek(std::uint64_t offset, std::size_t count);

  const CellLogReader& file_;
  const std::uint64_t size_;
  CellLogPosition next_;
  CellLogPosition after_;
  std::string window_;
  std::uint64_t window_start_ = 0;
};

}  // namespace fansipan::indicators
