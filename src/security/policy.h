#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "base/random.h"
#include "store/meta_store.h"

namespace fansipan::security {

/// What one evaluation of Argon2id costs. The defaults are libsodium's "interactive".
struct Argon2Limits {
  std::uint64_t operations = 2;
  std::size_t memory_bytes = std::size_t{64} << 20U;
};

/// The settings of first access, with the profile that is in force when nothing else is said.
struct SecurityPolicy {
  Argon2Limits argon2;
  std::size_t parallel_hashes = 2;   ///< evaluations at once: bounds memory
  std::size_t waiting_hashes = 16;   ///< callers that may wait for their turn; more are refused
  std::size_t password_length = 14;  ///< least, in characters, without a second factor
  std::size_t password_length_with_second_factor = 8;
  store::AttemptLimit attempts{.attempts = 5, .lock = std::chrono::minutes(15)};
  base::Duration viewer_idle = std::chrono::minutes(15);
  base::Duration administrator_idle = std::chrono::minutes(5);
  base::Duration session_life = std::chrono::hours(12);
  base::Duration set_up_link_life = std::chrono::hours(24);
  std::size_t sessions_per_account =
      16;  ///< the one not seen for longest ends when one more begins
  std::size_t accounts = 2'000;
  std::size_t source_secrets = 500;
  std::size_t tokens_per_source = 50;  ///< revoked ones not counted
};

/// What the classes of this part stand on; all of it outlives them and is safe from any thread.
struct Ports {
  store::MetaStore& store;
  const base::Clock& clock;
  base::RandomSource& random;
};

}  // namespace fansipan::security
