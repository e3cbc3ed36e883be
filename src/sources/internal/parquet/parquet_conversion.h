#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "center/source.h"
#include "sources/internal/conversion/converted_text.h"

namespace fansipan::sources::internal {

/// A Parquet file as text, which a confined process of its own makes of it within the source's
/// limits; this one looks at no more than how it begins and ends. Errors kInvalidArgument:
/// not_parquet, parquet_unreadable, wrong_columns, parquet_out_of_memory, parquet_deadline;
/// kTooLarge; kUnavailable.
base::Result<ConvertedText> ConvertParquet(std::string_view payload, const center::Source& source,
                                           const std::string& program);

}  // namespace fansipan::sources::internal
