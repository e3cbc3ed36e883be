#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/internal/worker_job.h"
#include "sources/mapping_worker.h"

namespace fansipan::sources::internal {

// What a worker hands back, as bytes: little-endian numbers, texts with their length before them.
//   magic "FSWR1", kind (1 byte)
//   failed:  code (4), reason, message, profile
//   located: count (4), then offset (8), length (8), line (4) each
//   dropped: the payload without what was dropped, to the end
//   mapped:  for each mapping: rows, each after a byte 1: count of raw rows (4), those (4 each),
//   the
//            texts of the columns (length 0xFFFFFFFF: missing); after the last row a byte 0;
//            then raw_rows, mapped, skipped, refused (8 each); the offset of each raw row (8);
//            count of refused rows (4), each raw row (4), offset (8), column, value, reason,
//            message; profile; told totals: count (4), each as a text of a column; 1 byte: keys are
//            told; count of keys (4), each a text
//   profile: count of raw columns (4), each name, six counts (4 each), 1 byte: a magnitude follows,
//            magnitude (4)
// Nothing may follow. The worker is not trusted: everything is checked when it is read.

/// Writes a result piece by piece. `flush` gets full buffers; its first error is kept for Finish.
class WorkerResultWriter {
 public:
  using Flush = std::function<base::Status(std::string_view)>;
  explicit WorkerResultWriter(Flush flush) : flush_(std::move(flush)) {}

  void Failed(const base::Error& error, const std::vector<model::ColumnProfile>& profile);
  void Located(const std::vector<RawRowSpan>& spans);
  void Dropped(std::string_view payload);
  void BeginMapped();
  void BeginRow(const std::vector<std::uint32_t>& raw_rows);
  void Text(std::optional<std::string_view> text);
  void EndDataset();
  void EndMapped(const model::DeliveryCounts& counts, const DecodedPayload& decoded);
  /// Behind EndMapped.
  void Beside(const std::vector<model::ColumnProfile>& profile, const ToldTotals& told);
  base::Status Finish();

 private:
  void Begin(char kind);
  template <typename Number>
  void Put(Number number);
  void PutText(std::string_view text);
  void PutProfile(const std::vector<model::ColumnProfile>& profile);
  void FlushWhenFull();

  Flush flush_;
  std::string buffer_;
  base::Status status_;
};

/// The result of a mapping job; the error that the worker reported; or kInternal worker_crashed
/// when the bytes are not what the job can have produced.
base::Result<MappedDelivery> ParseMappedResult(std::string bytes, const WorkerJob& job);
/// How the raw columns of a payload are written whose mappings failed; empty for any other result.
std::vector<model::ColumnProfile> ParseFailedProfile(std::string_view bytes);
base::Result<std::vector<RawRowSpan>> ParseLocatedResult(std::string_view bytes,
                                                         const WorkerJob& job);
base::Result<std::string> ParseDroppedResult(std::string bytes);

}  // namespace fansipan::sources::internal
