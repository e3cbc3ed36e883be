#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "center/center.h"
#include "model/expression.h"

namespace fansipan::bench {

inline constexpr std::size_t kCommunes = 99;
inline constexpr std::size_t kAgencies = 20;
inline constexpr std::string_view kProvince = "P";
inline constexpr std::string_view kSourceName = "cases";
inline constexpr std::string_view kDatasetName = "case";
inline constexpr std::string_view kPanelName = "overview";

/// "C01" to "C99", "A01" to "A20", for numbers from 0.
std::string CommuneCode(std::size_t number);
std::string AgencyCode(std::size_t number);

/// The center of the big bench, path -> text: 99 communes, 20 agencies, one dataset of 16 columns
/// with five dimensions, twelve measures among them minimum, maximum and distinct, and the panel of
/// 24 figures with a breakdown. Everything is public.
std::map<std::string, std::string, std::less<>> BigCenterFiles();

/// The same, loaded. Its problems become the error.
base::Result<std::shared_ptr<const center::Center>> LoadBigCenter(
    const model::ExpressionParser& parser);

}  // namespace fansipan::bench
