#include "bench/prepared.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/hash.h"
#include "bench/big_center.h"
#include "bench/child_process.h"
#include "bench/latencies.h"
#include "model/period.h"
#include "store/embedded/duckdb_expression_parser.h"

namespace fansipan::bench {
namespace {

constexpr char kMark[] = "/prepared.txt";
constexpr std::uint64_t kWholePayloads = 20;  // the last deliveries are archived with their rows
constexpr double kPrintEvery = 5;             // seconds
constexpr int kPatience = 600;                // tries of ten seconds, for the fact store

std::shared_ptr<const center::Center> CenterOrNull() {
  const auto parser = store::DuckDbExpressionParser::Open();
  if (!parser.ok()) return nullptr;
  const auto center = LoadBigCenter(**parser);
  if (!center.ok()) fmt::print(stderr, "{}\n", center.error().message);
  return center.ok() ? *center : nullptr;
}

std::int64_t ToCount(base::Timestamp moment) { return moment.time_since_epoch().count(); }

void WriteMark(const Prepared& prepared, const std::string& path, const std::string& revision) {
  std::ofstream(path, std::ios::trunc)
      << "revision " << revision << "\nend " << ToCount(prepared.shape.end) << "\nversions "
      << prepared.versions << "\nseconds " << prepared.load_seconds << "\nyear "
      << prepared.checked_year << "\nreceived " << prepared.received_in_year << "\n";
}

/// Empty when there is none.
std::map<std::string, std::string> ReadMark(const std::string& path) {
  std::map<std::string, std::string> mark;
  std::ifstream file(path);
  for (std::string name, value; file >> name >> value;) mark[name] = value;
  return mark;
}

/// Commits the history, one delivery after the other; the next is made while one is committed.
class Loading {
 public:
  Loading(Prepared& prepared, std::shared_ptr<const center::Center> center)
      : prepared_(prepared),
        center_(std::move(center)),
        history_(prepared.shape),
        clock_(prepared.shape.start) {}

  base::Status Run(const Settings& settings) {
    server::RuntimeSettings runtime;
    runtime.data_folder = prepared_.folder;
    runtime.program = settings.program;
    FANSIPAN_ASSIGN_OR_RETURN(
        runtime_, server::CenterRuntime::Open(std::move(runtime),
                                              {&files_, &clock_, &random_, &metrics_}, center_));
    FANSIPAN_RETURN_IF_ERROR(runtime_->Start({}));
    const auto start = SteadyNow();
    FANSIPAN_RETURN_IF_ERROR(CommitAll());
    prepared_.load_seconds = SecondsSince(start);
    fmt::print("{} versions in {:.1f} s, {:.0f} rows/s\n",
               CountText(static_cast<double>(prepared_.versions)), prepared_.load_seconds,
               static_cast<double>(prepared_.versions) / prepared_.load_seconds);
    FANSIPAN_RETURN_IF_ERROR(WaitForFacts());
    fmt::print("the fact store has followed {:.1f} s later\n",
               SecondsSince(start) - prepared_.load_seconds);
    runtime_->Stop();
    return {};
  }

 private:
  struct Made {
    sources::PendingDelivery pending;
    std::string payload;
  };

  Made Make(std::uint64_t number) {
    const std::vector<CaseRow> rows = history_.Rows(number);
    Made made;
    made.pending = ToPending(rows, *center_, history_.EndOf(number));
    made.payload = kCsvHeader;
    if (number + kWholePayloads >= prepared_.shape.deliveries) {
      for (const CaseRow& row : rows) AppendCsv(row, made.payload);
    } else {
      made.payload += fmt::format("# delivery {}\n", number);
    }
    for (const CaseRow& row : rows) {
      const bool filed = row.received_at == row.updated_at;
      if (filed && year_from_ <= row.received_at && row.received_at < year_to_) ++received_;
    }
    return made;
  }

