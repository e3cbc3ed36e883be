#pragma once

#include <map>
#include <string>

#include "base/files.h"
#include "base/result.h"

namespace fansipan::cli {

/// Push tokens by source.
using SourceTokens = std::map<std::string, std::string>;

/// Reads a file with a line `source token` for each source; empty lines and those that begin with #
/// are passed over. kInvalidArgument wrong_option when others than its owner may read it, when it
/// names no source, or names one twice. Errors name file and line and never a byte of a token.
base::Result<SourceTokens> LoadSourceTokens(const std::string& path, base::FileSystem& files);

/// Writes such a file, for its owner alone.
base::Status KeepSourceTokens(const SourceTokens& tokens, const std::string& path,
                              base::FileSystem& files);

}  // namespace fansipan::cli
