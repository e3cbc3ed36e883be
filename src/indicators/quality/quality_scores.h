#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/patience.h"
#include "base/result.h"
#include "base/time_zone.h"
#include "center/center.h"
#include "indicators/engine.h"
#include "indicators/health/source_history.h"
#include "model/decimal.h"
#include "model/record.h"
#include "store/fact_store.h"

namespace fansipan::indicators {

/// Something that a score lost, with the row or the time behind it.
struct QualityLoss {
  enum class Kind {
    kCheck,        ///< a declared check is not true of the record
    kUnmatched,    ///< the registry does not have the record's value
    kMissing,      ///< an expected column has no value
    kGap,          ///< a step of time without a record
    kDuplicate,    ///< the record agrees with another one where it must not
    kQuarantined,  ///< a row was set aside
    kSource        ///< a source did not keep its promise
  };
  Kind kind = Kind::kCheck;
  std::string name;  ///< of the check, column, reason of quarantine, or source
  std::optional<model::Version> record;
  std::optional<model::Sequence> delivery;  ///< kQuarantined
  std::uint32_t raw_row = 0;                ///< kQuarantined
  std::vector<std::string> group;           ///< kGap: the values of the groups' columns
  std::optional<base::Timestamp> from;      ///< kGap, kSource
  std::optional<base::Timestamp> until;     ///< kGap, kSource
  std::string state;                        ///< kSource
};
std::string_view NameOf(QualityLoss::Kind kind);

/// A share: so much of a whole is good.
struct QualityScore {
  std::uint64_t good = 0;
  std::uint64_t whole = 0;          ///< 0: nothing is there to be measured, or nothing is declared
  std::vector<QualityLoss> losses;  ///< the first kMaxLosses

  /// 100 × good / whole with two decimals, cut and not rounded, so that 100 means no loss at all.
  /// Nothing without a whole.
  std::optional<model::Decimal> percent() const;
  void Lose(QualityLoss loss);
};
inline constexpr std::size_t kMaxLosses = 100;
/// So many current records of a dataset are looked at, the newest.
inline constexpr std::size_t kMaxMeasuredRecords = 200'000;
/// A registry is read page by page until every value is found that the looked-at records have; of
/// it only these are held. With more records it is no registry for a match.
inline constexpr std::size_t kMaxRegistryRecords = 5'000'000;
inline constexpr base::Duration kLiveSpan = std::chrono::hours(24 * 30);

/// The four scores of a dataset at one moment.
///
/// correct   records of which every check is true or unknown, and whose value the registry has, of
///           all records. A missing value belongs to `complete`: its check is unknown, it is not
///           looked for in the registry.
/// complete  expected values and steps of time that are there, of all that are expected.
/// clean     records that are no duplicates of an earlier one, of all records and all raw rows that
///           are set aside and not resolved.
/// live      milliseconds of working time in which the sources kept their promise, of all in the
/// last 30
///           days (KeptTime).
struct Quality {
  QualityScore correct;
  QualityScore complete;
  QualityScore clean;
  QualityScore live;
  std::uint64_t records = 0;
  bool newest_only = false;  ///< there are more records than kMaxMeasuredRecords
  /// Where a registry is declared: of `whole` records that have a value, `good` are in it.
  std::optional<QualityScore> matched;
};

/// What is to be read: taken from a view, read without one. The engine must live until then.
struct QualityQuestion {
  const model::Dataset* dataset = nullptr;
  const model::Dataset* registry = nullptr;  ///< null: none is declared
  base::TimeZone zone = base::TimeZone::Utc();
  model::Sequence as_of;
  base::Timestamp moment;           ///< the view's: no step of time after it is expected
  std::vector<SourcePast> sources;  ///< those that feed the dataset, over kLiveSpan
};
QualityQuestion AskQuality(const View& view, const model::Dataset& dataset);

/// Columns of the question's datasets are those of the store, which was declared last. kTooLarge
/// with reason registry_too_large; kConflict with reason columns_changed when another center came
/// to run meanwhile; errors of the fact store and of the patience.
base::Result<Quality> ReadQuality(const QualityQuestion& question, store::FactStore& facts,
                                  const base::Patience& patience = {});

}  // namespace fansipan::indicators