  base::Status CommitAll() {
    const auto local = center_->time_zone.ToLocal(prepared_.shape.end - std::chrono::days(365));
    const auto year = model::PeriodContaining("year", local);
    prepared_.checked_year = model::ToText(year);
    year_from_ = center_->time_zone.ToUtc(year.from);
    year_to_ = center_->time_zone.ToUtc(year.to);
    auto next = std::async(std::launch::async, [this] { return Make(0); });
    auto printed = SteadyNow();
    std::uint64_t versions_then = 0;
    for (std::uint64_t number = 0; number < prepared_.shape.deliveries; ++number) {
      Made made = next.get();
      if (number + 1 < prepared_.shape.deliveries) {
        next = std::async(std::launch::async, [this, number] { return Make(number + 1); });
      }
      FANSIPAN_RETURN_IF_ERROR(Commit(number, std::move(made)));
      if (SecondsSince(printed) < kPrintEvery) continue;
      fmt::print(
          "loading {:5.1f} %: {:.0f} rows/s, resident {:.2f} GB\n",
          100.0 * static_cast<double>(number + 1) / static_cast<double>(prepared_.shape.deliveries),
          static_cast<double>(prepared_.versions - versions_then) / SecondsSince(printed),
          static_cast<double>(ProcessKilobytes(getpid(), "VmRSS")) / 1e6);
      std::fflush(stdout);
      printed = SteadyNow();
      versions_then = prepared_.versions;
    }
    prepared_.received_in_year = received_;
    return {};
  }

  base::Status Commit(std::uint64_t number, Made made) {
    made.pending.delivery.payload_sha256 = base::ToHex(base::Sha256(made.payload));
    made.pending.delivery.payload_bytes = made.payload.size();
    FANSIPAN_ASSIGN_OR_RETURN(made.pending.delivery.archive_id,
                              runtime_->archive().Put(made.payload));
    const std::size_t rows = made.pending.versions.size();
    clock_.Set(history_.EndOf(number));
    FANSIPAN_ASSIGN_OR_RETURN(const auto recorded,
                              runtime_->committer().Commit(std::move(made.pending)));
    if (recorded.delivery.counts.in_conflict > 0) {
      return base::Error{base::ErrorCode::kInternal, "", "the history contradicts itself"};
    }
    prepared_.versions += rows;
    return {};
  }

  base::Status WaitForFacts() {
    const auto sequence = runtime_->journal().End().sequence;
    base::Status waited;
    for (int i = 0; i < kPatience; ++i) {
      waited = runtime_->WaitForFacts(sequence);
      if (waited.ok()) return waited;
    }
    return waited;
  }

  Prepared& prepared_;
  const std::shared_ptr<const center::Center> center_;
  const BigHistory history_;
  base::VirtualClock clock_;
  base::PosixFileSystem files_;
  base::SystemRandom random_;
  base::MetricsRegistry metrics_;
  std::unique_ptr<server::CenterRuntime> runtime_;
  base::Timestamp year_from_;
  base::Timestamp year_to_;
  std::uint64_t received_ = 0;  ///< by the making thread; read once it has ended
};

/// Copies of benches that were killed.
void RemoveStaleCopies(const std::string& root) {
  constexpr std::string_view kCopy = "copy-";
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(root, failed)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kCopy)) continue;
    if (std::filesystem::exists("/proc/" + name.substr(kCopy.size()), failed)) continue;
    std::filesystem::remove_all(entry.path(), failed);
  }
}

}  // namespace

std::string CountText(double count) {
  if (count >= 1e6) return fmt::format("{:.1f} million", count / 1e6);
  return count >= 1e3 ? fmt::format("{:.0f} thousand", count / 1e3) : fmt::format("{:.0f}", count);
}

