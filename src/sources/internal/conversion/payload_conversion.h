#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "center/source.h"
#include "sources/internal/conversion/converted_text.h"

namespace fansipan::sources::internal {

/// The text of a payload in a converted format (center::IsConverted). Errors: those of
/// ConvertWorkbook, ConvertGeodata and ConvertParquet. From any thread, which waits for processes.
base::Result<ConvertedText> ConvertPayload(std::string_view payload, const center::Source& source,
                                           const std::string& program);

}  // namespace fansipan::sources::internal
