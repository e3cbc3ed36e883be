#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "security/audit.h"
#include "security/policy.h"

namespace fansipan::security {

/// What connectors need to sign in at sources: tokens, passwords, client secrets. Set by an
/// administrator, kept encrypted under the center's key with its name bound to it, and never handed
/// out but to the program's own connectors. Safe from any thread.
class SourceSecrets {
 public:
  SourceSecrets(const Ports& ports, const SecurityPolicy& policy, AuditLog& audit,
                const SecretKey& master);

  /// A secret without its value.
  struct Listed {
    std::string name;
    base::Timestamp set_at;
    std::string set_by;
  };

  /// kNotFound with reason secret_name_invalid when no secret can have that name.
  static base::Status CheckName(const std::string& name);
  /// Replaces the secret of that name. kNotFound with reason secret_name_invalid (lower-case
  /// letters, digits and _, at most 64): there can be no such secret. kInvalidArgument with reason
  /// secret_value_invalid (1 to 4,096 printable ASCII characters, as HTTP headers take them);
  /// kTooLarge: too many.
  base::Status Set(const Identity& actor, const std::string& name, const std::string& value);
  /// Ordered by name.
  base::Result<std::vector<Listed>> List(const Identity& actor);
  /// kNotFound with reason unknown_secret.
  base::Status Remove(const Identity& actor, const std::string& name);

  /// The value, for a connector alone. Nothing when it is not set; kCorrupt when it was kept with
  /// another key.
  base::Result<std::optional<std::string>> Find(const std::string& name);

 private:
  const Ports ports_;
  const SecurityPolicy& policy_;
  AuditLog& audit_;
  const SecretKey key_;
  std::mutex changes_;  // so that the number of secrets stays within the limit
};

}  // namespace fansipan::security
