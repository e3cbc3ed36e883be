#pragma once

namespace fansipan::base {

/// What is asked of a FileSystem or File, for tests that count, replay or break single operations.
enum class FileOperation {
  kOpen,    ///< OpenForRead, ReadWhole, and OpenForAppend of a file that is there
  kCreate,  ///< OpenForAppend of a file that is not there
  kRead,
  kAppend,
  kTruncate,
  kSync,
  kRename,
  kRemove,
  kMakeFolder,
  kSyncFolder
};

}  // namespace fansipan::base
