#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "indicators/changes/figure_change.h"
#include "indicators/verification.h"
#include "store/journal.h"

namespace fansipan::server {

/// Recomputes the past row by row: at the newest moment and at random ones of the last centers'
/// times, every cell and a sample of the figures that panels show, by the rules of then; and
/// between random moments that a figure's change adds up to its ends. Used once.
class PastVerification {
 public:
  /// Up to `newest`.
  PastVerification(const std::vector<indicators::Era>& eras, base::Timestamp newest,
                   base::RandomSource& random)
      : eras_(eras), newest_(newest), random_(random) {}

  /// Opens the engines that are compared. Then the whole journal is added, entry by entry.
  base::Status Begin();
  void Add(const store::JournalEntry& entry);
  /// Compares. At most `limit` findings.
  base::Status Finish(std::size_t limit);

  std::uint64_t measures() const { return measures_; }
  std::uint64_t moments() const { return moments_; }
  std::uint64_t figures() const { return figures_; }
  std::uint64_t changes() const { return changes_; }
  std::vector<indicators::Finding>& findings() { return findings_; }

 private:
  /// An era with what it is compared with.
  struct Subject {
    base::Timestamp from;
    base::Timestamp until;
    std::shared_ptr<const indicators::Engine> engine;
    std::unique_ptr<indicators::PlainEvaluator> plain;
  };

  base::Result<std::vector<Subject>> Subjects() const;
  base::Status VerifyAt(const Subject& subject, base::Timestamp moment, std::size_t limit);
  base::Status VerifyChanges(std::size_t limit);
  std::vector<indicators::FigureName> NamesAt(const center::Center& center, base::Timestamp at);
  std::uint64_t Below(std::uint64_t limit);
  base::Timestamp Between(base::Timestamp from, base::Timestamp to);
  void Take(std::vector<indicators::Finding> findings, base::Timestamp moment, std::size_t limit);

  const std::vector<indicators::Era>& eras_;
  const base::Timestamp newest_;
  base::RandomSource& random_;
  std::vector<Subject> subjects_;
  std::uint64_t measures_ = 0;
  std::uint64_t moments_ = 0;
  std::uint64_t figures_ = 0;
  std::uint64_t changes_ = 0;
  std::vector<indicators::Finding> findings_;
};

}  // namespace fansipan::server
