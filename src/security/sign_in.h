#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "security/audit.h"
#include "security/credentials.h"
#include "security/sessions.h"

namespace fansipan::security {

/// The way in by name and password, and out again. Blocks for the time of one Argon2id evaluation:
/// not for a thread that serves others. Safe from any thread.
class SignIn {
 public:
  SignIn(Credentials& credentials, Sessions& sessions, AuditLog& audit)
      : credentials_(credentials), sessions_(sessions), audit_(audit) {}

  struct SignedIn {
    Identity identity;
    std::string token;  ///< the cookie's value, shown once
    std::string csrf_token;
  };

  /// Errors as Credentials::Check. `who` is the one who asks, usually Anonymous(address).
  base::Result<SignedIn> WithPassword(const Identity& who, std::string_view name,
                                      std::string_view password);
  base::Status Out(const Identity& who);

 private:
  Credentials& credentials_;
  Sessions& sessions_;
  AuditLog& audit_;
};

}  // namespace fansipan::security
