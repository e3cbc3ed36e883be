#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "center/connectors/database_source.h"

namespace fansipan::sources {

/// The number by which the text of a `since` column is counted: microseconds of a moment, or a
/// whole number. Nothing where the declaration does not say what it is. kInvalidArgument
/// since_unreadable when it is not what is declared; since_in_future when a moment lies more than a
/// day ahead: no row would ever be found behind it.
base::Result<std::optional<std::int64_t>> CountOf(const center::DatabaseSince& since,
                                                  const std::string& text, base::Timestamp now);

/// The text so far before `text` as the overlap says; nothing without an overlap.
std::optional<std::string> BeforeOverlap(const center::DatabaseSince& since,
                                         const std::string& text);

/// The overlap in the numbers of CountOf; 0 without.
std::int64_t OverlapOf(const center::DatabaseSince& since);

}  // namespace fansipan::sources
