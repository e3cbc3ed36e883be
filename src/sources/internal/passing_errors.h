#pragma once

#include "base/result.h"

namespace fansipan::sources::internal {

/// True when intake may take the same delivery later: nothing is wrong with the delivery.
inline bool MayPass(base::ErrorCode code) {
  return code == base::ErrorCode::kUnavailable || code == base::ErrorCode::kStorageFull ||
         code == base::ErrorCode::kIo || code == base::ErrorCode::kDeadlineExceeded;
}

}  // namespace fansipan::sources::internal
