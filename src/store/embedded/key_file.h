#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/files.h"
#include "base/random.h"
#include "base/result.h"

namespace fansipan::store {

/// 32 secret bytes from which the keys of a center's stores are derived.
using SecretKey = std::array<std::uint8_t, 32>;

/// The key in the file at `path`: 64 hexadecimal digits. A missing file is written with a new key,
/// readable by its owner alone. kInvalidArgument with reason not_a_key, placeholder_key (all bytes
/// the same, or counting up), or key_readable_by_others. Losing the file loses what it encrypts.
base::Result<SecretKey> LoadOrCreateKeyFile(base::FileSystem& files, const std::string& path,
                                            base::RandomSource& random);

}  // namespace fansipan::store
