#pragma once

#include "base/result.h"

namespace fansipan::store {

/// What a visitor of a journal's entries returns to end the reading because it has what it wants.
base::Error Enough();
/// What the reading came to: one that was ended so did not fail.
base::Status UnlessEnough(const base::Status& read);

}  // namespace fansipan::store
