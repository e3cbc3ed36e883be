#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/testing/temporary_folder.h"
#include "center/testing/pratt_parser.h"
#include "indicators/figures.h"
#include "indicators/verification.h"
#include "server/engine_ledger.h"
#include "sources/committer.h"
#include "store/testing/fake_fact_store.h"
#include "store/testing/fake_journal.h"

namespace fansipan::server {
namespace {

using model::Version;

constexpr base::Timestamp kStart{std::chrono::seconds(1'770'000'000)};
constexpr std::size_t kDue = 5;

model::Column MakeColumn(std::string name, model::ColumnType type) {
  model::Column column;
  column.name = std::move(name);
  column.type = type;
  column.optional = true;
  return column;
}

model::Dataset MakeDataset(std::string name, bool is_state) {
  model::Dataset dataset;
  dataset.name = std::move(name);
  dataset.kind = is_state ? model::DatasetKind::kState : model::DatasetKind::kEvent;
  dataset.columns = {MakeColumn("id", model::ColumnType::kInteger),
                     MakeColumn("revision", model::ColumnType::kInteger),
                     MakeColumn("at", model::ColumnType::kTimestamp),
                     MakeColumn("kind", model::ColumnType::kText),
                     MakeColumn("fee", model::ColumnType::kDecimal),
                     MakeColumn("due", model::ColumnType::kTimestamp)};
  dataset.columns[4].scale = 2;
  dataset.key = {0};
  if (is_state) dataset.order = 1;
  if (!is_state) {
    dataset.withdrawn = center::testing::PrattParser().Parse("kind = 'cancel'").value();
  }
  return dataset;
}

/// One place, events and states; for each a count and a sum as flow, and a stock that begins at
/// `due`.
std::shared_ptr<center::Center> MakeCenter() {
  auto center = std::make_shared<center::Center>();
  center->name = "recording";
  center->revision = "r1";
  model::Unit root;
  root.code = "root";
  root.level = "province";
  root.parent = model::kNoUnit;
  center->territory = model::UnitTree::Build(model::TreeKind::kTerritory, {root}, {}).value();
  center->datasets = {MakeDataset("event", false), MakeDataset("state", true)};
  for (const model::Dataset& dataset : center->datasets) {
    model::Measure count;
    count.name = dataset.name + "_count";
    count.dataset = dataset.name;
    count.from = 2;
    center->measures.push_back(count);
    model::Measure sum = count;
    sum.name = dataset.name + "_fee";
    sum.aggregate = model::Aggregate::kSum;
    sum.value = 4;
    center->measures.push_back(sum);
    model::Measure stock = count;
    stock.name = dataset.name + "_overdue";
    stock.kind = model::MeasureKind::kStock;
    stock.from = kDue;
    center->measures.push_back(stock);
  }
  center::Source source;
  source.name = "office";
  source.mappings = {{"event", "event.sql", "", 1}, {"state", "state.sql", "", 1}};
  center->sources = {source};
  return center;
}

Version MakeVersion(const std::string& dataset, std::int64_t id, std::int64_t revision,
                    const std::string& kind, std::uint32_t mapping_revision = 1,
                    std::uint32_t row = 1) {
  Version version;
  version.dataset = dataset;
  version.values = {id,
                    revision,
                    model::Value(kStart - std::chrono::hours(1)),
                    kind,
                    model::Decimal(100, 2),
                    model::Value()};
  version.withdrawn = kind == "cancel";
  version.row = row;
  version.raw_rows = {row};
  version.mapping_revision = {mapping_revision};
  return version;
}

/// Committer, ledger and engine over a journal in memory, and a clock that the test moves.
class Recording : public ::testing::Test {
 protected:
  Recording() {
    EXPECT_TRUE(ledger_.Switch(center_).ok());
    Start();
  }

  void Start() {
    sources::Committer::Parts parts;
    parts.journal = &journal_;
    parts.ledger = &ledger_;
    parts.clock = &clock_;
    parts.metrics = &metrics_;
    sources::Committer::Settings settings;
    settings.tick = std::chrono::hours(1);  // ticks are the test's
    committer_ = std::make_unique<sources::Committer>(parts, settings);
    committer_->Start();
    committer_->TickNow();
  }

  sources::PendingDelivery Pending(std::vector<Version> versions) {
    sources::PendingDelivery pending;
    pending.delivery.source = "office";
    pending.delivery.received_at = clock_.Now();
    pending.delivery.outcome = "accepted";
    pending.delivery.payload_sha256 = "sum";
    pending.center_revision = "r1";
    pending.delivery.counts.candidates = pending.delivery.counts.accepted = versions.size();
    pending.versions = std::move(versions);
    return pending;
  }
  model::Delivery Commit(sources::PendingDelivery pending) {
    auto recorded = committer_->Commit(std::move(pending));
    EXPECT_TRUE(recorded.ok()) << recorded.error().message;
    committer_->TickNow();
    return recorded.ok() ? recorded->delivery : model::Delivery();
  }
  model::Delivery Deliver(std::vector<Version> versions) {
    clock_.Advance(std::chrono::seconds(1));
    return Commit(Pending(std::move(versions)));
  }
  /// Reads a delivery again: the mappings, the latest of which has this revision, now give these.
  model::Delivery Replay(const model::Delivery& original, std::vector<Version> versions,
                         std::uint32_t latest = 2) {
    clock_.Advance(std::chrono::seconds(1));
    auto pending = Pending(std::move(versions));
    pending.delivery.replay_of = original.sequence;
    pending.delivery.mapping_revision = {latest};
    pending.replaced = VersionsOf(original.sequence);
    return Commit(std::move(pending));
  }
  std::vector<Version> VersionsOf(model::Sequence delivery) {
    std::vector<Version> versions;
    const auto read = journal_.Read(1, [&](const store::JournalEntry& entry) -> base::Status {
      for (const auto& committed : entry.deliveries) {
        for (const Version& version : committed.versions) {
          if (version.delivery == delivery) versions.push_back(version);
        }
      }
      return {};
    });
    EXPECT_TRUE(read.ok());
    return versions;
  }

  static std::int64_t CountIn(const indicators::View& view, const std::string& measure) {
    const auto id = view.plan->FindMeasure(measure).value();
    indicators::CellRange range;
    range.tree = model::TreeKind::kTerritory;
    range.unit = view.center->territory.root();
    range.first = -1'000'000;
    range.last = 10'000'000;
    return view.cells->Read(id, view.plan->SetOf(id), range).count;
  }
  std::int64_t Count(const std::string& measure, std::optional<base::Timestamp> as_of = {}) {
    std::int64_t count = -1;
    const auto read = ledger_.engine()->Read(
        as_of, [&](const indicators::View& view) { count = CountIn(view, measure); });
    EXPECT_TRUE(read.ok()) << read.error().message;
    return count;
  }
  void ExpectVerified() {
    indicators::PlainEvaluator plain(center_);
    ASSERT_TRUE(journal_
                    .Read(1,
                          [&](const store::JournalEntry& entry) -> base::Status {
                            plain.Add(entry);
                            return {};
                          })
                    .ok());
    const auto read = ledger_.engine()->Read(std::nullopt, [&](const indicators::View& view) {
      for (const auto& finding : indicators::CompareCells(view, plain, 9)) {
        ADD_FAILURE() << finding.what << ": " << finding.expected << ", found " << finding.found;
      }
    });
    EXPECT_TRUE(read.ok());
  }

  std::shared_ptr<center::Center> center_ = MakeCenter();
  base::VirtualClock clock_{kStart};
  base::MetricsRegistry metrics_;
  store::FakeJournal journal_;
  store::FakeFactStore facts_;
  base::PosixFileSystem files_;
  base::TemporaryFolder folder_;
  EngineLedger ledger_{journal_, facts_, {&files_, folder_.path()}};
  std::unique_ptr<sources::Committer> committer_;
};

TEST_F(Recording, ReadsAnEventAndItsCancellationAgain) {
  const auto delivered = Deliver(
      {MakeVersion("event", 1, 0, "told", 1, 1), MakeVersion("event", 1, 0, "cancel", 1, 2)});
  EXPECT_EQ(Count("event_count"), 0);
  const auto same = Replay(delivered, {MakeVersion("event", 1, 0, "told", 1, 1),
                                       MakeVersion("event", 1, 0, "cancel", 1, 2)});
  EXPECT_EQ(same.counts.repeated, 2U);
  EXPECT_EQ(same.counts.in_conflict, 0U);
  const auto mended = Replay(delivered, {MakeVersion("event", 1, 0, "told", 2, 1),
                                         MakeVersion("event", 1, 0, "cancel", 2, 2)});
  EXPECT_EQ(mended.counts.in_conflict, 0U);
  EXPECT_EQ(Count("event_count"), 0);
  ExpectVerified();
}

TEST_F(Recording, TakesFromOthersWhatAReplayHasTakenBack) {
  const auto delivered = Deliver({MakeVersion("state", 1, 5, "a")});
  Replay(delivered, {});
  EXPECT_EQ(Count("state_count"), 0);
  const auto other = Deliver({MakeVersion("state", 1, 5, "a", 2)});
  EXPECT_EQ(other.counts.accepted, 1U);
  EXPECT_EQ(Count("state_count"), 1);
  EXPECT_EQ(Deliver({MakeVersion("state", 1, 5, "a", 2)}).counts.repeated, 1U);
  ExpectVerified();
}

TEST_F(Recording, GivesWhatIsTakenBackTheRevisionOfItsOwnMapping) {
  const auto delivered = Deliver({MakeVersion("state", 1, 5, "a")});
  Replay(delivered, {}, 5);  // another mapping of the source is at its fifth text
  EXPECT_EQ(Count("state_count"), 0);
  Replay(delivered, {MakeVersion("state", 1, 5, "a", 2)}, 5);
  EXPECT_EQ(Count("state_count"), 1);
  Replay(delivered, {MakeVersion("state", 1, 5, "b", 3)}, 5);
  EXPECT_EQ(Count("state_count"), 1);
  ExpectVerified();
}

TEST_F(Recording, TakesBackWhatAMappingThatIsGoneHadGiven) {
  const auto delivered = Deliver({MakeVersion("state", 1, 5, "a", 4)});
  Replay(delivered, {}, 1);
  EXPECT_EQ(Count("state_count"), 0);
  ExpectVerified();
}

TEST_F(Recording, TakesAnEventAgainAfterItsCancellation) {
  Deliver({MakeVersion("event", 1, 0, "told")});
  EXPECT_EQ(Deliver({MakeVersion("event", 1, 0, "other")}).counts.in_conflict, 1U);
  Deliver({MakeVersion("event", 1, 0, "cancel")});
  EXPECT_EQ(Count("event_count"), 0);
  EXPECT_EQ(Deliver({MakeVersion("event", 1, 0, "other")}).counts.accepted, 1U);
  EXPECT_EQ(Count("event_count"), 1);
  ExpectVerified();
}

TEST_F(Recording, VerifiesARowThatTheSameMappingNoLongerGives) {
  const auto delivered = Deliver({MakeVersion("state", 1, 5, "a")});
  Replay(delivered, {}, 1);
  EXPECT_EQ(Count("state_count"), 0);
  ExpectVerified();
}

TEST_F(Recording, KeepsThePastOfTheLargestSums) {
  Version version = MakeVersion("state", 1, 1, "a");
  // Just below the most that a value may be.
  version.values[4] = model::Decimal((static_cast<model::Int128>(1) << 94U) - 1, 2);
  Deliver({version});
  version.values[0] = std::int64_t{2};
  Deliver({version});
  const base::Timestamp then = clock_.Now();
  Deliver({MakeVersion("state", 3, 1, "a")});
  for (int restart = 0; restart < 2; ++restart) {
    committer_->Stop();
    ASSERT_TRUE(ledger_.Switch(center_).ok());
    Start();
    EXPECT_EQ(Count("state_fee", then), 2);
    EXPECT_EQ(Count("state_fee"), 3);
  }
  ExpectVerified();
}

TEST_F(Recording, NeverGoesBackBehindADeadlineThatHasPassed) {
  Version version = MakeVersion("state", 1, 1, "a");
  version.values[kDue] = model::Value(kStart + std::chrono::seconds(100));
  auto first = Pending({version});
  first.delivery.idempotency_key = "key";
  Commit(std::move(first));
  clock_.Advance(std::chrono::seconds(200));
  auto again = Pending({});
  again.delivery.idempotency_key = "key";
  ASSERT_TRUE(committer_->Commit(std::move(again)).ok());
  EXPECT_EQ(Count("state_overdue"), 1);
  clock_.Set(kStart + std::chrono::seconds(50));
  const auto late = committer_->Commit(Pending({MakeVersion("state", 1, 2, "b")}));
  ASSERT_TRUE(late.ok());
  EXPECT_GT(late->delivery.recorded_at, kStart + std::chrono::seconds(199));
  committer_->Stop();
  EXPECT_EQ(Count("state_overdue"), 0);
  ExpectVerified();
}

TEST_F(Recording, ForgetsDeadlinesOfDisplacedVersions) {
  for (std::int64_t revision = 1; revision < 50; ++revision) {
    Version version = MakeVersion("state", 1, revision, "a");
    version.values[kDue] = model::Value(kStart + std::chrono::hours(1));
    Deliver({version});
  }
  clock_.Advance(std::chrono::hours(2));
  committer_->TickNow();
  EXPECT_EQ(Count("state_overdue"), 1);
  ExpectVerified();
}

}  // namespace
}  // namespace fansipan::server
