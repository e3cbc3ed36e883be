#include "sources/internal/text_decoder.h"

#include "sources/internal/csv/csv_decoder.h"
#include "sources/internal/encodings/payload_text.h"
#include "sources/internal/ndjson_decoder.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

base::Result<DecodedPayload> DecodeText(std::string_view payload, const center::Source& source,
                                        RawRowConsumer& consumer) {
  FANSIPAN_ASSIGN_OR_RETURN(const PayloadText text, PayloadText::Read(payload, source.encoding));
  RowCollector rows(source.limits.rows, consumer);
  base::Status read = source.format == center::Format::kCsv
                          ? DecodeCsv(text.text(), source.csv, rows)
                          : DecodeNdjson(text.text(), source.json, source.limits.depth, rows);
  if (!read.ok()) {
    if (!rows.unreadable() || read.error().reason != "not_utf8") return std::move(read).error();
    return text.TellOfPayload(std::move(read).error(), *rows.unreadable());
  }
  FANSIPAN_ASSIGN_OR_RETURN(DecodedPayload decoded, rows.Finish());
  text.PlaceInPayload(decoded);
  return decoded;
}

}  // namespace fansipan::sources::internal
