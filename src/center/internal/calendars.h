#pragma once

#include "center/internal/draft.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxCalendars = 200;

/// calendars/*.yaml: each calendar with what it takes over from the one that it extends. The
/// languages and the time zone must have been read.
void ReadCalendars(Draft& draft);

}  // namespace fansipan::center
