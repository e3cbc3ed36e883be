#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sources/connectors/database/known_rows.h"
#include "sources/connectors/database/row_lines.h"
#include "sources/connectors/database/since_text.h"

namespace fansipan::sources {

/// What one delivery may hold, and what the source declares of its rows.
struct PieceLimits {
  std::uint64_t bytes = 0;
  std::uint64_t rows = 0;
  std::vector<std::string> columns;  ///< that must be there
  base::Timestamp now;
};

/// Collects the rows of a query that is read in pieces, up to the limits. A row that cannot be
/// placed ends the piece before it: what was read until then is kept, and `fault` says why.
class PieceTaker final : public RowTaker {
 public:
  PieceTaker(const center::DatabaseSince& since, PieceLimits limits, const KnownRows& known)
      : since_(since), limits_(std::move(limits)), known_(known) {}

  base::Status Begin(const std::vector<ResultColumn>& columns) override;
  base::Result<bool> Take(std::span<const Cell> cells) override;

  std::string TakePayload() { return std::move(payload_); }
  const std::optional<RowPlace>& last() const { return last_; }
  const std::optional<base::Error>& fault() const { return fault_; }
  /// Those that the payload holds: to be known once it is durable.
  const std::vector<ReadRow>& fresh() const { return fresh_; }
  /// Ended by a limit: more may follow.
  bool is_cut() const { return is_cut_; }

 private:
  bool EndWith(base::Error error);

  const center::DatabaseSince& since_;
  const PieceLimits limits_;
  const KnownRows& known_;
  RowLines lines_;
  std::size_t column_ = 0;
  std::size_t key_ = 0;
  std::string payload_;
  std::optional<RowPlace> last_;
  std::optional<base::Error> fault_;
  std::vector<ReadRow> fresh_;
  std::uint64_t rows_ = 0;  // known ones too
  bool is_cut_ = false;
};

/// Collects all rows of a query, and what it gave in a text that is the same for the same rows in
/// any order.
class WholeTaker final : public RowTaker {
 public:
  explicit WholeTaker(PieceLimits limits) : limits_(std::move(limits)) {}

  base::Status Begin(const std::vector<ResultColumn>& columns) override {
    return lines_.Begin(columns, limits_.columns);
  }
  base::Result<bool> Take(std::span<const Cell> cells) override;

  std::string TakePayload() { return std::move(payload_); }
  std::string Content() const;
  std::uint64_t rows() const { return rows_; }

 private:
  const PieceLimits limits_;
  RowLines lines_;
  std::string payload_;
  std::uint64_t high_ = 0;  // sums of the lines' fingerprints
  std::uint64_t low_ = 0;
  std::uint64_t rows_ = 0;
};

/// Counts rows.
class RowCount final : public RowTaker {
 public:
  base::Status Begin(const std::vector<ResultColumn>& /*columns*/) override { return {}; }
  base::Result<bool> Take(std::span<const Cell> /*cells*/) override {
    ++rows_;
    return true;
  }
  std::uint64_t rows() const { return rows_; }

 private:
  std::uint64_t rows_ = 0;
};

}  // namespace fansipan::sources
