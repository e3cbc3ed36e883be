#include "sources/internal/parquet/parquet_conversion.h"

#include <fmt/format.h>

#include <utility>

#include "sources/internal/conversion/conversion_tool.h"
#include "sources/internal/conversion/judgement.h"
#include "sources/internal/parquet/parquet_columns.h"
#include "sources/internal/processes/memory_file.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::string_view kMark = "PAR1";
// The marks, and the length of what describes the file.
constexpr std::size_t kLeastBytes = 12;

base::Status CheckMarks(std::string_view payload) {
  std::string_view what = "is not Parquet: it does not begin as such a file does";
  if (payload.starts_with("PARE") || payload.ends_with("PARE")) {
    what = "is encrypted; deliver it without encryption";
  } else if (payload.starts_with(kMark)) {
    if (payload.size() >= kLeastBytes && payload.ends_with(kMark)) return {};
    what = "is cut off: its end is missing";
  }
  return base::Error{base::ErrorCode::kInvalidArgument, "not_parquet",
                     "the payload " + std::string(what)};
}

base::Result<ConvertedText> Convert(std::string_view payload, const center::Source& source,
                                    const std::string& program) {
  FANSIPAN_RETURN_IF_ERROR(CheckMarks(payload));
  FANSIPAN_ASSIGN_OR_RETURN(const FileHandle file, MakeMemoryFile(payload));
  const ConversionTask task{.kind = ConversionTask::Kind::kParquet,
                            .extension = "parquet",
                            .name = {},
                            .details = EncodeParquetColumns(source.parquet.columns)};
  FANSIPAN_ASSIGN_OR_RETURN(const ConversionTaskEnd end,
                            RunConversionTask(program, task, file, TaskLimitsOf(source.limits)));
  FANSIPAN_RETURN_IF_ERROR(JudgeTask(end, source.limits, {"parquet", "Parquet"}));
  return ConvertedText{{}, "\n" + end.output};
}

}  // namespace

base::Result<ConvertedText> ConvertParquet(std::string_view payload, const center::Source& source,
                                           const std::string& program) {
  auto converted = Convert(payload, source, program);
  if (converted.ok()) return converted;
  return base::Annotate(converted.error(), fmt::format("the Parquet of source '{}'", source.name));
}

}  // namespace fansipan::sources::internal
