#pragma once

#include <string_view>

#include "base/result.h"
#include "center/source.h"
#include "sources/internal/conversion/conversion_tool.h"

namespace fansipan::sources::internal {

/// What a task reads, for messages and reasons.
struct ConvertedFile {
  std::string_view word;    ///< workbook, geodata, parquet: how reasons begin
  std::string_view reader;  ///< the reader's name for its kind
};

/// Bounds of a task by the limits of its source.
ConversionTaskLimits TaskLimitsOf(const center::Limits& limits);

/// Whether the task read all. GDAL goes on after a complaint and leaves out what it could not read:
/// that is no reading. Errors kInvalidArgument <word>_deadline, <word>_out_of_memory,
/// <word>_unreadable and those of our own readers; kTooLarge payload_too_large; kUnavailable
/// <word>_reader_missing.
base::Status JudgeTask(const ConversionTaskEnd& end, const center::Limits& limits,
                       const ConvertedFile& file);

}  // namespace fansipan::sources::internal
