#include "security/sessions.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/log.h"

namespace fansipan::security {
namespace {

/// How far the store may lag behind: after a crash a session ends that much earlier, never later.
constexpr base::Duration kTouchInterval = std::chrono::seconds(30);

base::Error SessionEnded() {
  return {base::ErrorCode::kUnauthenticated, "session_ended",
          "nobody is signed in, or the session has ended; sign in again"};
}

std::optional<Identity> IdentityOf(const store::Account& account, const std::string& session) {
  const std::optional<Role> role = FindRole(account.role);
  if (!role || account.disabled) return std::nullopt;
  return Identity{.kind = IdentityKind::kAccount,
                  .account = account.id,
                  .name = account.name,
                  .display_name = account.display_name,
                  .role = role,
                  .session = session};
}

}  // namespace

Sessions::Sessions(const Ports& ports, const SecurityPolicy& policy, const SecretKey& master)
    : ports_(ports), policy_(policy), csrf_key_(DeriveKey(master, "csrf")) {}

base::Result<std::unique_ptr<Sessions>> Sessions::Load(const Ports& ports,
                                                       const SecurityPolicy& policy,
                                                       const SecretKey& master) {
  std::unique_ptr<Sessions> sessions(new Sessions(ports, policy, master));
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<store::Session> stored, ports.store.ListSessions());
  for (const store::Session& session : stored) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto account, ports.store.FindAccount(session.account));
    const auto identity = account ? IdentityOf(*account, session.token_hash) : std::nullopt;
    if (!identity) {
      FANSIPAN_RETURN_IF_ERROR(ports.store.RemoveSession(session.token_hash));
      continue;
    }
    sessions->live_[session.token_hash] = {session, session.last_seen_at, *identity};
  }
  FANSIPAN_RETURN_IF_ERROR(sessions->RemoveRunOut(ports.clock.Now()));
  return sessions;
}

base::Result<Sessions::Opened> Sessions::Open(const store::Account& checked,
                                              const std::string& remote_address) {
  std::string token = MakeToken(ports_.random);
  const std::string id = HashToken(token);
  const base::Timestamp now = ports_.clock.Now();
  const std::lock_guard lock(mutex_);
  // Read again under the lock: who disables or resets an account changes it first and ends its
  // sessions after, so that none slips through between.
  FANSIPAN_ASSIGN_OR_RETURN(const auto account, ports_.store.FindAccount(checked.id));
  const auto identity = account ? IdentityOf(*account, id) : std::nullopt;
  if (!identity || account->password_hash != checked.password_hash) {
    return base::Error{base::ErrorCode::kUnauthenticated, "sign_in_failed",
                       "the account was changed at this moment; sign in again"};
  }
  FANSIPAN_RETURN_IF_ERROR(RemoveRunOut(now));
  FANSIPAN_RETURN_IF_ERROR(MakeRoomFor(checked.id));
  const store::Session session{id, checked.id, now, now, now + policy_.session_life};
  FANSIPAN_RETURN_IF_ERROR(ports_.store.AddSession(session));
  live_[id] = {session, now, *identity};
  Opened opened{*identity, std::move(token)};
  opened.identity.remote_address = remote_address;
  return opened;
}

base::Result<Identity> Sessions::Authenticate(std::string_view token,
                                              const std::string& remote_address) {
  const std::string id = HashToken(token);
  const base::Timestamp now = ports_.clock.Now();
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  if (found == live_.end()) return SessionEnded();
  Live& live = found->second;
  if (HasRunOut(live, now)) {
    FANSIPAN_RETURN_IF_ERROR(Remove(found));
    return SessionEnded();
  }
  live.last_seen_at = std::max(live.last_seen_at, now);
  if (live.last_seen_at - live.stored.last_seen_at >= kTouchInterval) {
    // Reading goes on when the disk is full; the session is only shorter after a restart.
    const base::Status touched = ports_.store.TouchSession(id, live.last_seen_at);
    if (!touched.ok()) base::LogWarning("session not touched: {}", touched.error().message);
    live.stored.last_seen_at = live.last_seen_at;
  }
  Identity identity = live.identity;
  identity.remote_address = remote_address;
  return identity;
}

bool Sessions::IsAlive(const std::string& session) {
  const base::Timestamp now = ports_.clock.Now();
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(session);
  return found != live_.end() && !HasRunOut(found->second, now);
}

base::Status Sessions::End(const std::string& session) {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(session);
  if (found == live_.end()) return {};
  return Remove(found);
}

base::Status Sessions::EndAllOf(store::AccountId account) {
  const std::lock_guard lock(mutex_);
  std::erase_if(live_, [&](const auto& entry) { return entry.second.identity.account == account; });
  return ports_.store.RemoveSessionsOf(account);
}

std::string Sessions::CsrfToken(const std::string& session) const {
  return security::Authenticate(csrf_key_, session);
}

bool Sessions::IsCsrfToken(const std::string& session, std::string_view token) const {
  return EqualInConstantTime(CsrfToken(session), token);
}

bool Sessions::HasRunOut(const Live& live, base::Timestamp now) const {
  const bool administrator = live.identity.role == Role::kAdministrator;
  const base::Duration idle = administrator ? policy_.administrator_idle : policy_.viewer_idle;
  return now >= live.stored.expires_at || now - live.last_seen_at >= idle;
}

base::Status Sessions::Remove(LiveSessions::iterator session) {
  // Gone from memory whatever the store says: nobody gets in by it while the program runs.
  const std::string id = session->first;
  live_.erase(session);
  return ports_.store.RemoveSession(id);
}

base::Status Sessions::RemoveRunOut(base::Timestamp now) {
  for (auto session = live_.begin(); session != live_.end();) {
    const auto current = session++;
    if (HasRunOut(current->second, now)) FANSIPAN_RETURN_IF_ERROR(Remove(current));
  }
  return {};
}

base::Status Sessions::MakeRoomFor(store::AccountId account) {
  std::size_t count = 0;
  auto oldest = live_.end();
  for (auto session = live_.begin(); session != live_.end(); ++session) {
    if (session->second.identity.account != account) continue;
    ++count;
    if (oldest == live_.end() || session->second.last_seen_at < oldest->second.last_seen_at) {
      oldest = session;
    }
  }
  if (count < policy_.sessions_per_account) return {};
  return Remove(oldest);
}

}  // namespace fansipan::security
