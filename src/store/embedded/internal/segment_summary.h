#pragma once

#include <string>
#include <string_view>

#include "base/files.h"
#include "base/result.h"
#include "store/embedded/internal/segment_content.h"

namespace fansipan::store::internal {

/// What is kept beside a closed segment so that a start need not read it: all but its rows. It
/// follows from the segment, and whoever finds it wrong reads the segment instead.
struct SegmentSummary {
  std::string journal_id;
  Segment segment;    ///< its path is empty; it has an entry at least
  std::string heads;  ///< as in a HeadPiece
};

/// "0000000000000001.heads".
std::string SummaryName(std::uint64_t first_number);

std::string EncodeSummary(const SegmentSummary& summary);
/// Takes any bytes: kCorrupt or kUnsupported when they are not what EncodeSummary makes. What
/// decodes encodes to the same bytes; that it is its segment's is for the caller to see.
base::Result<SegmentSummary> DecodeSummary(std::string_view bytes);

/// The summary of the segment with this first number and length.
base::Result<SegmentSummary> LoadSummary(base::FileSystem& files, const std::string& folder,
                                         std::uint64_t first_number, std::uint64_t segment_bytes);
/// Replaces the summary at once. Nothing is synced: after a power cut it may be the old one, torn
/// or gone, which its checksum and its segment tell.
base::Status WriteSummary(base::FileSystem& files, const std::string& folder,
                          const SegmentSummary& summary);

}  // namespace fansipan::store::internal
