#pragma once

#include <map>
#include <string>
#include <string_view>

#include "center/internal/problems.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxFiles = 2000;
inline constexpr std::size_t kMaxFolderBytes = 16U << 20U;
inline constexpr std::size_t kMaxFolderDepth = 8;

/// The files of a center's folder by their path inside it. README.md and whatever begins with a dot
/// is left out. Reports what is neither a regular file nor a folder (a symbolic link would lead out
/// of the center), what cannot be read, and a folder that is too large.
std::map<std::string, std::string, std::less<>> ReadFolder(const std::string& folder,
                                                           Problems& problems);

/// True for a path that is not part of a center.
bool IsIgnored(std::string_view path);

}  // namespace fansipan::center
