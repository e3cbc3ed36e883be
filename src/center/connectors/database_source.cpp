#include "center/connectors/database_source.h"

namespace fansipan::center {

std::string_view NameOf(TlsMode mode) {
  switch (mode) {
    case TlsMode::kVerifyFull:
      return "verify-full";
    case TlsMode::kVerifyCa:
      return "verify-ca";
    case TlsMode::kRequire:
      return "require";
    case TlsMode::kDisable:
      return "disable";
  }
  return "";
}

}  // namespace fansipan::center
