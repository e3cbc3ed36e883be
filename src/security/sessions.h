#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "security/identity.h"
#include "security/policy.h"
#include "security/secrets.h"

namespace fansipan::security {

/// Who is signed in: kept in memory, written through to the MetaStore, loaded from it at start. A
/// session ends when it was idle too long for its role, at its absolute limit, when it is ended,
/// and when its account changes. The id of a session is the hash of its token. Safe from any
/// thread.
class Sessions {
 public:
  /// Drops what ran out meanwhile, and sessions of accounts that are gone or disabled.
  static base::Result<std::unique_ptr<Sessions>> Load(const Ports& ports,
                                                      const SecurityPolicy& policy,
                                                      const SecretKey& master);

  struct Opened {
    Identity identity;
    std::string token;  ///< shown once: the cookie's value
  };

  /// Begins a session for the account whose password was found right as `checked`.
  /// kUnauthenticated with reason sign_in_failed when the account has changed since.
  base::Result<Opened> Open(const store::Account& checked, const std::string& remote_address);

  /// Who holds `token`; counts as activity. kUnauthenticated with reason session_ended.
  base::Result<Identity> Authenticate(std::string_view token, const std::string& remote_address);

  /// Whether the session with this id still lives; no activity, cheap enough to ask before every
  /// frame of a live stream.
  bool IsAlive(const std::string& session);

  /// Sessions that are gone already are ended without error.
  base::Status End(const std::string& session);
  base::Status EndAllOf(store::AccountId account);

  /// What a form or script must send back with a change: bound to the session, without state.
  std::string CsrfToken(const std::string& session) const;
  bool IsCsrfToken(const std::string& session, std::string_view token) const;

 private:
  struct Live {
    store::Session stored;         // as the store has it
    base::Timestamp last_seen_at;  // may be a little later
    Identity identity;             // without address
  };
  using LiveSessions = std::map<std::string, Live>;

  Sessions(const Ports& ports, const SecurityPolicy& policy, const SecretKey& master);

  // The following expect mutex_ to be held.
  bool HasRunOut(const Live& live, base::Timestamp now) const;
  base::Status Remove(LiveSessions::iterator session);
  base::Status RemoveRunOut(base::Timestamp now);
  base::Status MakeRoomFor(store::AccountId account);

  const Ports ports_;
  const SecurityPolicy& policy_;
  const SecretKey csrf_key_;
  std::mutex mutex_;
  LiveSessions live_;  // by id; guarded by mutex_
};

}  // namespace fansipan::security
