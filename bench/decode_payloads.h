#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "center/source.h"

namespace fansipan::bench {

/// The columns of the table that every payload but SDMX-JSON and edXML is.
inline constexpr std::string_view kDecodedColumns[] = {"number", "name", "received_at", "fee",
                                                       "note"};

// One table in each way in which it is delivered: the same texts for the same number of rows.
std::string MakeCsv(std::size_t rows, center::Encoding encoding);
std::string MakeNdjson(std::size_t rows);
std::string MakeJson(std::size_t rows);
std::string MakeXml(std::size_t rows);
std::string MakeXlsx(std::size_t rows);
std::string MakeOds(std::size_t rows);
std::string MakeParquet(std::size_t rows);
/// Each with a point.
std::string MakeGeojson(std::size_t rows);

/// Observations of series, a thousand of each at most, with two dimensions and an attribute.
std::string MakeSdmxJson(std::size_t rows);
/// One document whose attachments have about so many bytes together.
std::string MakeEdxml(std::size_t bytes);

}  // namespace fansipan::bench
