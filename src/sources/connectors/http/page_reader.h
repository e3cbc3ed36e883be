#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::sources {

/// Where things stand in a page of JSON.
struct PageShape {
  std::string records_at;  ///< JSON pointer to the array of records; "": the whole page
  std::string since_at;    ///< JSON pointer within a record; "": none
  std::string next_at;     ///< JSON pointer to the next cursor; "": none
  std::uint32_t depth = 32;
  /// A marker of since_at that reads as a later moment is no position: nothing that comes after it
  /// would be asked for.
  base::Timestamp latest = base::Timestamp::max();
};

/// What a page says besides its rows.
struct PageFacts {
  std::uint64_t records = 0;
  std::string largest;  ///< of since_at; empty: no record has one
  std::string future;   ///< the first of since_at that lies behind `latest`; empty: none
  std::string next;     ///< empty: missing or null
};

/// Reads a page without keeping it: memory does not grow with it. kInvalidArgument with reason
/// body_not_json, body_too_deep or records_not_found. Takes any bytes.
base::Result<PageFacts> ReadPage(std::string_view page, const PageShape& shape);

/// The scalar at a JSON pointer, as it is written; empty: missing or null. Errors as of ReadPage.
base::Result<std::string> ReadScalar(std::string_view text, std::string_view pointer,
                                     std::uint32_t depth);

/// The target of the link with rel=next in a Link header (RFC 8288); nothing when there is none.
std::optional<std::string> NextLink(std::string_view header);

}  // namespace fansipan::sources
