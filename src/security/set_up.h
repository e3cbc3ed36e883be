#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "security/accounts.h"

namespace fansipan::security {

/// How the first administrator comes into being: the operator at the machine asks for a link,
/// whoever opens it names the administrator, once. There is no account and no secret before. Safe
/// from any thread.
class SetUp {
 public:
  SetUp(const Ports& ports, const SecurityPolicy& policy, PasswordHasher& hasher, AuditLog& audit);

  /// True until there is an administrator.
  base::Result<bool> IsNeeded();
  /// The token of a new link; an older link that was not used is void. kConflict with reason
  /// already_set_up.
  base::Result<std::string> CreateLink(const Identity& actor);
  /// Makes the administrator (`wanted.role` is not looked at). kUnauthenticated with reason
  /// set_up_link_invalid when the token is not the newest one or is too old; kConflict with reason
  /// already_set_up; otherwise as CheckNewAccount, and the link can be used again.
  base::Result<store::AccountId> Complete(const Identity& who, std::string_view token,
                                          const NewAccount& wanted);

 private:
  base::Status CheckLink(const std::string& token_hash);
  base::Result<store::AccountId> MakeAdministrator(const std::string& token_hash,
                                                   const NewAccount& wanted);

  const Ports ports_;
  const SecurityPolicy& policy_;
  PasswordHasher& hasher_;
  AuditLog& audit_;
};

}  // namespace fansipan::security
