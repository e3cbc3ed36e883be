#include "sources/process_mapping_worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <utility>

#include "sources/internal/child_process.h"
#include "sources/internal/sandbox.h"
#include "sources/internal/staging.h"
#include "sources/internal/worker_job.h"
#include "sources/internal/worker_result.h"

namespace fansipan::sources {
namespace {

using internal::ChildEnd;

/// What the program itself and a sanitizer's shadow need besides the job's memory.
std::uint64_t MemoryMargin(std::uint64_t limit) {
  constexpr std::uint64_t kProgram = 64ULL << 20U;
  constexpr std::uint64_t kSanitizer = 512ULL << 20U;
  return internal::IsSanitized() ? kSanitizer + limit / 4 : kProgram;
}

base::Error OutOfMemory(const center::Source& source) {
  return {base::ErrorCode::kInvalidArgument, "worker_out_of_memory",
          fmt::format("the mapping of source '{}' needs more than its {} MB of memory and was "
                      "stopped; nothing was taken. Mend the mapping or raise limits.worker_memory",
                      source.name, source.limits.worker_memory_bytes >> 20U)};
}

/// Nothing when the worker ended as it should.
base::Status Judge(const ChildEnd& end, const center::Source& source) {
  const bool at_limit = end.peak_bytes > source.limits.worker_memory_bytes / 5 * 4;
  const bool timed_out = end.kind == ChildEnd::Kind::kKilledAtDeadline ||
                         (end.kind == ChildEnd::Kind::kSignalled && end.number == SIGXCPU);
  if (timed_out) {
    return base::Error{
        base::ErrorCode::kInvalidArgument, "worker_deadline",
        fmt::format("the mapping of source '{}' was stopped after {} s; nothing was taken. Mend "
                    "the mapping or raise limits.worker_time",
                    source.name, source.limits.worker_seconds)};
  }
  if (end.kind == ChildEnd::Kind::kKilledForMemory) return OutOfMemory(source);
  if (end.kind == ChildEnd::Kind::kExited && end.number == 0) return {};
  if (at_limit) return OutOfMemory(source);
  return base::Error{
      base::ErrorCode::kInvalidArgument, "worker_crashed",
      fmt::format("the worker of source '{}' ended by {} {}; nothing was taken", source.name,
                  end.kind == ChildEnd::Kind::kSignalled ? "signal" : "status", end.number)};
}

}  // namespace

base::Result<std::unique_ptr<ProcessMappingWorker>> ProcessMappingWorker::Open(Options options) {
  options.processes = std::max<std::size_t>(options.processes, 1);
  FANSIPAN_RETURN_IF_ERROR(internal::EmptyStagingRoot(options.staging_root));
  return std::unique_ptr<ProcessMappingWorker>(new ProcessMappingWorker(std::move(options)));
}

base::Result<MappedDelivery> ProcessMappingWorker::Map(const MappingJob& job) {
  FANSIPAN_ASSIGN_OR_RETURN(internal::WorkerJob built, internal::BuildWorkerJob(job));
  FANSIPAN_ASSIGN_OR_RETURN(const std::string result, Run(job, built));
  return internal::ParseMappedResult(result, built);
}

base::Result<std::vector<RawRowSpan>> ProcessMappingWorker::Locate(
    const MappingJob& job, const std::vector<std::uint32_t>& raw_rows) {
  FANSIPAN_ASSIGN_OR_RETURN(internal::WorkerJob built, internal::BuildWorkerJob(job));
  built.locate = true;
  built.raw_rows = raw_rows;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string result, Run(job, built));
  return internal::ParseLocatedResult(result, built);
}

base::Result<std::string> ProcessMappingWorker::Run(const MappingJob& job,
                                                    internal::WorkerJob& built) {
  const center::Limits& limits = job.source->limits;
  if (job.payload.size() > limits.payload_bytes) {
    return base::Error{base::ErrorCode::kTooLarge, "payload_too_large",
                       fmt::format("the payload has {} bytes, source '{}' allows {}",
                                   job.payload.size(), job.source->name, limits.payload_bytes)};
  }
  const Turn turn(*this);
  FANSIPAN_ASSIGN_OR_RETURN(const internal::StagingFolder folder,
                            internal::StagingFolder::Make(fmt::format(
                                "{}/{}-{}", options_.staging_root, getpid(), turn.number())));
  built.parent = getpid();
  FANSIPAN_RETURN_IF_ERROR(folder.Write(internal::kStagedPayload, job.payload));
  FANSIPAN_RETURN_IF_ERROR(folder.Write(internal::kStagedJob, internal::EncodeWorkerJob(built)));
  FANSIPAN_ASSIGN_OR_RETURN(
      const ChildEnd end,
      internal::RunChild(
          {options_.program, "worker", folder.path()},
          {.deadline = std::chrono::seconds(limits.worker_seconds),
           .memory_bytes = limits.worker_memory_bytes + MemoryMargin(limits.worker_memory_bytes)}));
  FANSIPAN_RETURN_IF_ERROR(Judge(end, *job.source));
  auto result = folder.Read(internal::kStagedResult, limits.worker_memory_bytes);
  if (result.ok()) return result;
  return base::Error{base::ErrorCode::kInvalidArgument, "worker_crashed",
                     "the worker left no readable result: " + result.error().message};
}

std::uint64_t ProcessMappingWorker::WaitForTurn() {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return running_ < options_.processes; });
  ++running_;
  return ++next_;
}

ProcessMappingWorker::Turn::Turn(ProcessMappingWorker& worker)
    : worker_(worker), number_(worker.WaitForTurn()) {}

ProcessMappingWorker::Turn::~Turn() {
  const std::lock_guard lock(worker_.mutex_);
  --worker_.running_;
  worker_.room_.notify_one();
}

}  // namespace fansipan::sources
