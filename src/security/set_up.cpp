#include "security/set_up.h"

#include <algorithm>
#include <optional>

namespace fansipan::security {
namespace {

using base::ErrorCode;

base::Error AlreadySetUp() {
  return {ErrorCode::kConflict, "already_set_up",
          "there is an administrator already; sign in, or ask the administrator for an account"};
}

base::Error LinkInvalid() {
  return {ErrorCode::kUnauthenticated, "set_up_link_invalid",
          "this set-up link is wrong or too old; ask for a new one at the machine"};
}

}  // namespace

SetUp::SetUp(const Ports& ports, const SecurityPolicy& policy, PasswordHasher& hasher,
             AuditLog& audit)
    : ports_(ports), policy_(policy), hasher_(hasher), audit_(audit) {}

base::Result<bool> SetUp::IsNeeded() {
  FANSIPAN_ASSIGN_OR_RETURN(const std::optional<store::SetUpState> state, ports_.store.FindSetUp());
  if (state && state->used_at) return false;
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<store::Account> accounts,
                            ports_.store.ListAccounts());
  return std::none_of(accounts.begin(), accounts.end(), [](const store::Account& account) {
    return account.role == NameOf(Role::kAdministrator);
  });
}

base::Result<std::string> SetUp::CreateLink(const Identity& actor) {
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(actor, Action::kCreateSetUpLink, "set_up"));
  FANSIPAN_ASSIGN_OR_RETURN(const bool needed, IsNeeded());
  if (!needed) return AlreadySetUp();
  std::string token = MakeToken(ports_.random);
  FANSIPAN_RETURN_IF_ERROR(
      ports_.store.PutSetUp({HashToken(token), ports_.clock.Now(), std::nullopt}));
  FANSIPAN_RETURN_IF_ERROR(audit_.Append(actor, {.what = "create_set_up_link", .on = "set_up"}));
  return token;
}

base::Result<store::AccountId> SetUp::Complete(const Identity& who, std::string_view token,
                                               const NewAccount& wanted) {
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(who, Action::kCompleteSetUp, "set_up"));
  base::Result<store::AccountId> made = MakeAdministrator(HashToken(token), wanted);
  Act act{.what = "complete_set_up", .on = "set_up"};
  if (made.ok()) {
    act.detail = "administrator " + CanonicalName(wanted.name);
  } else {
    act.outcome = Outcome::kFailed;
    act.detail = made.error().reason;
  }
  FANSIPAN_RETURN_IF_ERROR(audit_.Append(who, act));
  return made;
}

base::Status SetUp::CheckLink(const std::string& token_hash) {
  FANSIPAN_ASSIGN_OR_RETURN(const bool needed, IsNeeded());
  if (!needed) return AlreadySetUp();
  FANSIPAN_ASSIGN_OR_RETURN(const std::optional<store::SetUpState> state, ports_.store.FindSetUp());
  if (!state || !EqualInConstantTime(state->token_hash, token_hash) ||
      ports_.clock.Now() - state->created_at >= policy_.set_up_link_life) {
    return LinkInvalid();
  }
  return {};
}

base::Result<store::AccountId> SetUp::MakeAdministrator(const std::string& token_hash,
                                                        const NewAccount& wanted) {
  FANSIPAN_RETURN_IF_ERROR(CheckLink(token_hash));
  NewAccount administrator = wanted;
  administrator.role = Role::kAdministrator;
  FANSIPAN_ASSIGN_OR_RETURN(store::Account account,
                            CheckNewAccount(policy_, administrator, ports_.clock.Now()));
  FANSIPAN_ASSIGN_OR_RETURN(const PasswordHasher::Turn turn, hasher_.TakeTurn());
  FANSIPAN_ASSIGN_OR_RETURN(account.password_hash, hasher_.Hash(turn, wanted.password));
  // The store decides between two who use the link at the same moment.
  return ports_.store.CompleteSetUp(token_hash, account);
}

}  // namespace fansipan::security
