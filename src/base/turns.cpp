#include "base/turns.h"

namespace fansipan::base {

Result<Turns::Turn> Turns::Take(const Patience& patience) {
  std::unique_lock lock(mutex_);
  ended_.wait_until(lock, patience.gone(), patience.deadline(), [this] { return !taken_; });
  FANSIPAN_RETURN_IF_ERROR(patience.Check());
  taken_ = true;
  return Turn(this);
}

void Turns::End::operator()(Turns* turns) const {
  {
    const std::lock_guard lock(turns->mutex_);
    turns->taken_ = false;
  }
  turns->ended_.notify_one();
}

}  // namespace fansipan::base
