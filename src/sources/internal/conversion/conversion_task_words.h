#pragma once

namespace fansipan::sources::internal {

// What the process that reads a delivery and the one that runs it agree on.

inline constexpr const char* kListProgram = "/usr/bin/ogrinfo";
inline constexpr const char* kTextProgram = "/usr/bin/ogr2ogr";

/// By the kinds of ConversionTask, in their order.
inline constexpr const char* kTaskWords[] = {"list",     "text",    "package", "layer",
                                             "features", "members", "parquet"};

/// Exit statuses of our own part of it.
enum ConversionTaskStatus {
  kTaskDone = 0,
  kTaskFailed = 120,     ///< nothing of the file was looked at
  kTaskRefused = 121,    ///< the complaint is a reason and a message, a line each
  kTaskTooLarge = 122,   ///< likewise
  kTaskNoProgram = 123,  ///< GDAL's program is not there
};

}  // namespace fansipan::sources::internal
