#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "security/audit.h"
#include "security/credentials.h"
#include "security/passwords.h"
#include "security/sessions.h"

namespace fansipan::security {

/// What somebody chooses for an account. Name: 2 to 64 of a–z, 0–9, ".", "_", "-" (capitals are
/// taken as small); display name: up to 200 bytes of text without control characters.
struct NewAccount {
  std::string name;
  std::string display_name;
  Role role = Role::kViewer;
  std::string password;
};

/// An account as shown: without its hash.
struct AccountSummary {
  store::AccountId id;
  std::string name;
  std::string display_name;
  std::string role;
  base::Timestamp created_at;
  bool disabled = false;
  bool locked = false;
};

/// kInvalidArgument with reason account_name_invalid or display_name_invalid, or as
/// CheckNewPassword; otherwise the account, without id and hash, its name in canonical form.
base::Result<store::Account> CheckNewAccount(const SecurityPolicy& policy, const NewAccount& wanted,
                                             base::Timestamp now);

/// Makes and changes accounts. Each act decides by itself whether `actor` may do it, and is
/// recorded, refusals too. A change of role or password, and disabling, end the account's sessions.
/// The last administrator who can sign in cannot be disabled or made a viewer. Safe from any
/// thread.
class Accounts {
 public:
  Accounts(const Ports& ports, const SecurityPolicy& policy, PasswordHasher& hasher,
           Credentials& credentials, Sessions& sessions, AuditLog& audit);

  /// kConflict with reason name_taken; kTooLarge when there are as many as the policy allows.
  base::Result<store::AccountId> Create(const Identity& actor, const NewAccount& wanted);
  base::Result<std::vector<AccountSummary>> List(const Identity& actor);
  /// kConflict with reason last_administrator.
  base::Status Disable(const Identity& actor, store::AccountId id);
  base::Status Enable(const Identity& actor, store::AccountId id);
  base::Status SetRole(const Identity& actor, store::AccountId id, Role role);
  /// Also lifts a lock.
  base::Status ResetPassword(const Identity& actor, store::AccountId id, std::string_view password);
  base::Status EndSessions(const Identity& actor, store::AccountId id);
  /// Needs the present password, whose wrong tries count as those of signing in do.
  base::Status ChangeOwnPassword(const Identity& actor, std::string_view present,
                                 std::string_view wanted);

 private:
  base::Result<store::Account> Get(store::AccountId id);
  base::Result<std::string> HashNew(std::string_view password, const std::string& account_name);
  base::Status CheckNotLast(const store::Account& account);
  base::Status Apply(const Identity& actor, std::string_view what, const store::Account& changed);

  const Ports ports_;
  const SecurityPolicy& policy_;
  PasswordHasher& hasher_;
  Credentials& credentials_;
  Sessions& sessions_;
  AuditLog& audit_;
  std::mutex changes_;  // one change at a time, so that the last administrator stays
};

}  // namespace fansipan::security
