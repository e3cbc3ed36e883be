#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "sources/internal/child_process.h"
#include "sources/internal/file_handle.h"
#include "sources/internal/fork_server.h"
#include "sources/internal/mapping_engine.h"
#include "sources/internal/sandbox.h"
#include "sources/internal/staging.h"
#include "sources/internal/worker_job.h"
#include "sources/internal/worker_result.h"
#include "sources/process_mapping_worker.h"

namespace fansipan::sources {
namespace {

using internal::FileHandle;
using internal::WorkerJob;
using internal::WorkerResultWriter;

enum ExitStatus { kDone = 0, kNotStarted = 2, kNotWritten = 3 };

constexpr std::uint64_t kMaxJobBytes = 64ULL << 20U;

/// A payload mapped into memory, so that it counts as a file and not as memory of the worker.
class StagedPayload {
 public:
  explicit StagedPayload(const std::string& path) : file_(open(path.c_str(), O_RDONLY)) {
    struct stat state {};
    if (!file_.valid() || fstat(file_.number(), &state) != 0) return;
    size_ = static_cast<std::size_t>(state.st_size);
    bytes_ = size_ == 0 ? nullptr : mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_.number(), 0);
    sound_ = bytes_ != MAP_FAILED;
  }
  bool sound() const { return sound_; }
  std::string_view text() const { return {static_cast<const char*>(bytes_), size_}; }

 private:
  FileHandle file_;
  void* bytes_ = nullptr;
  std::size_t size_ = 0;
  bool sound_ = false;
};

/// Takes rows and forgets them.
class NoConsumer final : public RawRowConsumer {
 public:
  base::Status Begin(const std::vector<std::string>&) override { return {}; }
  base::Status Take(const RawBatch&) override { return {}; }
};

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

base::Status Map(std::string_view payload, const WorkerJob& job, internal::MappingEngine& engine,
                 WorkerResultWriter& result) {
  FANSIPAN_ASSIGN_OR_RETURN(const DecodedPayload decoded, Decode(payload, job.source, engine));
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
  return {};
}

base::Status Work(std::string_view payload, const WorkerJob& job, internal::MappingEngine& engine,
                  const WorkerResultWriter::Flush& flush) {
  try {
    WorkerResultWriter result(flush);
    FANSIPAN_RETURN_IF_ERROR(job.locate ? Locate(payload, job, result)
                                        : Map(payload, job, engine, result));
    return result.Finish();
  } catch (const std::bad_alloc&) {
    return base::Error{base::ErrorCode::kInvalidArgument, "worker_out_of_memory",
                       "the delivery does not fit into the worker's memory"};
  }
}

/// Replaces whatever was written by the failure.
base::Status WriteFailure(const FileHandle& file, const base::Error& error,
                          const WorkerResultWriter::Flush& flush) {
  if (ftruncate(file.number(), 0) != 0 || lseek(file.number(), 0, SEEK_SET) != 0) return error;
  WorkerResultWriter result(flush);
  result.Failed(error);
  return result.Finish();
}

internal::SandboxLimits LimitsOf(const center::Limits& limits) {
  return {.memory_bytes = limits.worker_memory_bytes,
          .file_bytes = limits.worker_memory_bytes,
          .cpu_seconds = limits.worker_seconds + 1};
}

int Refuse(const base::Error& error) {
  fmt::print(stderr, "worker: {}\n", error.message);
  return kNotStarted;
}

base::Result<WorkerJob> ReadJob(const std::string& folder) {
  const FileHandle file(open(fmt::format("{}/{}", folder, internal::kStagedJob).c_str(), O_RDONLY));
  struct stat state {};
  if (!file.valid() || fstat(file.number(), &state) != 0 ||
      static_cast<std::uint64_t>(state.st_size) > kMaxJobBytes) {
    return base::Error{base::ErrorCode::kIo, "", fmt::format("no readable job in {}", folder)};
  }
  std::string text(static_cast<std::size_t>(state.st_size), '\0');
  if (!file.ReadAll(text)) return base::Error{base::ErrorCode::kIo, "", "the job is not readable"};
  return internal::ParseWorkerJob(text);
}

/// What one forked process does. The engine is the fork server's: open, and used by nobody yet.
int WorkOn(const std::string& staging_folder, internal::MappingEngine& engine, pid_t parent) {
  if (!internal::AwaitRelease()) return kDone;
  auto job = ReadJob(staging_folder);
  if (!job.ok()) return Refuse(job.error());
  const internal::SandboxLimits limits = LimitsOf(job->source.limits);
  const base::Status entered = internal::EnterSandbox(limits, parent);
  if (!entered.ok()) return Refuse(entered.error());
  const StagedPayload payload(fmt::format("{}/{}", staging_folder, internal::kStagedPayload));
  const FileHandle file(open(fmt::format("{}/{}", staging_folder, internal::kStagedResult).c_str(),
                             O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR));
  if (!payload.sound() || !file.valid()) {
    return Refuse({base::ErrorCode::kIo, "", "the staged files cannot be opened"});
  }
  if (!job->locate) {
    const base::Status begun = engine.BeginJob(*job);
    if (!begun.ok()) return Refuse(begun.error());
  }
  const base::Status closed = internal::CloseSandbox(limits);
  if (!closed.ok()) return Refuse(closed.error());

  const WorkerResultWriter::Flush flush = [&](std::string_view bytes) -> base::Status {
    if (file.WriteAll(bytes)) return {};
    if (errno == EFBIG) {
      return base::Error{base::ErrorCode::kTooLarge, "mapping_failed",
                         "the rows that the mappings give are larger than the worker may write"};
    }
    return base::Error{base::ErrorCode::kStorageFull, "storage_full",
                       "there is no room for what the mappings give; free some and send it again"};
  };
  base::Status status = Work(payload.text(), *job, engine, flush);
  if (!status.ok()) status = WriteFailure(file, status.error(), flush);
  // Nothing of the engine is worth taking down, and the sandbox forbids what exit handlers may do.
  _exit(status.ok() ? kDone : kNotWritten);
}

}  // namespace

int RunWorkers() {
  auto engine = internal::MappingEngine::Open();
  if (!engine.ok()) return Refuse(engine.error());
  return internal::ServeForks([&](const std::string& staging_folder, pid_t parent) {
    return WorkOn(staging_folder, **engine, parent);
  });
}

}  // namespace fansipan::sources
