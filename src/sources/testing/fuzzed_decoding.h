#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sources/decoding.h"

namespace fansipan::sources::testing {

/// Touches every cell and checks what a decoder promises about its batches.
class Reading final : public RawRowConsumer {
 public:
  base::Status Begin(const std::vector<std::string>& columns) override {
    width_ = columns.size();
    return {};
  }
  base::Status Take(const RawBatch& batch) override {
    if (batch.width != width_ || batch.cells.size() != batch.rows.size() * width_) std::abort();
    for (const RawCell& cell : batch.cells) {
      for (const char c : cell.text) sum_ = sum_ + static_cast<unsigned char>(c);
    }
    taken_ += batch.rows.size();
    return {};
  }
  std::size_t taken() const { return taken_; }

 private:
  std::size_t width_ = 0;
  std::size_t taken_ = 0;
  volatile std::uint64_t sum_ = 0;
};

/// Decodes what a fuzzer made up; ends the process when rows are lost, or do not lie one behind
/// the other within the payload.
inline void DecodeFuzzed(std::string_view payload, const center::Source& source) {
  Reading reading;
  const auto decoded = Decode(payload, source, reading);
  if (!decoded.ok()) return;
  if (decoded->rows.size() != reading.taken() + decoded->refused.size()) std::abort();
  std::uint64_t end = 0;
  for (const RawRowSpan& row : decoded->rows) {
    if (row.offset < end || row.offset + row.length > payload.size()) std::abort();
    end = row.offset + row.length;
  }
}

}  // namespace fansipan::sources::testing
