#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/internal/processes/file_handle.h"

namespace fansipan::sources::internal {

/// What reads workbooks, each run a process of its own: `list` and `text` are programs of GDAL,
/// `package` is ours.
struct WorkbookTask {
  enum class Kind {
    kList,     ///< names the sheets
    kText,     ///< gives one as CSV
    kPackage,  ///< tells of an XLSX what the others leave out, see xlsx_package.h
  };
  Kind kind = Kind::kList;
  std::string extension;  ///< xls, xlsx, ods
  std::string sheet;
};

struct WorkbookTaskLimits {
  std::uint64_t memory_bytes = 0;
  std::uint64_t output_bytes = 0;
  std::uint32_t seconds = 0;
};

/// How a task ended.
struct WorkbookTaskEnd {
  bool killed_at_deadline = false;
  int signal = 0;  ///< 0: none
  int status = 0;  ///< exit status
  std::uint64_t peak_bytes = 0;
  std::string output;
  std::string complaints;  ///< what it wrote to its standard error, the first 4 kB
};

/// Runs `<program> workbook-task …`, which confines itself before it looks at the workbook: no
/// network, no processes, nothing written but its output, memory and time bounded, and, where the
/// kernel has Landlock, nothing read but the programs' own files. kUnavailable or kIo when it could
/// not be run.
base::Result<WorkbookTaskEnd> RunWorkbookTask(const std::string& program, const WorkbookTask& task,
                                              const FileHandle& workbook,
                                              const WorkbookTaskLimits& limits);

}  // namespace fansipan::sources::internal
