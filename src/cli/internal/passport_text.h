#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace fansipan::cli {

/// A figure of the API with its whole passport, as lines for a person.
std::string DescribeFigure(const nlohmann::json& figure);

/// What a cross-check found, in one line: both values, the difference and what is allowed.
std::string DescribeComparison(const nlohmann::json& comparison);

}  // namespace fansipan::cli
