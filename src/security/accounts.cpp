#include "security/accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fansipan::security {
namespace {

using base::ErrorCode;

constexpr std::size_t kShortestName = 2;
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kDisplayNameLimit = 200;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool IsAccountName(const std::string& name) {
  return name.size() >= kShortestName && name.size() <= kLongestName &&
         std::all_of(name.begin(), name.end(), IsNameCharacter);
}

std::string ObjectOf(store::AccountId id) { return fmt::format("account:{}", id.value); }
std::string ObjectOf(const store::Account& account) { return "account:" + account.name; }

bool CanAdminister(const store::Account& account) {
  return !account.disabled && account.role == NameOf(Role::kAdministrator);
}

}  // namespace

base::Result<store::Account> CheckNewAccount(const SecurityPolicy& policy, const NewAccount& wanted,
                                             base::Timestamp now) {
  store::Account account{.name = CanonicalName(wanted.name),
                         .display_name = wanted.display_name,
                         .role = std::string(NameOf(wanted.role)),
                         .created_at = now};
  if (!IsAccountName(account.name)) {
    return base::Error{
        ErrorCode::kInvalidArgument, "account_name_invalid",
        fmt::format("an account's name has {} to {} characters of a-z, 0-9, '.', '_', "
                    "'-'",
                    kShortestName, kLongestName)};
  }
  // What a record would have to escape is no part of a name.
  if (account.display_name.size() > kDisplayNameLimit ||
      EscapeForRecord(account.display_name, 4 * kDisplayNameLimit) != account.display_name) {
    return base::Error{ErrorCode::kInvalidArgument, "display_name_invalid",
                       fmt::format("a display name is text of at most {} bytes without control "
                                   "characters and backslashes",
                                   kDisplayNameLimit)};
  }
  FANSIPAN_RETURN_IF_ERROR(CheckNewPassword(policy, wanted.password, account.name, false));
  return account;
}

Accounts::Accounts(const Ports& ports, const SecurityPolicy& policy, PasswordHasher& hasher,
                   Credentials& credentials, Sessions& sessions, AuditLog& audit)
    : ports_(ports),
      policy_(policy),
      hasher_(hasher),
      credentials_(credentials),
      sessions_(sessions),
      audit_(audit) {}

base::Result<store::AccountId> Accounts::Create(const Identity& actor, const NewAccount& wanted) {
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(actor, Action::kAdministerAccounts, "account"));
  FANSIPAN_ASSIGN_OR_RETURN(store::Account account,
                            CheckNewAccount(policy_, wanted, ports_.clock.Now()));
  FANSIPAN_ASSIGN_OR_RETURN(account.password_hash, HashNew(wanted.password, account.name));
  const std::lock_guard lock(changes_);
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<store::Account> present, ports_.store.ListAccounts());
  if (present.size() >= policy_.accounts) {
    return base::Error{ErrorCode::kTooLarge, "too_many_accounts",
                       fmt::format("there are {} accounts, as many as allowed", present.size())};
  }
  FANSIPAN_ASSIGN_OR_RETURN(const store::AccountId id, ports_.store.AddAccount(account));
  FANSIPAN_RETURN_IF_ERROR(audit_.Append(
      actor,
      {.what = "create_account", .on = ObjectOf(account), .detail = "role " + account.role}));
  return id;
}

base::Result<std::vector<AccountSummary>> Accounts::List(const Identity& actor) {
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(actor, Action::kAdministerAccounts, "accounts"));
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<store::Account> accounts,
                            ports_.store.ListAccounts());
  const base::Timestamp now = ports_.clock.Now();
  std::vector<AccountSummary> summaries;
  summaries.reserve(accounts.size());
  for (const store::Account& account : accounts) {
    summaries.push_back({.id = account.id,
                         .name = account.name,
                         .display_name = account.display_name,
                         .role = account.role,
                         .created_at = account.created_at,
                         .disabled = account.disabled,
                         .locked = account.locked_until && now < *account.locked_until});
  }
  return summaries;
}

base::Status Accounts::Disable(const Identity& actor, store::AccountId id) {
  FANSIPAN_RETURN_IF_ERROR(
      audit_.RequireRecorded(actor, Action::kAdministerAccounts, ObjectOf(id)));
  const std::lock_guard lock(changes_);
  FANSIPAN_ASSIGN_OR_RETURN(store::Account account, Get(id));
  FANSIPAN_RETURN_IF_ERROR(CheckNotLast(account));
  account.disabled = true;
  return Apply(actor, "disable_account", account);
}

