#include "sources/decoding.h"

#include <fmt/format.h>

#include "sources/internal/encodings/payload_text.h"
#include "sources/internal/geodata/feature_decoder.h"
#include "sources/internal/json_decoder.h"
#include "sources/internal/parquet/table_decoder.h"
#include "sources/internal/row_collector.h"
#include "sources/internal/sdmx/sdmx_json_decoder.h"
#include "sources/internal/text_decoder.h"
#include "sources/internal/workbook/sheet_decoder.h"
#include "sources/internal/xml/xml_decoder.h"
#include "sources/internal/xml/xml_encoding.h"

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
    case center::Format::kNdjson:
      return internal::DecodeText(payload, source, consumer);
    case center::Format::kJson:
      FANSIPAN_RETURN_IF_ERROR(
          internal::DecodeJson(payload, source.json, source.limits.depth, collector));
      break;
    case center::Format::kXml:
    case center::Format::kEdxml:
      FANSIPAN_RETURN_IF_ERROR(
          internal::DecodeXml(payload, source.xml, source.limits.depth, collector));
      break;
    case center::Format::kSdmxJson:
      FANSIPAN_RETURN_IF_ERROR(
          internal::DecodeSdmxJson(payload, source.json, source.limits.depth, collector));
      break;
    case center::Format::kWorkbook:
      FANSIPAN_RETURN_IF_ERROR(internal::DecodeSheet(payload, source.workbook, collector));
      break;
    case center::Format::kParquet:
      FANSIPAN_RETURN_IF_ERROR(internal::DecodeTable(payload, collector));
      break;
    case center::Format::kGeopackage:
    case center::Format::kShapefile:
    case center::Format::kGeojson:
    case center::Format::kKml:
      FANSIPAN_RETURN_IF_ERROR(internal::DecodeFeatures(payload, source.geodata, collector));
      break;
  }
  return collector.Finish();
}

std::string ReadableText(std::string_view payload, const RawRowSpan& span,
                         const center::Source& source) {
  const bool is_xml =
      source.format == center::Format::kXml || source.format == center::Format::kEdxml;
  if (is_xml) return internal::ReadableXml(payload, payload.substr(span.offset, span.length));
  return internal::ReadableBytes(payload.substr(span.offset, span.length), source.encoding,
                                 internal::IsBigEndian(payload, source.encoding));
}

}  // namespace fansipan::sources
