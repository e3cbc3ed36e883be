#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sources/connectors/file_fetch/file_listing.h"

namespace fansipan::sources {

/// A file whose rows are durable here.
struct TakenFile {
  ListedFile listed;
  std::int64_t modified = -1;  ///< seconds since 1970, as the server told of this file; -1: did not
  /// Looked at again after the minute in which it was changed was over: from then on a change shows
  /// in the list.
  bool settled = false;
  std::int64_t taken_at = 0;  ///< seconds since 1970
};

/// Where file_fetch stands with a folder: what is recorded as the source's position. Files that the
/// server lists no more are forgotten, and of a folder only so many are kept in sight, so that it
/// stays below 200 KB.
struct FetchPosition {
  std::string of;           ///< fingerprint of the place and the pattern it speaks of
  std::uint64_t count = 0;  ///< files handed over, ever: no two deliveries have one position
  std::vector<TakenFile> taken;

  TakenFile* Find(const std::string& name);
  /// Puts the file in the place of an earlier one of its name.
  void Take(TakenFile file);
  /// Forgets what is not among the files.
  void KeepListed(const std::vector<ListedFile>& files);
};

/// One line of JSON. A text that cannot be read, or speaks of another place, is as none.
std::string Encode(const FetchPosition& position);
FetchPosition DecodeFetchPosition(const std::string& text, const std::string& of);

}  // namespace fansipan::sources
