#pragma once

#include <memory>

#include "base/result.h"
#include "security/accounts.h"
#include "security/audit.h"
#include "security/credentials.h"
#include "security/passwords.h"
#include "security/policy.h"
#include "security/sessions.h"
#include "security/set_up.h"
#include "security/sign_in.h"
#include "security/source_secrets.h"
#include "security/source_tokens.h"
#include "security/used_signatures.h"

namespace fansipan::security {

/// Everything of first access, put together for one center. What `ports` name outlives it. Each
/// part of it is safe from any thread.
class Access {
 public:
  /// Loads the sessions and tries one password hash, so that a machine without the memory for it
  /// says so at start.
  static base::Result<std::unique_ptr<Access>> Open(const Ports& ports, const SecretKey& master,
                                                    const SecurityPolicy& policy);

  AuditLog& audit() { return audit_; }
  Sessions& sessions() { return *sessions_; }
  SignIn& sign_in() { return sign_in_; }
  Accounts& accounts() { return accounts_; }
  SetUp& set_up() { return set_up_; }
  SourceTokens& source_tokens() { return source_tokens_; }
  SourceSecrets& source_secrets() { return source_secrets_; }
  UsedSignatures& used_signatures() { return used_signatures_; }
  const PasswordHasher& hasher() const { return *hasher_; }

 private:
  struct Started;
  Access(const Ports& ports, const SecretKey& master, Started started);

  const std::unique_ptr<const SecurityPolicy> policy_;
  AuditLog audit_;
  const std::unique_ptr<PasswordHasher> hasher_;
  const std::unique_ptr<Sessions> sessions_;
  Credentials credentials_;
  SignIn sign_in_;
  Accounts accounts_;
  SetUp set_up_;
  SourceTokens source_tokens_;
  SourceSecrets source_secrets_;
  UsedSignatures used_signatures_;
};

}  // namespace fansipan::security
