#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "security/audit.h"
#include "security/policy.h"

namespace fansipan::security {

/// The tokens with which sources push: made by an administrator, shown once, kept as hashes,
/// revoked at once. A token is good for one source and for pushing alone. Safe from any thread.
class SourceTokens {
 public:
  SourceTokens(const Ports& ports, const SecurityPolicy& policy, AuditLog& audit);

  struct Created {
    store::PushTokenId id;
    std::string token;  ///< "fst_" and 43 characters; never shown again
  };

  /// Whether there is such a source is for the caller to know. kInvalidArgument with reason
  /// token_label_invalid: up to 100 bytes of text; kTooLarge: too many for this source.
  base::Result<Created> Create(const Identity& actor, const std::string& source,
                               const std::string& label);
  /// Revoked ones, too; never the token, nor its hash.
  base::Result<std::vector<store::PushToken>> List(const Identity& actor,
                                                   const std::string& source);
  /// kNotFound when the source has no such token; kConflict with reason already_revoked.
  base::Status Revoke(const Identity& actor, const std::string& source, store::PushTokenId id);
  /// Who pushes with `token`. kUnauthenticated with reason push_token_invalid.
  base::Result<Identity> Verify(std::string_view token, const std::string& remote_address);

 private:
  const Ports ports_;
  const SecurityPolicy& policy_;
  AuditLog& audit_;
  std::mutex changes_;  // so that the number of a source's tokens stays within the limit
};

}  // namespace fansipan::security
