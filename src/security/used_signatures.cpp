#include "security/used_signatures.h"

namespace fansipan::security {

base::Result<bool> UsedSignatures::Use(std::string_view signature, base::Timestamp signed_at,
                                       base::Timestamp now) {
  const std::lock_guard lock(mutex_);
  used_.erase(used_.begin(), used_.lower_bound({now - kKeptFor, std::string()}));
  const std::pair key(signed_at, std::string(signature));
  if (used_.contains(key)) return false;
  if (used_.size() >= most_) {
    return base::Error{base::ErrorCode::kUnavailable, "intake_busy",
                       "more signed bodies have come in the last hours than can be told from "
                       "repeats; sign and send this one again later"};
  }
  used_.insert(key);
  return true;
}

}  // namespace fansipan::security
