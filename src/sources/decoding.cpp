#include "sources/decoding.h"

#include <fmt/format.h>

#include "sources/internal/csv_decoder.h"
#include "sources/internal/json_decoder.h"
#include "sources/internal/ndjson_decoder.h"
#include "sources/internal/row_collector.h"
#include "sources/internal/workbook/sheet_decoder.h"

namespace fansipan::sources {

base::Result<DecodedPayload> Decode(std::string_view payload, const center::Source& source,
                                    RawRowConsumer& consumer) {
  if (payload.size() > source.limits.payload_bytes) {
    return base::Error{base::ErrorCode::kTooLarge, "payload_too_large",
                       fmt::format("the payload has {} bytes, source '{}' allows {}",
                                   payload.size(), source.name, source.limits.payload_bytes)};
  }
  internal::RowCollector collector(source.limits.rows, consumer);
  switch (source.format) {
    case center::Format::kCsv:
      FANSIPAN_RETURN_IF_ERROR(internal::DecodeCsv(payload, source.csv, collector));
      break;
    case center::Format::kJson:
      FANSIPAN_RETURN_IF_ERROR(
          internal::DecodeJson(payload, source.json, source.limits.depth, collector));
      break;
    case center::Format::kNdjson:
      FANSIPAN_RETURN_IF_ERROR(
          internal::DecodeNdjson(payload, source.json, source.limits.depth, collector));
      break;
    case center::Format::kWorkbook:
      FANSIPAN_RETURN_IF_ERROR(internal::DecodeSheet(payload, source.workbook, collector));
      break;
    case center::Format::kXml:
    case center::Format::kEdxml:
      break;
  }
  return collector.Finish();
}

}  // namespace fansipan::sources
