#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "center/connectors/http_pull.h"

namespace fansipan::sources {

/// Where http_pull stands with its source: what is recorded as the source's position. A harvest is
/// one asking, over all its pages.
struct PullPosition {
  std::string since;  ///< what this harvest, or the next one, asks from
  std::string seen;   ///< the largest position among the records of this harvest so far
  std::string next;   ///< page, offset, cursor or URL that comes next; empty: no harvest under way
  std::uint32_t pages = 0;               ///< taken in this harvest
  std::optional<base::Timestamp> begun;  ///< this harvest
  std::optional<base::Timestamp> at;     ///< the last page was taken
  std::string etag;                      ///< of the whole answer, when it has no pages
  std::string modified;                  ///< its Last-Modified
  std::string sha256;                    ///< its hash; with pages, of the last one
  std::uint32_t restarts = 0;  ///< of this harvest, because the source had forgotten its place
  std::uint64_t taken = 0;     ///< pages handed over, ever: no two deliveries have one position
  /// Of what was declared when it was taken: of what is asked, and of what `since` means. Under
  /// another declaration they say nothing.
  std::string request;
  std::string rule;

  bool operator==(const PullPosition&) const = default;
};

/// One line of JSON. A text that cannot be read, of another connector say, is as none.
std::string Encode(const PullPosition& position);
PullPosition DecodePosition(const std::string& text);

/// What of `position` still means something under this declaration; the rest begins anew.
PullPosition Under(const center::HttpPull& pull, PullPosition position);

/// Ends the harvest: the next one asks from what this one has seen.
void EndHarvest(PullPosition& position, const center::HttpPull& pull);

/// True when `left` comes before `right`: by value when both are written as whole numbers, else by
/// their bytes, as moments of one spelling are.
bool IsBefore(const std::string& left, const std::string& right);

/// A moment as 2026-07-01T08:00:00Z; a part of a second is dropped.
std::string MomentText(base::Timestamp moment);

}  // namespace fansipan::sources
