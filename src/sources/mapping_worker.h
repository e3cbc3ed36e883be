#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "center/center.h"
#include "model/record.h"
#include "sources/contract/told_totals.h"
#include "sources/decoding.h"

namespace fansipan::sources {

/// One unpacked payload of a source of a center. The pointers live as long as the call.
struct MappingJob {
  const center::Source* source = nullptr;
  const center::Center* center = nullptr;
  std::string payload;
  base::Timestamp received_at;
  /// What the caller does while the worker is at it: called once at most, by the calling thread.
  /// Not called when the worker could not begin.
  std::function<void()> meanwhile;
  /// How the raw columns of a payload are written whose mappings failed; by the calling thread.
  std::function<void(std::vector<model::ColumnProfile>)> on_failed_profile = {};
};

/// One row that a mapping made of raw rows.
struct Candidate {
  std::vector<std::optional<std::string_view>> texts;  ///< in the order of the dataset's columns
  std::vector<std::uint32_t> raw_rows;                 ///< 1-based, ascending, at least one
};

struct DatasetCandidates {
  std::string dataset;
  std::vector<Candidate> rows;  ///< in the order in which the mapping gave them
};

struct MappedDelivery {
  std::shared_ptr<const std::string> result;   ///< where the candidates' texts lie
  model::DeliveryCounts counts;                ///< raw_rows = mapped + skipped + refused are filled
  std::vector<model::QuarantinedRow> refused;  ///< raw rows that could not be decoded
  /// Where raw row i + 1 begins in the payload; of a converted file, its row.
  std::vector<std::uint64_t> offsets;
  std::string sheet;                          ///< of a workbook, layer of geodata; else empty
  std::vector<DatasetCandidates> datasets;    ///< one for each mapping of the source, in order
  std::vector<model::ColumnProfile> profile;  ///< of the raw columns
  ToldTotals told;                            ///< beside the rows, where the source declares it
};

/// Raw rows that were looked for.
struct LocatedRows {
  std::vector<RawRowSpan> spans;
  std::string sheet;  ///< of a workbook, or layer of geodata, in which they are; else empty
  /// Of a converted file: the text that the offsets are of, since a row of it has no bytes of its
  /// own.
  std::string text;
};

/// Decodes a payload and runs the source's mappings on it, somewhere where neither can do harm.
/// Safe from any thread.
class MappingWorker {
 public:
  virtual ~MappingWorker() = default;

  /// `now()` in a mapping is the job's received_at. Errors besides those of Decode and, for a
  /// converted file, of ConvertPayload (internal/conversion/payload_conversion.h):
  /// kInvalidArgument with the reason mapping_failed (names the mapping's file),
  /// worker_out_of_memory, worker_deadline or worker_crashed; kUnavailable or kIo when no worker
  /// could be started.
  virtual base::Result<MappedDelivery> Map(const MappingJob& job) = 0;

  /// Where raw rows (1-based) stand in the payload, in the order asked. Error kNotFound for a row
  /// that is not there.
  virtual base::Result<LocatedRows> Locate(const MappingJob& job,
                                           const std::vector<std::uint32_t>& raw_rows) = 0;

  /// The payload of an edXML source without bodies and attachments, which is what is archived,
  /// hashed and mapped: each gives way to a mark with its hash and length. Errors: those of Map but
  /// for mapping_failed.
  virtual base::Result<std::string> DropBodies(const MappingJob& job) = 0;
};

}  // namespace fansipan::sources
