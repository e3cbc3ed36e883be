#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/decoding.h"

namespace fansipan::sources::internal {

/// Numbers the rows that a decoder finds, keeps their places, and hands them on in batches. Every
/// started row is either ended or refused. Used by one thread.
class RowCollector {
 public:
  RowCollector(std::uint64_t row_limit, RawRowConsumer& consumer)
      : row_limit_(row_limit), consumer_(consumer) {}

  base::Status Begin(const std::vector<std::string>& columns);
  std::size_t width() const { return batch_.width; }

  /// All cells of the new row are missing until set. Error: too_many_rows.
  base::Status StartRow(std::uint64_t offset, std::uint32_t line);
  /// `text` must live as long as the payload, or until Flush, or come from Keep.
  void SetCell(std::size_t column, std::string_view text);
  /// Holds a text until its batch has been handed over.
  std::string_view Keep(std::string text);
  base::Status EndRow(std::uint64_t length);
  /// The started row cannot be decoded. Error: too_many_refused.
  base::Status RefuseRow(std::uint64_t length, std::string_view reason, std::string message,
                         std::string_view column = {});

  /// Hands over the rows that have ended.
  base::Status Flush();
  /// Hands over what is left.
  base::Result<DecodedPayload> Finish();

 private:
  std::uint64_t row_limit_;
  RawRowConsumer& consumer_;
  RawBatch batch_;
  std::deque<std::string> kept_;
  DecodedPayload decoded_;
};

}  // namespace fansipan::sources::internal
