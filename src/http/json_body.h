#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace fansipan::http {

/// The members of a JSON object whose values are all text.
using TextMembers = std::map<std::string, std::string, std::less<>>;

/// Reads a body that is one JSON object with the named members and no other. Members in `needed`
/// must be there; `optional` ones may. Errors: unsupported_media_type, body_not_json,
/// body_wrong_members.
base::Result<TextMembers> ParseTextBody(const Request& request,
                                        const std::vector<std::string_view>& needed,
                                        const std::vector<std::string_view>& optional = {});

/// The media type of the body, in lower case, without parameters.
std::string MediaTypeOf(const Request& request);

}  // namespace fansipan::http
