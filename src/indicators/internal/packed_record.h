#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "indicators/internal/bytes.h"
#include "model/record.h"

namespace fansipan::indicators::internal {

/// A version's place in precedence, without its values.
struct VersionPlace {
  model::Value order;
  model::Sequence delivery;
  model::MappingRevision revision;
  std::uint32_t row = 0;
  model::Sequence sequence;
};
bool Before(const VersionPlace& left, const VersionPlace& right);

/// A version that a record once had: its place, a fingerprint of its content that tells it from the
/// others of the same key, and which clocks of its dataset stood still in it.
struct KnownVersion {
  VersionPlace place;
  std::uint64_t content = 0;
  std::uint8_t paused = 0;  ///< a bit for each of at most kMaxClocks
};

void Write(const KnownVersion& version, ByteWriter& writer);
/// What Write wrote; fails the reader for anything else.
KnownVersion ReadVersion(ByteReader& reader);

using RecordBytes = std::unique_ptr<char[]>;

/// A record in one piece of memory: length, whether it is withdrawn, where its older versions
/// stand, the packed values of its current version, then its last versions in precedence, the
/// current one last. A view; the bytes are the caller's and were made by `Make`.
class PackedRecord {
 public:
  /// What a record has besides its versions.
  struct Content {
    bool withdrawn = false;
    std::uint64_t older = 0;  ///< the chain of its older versions; 0: there are none
    std::string_view row;
  };

  explicit PackedRecord(const char* bytes);

  /// `versions` must not be empty.
  static RecordBytes Make(const Content& content, const std::vector<KnownVersion>& versions);

  /// `before` with one more version, which comes last and has the values `row`.
  static RecordBytes Append(const PackedRecord& before, bool withdrawn, std::string_view row,
                            const KnownVersion& newest);

  /// Memory for a record of these bytes, which may be anything; null when they are none of at most
  /// `max_versions`. Its row is whatever stands there.
  static RecordBytes Load(std::string_view bytes, std::size_t max_versions);
  /// What Load makes the same record of.
  std::string_view bytes() const { return bytes_; }

  const Content& content() const { return content_; }
  bool withdrawn() const { return content_.withdrawn; }
  std::uint64_t older() const { return content_.older; }
  std::string_view row() const { return content_.row; }
  std::size_t version_count() const { return count_; }
  std::vector<KnownVersion> Versions() const;
  KnownVersion Oldest() const;
  KnownVersion Newest() const;
  /// True when `matches` says so of one of its versions.
  template <typename Matches>
  bool AnyVersion(Matches matches) const {
    ByteReader reader(versions_);
    for (std::size_t i = 0; i < count_; ++i) {
      if (matches(ReadVersion(reader))) return true;
    }
    return false;
  }

 private:
  std::string_view bytes_;
  Content content_;
  std::size_t count_ = 0;
  std::string_view versions_;
};

}  // namespace fansipan::indicators::internal
