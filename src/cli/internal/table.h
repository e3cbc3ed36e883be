#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace fansipan::cli {

/// Rows of text under a header, columns padded to the widest cell (counted in characters).
std::string FormatTable(const std::vector<std::string>& header,
                        const std::vector<std::vector<std::string>>& rows);

/// Text with its control characters written out (\x1b), since what was delivered must not steer the
/// terminal it is shown on.
std::string Visible(const std::string& text);

/// A member as text: strings as they are, null and absent as "–", other values as JSON.
std::string Show(const nlohmann::json& object, const char* member);

}  // namespace fansipan::cli
