#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/testing/recording_file_system.h"
#include "base/testing/temporary_folder.h"
#include "center/load.h"
#include "server/center_runtime.h"
#include "store/embedded/duckdb_expression_parser.h"
#include "store/testing/unsynced_file_system.h"

namespace fansipan::server {
namespace {

constexpr int kDeliveries = 8;
constexpr std::size_t kRandomCuts = 24;
constexpr std::size_t kVerifiedEvery = 6;  // cuts; mapping everything again takes its time

std::shared_ptr<const center::Center> MakeCenter() {
  const auto parser = store::DuckDbExpressionParser::Open();
  auto loaded = center::LoadCenterFiles(
      {{"center.yaml", "name: cut\ntitle: {en: Cut}\nlanguages: [en]\ntime_zone: UTC\n"},
       {"territory/units.csv", "code,level,name,parent,valid_from\nP,province,P,,2020-01-01\n"},
       {"territory/codes.csv", "system,code,unit,valid_from\nown,P,P,2020-01-01\n"},
       {"systems/s/system.yaml", "title: {en: S}\n"},
       {"systems/s/sources.yaml",
        "sources:\n  log:\n    title: {en: Log}\n    owner: {en: Us}\n    connector: push\n"
        "    format: csv\n    csv: {columns: [id, at]}\n    mappings: {visit: "
        "mappings/visit.sql}\n"},
       {"systems/s/datasets.yaml",
        "datasets:\n  visit:\n    title: {en: Visit}\n    kind: event\n    key: [id]\n"
        "    places: {territory: {column: place, codes: own}}\n"
        "    columns:\n      id: {type: text}\n      at: {type: timestamp}\n      place: {type: "
        "text}\n"},
       {"systems/s/indicators.yaml", "measures:\n  visits: {dataset: visit, flow: at}\n"},
       {"systems/s/mappings/visit.sql", "SELECT *, 'P' AS place FROM raw\n"}},
      **parser);
  for (const auto& problem : loaded.problems) ADD_FAILURE() << ToText(problem);
  return loaded.center;
}

/// What every runtime of these tests stands on.
struct World {
  base::PosixFileSystem files;
  base::VirtualClock clock{base::Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 5 / 4))};
  base::SystemRandom random;
  base::MetricsRegistry metrics;

  base::Result<std::unique_ptr<CenterRuntime>> Run(base::FileSystem& used, std::string folder,
                                                   std::shared_ptr<const center::Center> center) {
    RuntimeSettings settings;
    settings.data_folder = std::move(folder);
    settings.program = SOURCES_WORKER_PROBE;
    FANSIPAN_ASSIGN_OR_RETURN(
        auto runtime,
        CenterRuntime::Open(std::move(settings), {&used, &clock, &random, &metrics}, center));
    FANSIPAN_RETURN_IF_ERROR(runtime->Start({}));
    return runtime;
  }
};

sources::Submission MakeSubmission(int number, base::Timestamp received_at) {
  sources::Submission submission;
  submission.source = "log";
  submission.idempotency_key = "key-" + std::to_string(number);
  submission.received_at = received_at;
  submission.payload = "id,at\n";
  for (int row = 0; row < 3 + number; ++row) {
    submission.payload +=
        std::to_string(number) + "-" + std::to_string(row) + ",2026-05-03T08:00:00Z\n";
  }
  return submission;
}

// A whole center whose power is cut while it takes deliveries.
class PowerCut : public ::testing::Test {
 protected:
  struct Acknowledged {
    std::size_t operations = 0;
    std::string key;
    std::string archive_id;
    std::string payload;
  };
  struct Outcome {
    int lost = 0;      // acknowledged, and not there exactly once with its bytes
    int torn = 0;      // there, and not whole
    int findings = 0;  // of verify
    int unopened = 0;  // centers that would not run again
    std::string why_unopened;
  };

  void SetUp() override { ASSERT_TRUE(world_.files.MakeFolder(folder_ / "live").ok()); }

