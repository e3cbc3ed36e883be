#include "sources/connectors/database/known_rows.h"

#include <algorithm>
#include <limits>

#include "base/hash.h"

namespace fansipan::sources {
namespace {

constexpr std::size_t kMaxRows = 1'000'000;

}  // namespace

void KnownRows::Add(const std::vector<ReadRow>& rows, std::int64_t overlap) {
  for (const ReadRow& row : rows) {
    if (!row.count && row.column != column_) {
      counts_.clear();
      column_ = row.column;
    }
    if (counts_.size() >= kMaxRows) counts_.clear();
    const std::int64_t count = row.count.value_or(0);
    largest_ = counts_.empty() ? count : std::max(largest_, count);
    counts_.emplace(row.fingerprint, count);
  }
  const std::int64_t least = std::numeric_limits<std::int64_t>::min();
  const std::int64_t bound = largest_ < least + overlap ? least : largest_ - overlap;
  std::erase_if(counts_, [bound](const auto& known) { return known.second < bound; });
}

std::uint64_t RowFingerprint(std::string_view line) { return base::FingerprintOf(line).high; }

}  // namespace fansipan::sources
