#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::sources {

/// When a file was changed last, as a list tells it: to the minute while it is young, later to the
/// day; in the server's own time zone.
struct ListedTime {
  std::int64_t day = 0;      ///< since 1970-01-01
  std::int32_t minute = -1;  ///< of the day; -1: not told
  bool operator==(const ListedTime&) const = default;
};

/// True when both may tell the same moment, one of them more exactly than the other.
bool MayBeSame(const ListedTime& left, const ListedTime& right);

/// A plain file in a folder of the server.
struct ListedFile {
  std::string name;
  std::uint64_t bytes = 0;
  ListedTime time;
};

/// True when nothing can be seen to have changed between two lists.
bool IsUnchanged(const ListedFile& left, const ListedFile& right);

/// The plain files of a list as `ls -l` writes it, which is what SFTP servers answer by custom and
/// FTP servers to LIST. Other things than files are passed over, names that begin with a dot too.
/// `now` tells the year of a time without one. Errors: kInvalidArgument listing_unreadable with the
/// line; kTooLarge listing_too_large.
base::Result<std::vector<ListedFile>> ParseListing(std::string_view text, base::Timestamp now);

/// Whether a name can stand in a command to the server: UTF-8 without control characters, slash,
/// backslash and quotation mark, at most 255 bytes.
bool IsUsableName(std::string_view name);

}  // namespace fansipan::sources
