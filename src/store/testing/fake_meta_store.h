#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "store/meta_store.h"

namespace fansipan::store {

/// A MetaStore in memory, for tests that need no file. Keeps every promise of the port but
/// durability. Safe from any thread.
class FakeMetaStore final : public MetaStore {
 public:
  base::Result<AccountId> AddAccount(const Account& account) override;
  base::Result<std::optional<Account>> FindAccount(AccountId id) override;
  base::Result<std::optional<Account>> FindAccountByName(const std::string& name) override;
  base::Result<std::vector<Account>> ListAccounts() override;
  base::Status UpdateAccount(const Account& account) override;
  base::Result<Attempt> TakeAttempt(AccountId id, const AttemptLimit& limit,
                                    base::Timestamp now) override;
  base::Status ClearAttempts(AccountId id) override;
  base::Status AddSession(const Session& session) override;
  base::Result<std::vector<Session>> ListSessions() override;
  base::Status TouchSession(const std::string& token_hash, base::Timestamp seen_at) override;
  base::Status RemoveSession(const std::string& token_hash) override;
  base::Status RemoveSessionsOf(AccountId account) override;
  base::Result<PushTokenId> AddPushToken(const PushToken& token) override;
  base::Result<std::optional<PushToken>> FindPushToken(const std::string& token_hash) override;
  base::Result<std::vector<PushToken>> ListPushTokens(const std::string& source) override;
  base::Status RevokePushToken(PushTokenId id, base::Timestamp at) override;
  base::Status TouchPushToken(PushTokenId id, base::Timestamp used_at) override;
  base::Status PutSecret(const SealedSecret& secret) override;
  base::Result<std::optional<SealedSecret>> FindSecret(const std::string& name) override;
  base::Result<std::vector<SealedSecret>> ListSecrets() override;
  base::Status RemoveSecret(const std::string& name) override;
  base::Result<std::optional<SetUpState>> FindSetUp() override;
  base::Status PutSetUp(const SetUpState& state) override;
  base::Result<AccountId> CompleteSetUp(const std::string& token_hash,
                                        const Account& administrator) override;
  base::Result<AuditRecord> AppendAudit(const AuditEvent& event, const AuditSeal& seal) override;
  base::Result<std::vector<AuditRecord>> ReadAudit(std::uint64_t first, std::size_t limit) override;
  base::Result<AuditHead> GetAuditHead() override;

  /// From now on AppendAudit fails with kStorageFull, or no longer.
  void SetAuditFull(bool full);

 private:
  base::Result<AccountId> Insert(Account account);  // expects mutex_ to be held

  std::mutex mutex_;  // guards all below
  std::map<std::uint64_t, Account> accounts_;
  std::map<std::string, Session> sessions_;
  std::map<std::uint64_t, PushToken> tokens_;
  std::map<std::string, SealedSecret> secrets_;
  std::optional<SetUpState> set_up_;
  std::vector<AuditRecord> audit_;
  AuditHead head_;
  bool audit_full_ = false;
};

}  // namespace fansipan::store
