#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources {

/// The private key that is kept as a secret: the bytes of its file (OpenSSH or PEM, without
/// passphrase) in base64, since a secret is one line. kUnavailable key_unreadable, without a byte
/// of it.
base::Result<std::string> DecodePrivateKey(std::string_view kept, const std::string& name);

}  // namespace fansipan::sources
