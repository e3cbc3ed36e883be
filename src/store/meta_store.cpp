#include "store/meta_store.h"

namespace fansipan::store {

bool CountAttempt(Account& account, const AttemptLimit& limit, base::Timestamp now) {
  if (account.locked_until) {
    if (now < *account.locked_until) return false;
    account.locked_until.reset();
    account.failed_attempts = 0;
  }
  ++account.failed_attempts;
  if (account.failed_attempts >= limit.attempts) account.locked_until = now + limit.lock;
  return true;
}

}  // namespace fansipan::store
