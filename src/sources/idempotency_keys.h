#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/record.h"

namespace fansipan::sources {

/// A delivery that was recorded with an idempotency key.
struct KeyedDelivery {
  model::Sequence sequence;
  std::string payload_sha256;
};

/// Under which keys of which sources deliveries were recorded. Only the newest are remembered, for
/// memory that stays: a key that comes again after so many others is taken as new, and its rows are
/// then repeats. One thread at a time.
class IdempotencyKeys {
 public:
  explicit IdempotencyKeys(std::size_t most) : most_(most) {}

  void Remember(std::string_view source, std::string_view key, KeyedDelivery delivery);
  std::optional<KeyedDelivery> Find(std::string_view source, std::string_view key) const;

 private:
  using Digest = std::array<std::uint8_t, 32>;  ///< of source and key, so that each takes as much
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const {
      std::size_t hash = 0;
      std::memcpy(&hash, digest.data(), sizeof(hash));
      return hash;
    }
  };
  static Digest DigestOf(std::string_view source, std::string_view key);

  const std::size_t most_;
  std::unordered_map<Digest, KeyedDelivery, DigestHash> deliveries_;
  std::deque<Digest> oldest_first_;
};

}  // namespace fansipan::sources
