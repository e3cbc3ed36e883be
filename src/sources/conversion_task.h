#pragma once

namespace fansipan::sources {

/// What `<program> conversion-task …` does: reads the workbook, geodata or Parquet on the standard
/// input, confined, or becomes the program that does (see internal/conversion/conversion_tool.h,
/// which runs it and gives the words). Returns an exit status.
int ServeConversionTask(int count, char** words);

}  // namespace fansipan::sources
