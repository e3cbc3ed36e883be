#include "store/testing/fake_meta_store.h"

#include <algorithm>
#include <utility>

#include "store/internal/meta_store_rules.h"

namespace fansipan::store {

using base::Result;
using base::Status;
using base::Timestamp;

Result<AccountId> FakeMetaStore::Insert(Account account) {
  for (const auto& [id, present] : accounts_) {
    if (present.name == account.name) return NameTaken(account.name);
  }
  account.id = {accounts_.size() + 1};
  account.failed_attempts = 0;
  account.locked_until.reset();
  accounts_[account.id.value] = account;
  return account.id;
}

Result<AccountId> FakeMetaStore::AddAccount(const Account& account) {
  const std::lock_guard lock(mutex_);
  return Insert(account);
}

Result<std::optional<Account>> FakeMetaStore::FindAccount(AccountId id) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(id.value);
  if (found == accounts_.end()) return std::optional<Account>();
  return std::optional<Account>(found->second);
}

Result<std::optional<Account>> FakeMetaStore::FindAccountByName(const std::string& name) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, account] : accounts_) {
    if (account.name == name) return std::optional<Account>(account);
  }
  return std::optional<Account>();
}

Result<std::vector<Account>> FakeMetaStore::ListAccounts() {
  const std::lock_guard lock(mutex_);
  std::vector<Account> accounts;
  for (const auto& [id, account] : accounts_) accounts.push_back(account);
  std::sort(accounts.begin(), accounts.end(),
            [](const Account& left, const Account& right) { return left.name < right.name; });
  return accounts;
}

Status FakeMetaStore::UpdateAccount(const Account& account) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(account.id.value);
  if (found == accounts_.end()) return NoSuch("account");
  found->second.display_name = account.display_name;
  found->second.role = account.role;
  found->second.password_hash = account.password_hash;
  found->second.disabled = account.disabled;
  return {};
}

Result<Attempt> FakeMetaStore::TakeAttempt(AccountId id, const AttemptLimit& limit, Timestamp now) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(id.value);
  if (found == accounts_.end()) return NoSuch("account");
  const bool granted = CountAttempt(found->second, limit, now);
  return Attempt{granted, found->second.locked_until};
}

Status FakeMetaStore::ClearAttempts(AccountId id) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(id.value);
  if (found == accounts_.end()) return NoSuch("account");
  found->second.failed_attempts = 0;
  found->second.locked_until.reset();
  return {};
}

Status FakeMetaStore::AddSession(const Session& session) {
  const std::lock_guard lock(mutex_);
  if (!accounts_.contains(session.account.value)) return NoSuch("account");
  if (!sessions_.emplace(session.token_hash, session).second) {
    return base::Error{base::ErrorCode::kConflict, "", "the session is known already"};
  }
  return {};
}

Result<std::vector<Session>> FakeMetaStore::ListSessions() {
  const std::lock_guard lock(mutex_);
  std::vector<Session> sessions;
  for (const auto& [hash, session] : sessions_) sessions.push_back(session);
  return sessions;
}

Status FakeMetaStore::TouchSession(const std::string& token_hash, Timestamp seen_at) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(token_hash);
  if (found == sessions_.end()) return NoSuch("session");
  found->second.last_seen_at = seen_at;
  return {};
}

Status FakeMetaStore::RemoveSession(const std::string& token_hash) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(token_hash);
  return {};
}

Status FakeMetaStore::RemoveSessionsOf(AccountId account) {
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.account == account; });
  return {};
}

Result<PushTokenId> FakeMetaStore::AddPushToken(const PushToken& token) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, present] : tokens_) {
    if (present.token_hash == token.token_hash) {
      return base::Error{base::ErrorCode::kConflict, "", "the push token is known already"};
    }
  }
  PushToken added = token;
  added.id = {tokens_.size() + 1};
  tokens_[added.id.value] = added;
  return added.id;
}

