#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "simulation/faults.h"
#include "simulation/internal/access_tokens.h"
#include "simulation/loopback_server.h"

namespace fansipan::simulation {

struct RegistryOptions {
  std::uint64_t seed = 1;
  std::size_t records = 1'000;              ///< of each register
  std::chrono::seconds every{0};            ///< one of them is changed so often; 0: never
  std::size_t requests_per_minute = 6'000;  ///< more are answered 429
  std::string client = "fansipan";          ///< OAuth 2
  std::string secret;                       ///< of the client; empty: nobody has to sign in
  std::chrono::seconds token_life{300};
  std::chrono::seconds late_for{3};
  FaultRates faults;
};

/// A REST registry as national ones are: registers of people and enterprises, all invented, at
/// `/api/people` and `/api/enterprises`, and one record at `/api/people/ID`. Lists are ordered by
/// `updated_at`, from `updated_since` on, and are given by page (`page`, `size`) or cursor
/// (`cursor`, `size`; the next one in the answer and as Link). Answers have an ETag. What a record
/// is at a moment follows from seed and moment alone, so that a restart changes nothing. Safe from
/// any thread.
class Registry {
 public:
  Registry(RegistryOptions options, const base::Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        tokens_(options_.client, options_.secret, options_.token_life) {}

  ServedAnswer Answer(const ServedRequest& request);
  std::uint64_t requests() const;

 private:
  enum class Register { kPeople, kEnterprises };

  ServedAnswer Route(const ServedRequest& request, internal::Dice& dice);
  ServedAnswer List(Register from, const ServedRequest& request, internal::Dice& dice) const;
  ServedAnswer Find(Register from, const std::string& id) const;
  /// The record that change number `change` made.
  std::string Record(Register from, std::uint64_t change) const;
  static std::string IdOf(Register from, std::size_t number);
  std::uint64_t LastChange() const;
  std::chrono::seconds MomentOf(std::uint64_t change) const;
  std::uint64_t FirstFrom(const std::string& updated_since) const;
  /// Seconds until it may be asked again; nothing when it may now, which is counted.
  std::optional<std::int64_t> TooMany();

  const RegistryOptions options_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  internal::AccessTokens tokens_;       ///< guarded by mutex_
  std::deque<base::Timestamp> recent_;  ///< guarded by mutex_; requests of the last minute
  std::uint64_t requests_ = 0;          ///< guarded by mutex_
};

}  // namespace fansipan::simulation
