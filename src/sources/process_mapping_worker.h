#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/metrics.h"
#include "base/result.h"
#include "sources/mapping_worker.h"

namespace fansipan::sources {

namespace internal {
class ForkServer;
struct ConvertedText;
struct WorkerJob;
}  // namespace internal

/// Runs jobs in processes apart, with the limits of the job's source. A process is killed at its
/// deadline and when its memory passes the limit; whatever it does, the caller gets a Result. A
/// process serves jobs of one source of one center, a bounded number of them, and no more after one
/// that failed. Processes are forked ahead by one that never sees a job, `<program> workers`, in an
/// empty environment. Safe from any thread; the calling thread waits for its job.
class ProcessMappingWorker final : public MappingWorker {
 public:
  struct Options {
    /// Calls RunWorkers for the command `workers`, ServeConversionTask for `conversion-task`.
    std::string program = "/proc/self/exe";
    /// At most so many at once, of one source one less; further calls wait. A source whose mapping
    /// runs away so leaves room for the others.
    std::size_t processes = 3;
    base::MetricsRegistry* metrics = nullptr;  ///< null: nobody looks
  };

  explicit ProcessMappingWorker(Options options);
  ~ProcessMappingWorker() override;

  base::Result<MappedDelivery> Map(const MappingJob& job) override;
  base::Result<LocatedRows> Locate(const MappingJob& job,
                                   const std::vector<std::uint32_t>& raw_rows) override;
  base::Result<std::string> DropBodies(const MappingJob& job) override;

 private:
  /// One of the processes that may run at once, from construction to destruction.
  class Turn {
   public:
    Turn(ProcessMappingWorker& worker, const std::string& source);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    ProcessMappingWorker& worker_;
    const std::string source_;
  };
  /// A process, and what it has served.
  struct Worker;

  /// The worker's result. What it read in the payload's place is left in `sheet` (a workbook's).
  base::Result<std::string> Run(const MappingJob& job, const internal::WorkerJob& built,
                                internal::ConvertedText& converted);
  base::Result<std::string> RunIn(Worker& worker, const MappingJob& job, std::string_view payload,
                                  const internal::WorkerJob& built);
  std::unique_ptr<Worker> FindIdle(const std::string& serves);
  base::Result<std::unique_ptr<Worker>> TakeSpare();
  void KeepIdle(std::unique_ptr<Worker> worker);
  void ShowFullness();
  void KeepSpares();
  base::Result<std::unique_ptr<Worker>> StartSpare();

  const Options options_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable room_;
  std::size_t running_ = 0;
  std::optional<base::QueueGauges> fullness_;      ///< jobs that run or wait
  std::map<std::string, std::size_t> running_of_;  ///< by source
  std::condition_variable spares_changed_;
  std::deque<std::unique_ptr<Worker>> spares_;  ///< have served nothing
  std::deque<std::unique_ptr<Worker>> idle_;    ///< have served a source; used last at the end
  std::optional<base::Error> start_failure_;    ///< until someone was told
  bool stop_ = false;
  std::unique_ptr<internal::ForkServer> fork_server_;  ///< the keeper's alone
  /// Has all processes started: one dies with the thread that started it.
  std::thread keeper_;
};

/// What `<program> workers` does: opens what all jobs need, then forks itself for each job that the
/// server names. The forked process takes its limits on, decodes and maps the staged payload and
/// writes the result beside it. Returns an exit status when the server is gone.
int RunWorkers();

}  // namespace fansipan::sources
