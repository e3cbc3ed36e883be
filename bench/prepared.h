#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/files.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "bench/big_history.h"
#include "bench/settings.h"
#include "server/center_runtime.h"
#include "sources/committer.h"

namespace fansipan::bench {

/// A data folder with the history of one scale in it.
struct Prepared {
  std::string folder;  ///< the center's data folder
  HistoryShape shape;
  std::uint64_t versions = 0;
  double load_seconds = 0;
  std::string checked_year;            ///< a period whose figure `received_cases` is known
  std::uint64_t received_in_year = 0;  ///< what it must be, counted while generating
};

/// The prepared data of a scale. Made when it is missing or the bench's center has changed since:
/// the history is committed delivery by delivery on a clock of its own that ends now, through the
/// committer into journal, engine, archive and fact store; rows/s are printed meanwhile.
base::Result<Prepared> Prepare(const Settings& settings, double scale);

/// A copy that a bench may write to; removed with the object.
class ScratchCopy {
 public:
  static base::Result<std::unique_ptr<ScratchCopy>> Of(const Prepared& prepared,
                                                       const Settings& settings);
  ~ScratchCopy();
  ScratchCopy(const ScratchCopy&) = delete;
  ScratchCopy& operator=(const ScratchCopy&) = delete;
  const std::string& folder() const { return folder_; }

 private:
  explicit ScratchCopy(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

/// A center runtime in this process on the machine's clock, with what it stands on.
class LocalCenter {
 public:
  /// Not started: nothing is written but a cell log that had fallen behind.
  static base::Result<std::unique_ptr<LocalCenter>> Open(const std::string& folder,
                                                         const Settings& settings);
  server::CenterRuntime& runtime() { return *runtime_; }
  base::MetricsRegistry& metrics() { return metrics_; }
  base::SystemClock& clock() { return clock_; }
  double open_seconds() const { return open_seconds_; }

 private:
  base::PosixFileSystem files_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  base::MetricsRegistry metrics_;
  double open_seconds_ = 0;
  std::unique_ptr<server::CenterRuntime> runtime_;
};

/// Rows as a delivery that was validated, archived as `archive_id`.
sources::PendingDelivery ToPending(const std::vector<CaseRow>& rows, const center::Center& center,
                                   base::Timestamp received_at);

/// "34.5 million" and the like.
std::string CountText(double count);

}  // namespace fansipan::bench
