#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "sources/contract/column_profiler.h"
#include "sources/internal/mapping_engine.h"
#include "sources/internal/processes/file_handle.h"
#include "sources/internal/processes/fork_server.h"
#include "sources/internal/processes/memory_file.h"
#include "sources/internal/processes/passed_files.h"
#include "sources/internal/processes/sandbox.h"
#include "sources/internal/worker_job.h"
#include "sources/internal/worker_result.h"
#include "sources/internal/xml/body_dropping.h"
#include "sources/process_mapping_worker.h"

namespace fansipan::sources {
namespace {

using internal::FileHandle;
using internal::WorkerJob;
using internal::WorkerResultWriter;

enum ExitStatus { kDone = 0, kNotServed = 2 };

constexpr std::uint64_t kMaxJobBytes = 64ULL << 20U;

/// Takes rows and forgets them.
class NoConsumer final : public RawRowConsumer {
 public:
  base::Status Begin(const std::vector<std::string>&) override { return {}; }
  base::Status Take(const RawBatch&) override { return {}; }
};

/// A row of a converted file has no bytes of its own: it is told by its number in it.
void PlaceByRow(DecodedPayload& decoded) {
  for (RawRowSpan& row : decoded.rows) row.offset = row.line;
  for (model::QuarantinedRow& refused : decoded.refused) {
    refused.byte_offset = decoded.rows[refused.raw_row - 1].line;
  }
}

base::Status Locate(std::string_view payload, const WorkerJob& job, WorkerResultWriter& result) {
  NoConsumer nobody;
  FANSIPAN_ASSIGN_OR_RETURN(const DecodedPayload decoded, Decode(payload, job.source, nobody));
  std::vector<RawRowSpan> spans;
  for (const std::uint32_t row : job.raw_rows) {
    if (row == 0 || row > decoded.rows.size()) {
      return base::Error{
          base::ErrorCode::kNotFound, "",
          fmt::format("the payload has {} raw rows; there is no row {}", decoded.rows.size(), row)};
    }
    spans.push_back(decoded.rows[row - 1]);
  }
  result.Located(spans);
  return {};
}

base::Status Drop(std::string_view payload, const WorkerJob& job, WorkerResultWriter& result) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string kept,
                            internal::DropBodies(payload, job.source.limits.depth));
  result.Dropped(kept);
  return {};
}

base::Status Map(std::string_view payload, const WorkerJob& job, internal::MappingEngine& engine,
                 ColumnProfiler& profiler, WorkerResultWriter& result) {
  FANSIPAN_ASSIGN_OR_RETURN(DecodedPayload decoded, Decode(payload, job.source, profiler));
  const ToldTotals told = ReadToldTotals(payload, job.source, decoded);
  if (center::IsConverted(job.source.format)) PlaceByRow(decoded);
  FANSIPAN_RETURN_IF_ERROR(engine.FinishRaw(decoded.rows.size()));
  result.BeginMapped();
  for (std::size_t i = 0; i < job.source.mappings.size(); ++i) {
    FANSIPAN_RETURN_IF_ERROR(engine.RunMapping(i, result));
  }
  model::DeliveryCounts counts;
  counts.raw_rows = decoded.rows.size();
  counts.refused = decoded.refused.size();
  counts.mapped = engine.mapped();
  counts.skipped = counts.raw_rows - counts.refused - counts.mapped;
  result.EndMapped(counts, decoded);
  result.Beside(profiler.Profile(), told);
  return {};
}

base::Status Work(std::string_view payload, const WorkerJob& job, internal::MappingEngine& engine,
                  ColumnProfiler& profiler, const WorkerResultWriter::Flush& flush) {
  try {
    WorkerResultWriter result(flush);
    FANSIPAN_RETURN_IF_ERROR(job.locate        ? Locate(payload, job, result)
                             : job.drop_bodies ? Drop(payload, job, result)
                                               : Map(payload, job, engine, profiler, result));
    return result.Finish();
  } catch (const std::bad_alloc&) {
    return base::Error{base::ErrorCode::kInvalidArgument, "worker_out_of_memory",
                       "the delivery does not fit into the worker's memory"};
  }
}

/// Replaces whatever was written by the failure.
base::Status WriteFailure(const FileHandle& file, const base::Error& error,
                          const std::vector<model::ColumnProfile>& profile,
                          const WorkerResultWriter::Flush& flush) {
  if (ftruncate(file.number(), 0) != 0 || lseek(file.number(), 0, SEEK_SET) != 0) return error;
  WorkerResultWriter result(flush);
  result.Failed(error, profile);
  return result.Finish();
}

