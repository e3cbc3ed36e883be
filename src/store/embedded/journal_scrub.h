#pragma once

#include <stop_token>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "store/embedded/internal/segment_content.h"

namespace fansipan::store {

/// A closed segment and the journal it belongs to.
struct ScrubbedSegment {
  base::FileSystem& files;
  const std::string& folder;
  const std::string& journal_id;
  const internal::Segment& known;  ///< what the journal works with
};

/// Reads the segment whole and checks every byte of it, and that what is known of it and its
/// summary follow from it; false when it was stopped. kCorrupt names file and byte. A summary that
/// is believed and says something else is removed, so that the next start reads the segment; one
/// that nobody believes is left to the next start.
base::Result<bool> Scrub(const ScrubbedSegment& segment, const std::stop_token& stop);

}  // namespace fansipan::store
