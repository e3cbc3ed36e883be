#include "simulation/database_simulation.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/files.h"
#include "simulation/internal/postgres_table.h"
#include "simulation/options.h"
#include "simulation/places.h"

namespace fansipan::simulation {
namespace {

constexpr std::chrono::milliseconds kTick{250};
constexpr std::size_t kBatch = 500;

class LicenceRun {
 public:
  LicenceRun(const DatabaseSimulationOptions& options, const std::vector<std::string>& communes,
             LicenceTable& table, const base::Clock& clock, Waiter& waiter)
      : options_(options),
        changes_(options.seed, communes, options.faults),
        table_(table),
        clock_(clock),
        waiter_(waiter),
        began_(clock.Now()) {}

  base::Status Run(const std::stop_token& stop) {
    FANSIPAN_RETURN_IF_ERROR(table_.Create());
    // As if they had been made one a second until now.
    for (; made_ < options_.first && !stop.stop_requested(); ++made_) {
      const auto before = static_cast<std::int64_t>(options_.first - made_);
      FANSIPAN_RETURN_IF_ERROR(Make(began_ - std::chrono::seconds(before)));
    }
    FANSIPAN_RETURN_IF_ERROR(WriteDue(began_));
    while (!stop.stop_requested() && !IsOver()) {
      if (!waiter_.Wait(kTick, stop)) break;
      FANSIPAN_RETURN_IF_ERROR(Step());
    }
    return {};
  }

  std::uint64_t written() const { return written_; }

 private:
  base::Duration Passed() const { return clock_.Now() - began_; }
  bool IsOver() const { return options_.duration.count() > 0 && Passed() >= options_.duration; }
  bool IsSilent() const {
    return options_.silent_for.count() > 0 && Passed() >= options_.silent_after &&
           Passed() < options_.silent_after + options_.silent_for;
  }

  base::Status Step() {
    if (IsSilent()) return {};
    if (!drifted_ && options_.drifted_after.count() > 0 && Passed() >= options_.drifted_after) {
      FANSIPAN_RETURN_IF_ERROR(table_.RenameHolder());
      drifted_ = true;
    }
    const double seconds = std::chrono::duration<double>(Passed()).count();
    const std::uint64_t due = options_.first + static_cast<std::uint64_t>(seconds * options_.rate);
    for (; made_ < due; ++made_) FANSIPAN_RETURN_IF_ERROR(Make(clock_.Now()));
    return WriteDue(clock_.Now());
  }

  base::Status Make(base::Timestamp moment) {
    for (LicenceChange& change : changes_.Make(made_, moment)) {
      waiting_.emplace(change.written_at, std::move(change.licence));
    }
    return waiting_.size() >= kBatch ? WriteDue(moment) : base::Status();
  }

  base::Status WriteDue(base::Timestamp moment) {
    const auto end = waiting_.upper_bound(moment);
    std::vector<Licence> batch;
    for (auto change = waiting_.begin(); change != end; ++change) {
      batch.push_back(change->second);
    }
    if (batch.empty()) return {};
    FANSIPAN_RETURN_IF_ERROR(table_.Write(batch));
    written_ += batch.size();
    waiting_.erase(waiting_.begin(), end);
    return {};
  }

  const DatabaseSimulationOptions& options_;
  const LicenceChanges changes_;
  LicenceTable& table_;
  const base::Clock& clock_;
  Waiter& waiter_;
  const base::Timestamp began_;
  std::uint64_t made_ = 0;
  std::uint64_t written_ = 0;
  std::multimap<base::Timestamp, Licence> waiting_;  ///< by when they are written
  bool drifted_ = false;
};

base::Error Wrong(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "bad_option", std::move(message)};
}

base::Status CheckDatabaseOptions(const DatabaseSimulationOptions& options) {
  const LicenceFaults& faults = options.faults;
  for (const double share : {faults.late, faults.duplicated, faults.reordered, faults.truncated}) {
    if (!(share >= 0 && share <= 1)) return Wrong("shares of faults are allowed from 0 to 1");
  }
  if (!(options.rate > 0 && options.rate <= 1'000)) return Wrong("--rate: above 0, up to 1000");
  if (options.first > 1'000'000) return Wrong("--first: at most 1000000");
  const bool is_name = !options.table.empty() && options.table.size() <= 63 &&
                       std::ranges::all_of(options.table, [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                       });
  if (!is_name) return Wrong("--table: lower-case letters, digits and _");
  const bool is_here =
      options.host.find(':') == std::string::npos && IsLoopbackUrl("http://" + options.host);
  if (!is_here && options.host != "::1" && !options.allow_remote) {
    return Wrong("--host is another machine; --allow-remote lets its database be changed");
  }
  return {};
}

}  // namespace

base::Status RunLicenceDatabase(const DatabaseSimulationOptions& options,
                                const std::vector<std::string>& communes, LicenceTable& table,
                                const base::Clock& clock, Waiter& waiter,
                                const std::stop_token& stop) {
  FANSIPAN_RETURN_IF_ERROR(CheckDatabaseOptions(options));
  LicenceRun run(options, communes, table, clock, waiter);
  base::Status ended = run.Run(stop);
  if (options.on_counts) options.on_counts(run.written());
  return ended;
}

base::Status RunLicenceDatabase(const DatabaseSimulationOptions& options,
                                const std::stop_token& stop) {
  FANSIPAN_RETURN_IF_ERROR(CheckDatabaseOptions(options));
  base::PosixFileSystem files;
  FANSIPAN_ASSIGN_OR_RETURN(const Places places, LoadPlaces(files, options.center_folder));
  std::vector<std::string> communes;
  for (const Commune& commune : places.communes) communes.push_back(commune.code);
  FANSIPAN_ASSIGN_OR_RETURN(const auto table, internal::OpenPostgresTable(options));
  const base::SystemClock clock;
  RealWaiter waiter;
  return RunLicenceDatabase(options, communes, *table, clock, waiter, stop);
}

}  // namespace fansipan::simulation
