#include "sources/process_mapping_worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <utility>

#include "base/thread_name.h"
#include "sources/internal/conversion/payload_conversion.h"
#include "sources/internal/processes/child_process.h"
#include "sources/internal/processes/fork_server.h"
#include "sources/internal/processes/memory_file.h"
#include "sources/internal/processes/sandbox.h"
#include "sources/internal/worker_job.h"
#include "sources/internal/worker_result.h"

namespace fansipan::sources {
namespace {

using internal::ChildEnd;

// So that what one delivery might leave behind meets a bounded number of others of its source.
constexpr std::size_t kJobsOfAWorker = 256;

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

/// Why a worker ended before it had answered.
base::Error Judge(const ChildEnd& end, const center::Source& source) {
  const bool at_limit = end.peak_bytes > source.limits.worker_memory_bytes / 5 * 4;
  if (end.kind == ChildEnd::Kind::kKilledAtDeadline) {
    return base::Error{
        base::ErrorCode::kInvalidArgument, "worker_deadline",
        fmt::format("the mapping of source '{}' was stopped after {} s; nothing was taken. Mend "
                    "the mapping or raise limits.worker_time",
                    source.name, source.limits.worker_seconds)};
  }
  if (end.kind == ChildEnd::Kind::kKilledForMemory) return OutOfMemory(source);
  if (at_limit) return OutOfMemory(source);
  return base::Error{
      base::ErrorCode::kInvalidArgument, "worker_crashed",
      fmt::format("the worker of source '{}' ended by {} {}; nothing was taken", source.name,
                  end.kind == ChildEnd::Kind::kSignalled ? "signal" : "status", end.number)};
}

}  // namespace

struct ProcessMappingWorker::Worker {
  std::unique_ptr<internal::ChildProcess> process;
  std::string serves;  ///< source and center; empty until its first job
  std::size_t jobs = 0;
  std::chrono::steady_clock::duration busy{};
  bool failed = false;
};

ProcessMappingWorker::ProcessMappingWorker(Options options) : options_(std::move(options)) {
  if (options_.metrics != nullptr) {
    fullness_.emplace(*options_.metrics, "workers", options_.processes);
  }
  keeper_ = std::thread([this] { KeepSpares(); });
}

ProcessMappingWorker::~ProcessMappingWorker() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  spares_changed_.notify_all();
  keeper_.join();
}

base::Result<MappedDelivery> ProcessMappingWorker::Map(const MappingJob& job) {
  FANSIPAN_ASSIGN_OR_RETURN(internal::WorkerJob built, internal::BuildWorkerJob(job));
  internal::ConvertedText converted;
  FANSIPAN_ASSIGN_OR_RETURN(std::string result, Run(job, built, converted));
  auto failed = internal::ParseFailedProfile(result);
  if (!failed.empty() && job.on_failed_profile) job.on_failed_profile(std::move(failed));
  FANSIPAN_ASSIGN_OR_RETURN(MappedDelivery mapped,
                            internal::ParseMappedResult(std::move(result), built));
  mapped.sheet = std::move(converted.sheet);
  return mapped;
}

base::Result<LocatedRows> ProcessMappingWorker::Locate(const MappingJob& job,
                                                       const std::vector<std::uint32_t>& raw_rows) {
  FANSIPAN_ASSIGN_OR_RETURN(internal::WorkerJob built, internal::BuildWorkerJob(job));
  built.locate = true;
  built.raw_rows = raw_rows;
  internal::ConvertedText converted;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string result, Run(job, built, converted));
  LocatedRows located;
  FANSIPAN_ASSIGN_OR_RETURN(located.spans, internal::ParseLocatedResult(result, built));
  located.sheet = std::move(converted.sheet);
  located.text = std::move(converted.text);
  return located;
}

base::Result<std::string> ProcessMappingWorker::DropBodies(const MappingJob& job) {
  FANSIPAN_ASSIGN_OR_RETURN(internal::WorkerJob built, internal::BuildWorkerJob(job));
  built.drop_bodies = true;
  internal::ConvertedText none;
  FANSIPAN_ASSIGN_OR_RETURN(std::string result, Run(job, built, none));
  return internal::ParseDroppedResult(std::move(result));
}

base::Result<std::string> ProcessMappingWorker::Run(const MappingJob& job,
                                                    const internal::WorkerJob& built,
                                                    internal::ConvertedText& converted) {
  const center::Limits& limits = job.source->limits;
  if (job.payload.size() > limits.payload_bytes) {
    return base::Error{base::ErrorCode::kTooLarge, "payload_too_large",
                       fmt::format("the payload has {} bytes, source '{}' allows {}",
                                   job.payload.size(), job.source->name, limits.payload_bytes)};
  }
  const Turn turn(*this, job.source->name);
  std::string_view payload = job.payload;
  if (center::IsConverted(job.source->format)) {
    FANSIPAN_ASSIGN_OR_RETURN(converted,
                              internal::ConvertPayload(job.payload, *job.source, options_.program));
    payload = converted.text;
  }
  const std::string serves = job.source->name + "\n" + job.center->revision;
  std::unique_ptr<Worker> worker = FindIdle(serves);
  if (!worker) {
    FANSIPAN_ASSIGN_OR_RETURN(worker, TakeSpare());
    worker->serves = serves;
  }
  const auto begun = std::chrono::steady_clock::now();
  auto result = RunIn(*worker, job, payload, built);
  worker->busy += std::chrono::steady_clock::now() - begun;
  ++worker->jobs;
  const bool goes_on = result.ok() && !worker->failed && worker->jobs < kJobsOfAWorker &&
                       worker->busy < std::chrono::seconds(limits.worker_seconds) &&
                       worker->process->OwnMemory() < limits.worker_memory_bytes / 4;
  if (goes_on) KeepIdle(std::move(worker));
  return result;
}

