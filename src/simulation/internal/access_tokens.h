#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "base/clock.h"
#include "simulation/faults.h"
#include "simulation/internal/dice.h"
#include "simulation/loopback_server.h"

namespace fansipan::simulation::internal {

/// Sign-in by OAuth 2 client credentials, as simulated systems have it. Tokens are forgotten at the
/// end. Used by one thread at a time.
class AccessTokens {
 public:
  /// Without a secret nobody has to sign in.
  AccessTokens(std::string client, std::string secret, std::chrono::seconds life)
      : client_(std::move(client)), secret_(std::move(secret)), life_(life) {}

  /// The answer to a request for a token.
  ServedAnswer Give(const ServedRequest& request, base::Timestamp now);
  /// Whether the request carries a token that lives.
  bool Open(const ServedRequest& request, base::Timestamp now) const;

 private:
  const std::string client_;
  const std::string secret_;
  const std::chrono::seconds life_;
  std::uint64_t given_ = 0;
  std::map<std::string, base::Timestamp> tokens_;  ///< with their end
};

/// Does to an answer what the faults have in store for it: late, silent, truncated. It is called
/// after what was asked for is done: the worst that can happen to an answer is that it gets lost.
void Spoil(ServedAnswer& answer, const FaultRates& faults, base::Duration late_for, Dice& dice);

}  // namespace fansipan::simulation::internal
