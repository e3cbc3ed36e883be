#pragma once

#include <string_view>

#include "base/result.h"
#include "center/source.h"
#include "sources/decoding.h"

namespace fansipan::sources::internal {

/// CSV and NDJSON in the declared encoding: transcoded to UTF-8, decoded, and every row given its
/// place in the payload as it came. Reasons and errors are those of the decoders, besides:
/// wrong_encoding, in the place of invalid_utf8 and not_utf8, of bytes that mean nothing in an
/// encoding other than UTF-8; byte_order_mark, cut_off (see PayloadText).
base::Result<DecodedPayload> DecodeText(std::string_view payload, const center::Source& source,
                                        RawRowConsumer& consumer);

}  // namespace fansipan::sources::internal