Result<std::optional<PushToken>> FakeMetaStore::FindPushToken(const std::string& token_hash) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, token] : tokens_) {
    if (token.token_hash == token_hash) return std::optional<PushToken>(token);
  }
  return std::optional<PushToken>();
}

Result<std::vector<PushToken>> FakeMetaStore::ListPushTokens(const std::string& source) {
  const std::lock_guard lock(mutex_);
  std::vector<PushToken> tokens;
  for (const auto& [id, token] : tokens_) {
    if (source.empty() || token.source == source) tokens.push_back(token);
  }
  return tokens;
}

Status FakeMetaStore::RevokePushToken(PushTokenId id, Timestamp at) {
  const std::lock_guard lock(mutex_);
  const auto found = tokens_.find(id.value);
  if (found == tokens_.end()) return NoSuch("push token");
  if (found->second.revoked_at) return AlreadyRevoked(id);
  found->second.revoked_at = at;
  return {};
}

Status FakeMetaStore::TouchPushToken(PushTokenId id, Timestamp used_at) {
  const std::lock_guard lock(mutex_);
  const auto found = tokens_.find(id.value);
  if (found == tokens_.end()) return NoSuch("push token");
  found->second.last_used_at = used_at;
  return {};
}

Status FakeMetaStore::PutSecret(const SealedSecret& secret) {
  const std::lock_guard lock(mutex_);
  secrets_[secret.name] = secret;
  return {};
}

Result<std::optional<SealedSecret>> FakeMetaStore::FindSecret(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = secrets_.find(name);
  if (found == secrets_.end()) return std::optional<SealedSecret>();
  return std::optional(found->second);
}

Result<std::vector<SealedSecret>> FakeMetaStore::ListSecrets() {
  const std::lock_guard lock(mutex_);
  std::vector<SealedSecret> secrets;
  for (const auto& [name, secret] : secrets_) secrets.push_back(secret);
  return secrets;
}

Status FakeMetaStore::RemoveSecret(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (secrets_.erase(name) == 0) return NoSuch("secret");
  return {};
}

Result<std::optional<SetUpState>> FakeMetaStore::FindSetUp() {
  const std::lock_guard lock(mutex_);
  return set_up_;
}

Status FakeMetaStore::PutSetUp(const SetUpState& state) {
  const std::lock_guard lock(mutex_);
  if (set_up_ && set_up_->used_at) return AlreadySetUp();
  set_up_ = state;
  return {};
}

Result<AccountId> FakeMetaStore::CompleteSetUp(const std::string& token_hash,
                                               const Account& administrator) {
  const std::lock_guard lock(mutex_);
  if (!set_up_ || set_up_->token_hash != token_hash) return NoSuch("set-up link");
  if (set_up_->used_at) return AlreadySetUp();
  FANSIPAN_ASSIGN_OR_RETURN(const AccountId id, Insert(administrator));
  set_up_->used_at = administrator.created_at;
  return id;
}

Result<AuditRecord> FakeMetaStore::AppendAudit(const AuditEvent& event, const AuditSeal& seal) {
  const std::lock_guard lock(mutex_);
  if (audit_full_) {
    return base::Error{base::ErrorCode::kStorageFull, "", "the audit chain cannot grow"};
  }
  const std::uint64_t number = head_.number + 1;
  const AuditRecord record{number, event, AuditHash(head_.hash, number, event)};
  audit_.push_back(record);
  head_ = {number, record.hash, seal(number, record.hash)};
  return record;
}

Result<std::vector<AuditRecord>> FakeMetaStore::ReadAudit(std::uint64_t first, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<AuditRecord> records;
  for (const AuditRecord& record : audit_) {
    if (record.number >= first && records.size() < limit) records.push_back(record);
  }
  return records;
}

Result<AuditHead> FakeMetaStore::GetAuditHead() {
  const std::lock_guard lock(mutex_);
  return head_;
}

void FakeMetaStore::SetAuditFull(bool full) {
  const std::lock_guard lock(mutex_);
  audit_full_ = full;
}

}  // namespace fansipan::store