  void TakeDeliveries(base::FileSystem& used) {
    auto runtime = world_.Run(used, folder_ / "live/data", MakeCenter());
    ASSERT_TRUE(runtime.ok()) << runtime.error().message;
    for (int number = 0; number < kDeliveries; ++number) {
      world_.clock.Advance(std::chrono::seconds(1));
      auto submission = MakeSubmission(number, world_.clock.Now());
      const auto report = (*runtime)->intake().Deliver(submission);
      ASSERT_TRUE(report.ok()) << report.error().message;
      acknowledged_.push_back({recording_->operation_count(), submission.idempotency_key,
                               report->delivery.archive_id, submission.payload});
    }
  }

  /// Directly after each acknowledgement, where a loss would show, and anywhere.
  Outcome CutPower() {
    std::set<std::size_t> cuts;
    for (const Acknowledged& one : acknowledged_) cuts.insert(one.operations);
    std::mt19937_64 random(20'260'504);  // the same cuts in each run
    for (std::size_t i = 0; i < kRandomCuts; ++i) {
      cuts.insert(random() % (recording_->operation_count() + 1));
    }
    Outcome outcome;
    std::size_t done = 0;
    for (const std::size_t cut : cuts) CutPowerAfter(cut, ++done % kVerifiedEvery == 0, outcome);
    return outcome;
  }

  /// Survivors are written with the permissions of any file, also a key that was not finished.
  static void KeepKeyPrivate(const std::string& folder) {
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
      if (!entry.path().filename().string().starts_with("center.key")) continue;
      std::filesystem::permissions(
          entry.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
  }

  void CutPowerAfter(std::size_t cut, bool verified, Outcome& outcome) {
    base::SeededRandom random(cut);
    const std::string left = folder_ / ("left-" + std::to_string(cut));
    ASSERT_TRUE(recording_->WriteSurvivors(left, cut, random).ok());
    KeepKeyPrivate(left + "/data");
    auto runtime = world_.Run(world_.files, left + "/data", MakeCenter());
    if (!runtime.ok()) {
      outcome.why_unopened = runtime.error().message;
      ++outcome.unopened;
      return;
    }
    Look(**runtime, cut, outcome);
    if (!verified) return;
    const auto report = (*runtime)->Verify();
    ASSERT_TRUE(report.ok()) << report.error().message;
    outcome.findings += static_cast<int>(report->findings.size());
    const auto next = (*runtime)->intake().Deliver(MakeSubmission(kDeliveries, world_.clock.Now()));
    EXPECT_TRUE(next.ok()) << "intake goes on: " << next.error().message;
  }

  void Look(CenterRuntime& runtime, std::size_t cut, Outcome& outcome) const {
    std::multiset<std::string> keys;
    const auto read = runtime.journal().Read(1, [&](const auto& entry) -> base::Status {
      for (const auto& committed : entry.deliveries) {
        keys.insert(committed.delivery.idempotency_key);
        outcome.torn += committed.versions.size() != committed.delivery.counts.accepted;
        outcome.torn += !runtime.archive().Get(committed.delivery.archive_id).ok();
      }
      return {};
    });
    EXPECT_TRUE(read.ok());
    for (const Acknowledged& one : acknowledged_) {
      if (one.operations > cut) continue;
      const auto payload = runtime.archive().Get(one.archive_id);
      outcome.lost += keys.count(one.key) != 1 || !payload.ok() || *payload != one.payload;
    }
  }

  World world_;
  base::TemporaryFolder folder_;
  std::unique_ptr<base::RecordingFileSystem> recording_ =
      std::make_unique<base::RecordingFileSystem>(world_.files, folder_ / "live");
  std::vector<Acknowledged> acknowledged_;
};

TEST_F(PowerCut, LeavesEveryAcknowledgedDeliveryOnceAndNoOtherInParts) {
  ASSERT_NO_FATAL_FAILURE(TakeDeliveries(*recording_));
  const Outcome outcome = CutPower();
  EXPECT_EQ(outcome.lost, 0);
  EXPECT_EQ(outcome.torn, 0);
  EXPECT_EQ(outcome.findings, 0);
  EXPECT_EQ(outcome.unopened, 0) << outcome.why_unopened;
}

TEST_F(PowerCut, IsSeenByThisTestWhenSyncsAreLeftOut) {
  store::UnsyncedFileSystem unsynced(*recording_);
  ASSERT_NO_FATAL_FAILURE(TakeDeliveries(unsynced));
  const Outcome outcome = CutPower();
  EXPECT_GT(outcome.lost, 0);
}

}  // namespace
}  // namespace fansipan::server
