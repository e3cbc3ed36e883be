#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/source.h"

namespace fansipan::sources {

/// Whether an answer of this media type may be a delivery of the format: one of `declared`, or of
/// the format's usual ones when none is declared. An answer that does not say its type is taken;
/// its decoder will look. kInvalidArgument with reason wrong_media_type: a page for people, mostly.
base::Status CheckMediaType(std::string_view content_type, center::Format format,
                            const std::vector<std::string>& declared);

/// Whether an answer of this media type may be a file. Servers guess the type by the file's name,
/// so anything may be but what is written for people. Errors as of CheckMediaType.
base::Status CheckFileMediaType(std::string_view content_type);

/// What to say in Accept.
std::string AcceptOf(center::Format format, const std::vector<std::string>& declared);

}  // namespace fansipan::sources
