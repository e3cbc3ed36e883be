#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/strong_id.h"
#include "store/audit_chain.h"

namespace fansipan::store {

using AccountId = base::StrongId<struct AccountTag>;
using PushTokenId = base::StrongId<struct PushTokenTag>;

/// A person who may sign in. `password_hash` is the encoded form of the hash, never a password.
struct Account {
  AccountId id;      ///< given by the store
  std::string name;  ///< unique
  std::string display_name;
  std::string role;
  std::string password_hash;
  base::Timestamp created_at;
  bool disabled = false;
  std::uint32_t failed_attempts = 0;
  std::optional<base::Timestamp> locked_until;
};

/// Somebody is signed in. The token itself is known to the browser only.
struct Session {
  std::string token_hash;
  AccountId account;
  base::Timestamp created_at;
  base::Timestamp last_seen_at;
  base::Timestamp expires_at;
};

/// Lets one source push. The token itself is known to the sender only.
struct PushToken {
  PushTokenId id;  ///< given by the store
  std::string source;
  std::string label;
  std::string token_hash;
  base::Timestamp created_at;
  std::optional<base::Timestamp> revoked_at;
  std::optional<base::Timestamp> last_used_at;
};

/// The link by which the first administrator is made.
struct SetUpState {
  std::string token_hash;
  base::Timestamp created_at;
  std::optional<base::Timestamp> used_at;
};

/// What this center needs to sign in somewhere else, encrypted by whoever keeps it here.
struct SealedSecret {
  std::string name;    ///< unique
  std::string sealed;  ///< printable; tells nothing without the center's key
  base::Timestamp set_at;
  std::string set_by;  ///< who, in the words of the audit
};

/// How many wrong passwords in a row an account bears, and how long it is locked then.
struct AttemptLimit {
  std::uint32_t attempts = 5;
  base::Duration lock{};
};

/// Whether a password may be tried now. Taking an attempt counts it as failed until it is cleared.
struct Attempt {
  bool granted = false;
  std::optional<base::Timestamp> locked_until;  ///< set once this attempt, if it fails, is the last
};

/// The rule by which attempts are counted: one more, and a lock when that reaches the limit; a lock
/// that has run out is lifted first. False, and nothing is changed, while the account is locked.
bool CountAttempt(Account& account, const AttemptLimit& limit, base::Timestamp now);

/// Accounts, sessions, push tokens, kept secrets, set-up and audit chain: what no figure depends
/// on. Every change is durable when its call returns and is done whole or not at all. Safe from any
/// thread. One process owns a store.
class MetaStore {
 public:
  virtual ~MetaStore() = default;

  /// kConflict with reason name_taken when there is an account of that name.
  virtual base::Result<AccountId> AddAccount(const Account& account) = 0;
  virtual base::Result<std::optional<Account>> FindAccount(AccountId id) = 0;
  virtual base::Result<std::optional<Account>> FindAccountByName(const std::string& name) = 0;
  /// Ordered by name.
  virtual base::Result<std::vector<Account>> ListAccounts() = 0;
  /// Sets display name, role, password hash and `disabled` of the account with `account.id`;
  /// leaves name, time of creation and attempts as they are. kNotFound.
  virtual base::Status UpdateAccount(const Account& account) = 0;
  /// Counts one more attempt, unless the account is locked at `now`. The attempt that reaches the
  /// limit locks the account from `now`; after the lock the count starts anew. kNotFound.
  virtual base::Result<Attempt> TakeAttempt(AccountId id, const AttemptLimit& limit,
                                            base::Timestamp now) = 0;
  /// Forgets attempts and lock. kNotFound.
  virtual base::Status ClearAttempts(AccountId id) = 0;

  /// kNotFound when there is no such account, kConflict when the hash is known already.
  virtual base::Status AddSession(const Session& session) = 0;
  virtual base::Result<std::vector<Session>> ListSessions() = 0;
  /// kNotFound.
  virtual base::Status TouchSession(const std::string& token_hash, base::Timestamp seen_at) = 0;
  /// Does nothing when the session is gone already.
  virtual base::Status RemoveSession(const std::string& token_hash) = 0;
  virtual base::Status RemoveSessionsOf(AccountId account) = 0;

  /// kConflict when the hash is known already.
  virtual base::Result<PushTokenId> AddPushToken(const PushToken& token) = 0;
  virtual base::Result<std::optional<PushToken>> FindPushToken(const std::string& token_hash) = 0;
  /// Revoked ones, too; ordered by id. An empty source means all.
  virtual base::Result<std::vector<PushToken>> ListPushTokens(const std::string& source) = 0;
  /// kNotFound; kConflict when it was revoked before.
  virtual base::Status RevokePushToken(PushTokenId id, base::Timestamp at) = 0;
  /// kNotFound.
  virtual base::Status TouchPushToken(PushTokenId id, base::Timestamp used_at) = 0;

  /// Replaces the secret of that name.
  virtual base::Status PutSecret(const SealedSecret& secret) = 0;
  virtual base::Result<std::optional<SealedSecret>> FindSecret(const std::string& name) = 0;
  /// Ordered by name.
  virtual base::Result<std::vector<SealedSecret>> ListSecrets() = 0;
  /// kNotFound.
  virtual base::Status RemoveSecret(const std::string& name) = 0;

  virtual base::Result<std::optional<SetUpState>> FindSetUp() = 0;
  /// Replaces a link that was not used. kConflict with reason already_set_up when one was.
  virtual base::Status PutSetUp(const SetUpState& state) = 0;
  /// Marks the link with this hash as used at `administrator.created_at` and adds the account, in
  /// one step. kNotFound: no link with this hash; kConflict with reason already_set_up: used.
  virtual base::Result<AccountId> CompleteSetUp(const std::string& token_hash,
                                                const Account& administrator) = 0;

  /// Gives `event` the next number and its hash, and puts `seal` of the two beside the chain as its
  /// new head.
  virtual base::Result<AuditRecord> AppendAudit(const AuditEvent& event, const AuditSeal& seal) = 0;
  /// At most `limit` records from number `first` upwards; fewer only at the end of the chain.
  virtual base::Result<std::vector<AuditRecord>> ReadAudit(std::uint64_t first,
                                                           std::size_t limit) = 0;
  virtual base::Result<AuditHead> GetAuditHead() = 0;
};

}  // namespace fansipan::store
