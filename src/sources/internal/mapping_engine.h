#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "sources/decoding.h"
#include "sources/internal/raw_table.h"
#include "sources/internal/worker_job.h"
#include "sources/internal/worker_result.h"

namespace fansipan::sources::internal {

/// The in-memory DuckDB of one worker: holds the raw rows, runs the mappings. Files, extensions
/// and more than one thread are switched off for good when it is opened, settings with the first
/// job; a process may be forked in between. Used by one thread, for jobs of one source, whose
/// statements it keeps ready while the columns of the payloads stay; of a job that failed something
/// may be left, so that it must be the last. It keeps honest statements honest; what holds a
/// hostile one is the process around it.
class MappingEngine final : public RawRowConsumer {
 public:
  /// Errors: kInternal when the engine does not start.
  static base::Result<std::unique_ptr<MappingEngine>> Open();
  ~MappingEngine() override;

  /// Takes on the limits and the zone of a source, for good. Error: kInternal.
  base::Status Configure(const WorkerJob& job);
  /// `now` is the job's moment from here on; `job` must stay until EndJob.
  void BeginJob(const WorkerJob& job);
  /// Forgets the rows of a job that was done. Error: kInternal.
  base::Status EndJob();

  base::Status Begin(const std::vector<std::string>& columns) override;
  base::Status Take(const RawBatch& batch) override;

  /// No more rows come. Removes the rows that the source leaves out. Error: mapping_failed.
  base::Status FinishRaw(std::uint64_t raw_rows);
  /// Runs mapping `index` of the job and writes its candidates. Errors: mapping_failed,
  /// worker_out_of_memory, too_many_rows.
  base::Status RunMapping(std::size_t index, WorkerResultWriter& result);
  /// Raw rows that some candidate came from.
  std::uint64_t mapped() const { return mapped_count_; }

 private:
  struct Handles;
  struct Plan;
  MappingEngine();

  base::Status Connect();
  base::Status ExecuteAll(std::span<const std::string> statements);
  base::Status Execute(const std::string& sql);
  base::Result<std::string> SyntaxTree(const std::string& sql);
  base::Status Check(const std::string& sql);
  base::Status RegisterMoment();
  base::Status LeaveRowsOut();
  base::Status MarkPresentRows();
  base::Result<std::unique_ptr<Plan>> MakePlan(std::size_t index);
  base::Result<std::unique_ptr<Plan>> PlanOutput(std::size_t index, const std::string& view);
  base::Status WriteRows(const Plan& plan, WorkerResultWriter& result);
  base::Status NoteRawRows(const std::vector<std::uint32_t>& rows);

  const WorkerJob* job_ = nullptr;
  base::Timestamp moment_;  ///< what `now()` means; outlives the connection, as do the raw rows
  RawTable raw_;
  std::unique_ptr<Handles> handles_;
  std::vector<std::string> planned_columns_;  ///< of the raw rows that the plans read
  std::vector<std::unique_ptr<Plan>> plans_;  ///< of each mapping; null until it is first run
  std::vector<bool> present_;                 // raw row i + 1 is in the table
  std::vector<bool> mapped_;
  std::uint64_t mapped_count_ = 0;
};

}  // namespace fansipan::sources::internal