/// A process serves several jobs: what it may use of the processor is twice what one may, and the
/// server lets it go once its jobs took what one may.
internal::SandboxLimits LimitsOf(const center::Limits& limits) {
  return {.memory_bytes = limits.worker_memory_bytes,
          .file_bytes = limits.worker_memory_bytes,
          .cpu_seconds = 2 * limits.worker_seconds + 1};
}

base::Error Undelivered(std::string_view what) {
  return {base::ErrorCode::kIo, "", fmt::format("the server handed over no readable {}", what)};
}

/// One forked process: takes jobs of one source until the server lets it go. The engine is the fork
/// server's: open, and used by nobody yet.
class Worker {
 public:
  Worker(internal::MappingEngine& engine, pid_t parent) : engine_(engine), parent_(parent) {}

  int Run() {
    while (true) {
      auto packet = internal::ReceiveWithFiles(STDIN_FILENO);
      if (!packet.ok() || packet->bytes.empty()) return kDone;
      const base::Status served = packet->files.size() == internal::kFilesOfAJob
                                      ? Serve(packet->files[0], packet->files[1], packet->files[2])
                                      : Undelivered("job");
      if (served.ok()) continue;
      fmt::print(stderr, "worker: {}\n", served.error().message);
      return kNotServed;
    }
  }

 private:
  base::Status Serve(const FileHandle& job_file, const FileHandle& payload_file,
                     const FileHandle& result_file) {
    const internal::MappedFile job_text(job_file, job_room_);
    const internal::MappedFile payload(payload_file, payload_room_);
    if (!job_text.valid() || job_text.bytes().size() > kMaxJobBytes) return Undelivered("job");
    if (!payload.valid()) return Undelivered("payload");
    FANSIPAN_ASSIGN_OR_RETURN(const WorkerJob job, internal::ParseWorkerJob(job_text.bytes()));
    FANSIPAN_RETURN_IF_ERROR(Close(job));
    if (job.maps()) engine_.BeginJob(job);
    const auto flush = [&](std::string_view bytes) { return Write(result_file, bytes); };
    ColumnProfiler profiler(engine_);
    const base::Status worked = Work(payload.bytes(), job, engine_, profiler, flush);
    if (!worked.ok()) {
      // Of a payload that could not be decoded it would be of half the rows.
      const bool decoded = worked.error().reason == "mapping_failed";
      FANSIPAN_RETURN_IF_ERROR(
          WriteFailure(result_file, worked.error(),
                       decoded ? profiler.Profile() : std::vector<model::ColumnProfile>(), flush));
      return Answer(internal::kJobFailed);
    }
    if (job.maps()) FANSIPAN_RETURN_IF_ERROR(engine_.EndJob());
    return Answer(internal::kJobDone);
  }

  /// Before anything of the payload is looked at.
  base::Status Close(const WorkerJob& job) {
    if (closed_) return {};
    const internal::SandboxLimits limits = LimitsOf(job.source.limits);
    FANSIPAN_RETURN_IF_ERROR(internal::EnterSandbox(limits, parent_));
    FANSIPAN_RETURN_IF_ERROR(engine_.Configure(job));
    FANSIPAN_RETURN_IF_ERROR(internal::CloseSandbox(limits));
    closed_ = true;
    return {};
  }

  static base::Status Write(const FileHandle& file, std::string_view bytes) {
    if (file.WriteAll(bytes)) return {};
    if (errno == EFBIG) {
      return base::Error{base::ErrorCode::kTooLarge, "mapping_failed",
                         "the rows that the mappings give are larger than the worker may write"};
    }
    return base::Error{base::ErrorCode::kStorageFull, "storage_full",
                       "there is no room for what the mappings give; free some and send it again"};
  }

  static base::Status Answer(char answer) {
    if (write(STDIN_FILENO, &answer, sizeof(answer)) == sizeof(answer)) return {};
    return base::Error{base::ErrorCode::kUnavailable, "", "the server is gone"};
  }

  internal::MappingEngine& engine_;
  const pid_t parent_;
  bool closed_ = false;
  std::string job_room_;
  std::string payload_room_;
};

}  // namespace

int RunWorkers() {
  auto engine = internal::MappingEngine::Open();
  if (!engine.ok()) {
    fmt::print(stderr, "workers: {}\n", engine.error().message);
    return kNotServed;
  }
  // Nothing of the engine is worth taking down: a child ends without it.
  return internal::ServeForks([&](pid_t parent) { return Worker(**engine, parent).Run(); });
}

}  // namespace fansipan::sources