base::Result<std::string> ProcessMappingWorker::RunIn(Worker& worker, const MappingJob& job,
                                                      std::string_view payload,
                                                      const internal::WorkerJob& built) {
  const center::Limits& limits = job.source->limits;
  FANSIPAN_ASSIGN_OR_RETURN(const auto told,
                            internal::MakeMemoryFile(internal::EncodeWorkerJob(built)));
  FANSIPAN_ASSIGN_OR_RETURN(const auto delivered, internal::MakeMemoryFile(payload));
  FANSIPAN_ASSIGN_OR_RETURN(const auto result, internal::MakeMemoryFile({}));
  const int files[internal::kFilesOfAJob] = {told.number(), delivered.number(), result.number()};
  worker.process->Send("job", files);
  if (job.meanwhile) job.meanwhile();
  const auto answer = worker.process->Await(
      {.deadline = std::chrono::seconds(limits.worker_seconds),
       .memory_bytes = limits.worker_memory_bytes + MemoryMargin(limits.worker_memory_bytes)});
  if (!answer) return Judge(worker.process->Wait(), *job.source);
  worker.failed = *answer != std::string(1, internal::kJobDone);
  auto bytes = internal::ReadMemoryFile(result, limits.worker_memory_bytes);
  if (bytes.ok()) return bytes;
  return base::Error{base::ErrorCode::kInvalidArgument, "worker_crashed",
                     "the worker left no readable result: " + bytes.error().message};
}

std::unique_ptr<ProcessMappingWorker::Worker> ProcessMappingWorker::FindIdle(
    const std::string& serves) {
  const std::lock_guard lock(mutex_);
  for (auto worker = idle_.rbegin(); worker != idle_.rend(); ++worker) {
    if ((*worker)->serves != serves) continue;
    std::unique_ptr<Worker> found = std::move(*worker);
    idle_.erase(std::next(worker).base());
    if (!found->process->HasEnded()) return found;
    return nullptr;
  }
  return nullptr;
}

/// The one that was idle for longest goes when there are too many.
void ProcessMappingWorker::KeepIdle(std::unique_ptr<Worker> worker) {
  std::unique_ptr<Worker> leaves;  // ends without the lock
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(worker));
  if (idle_.size() <= options_.processes) return;
  leaves = std::move(idle_.front());
  idle_.pop_front();
}

base::Result<std::unique_ptr<ProcessMappingWorker::Worker>> ProcessMappingWorker::TakeSpare() {
  std::unique_lock lock(mutex_);
  while (true) {
    spares_changed_.wait(lock, [&] { return !spares_.empty() || start_failure_ || stop_; });
    if (stop_) {
      return base::Error{base::ErrorCode::kUnavailable, "intake_stopped", "the program is ending"};
    }
    if (spares_.empty()) {
      base::Error failure = *std::exchange(start_failure_, std::nullopt);
      spares_changed_.notify_all();
      return failure;
    }
    std::unique_ptr<Worker> taken = std::move(spares_.front());
    spares_.pop_front();
    spares_changed_.notify_all();
    if (!taken->process->HasEnded()) return taken;
  }
}

/// Keeps as many processes ready as may run at once. After a failure it waits until somebody was
/// told, who then is the reason to try again.
void ProcessMappingWorker::KeepSpares() {
  base::NameThread("worker-keeper");
  std::unique_lock lock(mutex_);
  while (true) {
    spares_changed_.wait(
        lock, [&] { return stop_ || (spares_.size() < options_.processes && !start_failure_); });
    if (stop_) return;
    lock.unlock();
    auto started = StartSpare();
    lock.lock();
    if (started.ok()) {
      spares_.push_back(*std::move(started));
    } else {
      start_failure_ = std::move(started).error();
    }
    spares_changed_.notify_all();
  }
}

base::Result<std::unique_ptr<ProcessMappingWorker::Worker>> ProcessMappingWorker::StartSpare() {
  if (!fork_server_) {
    FANSIPAN_ASSIGN_OR_RETURN(fork_server_, internal::ForkServer::Start(options_.program));
  }
  auto process = fork_server_->Fork();
  if (!process.ok()) {
    fork_server_.reset();  // the next try has a new one
    return process.error();
  }
  auto worker = std::make_unique<Worker>();
  worker->process = *std::move(process);
  return worker;
}

void ProcessMappingWorker::ShowFullness() {
  if (fullness_) fullness_->SetItems(running_);
}

ProcessMappingWorker::Turn::Turn(ProcessMappingWorker& worker, const std::string& source)
    : worker_(worker), source_(source) {
  const std::size_t of_one_source = std::max<std::size_t>(worker_.options_.processes - 1, 1);
  std::unique_lock lock(worker_.mutex_);
  worker_.room_.wait(lock, [&] {
    return worker_.running_ < worker_.options_.processes &&
           worker_.running_of_[source_] < of_one_source;
  });
  ++worker_.running_;
  ++worker_.running_of_[source_];
  worker_.ShowFullness();
}

ProcessMappingWorker::Turn::~Turn() {
  const std::lock_guard lock(worker_.mutex_);
  --worker_.running_;
  --worker_.running_of_[source_];
  worker_.ShowFullness();
  // Who waits may wait for this source's share or for any.
  worker_.room_.notify_all();
}

}  // namespace fansipan::sources
