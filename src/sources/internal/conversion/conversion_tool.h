#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sources/internal/processes/file_handle.h"

namespace fansipan::sources::internal {

/// What reads files that a worker cannot, each run a process of its own: GDAL's programs, and parts
/// of ours.
struct ConversionTask {
  enum class Kind {
    kList,      ///< GDAL names the sheets or layers
    kText,      ///< GDAL gives a sheet as CSV
    kPackage,   ///< ours tells of an XLSX what GDAL leaves out, see xlsx_package.h
    kLayer,     ///< GDAL describes a layer, with its coordinate system
    kFeatures,  ///< GDAL gives a layer as CSV, its geometry in degrees of WGS 84
    kMembers,   ///< ours lists the files of a ZIP
    kParquet,   ///< DuckDB gives a Parquet file as a table's text, see parquet_task.h
  };
  Kind kind = Kind::kList;
  std::string extension;    ///< how GDAL knows the kind: xls, xlsx, ods, gpkg, shp, geojson, kml
  std::string name;         ///< of a sheet or layer
  std::string details;      ///< kFeatures: the coordinate system; kParquet: the encoded task
  std::string member = {};  ///< of a ZIP that is read from within; empty: the file itself
};

struct ConversionTaskLimits {
  std::uint64_t memory_bytes = 0;
  std::uint64_t output_bytes = 0;
  std::uint32_t seconds = 0;
};

/// How a task ended.
struct ConversionTaskEnd {
  bool killed_at_deadline = false;
  int signal = 0;  ///< 0: none
  int status = 0;  ///< exit status
  std::uint64_t peak_bytes = 0;
  std::string output;
  std::string complaints;  ///< what it wrote to its standard error, the first 4 kB
};

/// Runs `<program> conversion-task …`, which confines itself before it looks at the file: no
/// network, no processes, nothing written but its output, memory and time bounded, and, where the
/// kernel has Landlock, nothing read but the programs' own files. kUnavailable or kIo when it could
/// not be run.
base::Result<ConversionTaskEnd> RunConversionTask(const std::string& program,
                                                  const ConversionTask& task,
                                                  const FileHandle& input,
                                                  const ConversionTaskLimits& limits);

}  // namespace fansipan::sources::internal
