#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "store/journal.h"

namespace fansipan::store::internal {

/// An entry's place, remembered now and then so that reading from a number need not begin at the
/// segment's start.
struct EntryMark {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  std::uint32_t previous_checksum = 0;
};

/// A segment and what is known of its content.
struct Segment {
  std::string path;
  std::uint64_t first_number = 0;
  std::uint64_t bytes = 0;       ///< up to the end of its last whole entry
  std::vector<EntryMark> marks;  ///< by number; the first one is the segment's first entry

  /// Keeps the mark when the last one is far enough away.
  void Remember(const EntryMark& mark);
};

/// A verified journal.
struct RecoveredJournal {
  std::string id;  ///< empty when there is no segment
  std::vector<Segment> segments;
  JournalEnd end;
  std::uint32_t last_checksum = 0;
  JournalRecovery report;
};

/// Verifies every segment of `folder` and cuts a torn tail. kCorrupt names file and offset of
/// damage that is no torn tail; kUnsupported: a newer format. Then nothing is changed.
base::Result<RecoveredJournal> RecoverJournal(base::FileSystem& files, const std::string& folder);

}  // namespace fansipan::store::internal
