#include "indicators/sealed_cells.h"

#include <algorithm>

#include "base/log.h"

namespace fansipan::indicators {
namespace {

// A question about a panel takes a few megabytes.
constexpr std::uint64_t kMaxKeptBytes = 32ULL << 20U;

}  // namespace

SealedCells::SealedCells(std::shared_ptr<const CellLogReader> reader, CellLogSeal seal,
                         std::shared_ptr<const CellLayout> layout, const CellChunkBounds& bounds)
    : reader_(std::move(reader)),
      seal_(std::move(seal)),
      layout_(std::move(layout)),
      bounds_(bounds),
      kept_(seal_.chunks.size()) {}

std::shared_ptr<const CellChunk> SealedCells::Fetch(std::size_t index) const {
  const std::lock_guard lock(mutex_);
  if (kept_[index] || !status_.ok()) return kept_[index];
  const SealedChunk& place = seal_.chunks[index];
  auto chunk = reader_->ReadChunk(place, *layout_, bounds_);
  if (!chunk.ok()) {
    base::LogError("cell log: {}", chunk.error().message);
    status_ = chunk.error();
    failed_offset_ = place.offset;
    return nullptr;
  }
  if (kept_bytes_ + place.size > kMaxKeptBytes) {
    std::fill(kept_.begin(), kept_.end(), nullptr);
    kept_bytes_ = 0;
  }
  kept_bytes_ += place.size;
  kept_[index] = std::make_shared<const CellChunk>(*std::move(chunk));
  return kept_[index];
}

void SealedCells::ForEach(const CellChunkKey& first, const CellChunkKey& last,
                          const Visit& visit) const {
  const auto& chunks = seal_.chunks;
  auto at = std::lower_bound(
      chunks.begin(), chunks.end(), first,
      [](const SealedChunk& chunk, const CellChunkKey& key) { return chunk.key < key; });
  for (; at != chunks.end() && at->key <= last; ++at) {
    const auto chunk = Fetch(static_cast<std::size_t>(at - chunks.begin()));
    if (chunk) visit(at->key, *chunk);
  }
}

base::Status SealedCells::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

std::optional<std::uint64_t> SealedCells::failed_offset() const {
  const std::lock_guard lock(mutex_);
  return failed_offset_;
}

}  // namespace fansipan::indicators
