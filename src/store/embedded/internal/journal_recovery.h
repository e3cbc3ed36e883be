#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "store/embedded/internal/segment_content.h"
#include "store/journal.h"

namespace fansipan::store::internal {

/// An opened journal.
struct RecoveredJournal {
  std::string id;  ///< empty when there is no segment
  std::vector<Segment> segments;
  HeadList open_heads;  ///< of the last segment
  JournalEnd end;
  JournalRecovery report;
};

/// Opens the segments of `folder` and cuts a torn tail. A closed segment is read and verified only
/// when no summary speaks for it; it then gets one. kCorrupt names file and offset of damage that
/// is no torn tail; kUnsupported: a newer format. Then no segment is changed.
base::Result<RecoveredJournal> RecoverJournal(base::FileSystem& files, const std::string& folder);

}  // namespace fansipan::store::internal