sources::PendingDelivery ToPending(const std::vector<CaseRow>& rows, const center::Center& center,
                                   base::Timestamp received_at) {
  sources::PendingDelivery pending;
  pending.center_revision = center.revision;
  pending.delivery.source = kSourceName;
  pending.delivery.received_at = received_at;
  pending.delivery.format = "csv";
  pending.delivery.mapping_revision = {1};
  pending.delivery.outcome = "accepted";
  pending.delivery.counts.raw_rows = rows.size();
  pending.delivery.counts.mapped = rows.size();
  pending.delivery.counts.candidates = rows.size();
  pending.delivery.counts.accepted = rows.size();
  pending.versions.reserve(rows.size());
  for (const CaseRow& row : rows) {
    model::Version version;
    version.dataset = kDatasetName;
    version.values = ToRow(row);
    version.mapping_revision = {1};
    version.row = static_cast<std::uint32_t>(pending.versions.size());
    version.raw_rows = {version.row + 1};
    pending.versions.push_back(std::move(version));
    if (!pending.delivery.data_as_of || *pending.delivery.data_as_of < row.updated_at) {
      pending.delivery.data_as_of = row.updated_at;
    }
  }
  return pending;
}

base::Result<Prepared> Prepare(const Settings& settings, double scale) {
  const auto center = CenterOrNull();
  if (!center) return base::Error{base::ErrorCode::kInvalidArgument, "", "no center"};
  Prepared prepared;
  const std::string place = fmt::format("{}/scale-{:g}", settings.data_root, scale);
  prepared.folder = place + "/data";
  auto mark = ReadMark(place + kMark);
  if (mark["revision"] == center->revision) {
    prepared.shape =
        HistoryShape::Of(scale, base::Timestamp(base::Duration(std::stoll(mark["end"]))));
    prepared.versions = std::stoull(mark["versions"]);
    prepared.load_seconds = std::stod(mark["seconds"]);
    prepared.checked_year = mark["year"];
    prepared.received_in_year = std::stoull(mark["received"]);
    return prepared;
  }
  std::error_code failed;
  std::filesystem::remove_all(place, failed);
  std::filesystem::create_directories(place, failed);
  if (failed) return base::Error{base::ErrorCode::kIo, "", place + ": " + failed.message()};
  prepared.shape =
      HistoryShape::Of(scale, std::chrono::floor<std::chrono::hours>(base::SystemClock().Now()));
  fmt::print("preparing scale {:g}: {} keys, {} deliveries\n", scale,
             CountText(static_cast<double>(prepared.shape.keys)), prepared.shape.deliveries);
  FANSIPAN_RETURN_IF_ERROR(Loading(prepared, center).Run(settings));
  WriteMark(prepared, place + kMark, center->revision);
  return prepared;
}

base::Result<std::unique_ptr<ScratchCopy>> ScratchCopy::Of(const Prepared& prepared,
                                                           const Settings& settings) {
  std::string folder = fmt::format("{}/copy-{}", settings.data_root, getpid());
  RemoveStaleCopies(settings.data_root);
  std::error_code failed;
  std::filesystem::remove(prepared.folder + "/fansipan.sock", failed);
  FANSIPAN_RETURN_IF_ERROR(RunProgram({"cp", "-a", "--reflink=auto", prepared.folder, folder}));
  return std::unique_ptr<ScratchCopy>(new ScratchCopy(std::move(folder)));
}

ScratchCopy::~ScratchCopy() {
  std::error_code failed;
  std::filesystem::remove_all(folder_, failed);
}

base::Result<std::unique_ptr<LocalCenter>> LocalCenter::Open(const std::string& folder,
                                                             const Settings& settings) {
  auto local = std::make_unique<LocalCenter>();
  server::RuntimeSettings runtime;
  runtime.data_folder = folder;
  runtime.program = settings.program;
  const auto start = SteadyNow();
  FANSIPAN_ASSIGN_OR_RETURN(
      local->runtime_,
      server::CenterRuntime::Open(
          std::move(runtime), {&local->files_, &local->clock_, &local->random_, &local->metrics_},
          nullptr));
  local->open_seconds_ = SecondsSince(start);
  return local;
}

}  // namespace fansipan::bench
