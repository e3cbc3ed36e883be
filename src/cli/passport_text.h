#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace fansipan::cli {

/// A figure of the API with its whole passport, as lines for a person.
std::string DescribeFigure(const nlohmann::json& figure);

}  // namespace fansipan::cli
