#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace fansipan::cli {

/// Lines for a FigureChange of the interface: the steps from the earlier value to the later one.
std::string DescribeChange(const nlohmann::json& change);

/// A table for an AlarmList of the interface.
std::string DescribeAlarms(const nlohmann::json& list);

}  // namespace fansipan::cli
