#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "center/center.h"
#include "sources/mapping_worker.h"

namespace fansipan::sources::internal {

/// A column that a mapping may give.
struct TargetColumn {
  std::string name;
  bool optional = false;
};

/// What a worker process is told, besides the payload. Everything it needs of the center, and
/// nothing more.
struct WorkerJob {
  center::Source source;                           ///< format, dialect, shape, mappings, limits
  std::vector<std::vector<TargetColumn>> targets;  ///< for each mapping, its dataset's columns
  std::string time_zone;
  base::Timestamp received_at;
  bool locate = false;  ///< only find `raw_rows`
  std::vector<std::uint32_t> raw_rows;
  bool drop_bodies = false;  ///< only hand the payload back without bodies and attachments

  bool maps() const { return !locate && !drop_bodies; }
};

// A job goes to a worker as a packet of any bytes with three files: the job, the payload, and an
// empty one for the result. The worker answers with one byte; the result then tells the rest.
inline constexpr std::size_t kFilesOfAJob = 3;
inline constexpr char kJobDone = 'd';
inline constexpr char kJobFailed = 'f';  ///< the worker is to be used no more

/// How many rows of so many columns one mapping may give: what the source's limit says, and never
/// more values than the server can hold of a few deliveries at once.
std::uint64_t RowLimit(const center::Limits& limits, std::size_t columns);

/// Error kInternal when a mapping names a dataset that the center does not have.
base::Result<WorkerJob> BuildWorkerJob(const MappingJob& job);

std::string EncodeWorkerJob(const WorkerJob& job);
base::Result<WorkerJob> ParseWorkerJob(std::string_view text);

}  // namespace fansipan::sources::internal
