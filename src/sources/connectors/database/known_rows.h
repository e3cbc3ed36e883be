#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fansipan::sources {

/// A row that was read.
struct ReadRow {
  std::uint64_t fingerprint = 0;        ///< of its line
  std::string column;                   ///< its text in the column of `since`
  std::optional<std::int64_t> count{};  ///< the same as a number, where it is counted
};

/// Rows that were taken already and will be read again: those within the overlap, or, without one,
/// those that share the last row's column, since some drivers cut its text short. Kept in memory
/// alone: after a restart they come once more, which validation knows as repeated.
class KnownRows {
 public:
  bool Knows(std::uint64_t fingerprint) const { return counts_.contains(fingerprint); }
  /// Notes rows that are durable, in their order, and forgets what lies more than `overlap` before
  /// the largest count.
  void Add(const std::vector<ReadRow>& rows, std::int64_t overlap);
  std::size_t size() const { return counts_.size(); }

 private:
  std::unordered_map<std::uint64_t, std::int64_t> counts_;  ///< by fingerprint
  std::string column_;                                      ///< of the last row that has no count
  std::int64_t largest_ = 0;
};

std::uint64_t RowFingerprint(std::string_view line);

}  // namespace fansipan::sources
