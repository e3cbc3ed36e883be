#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/center.h"
#include "model/record.h"

namespace fansipan::sources {

/// Where a raw row stands in the unpacked payload.
struct RawRowSpan {
  std::uint64_t offset = 0;  ///< bytes from the start
  std::uint64_t length = 0;  ///< bytes, without the end of the line
  std::uint32_t line = 0;    ///< 1-based line on which it begins; of a converted file, its row
};

/// One cell as the source wrote it; `text` says nothing when it is missing.
struct RawCell {
  std::string_view text;
  bool missing = true;
};

/// Some decoded rows, in order. The texts live only while the batch is handed over.
struct RawBatch {
  std::size_t width = 0;            ///< cells of a row
  std::vector<std::uint32_t> rows;  ///< 1-based raw row numbers, ascending
  std::vector<RawCell> cells;       ///< row after row
};

/// Takes what a decoder finds. An error ends the decoding and is what Decode returns.
class RawRowConsumer {
 public:
  virtual ~RawRowConsumer() = default;
  /// The names of the columns, once, before any row.
  virtual base::Status Begin(const std::vector<std::string>& columns) = 0;
  /// At most kRawBatchRows rows.
  virtual base::Status Take(const RawBatch& batch) = 0;
};

inline constexpr std::size_t kRawBatchRows = 2048;
/// A delivery with more undecodable rows than this is refused as a whole.
inline constexpr std::size_t kMaxRefusedRows = 100'000;

/// All raw rows of a payload, in order, and those of them that could not be decoded. The refused
/// rows carry no text of the row: it may hold personal data; their offset leads to the archive.
struct DecodedPayload {
  std::vector<RawRowSpan> rows;
  std::vector<model::QuarantinedRow> refused;
  std::vector<std::string> footer;  ///< cells of the row that `ends_at` names, the first kMaxFooter
};
inline constexpr std::size_t kMaxFooter = 200;

/// Splits a payload into raw rows of text as the source declares. Of a converted format the payload
/// is the text that was made of it (internal/conversion/converted_text.h). Rows reach `consumer`
/// before the rest of the payload has been read: when Decode fails, what it was given must be
/// thrown away. Places are those of the payload, whatever its encoding. Reasons of a refused row:
/// too_many_columns, too_few_columns, bad_quoting, invalid_utf8, wrong_encoding, cell_too_large,
/// not_json, too_deep, not_an_object, duplicate_member, repeated_element, bad_observation,
/// bad_geometry, outside_area. Errors (kInvalidArgument or kTooLarge) have the reason not_utf8,
/// wrong_encoding, not_json, cut_off, too_deep, too_many_rows, too_many_refused, wrong_columns,
/// wrong_shape, byte_order_mark, duplicate_member, not_xml, has_doctype, too_many_attributes,
/// unknown_encoding, deletes_data, or payload_too_large.
base::Result<DecodedPayload> Decode(std::string_view payload, const center::Source& source,
                                    RawRowConsumer& consumer);

/// The bytes of a span of the payload for people to read: UTF-8, with U+FFFD for what means nothing
/// in the source's encoding, or in the one that an XML document names. The span may end within a
/// row, or a character.
std::string ReadableText(std::string_view payload, const RawRowSpan& span,
                         const center::Source& source);

}  // namespace fansipan::sources
