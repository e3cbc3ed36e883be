#include "sources/internal/conversion/payload_conversion.h"

#include "sources/internal/geodata/geodata_conversion.h"
#include "sources/internal/parquet/parquet_conversion.h"
#include "sources/internal/workbook/conversion.h"

namespace fansipan::sources::internal {

base::Result<ConvertedText> ConvertPayload(std::string_view payload, const center::Source& source,
                                           const std::string& program) {
  if (source.format == center::Format::kWorkbook) return ConvertWorkbook(payload, source, program);
  if (source.format == center::Format::kParquet) return ConvertParquet(payload, source, program);
  return ConvertGeodata(payload, source, program);
}

}  // namespace fansipan::sources::internal
