// What a start asks of a journal, timed: journal_start_bench FOLDER [GIGABYTES]
// Makes a journal of that size in FOLDER when there is none, then opens and reads it.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "base/files.h"
#include "base/random.h"
#include "store/embedded/file_journal.h"

namespace fansipan::store {
namespace {

constexpr std::size_t kRowsOfDelivery = 2'000;
constexpr std::uint64_t kGigabyte = std::uint64_t{1} << 30;

class Stopwatch {
 public:
  double Seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

template <typename Outcome>
auto Require(Outcome outcome) {
  if (!outcome.ok()) {
    std::fprintf(stderr, "%s\n", outcome.error().message.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_same_v<Outcome, base::Status>) return *std::move(outcome);
}

// Some 240 bytes, as much as a version takes on average.
model::Version Version(std::uint64_t sequence, std::uint64_t delivery) {
  model::Version version;
  version.sequence = {sequence};
  version.delivery = {delivery};
  version.dataset = "case";
  version.row = static_cast<std::uint32_t>(sequence - delivery);
  version.raw_rows = {version.row};
  const std::string number = std::to_string(sequence * 7'919);
  version.values = {"H35.26-" + number,
                    std::string("public service of the communes, ") + number,
                    std::string("received at the one-stop office, waiting for a signature"),
                    std::string("02650"),
                    std::string("02650-03"),
                    base::Timestamp{base::Duration{static_cast<std::int64_t>(sequence) << 20}},
                    base::Timestamp{base::Duration{static_cast<std::int64_t>(sequence) << 21}},
                    static_cast<std::int64_t>(sequence % 30),
                    model::Decimal{static_cast<std::int64_t>(sequence), 2},
                    sequence % 3 == 0,
                    std::string("an officer's name and department"),
                    {}};
  return version;
}

JournalEntry Entry(std::uint64_t number, std::uint64_t sequence) {
  using model::ColumnType;
  JournalEntry entry;
  entry.number = number;
  entry.recorded_at = base::Timestamp{base::Duration{static_cast<std::int64_t>(number)}};
  DatasetColumns columns;
  columns.dataset = "case";
  columns.types = {ColumnType::kText,      ColumnType::kText,    ColumnType::kText,
                   ColumnType::kText,      ColumnType::kText,    ColumnType::kTimestamp,
                   ColumnType::kTimestamp, ColumnType::kInteger, ColumnType::kDecimal,
                   ColumnType::kBoolean,   ColumnType::kText,    ColumnType::kText};
  for (std::size_t i = 0; i < columns.types.size(); ++i) {
    columns.names.push_back("column_" + std::to_string(i));
  }
  entry.datasets.push_back(std::move(columns));
  CommittedDelivery committed;
  committed.delivery.sequence = {sequence};
  committed.delivery.source = "case_system";
  committed.delivery.archive_id = std::string(64, 'a');
  committed.delivery.payload_sha256 = std::string(64, 'b');
  committed.delivery.outcome = "accepted";
  for (std::size_t row = 1; row <= kRowsOfDelivery; ++row) {
    committed.versions.push_back(Version(sequence + row, sequence));
  }
  entry.deliveries.push_back(std::move(committed));
  return entry;
}

void Make(FileJournal& journal, std::uint64_t bytes) {
  std::string encoded;
  const Stopwatch watch;
  double slowest = 0;
  for (std::uint64_t written = 0; written < bytes; written += kRowsOfDelivery * 240) {
    const JournalEnd end = journal.End();
    const JournalEntry entry = Entry(end.number + 1, end.sequence.value + 1);
    const Stopwatch append;
    Require(journal.Append(entry));
    slowest = std::max(slowest, append.Seconds());
  }
  std::printf("made in %.2f s, slowest append %.1f ms\n", watch.Seconds(), slowest * 1'000);
}

void Measure(const std::string& folder, std::uint64_t bytes) {
  base::PosixFileSystem files;
  base::SystemRandom random;
  const Stopwatch opening;
  const auto journal = Require(FileJournal::Open(files, folder, random));
  const JournalRecovery& report = journal->recovery();
  std::printf("open %.3f s: %llu entries, read %llu of %llu segments\n", opening.Seconds(),
              static_cast<unsigned long long>(report.entries),
              static_cast<unsigned long long>(report.read_segments),
              static_cast<unsigned long long>(report.segments));
  if (report.entries == 0) return Make(*journal, bytes);
  const Stopwatch heads;
  std::size_t deliveries = 0;
  Require(journal->ReadHeads(1, [&deliveries](const JournalHead& head) {
    deliveries += head.deliveries.size();
    return base::Status();
  }));
  std::printf("read %zu heads %.3f s\n", deliveries, heads.Seconds());
  const Stopwatch entries;
  Require(journal->Read(1, [](const JournalEntry&) { return base::Status(); }));
  std::printf("read the entries %.3f s\n", entries.Seconds());
  const Stopwatch scrub;
  const JournalScrub scrubbed = Require(journal->Scrub({}));
  std::printf("scrub %.3f s: %.2f GB\n", scrub.Seconds(),
              static_cast<double>(scrubbed.bytes) / static_cast<double>(kGigabyte));
}

}  // namespace
}  // namespace fansipan::store

int main(int count, char** words) {
  if (count < 2) {
    std::fprintf(stderr, "usage: journal_start_bench FOLDER [GIGABYTES]\n");
    return 2;
  }
  const double gigabytes = count > 2 ? std::atof(words[2]) : 1;
  fansipan::store::Measure(words[1],
                           static_cast<std::uint64_t>(gigabytes * fansipan::store::kGigabyte));
  return 0;
}
