#include "base/patience.h"

#include <algorithm>

namespace fansipan::base {

Status Patience::Check() const {
  if (gone_.stop_requested()) {
    return Error{ErrorCode::kUnavailable, "given_up",
                 "this was given up, since whoever asked is gone or the program is ending"};
  }
  if (!IsOver()) return {};
  return Error{ErrorCode::kDeadlineExceeded, "question_too_long",
               "answering this takes longer than it may; ask for less at once (fewer units, a "
               "shorter period or trend), or again when there is less to do"};
}

Patience Patience::AtMost(std::chrono::milliseconds limit) const {
  return Patience(std::min(deadline_, std::chrono::steady_clock::now() + limit), gone_);
}

}  // namespace fansipan::base
