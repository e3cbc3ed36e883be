#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sources/decoding.h"

namespace fansipan::sources::testing {

using Cells = std::vector<std::optional<std::string>>;

/// Keeps every decoded row.
class Rows final : public RawRowConsumer {
 public:
  base::Status Begin(const std::vector<std::string>& names) override {
    columns = names;
    return {};
  }
  base::Status Take(const RawBatch& batch) override {
    for (std::size_t row = 0; row < batch.rows.size(); ++row) {
      Cells& taken = cells.emplace_back();
      numbers.push_back(batch.rows[row]);
      for (std::size_t i = 0; i < batch.width; ++i) {
        const RawCell& cell = batch.cells[row * batch.width + i];
        taken.push_back(cell.missing ? std::nullopt : std::optional(std::string(cell.text)));
      }
    }
    return {};
  }
  std::vector<std::string> columns;
  std::vector<Cells> cells;
  std::vector<std::uint32_t> numbers;  ///< of the raw rows
};

}  // namespace fansipan::sources::testing
