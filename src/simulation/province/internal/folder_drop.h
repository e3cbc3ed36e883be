#pragma once

#include <string>

#include "base/files.h"
#include "base/result.h"

namespace fansipan::simulation::internal {

/// Puts files into watched folders as a careful system does: nobody sees half of one, and none is
/// put there a second time. Safe from several threads for different sources.
class FolderDrop {
 public:
  FolderDrop(base::FileSystem& files, std::string folder);

  /// Writes `<folder>/<source>/<name>`, numbered when another file of that name still waits there.
  /// False when these bytes lie there, or were taken or refused, under that name already.
  /// kInvalidArgument for a name that is none.
  base::Result<bool> Put(const std::string& source, const std::string& name,
                         const std::string& body) const;

 private:
  bool Holds(const std::string& folder, const std::string& name, const std::string& body) const;

  base::FileSystem& files_;
  std::string folder_;
};

}  // namespace fansipan::simulation::internal
