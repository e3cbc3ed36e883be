#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "security/audit.h"
#include "security/passwords.h"
#include "security/policy.h"

namespace fansipan::security {

/// Compares a name and a password with the accounts, for every way in. Wrong tries are counted
/// before they are evaluated, so that parallel ones cannot pass the limit; names without an account
/// are counted and take as long as others, so that an answer does not tell which exist. Safe from
/// any thread.
class Credentials {
 public:
  Credentials(const Ports& ports, const SecurityPolicy& policy, PasswordHasher& hasher,
              AuditLog& audit);

  /// The account when name and password are right, it is not locked and not disabled; its attempts
  /// are forgotten then. kUnauthenticated with reason sign_in_failed in every other case, and the
  /// failure is recorded as one of `what`. kUnavailable with reason sign_in_busy.
  base::Result<store::Account> Check(const Identity& who, std::string_view what,
                                     std::string_view name, std::string_view password);

 private:
  struct Try;

  base::Result<store::Attempt> TakeAttempt(const Try& attempt);
  base::Result<store::Attempt> TakeAttemptOfNobody(const std::string& name);
  base::Status RecordFailure(const Identity& who, std::string_view what, const Try& attempt,
                             const store::Attempt& taken);
  bool IsFirstRefusal(const std::string& name, base::Timestamp locked_until);

  const Ports ports_;
  const SecurityPolicy& policy_;
  PasswordHasher& hasher_;
  AuditLog& audit_;
  std::mutex mutex_;
  std::map<std::string, store::Account> nobodies_;            // guarded by mutex_; bounded
  std::map<std::string, base::Timestamp> recorded_refusals_;  // guarded by mutex_; bounded
};

/// The form in which account names are kept and compared: ASCII letters in lower case.
std::string CanonicalName(std::string_view name);

}  // namespace fansipan::security
