#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "security/policy.h"

namespace fansipan::security {

/// Whether `password` may be chosen: long enough in characters (at most 1,024 bytes), none of the
/// commonest ones (also repeated, with figures around it, or with accents), not built from the
/// account's name. kInvalidArgument with reason password_too_short, password_too_long,
/// password_too_common, password_is_name or password_not_utf8.
base::Status CheckNewPassword(const SecurityPolicy& policy, std::string_view password,
                              std::string_view account_name, bool has_second_factor);

/// Evaluates Argon2id. Passwords are compared in Unicode's composed form, so that "ế" typed on
/// different keyboards is the same. Blocks the caller for tens of milliseconds; at most
/// `policy.parallel_hashes` evaluations run at once and `policy.waiting_hashes` wait. Safe from any
/// thread.
class PasswordHasher {
 public:
  /// kUnavailable when the machine has not the memory that one evaluation needs. Both arguments
  /// outlive the hasher.
  static base::Result<std::unique_ptr<PasswordHasher>> Start(const SecurityPolicy& policy,
                                                             base::RandomSource& random);

  /// A turn to evaluate, given back by its destructor.
  class Turn {
   public:
    Turn(Turn&& other) noexcept : hasher_(other.hasher_) { other.hasher_ = nullptr; }
    Turn& operator=(Turn&&) = delete;
    ~Turn();

   private:
    friend class PasswordHasher;
    explicit Turn(PasswordHasher& hasher) : hasher_(&hasher) {}

    PasswordHasher* hasher_;
  };

  /// Waits for a turn; kUnavailable with reason sign_in_busy when too many wait already.
  base::Result<Turn> TakeTurn();

  /// "$argon2id$v=19$m=…,t=…,p=1$salt$hash"
  base::Result<std::string> Hash(const Turn& turn, std::string_view password);
  bool Matches(const Turn& turn, const std::string& encoded, std::string_view password);
  /// Takes as long as Matches and fails: what is compared when there is no such account.
  void CompareWithNobody(const Turn& turn, std::string_view password);

  /// How often a password was compared.
  std::uint64_t comparisons() const { return comparisons_.load(); }

 private:
  PasswordHasher(const SecurityPolicy& policy, base::RandomSource& random)
      : policy_(policy), random_(random) {}
  void GiveBack();

  const SecurityPolicy& policy_;
  base::RandomSource& random_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::size_t running_ = 0;  // guarded by mutex_
  std::size_t waiting_ = 0;  // guarded by mutex_
  std::atomic<std::uint64_t> comparisons_ = 0;
  std::string nobody_;  // the hash of a password that nobody knows
};

}  // namespace fansipan::security
