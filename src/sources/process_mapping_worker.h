#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "sources/mapping_worker.h"

namespace fansipan::sources {

namespace internal {
struct WorkerJob;
}

/// Runs every job in a process of its own: `<program> worker <staging folder>`, in an empty
/// environment, with the limits of the job's source. The process is killed at its deadline and when
/// its memory passes the limit; whatever it does, the caller gets a Result. Each job has a staging
/// folder below `staging_root` which is removed afterwards; what an earlier run left there is
/// removed by Open. Safe from any thread; the calling thread waits for its job.
class ProcessMappingWorker final : public MappingWorker {
 public:
  struct Options {
    std::string program = "/proc/self/exe";  ///< calls RunWorker for the command `worker`
    std::string staging_root;                ///< made when missing; of this process alone
    std::size_t processes = 2;               ///< at most so many at once; further calls wait
  };

  /// Empties the staging root. Errors: kIo.
  static base::Result<std::unique_ptr<ProcessMappingWorker>> Open(Options options);

  base::Result<MappedDelivery> Map(const MappingJob& job) override;
  base::Result<std::vector<RawRowSpan>> Locate(const MappingJob& job,
                                               const std::vector<std::uint32_t>& raw_rows) override;

 private:
  explicit ProcessMappingWorker(Options options) : options_(std::move(options)) {}
  /// One of the processes that may run at once, from construction to destruction.
  class Turn {
   public:
    explicit Turn(ProcessMappingWorker& worker);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    std::uint64_t number() const { return number_; }

   private:
    ProcessMappingWorker& worker_;
    std::uint64_t number_;
  };

  std::uint64_t WaitForTurn();
  base::Result<std::string> Run(const MappingJob& job, internal::WorkerJob& built);

  Options options_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::size_t running_ = 0;
  std::uint64_t next_ = 0;
};

/// What `<program> worker <staging folder>` does: takes its limits on, decodes and maps the staged
/// payload, writes the result beside it. Ends the process itself, without returning, once the
/// sandbox is closed; returns an exit status when it could not even start.
int RunWorker(const std::string& staging_folder);

}  // namespace fansipan::sources
