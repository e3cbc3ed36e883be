#include "sources/connectors/file_fetch/private_key.h"

#include "sources/internal/base64.h"

namespace fansipan::sources {

base::Result<std::string> DecodePrivateKey(std::string_view kept, const std::string& name) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  auto key = internal::FromBase64(kept);
  if (key && key->starts_with(kBegin) && key->find("ENCRYPTED") == std::string::npos) {
    return *std::move(key);
  }
  return base::Error{base::ErrorCode::kUnavailable, "key_unreadable",
                     "the secret '" + name +
                         "' is no private key in base64, or has a passphrase; an administrator "
                         "sets it with 'base64 -w0 KEYFILE | fansipan secret set " +
                         name + "'"};
}

}  // namespace fansipan::sources
