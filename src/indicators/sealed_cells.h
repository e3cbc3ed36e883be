#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "indicators/cell_log_reader.h"
#include "indicators/cells.h"

namespace fansipan::indicators {

/// The cells of a seal, read from the file chunk by chunk when they are asked for: a question about
/// the past asks for few of them. Those asked for are kept, up to a limit. Safe from any thread.
class SealedCells final : public CellSource {
 public:
  SealedCells(std::shared_ptr<const CellLogReader> reader, CellLogSeal seal,
              std::shared_ptr<const CellLayout> layout, const CellChunkBounds& bounds);

  void ForEach(const CellChunkKey& first, const CellChunkKey& last,
               const Visit& visit) const override;
  base::Status status() const override;
  /// Offset of the chunk that made `status` an error.
  std::optional<std::uint64_t> failed_offset() const;

 private:
  std::shared_ptr<const CellChunk> Fetch(std::size_t index) const;

  const std::shared_ptr<const CellLogReader> reader_;
  const CellLogSeal seal_;
  const std::shared_ptr<const CellLayout> layout_;
  const CellChunkBounds bounds_;

  mutable std::mutex mutex_;                                    ///< guards what follows
  mutable std::vector<std::shared_ptr<const CellChunk>> kept_;  ///< by index in the seal
  mutable std::uint64_t kept_bytes_ = 0;                        ///< as they stand in the file
  mutable base::Status status_;
  mutable std::optional<std::uint64_t> failed_offset_;
};

}  // namespace fansipan::indicators
