#pragma once

#include <string>

#include "base/files.h"
#include "base/result.h"

namespace fansipan::cli {

/// The secret, password or token in a file that an option names, without the line's end; empty when
/// the option names none. kInvalidArgument wrong_option when the file holds nothing, kTooLarge
/// above 4,096 bytes. Errors name option and file and never a byte of the secret.
base::Result<std::string> LoadSecret(const std::string& option, const std::string& path,
                                     base::FileSystem& files);

}  // namespace fansipan::cli