base::Status Accounts::Enable(const Identity& actor, store::AccountId id) {
  FANSIPAN_RETURN_IF_ERROR(
      audit_.RequireRecorded(actor, Action::kAdministerAccounts, ObjectOf(id)));
  const std::lock_guard lock(changes_);
  FANSIPAN_ASSIGN_OR_RETURN(store::Account account, Get(id));
  account.disabled = false;
  return Apply(actor, "enable_account", account);
}

base::Status Accounts::SetRole(const Identity& actor, store::AccountId id, Role role) {
  FANSIPAN_RETURN_IF_ERROR(
      audit_.RequireRecorded(actor, Action::kAdministerAccounts, ObjectOf(id)));
  const std::lock_guard lock(changes_);
  FANSIPAN_ASSIGN_OR_RETURN(store::Account account, Get(id));
  if (role != Role::kAdministrator) FANSIPAN_RETURN_IF_ERROR(CheckNotLast(account));
  account.role = NameOf(role);
  return Apply(actor, "set_role", account);
}

base::Status Accounts::ResetPassword(const Identity& actor, store::AccountId id,
                                     std::string_view password) {
  FANSIPAN_RETURN_IF_ERROR(
      audit_.RequireRecorded(actor, Action::kAdministerAccounts, ObjectOf(id)));
  FANSIPAN_ASSIGN_OR_RETURN(const store::Account named, Get(id));
  FANSIPAN_ASSIGN_OR_RETURN(std::string hash, HashNew(password, named.name));
  const std::lock_guard lock(changes_);
  FANSIPAN_ASSIGN_OR_RETURN(store::Account account, Get(id));
  account.password_hash = std::move(hash);
  FANSIPAN_RETURN_IF_ERROR(Apply(actor, "reset_password", account));
  return ports_.store.ClearAttempts(id);
}

base::Status Accounts::EndSessions(const Identity& actor, store::AccountId id) {
  FANSIPAN_RETURN_IF_ERROR(
      audit_.RequireRecorded(actor, Action::kAdministerAccounts, ObjectOf(id)));
  FANSIPAN_ASSIGN_OR_RETURN(const store::Account account, Get(id));
  FANSIPAN_RETURN_IF_ERROR(sessions_.EndAllOf(id));
  return audit_.Append(actor, {.what = "end_sessions", .on = ObjectOf(account)});
}

base::Status Accounts::ChangeOwnPassword(const Identity& actor, std::string_view present,
                                         std::string_view wanted) {
  FANSIPAN_RETURN_IF_ERROR(
      audit_.RequireRecorded(actor, Action::kChangeOwnPassword, "account:" + actor.name));
  FANSIPAN_RETURN_IF_ERROR(credentials_.Check(actor, "change_own_password", actor.name, present));
  FANSIPAN_ASSIGN_OR_RETURN(std::string hash, HashNew(wanted, actor.name));
  const std::lock_guard lock(changes_);
  FANSIPAN_ASSIGN_OR_RETURN(store::Account account, Get(actor.account));
  account.password_hash = std::move(hash);
  return Apply(actor, "change_own_password", account);
}

base::Result<store::Account> Accounts::Get(store::AccountId id) {
  FANSIPAN_ASSIGN_OR_RETURN(std::optional<store::Account> account, ports_.store.FindAccount(id));
  if (!account) {
    return base::Error{ErrorCode::kNotFound, "",
                       fmt::format("there is no account {}; list the accounts", id.value)};
  }
  return *std::move(account);
}

base::Result<std::string> Accounts::HashNew(std::string_view password,
                                            const std::string& account_name) {
  FANSIPAN_RETURN_IF_ERROR(CheckNewPassword(policy_, password, account_name, false));
  FANSIPAN_ASSIGN_OR_RETURN(const PasswordHasher::Turn turn, hasher_.TakeTurn());
  return hasher_.Hash(turn, password);
}

base::Status Accounts::CheckNotLast(const store::Account& account) {
  if (!CanAdminister(account)) return {};
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<store::Account> accounts,
                            ports_.store.ListAccounts());
  if (std::count_if(accounts.begin(), accounts.end(), CanAdminister) > 1) return {};
  return base::Error{
      ErrorCode::kConflict, "last_administrator",
      fmt::format("'{}' is the last administrator; make another one first", account.name)};
}

base::Status Accounts::Apply(const Identity& actor, std::string_view what,
                             const store::Account& changed) {
  FANSIPAN_RETURN_IF_ERROR(ports_.store.UpdateAccount(changed));
  FANSIPAN_RETURN_IF_ERROR(sessions_.EndAllOf(changed.id));
  return audit_.Append(actor, {.what = what,
                               .on = ObjectOf(changed),
                               .detail = what == "set_role" ? "role " + changed.role : ""});
}

}  // namespace fansipan::security
