#include "security/credentials.h"

#include <fmt/format.h>

namespace fansipan::security {
namespace {

constexpr std::size_t kRememberedNames = 10'000;

base::Error SignInFailed() {
  return {base::ErrorCode::kUnauthenticated, "sign_in_failed",
          "name or password is wrong, or the account is locked for a while after too many wrong "
          "tries"};
}

/// A forgotten count gives nothing away but that many names were tried.
template <typename Map>
void MakeRoom(Map& remembered) {
  if (remembered.size() >= kRememberedNames) remembered.clear();
}

}  // namespace

/// What is tried, and on which account, if there is one.
struct Credentials::Try {
  std::string name;
  std::optional<store::Account> account;

  /// Names without an account may be a password typed into the wrong field: never recorded as such.
  std::string NameForRecord() const {
    return account ? "account:" + name : "unknown:" + HashToken(name).substr(0, 12);
  }
};

std::string CanonicalName(std::string_view name) {
  std::string canonical(name);
  for (char& c : canonical) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return canonical;
}

Credentials::Credentials(const Ports& ports, const SecurityPolicy& policy, PasswordHasher& hasher,
                         AuditLog& audit)
    : ports_(ports), policy_(policy), hasher_(hasher), audit_(audit) {}

base::Result<store::Account> Credentials::Check(const Identity& who, std::string_view what,
                                                std::string_view name, std::string_view password) {
  FANSIPAN_ASSIGN_OR_RETURN(const PasswordHasher::Turn turn, hasher_.TakeTurn());
  Try attempt{CanonicalName(name), std::nullopt};
  FANSIPAN_ASSIGN_OR_RETURN(attempt.account, ports_.store.FindAccountByName(attempt.name));
  FANSIPAN_ASSIGN_OR_RETURN(const store::Attempt taken, TakeAttempt(attempt));
  bool matches = false;
  if (taken.granted && attempt.account) {
    matches = hasher_.Matches(turn, attempt.account->password_hash, password);
  } else if (taken.granted) {
    hasher_.CompareWithNobody(turn, password);
  }
  if (!matches || attempt.account->disabled) {
    FANSIPAN_RETURN_IF_ERROR(RecordFailure(who, what, attempt, taken));
    return SignInFailed();
  }
  FANSIPAN_RETURN_IF_ERROR(ports_.store.ClearAttempts(attempt.account->id));
  return *std::move(attempt.account);
}

base::Result<store::Attempt> Credentials::TakeAttempt(const Try& attempt) {
  if (!attempt.account) return TakeAttemptOfNobody(HashToken(attempt.name));
  return ports_.store.TakeAttempt(attempt.account->id, policy_.attempts, ports_.clock.Now());
}

base::Result<store::Attempt> Credentials::TakeAttemptOfNobody(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (!nobodies_.contains(name)) MakeRoom(nobodies_);
  store::Account& nobody = nobodies_[name];
  const bool granted = store::CountAttempt(nobody, policy_.attempts, ports_.clock.Now());
  return store::Attempt{granted, nobody.locked_until};
}

base::Status Credentials::RecordFailure(const Identity& who, std::string_view what,
                                        const Try& attempt, const store::Attempt& taken) {
  // Tries against a lock cost nothing; recording each would let anybody fill the disk.
  if (!taken.granted && !IsFirstRefusal(HashToken(attempt.name), *taken.locked_until)) return {};
  Act act{.what = what, .on = attempt.NameForRecord(), .outcome = Outcome::kFailed};
  if (!taken.granted) {
    act.outcome = Outcome::kRefused;
    act.detail = "locked; further tries until the end of the lock are not recorded";
  } else if (taken.locked_until) {
    act.detail = fmt::format("wrong; locked after {} tries", policy_.attempts.attempts);
  } else {
    act.detail = attempt.account && attempt.account->disabled ? "disabled" : "wrong";
  }
  return audit_.Append(who, act);
}

bool Credentials::IsFirstRefusal(const std::string& name, base::Timestamp locked_until) {
  const std::lock_guard lock(mutex_);
  const auto found = recorded_refusals_.find(name);
  if (found != recorded_refusals_.end() && found->second == locked_until) return false;
  if (found == recorded_refusals_.end()) MakeRoom(recorded_refusals_);
  recorded_refusals_[name] = locked_until;
  return true;
}

}  // namespace fansipan::security
