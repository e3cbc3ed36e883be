#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources::internal {

/// The members of a ZIP file in memory: stored or deflated, without encryption, up to 4 GB. One
/// thread.
class ZipReader {
 public:
  /// `bytes` must outlive it. Errors kInvalidArgument workbook_unreadable, kTooLarge.
  static base::Result<ZipReader> Open(std::string_view bytes);

  bool Has(const std::string& name) const { return members_.contains(name); }
  /// Unpacked bytes of each member, as the file itself says.
  std::map<std::string, std::uint64_t> Sizes() const;
  /// The first member's name with this beginning and end; empty: none.
  std::string FindName(std::string_view begin, std::string_view end) const;
  /// Hands the unpacked member over in pieces of at most 64 kB. Errors as of Open; kTooLarge beyond
  /// `limit` bytes.
  base::Status Read(const std::string& name, std::uint64_t limit,
                    const std::function<base::Status(std::string_view)>& take) const;

 private:
  struct Member {
    std::uint16_t method = 0;
    std::uint32_t packed_bytes = 0;
    std::uint32_t unpacked_bytes = 0;
    std::uint32_t head = 0;  ///< where its local head begins
  };

  std::string_view bytes_;
  std::map<std::string, Member> members_;
};

}  // namespace fansipan::sources::internal
