#pragma once

#include <string>

namespace fansipan::sources::internal {

/// What a worker reads in the place of a file that was converted: of a workbook see
/// workbook/sheet_text.h; of geodata and Parquet an empty line and CSV after RFC 4180 with a
/// header, see geodata/feature_decoder.h and parquet/table_decoder.h.
struct ConvertedText {
  std::string sheet;  ///< of a workbook, or layer of geodata; of Parquet empty
  std::string text;
};

}  // namespace fansipan::sources::internal
