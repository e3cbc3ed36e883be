#include "sources/idempotency_keys.h"

#include <utility>

#include "base/hash.h"

namespace fansipan::sources {

void IdempotencyKeys::Remember(std::string_view source, std::string_view key,
                               KeyedDelivery delivery) {
  const Digest digest = DigestOf(source, key);
  const bool added = deliveries_.insert_or_assign(digest, std::move(delivery)).second;
  if (!added) return;
  oldest_first_.push_back(digest);
  if (oldest_first_.size() <= most_) return;
  deliveries_.erase(oldest_first_.front());
  oldest_first_.pop_front();
}

std::optional<KeyedDelivery> IdempotencyKeys::Find(std::string_view source,
                                                   std::string_view key) const {
  const auto found = deliveries_.find(DigestOf(source, key));
  if (found == deliveries_.end()) return std::nullopt;
  return found->second;
}

/// Names of sources have no line break, so that no two pairs give the same text.
IdempotencyKeys::Digest IdempotencyKeys::DigestOf(std::string_view source, std::string_view key) {
  std::string both(source);
  both += '\n';
  both += key;
  return base::Sha256(both);
}

}  // namespace fansipan::sources
