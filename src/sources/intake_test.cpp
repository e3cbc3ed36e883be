#include "sources/intake.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "center/source_contract.h"
#include "sources/process_mapping_worker.h"
#include "sources/testing/empty_ledger.h"
#include "store/testing/fake_fact_store.h"
#include "store/testing/fake_journal.h"
#include "store/testing/memory_archive.h"

namespace fansipan::sources {
namespace {

using testing::EmptyLedger;

constexpr std::string_view kSecret = "bMOgIG3huq10";

/// One edXML source of documents by number, read by real workers.
class EdxmlIntake : public ::testing::Test {
 protected:
  EdxmlIntake() {
    center_->revision = "one";
    center_->time_zone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
    model::Dataset dataset;
    dataset.name = "document";
    dataset.columns = {{.name = "number"}, {.name = "file", .optional = true}};
    dataset.key = {0};
    center_->datasets.push_back(dataset);
    center::Source source;
    source.name = "exchange";
    source.format = center::Format::kEdxml;
    source.xml.records_at = "/*:edXML";
    source.xml.columns = {{"number", "*:Number"},
                          {"sha256", "*:ContentTransferEncoded/*:dropped/@sha256"}};
    source.mappings = {{.dataset = "document",
                        .file = "f",
                        .sql = "SELECT number, sha256 AS file, _row FROM raw"}};
    center_->sources.push_back(source);
    EXPECT_TRUE(facts_.Declare(center_->datasets).ok());
  }
  ~EdxmlIntake() override {
    if (committer_) committer_->Stop();
  }

  base::Result<DeliveryReport> Deliver(const std::string& content, const std::string& key = "",
                                       std::map<std::string, std::string> told = {}) {
    return Open().Deliver({.source = "exchange",
                           .payload = Document(content),
                           .file_name = "",
                           .idempotency_key = key,
                           .received_at = clock_.Now(),
                           .told = std::move(told)});
  }

  /// With the center as it is now.
  Intake Open() {
    if (committer_) committer_->Stop();
    ledger_ = std::make_unique<EmptyLedger>(center_);
    committer_ = std::make_unique<Committer>(
        Committer::Parts{&journal_, ledger_.get(), &clock_, &metrics_, {}}, Committer::Settings{});
    committer_->Start();
    EXPECT_TRUE(committer_->WaitForStart(std::chrono::minutes(1)));
    Intake::Parts parts;
    parts.archive = &archive_;
    parts.facts = &facts_;
    parts.worker = &worker_;
    parts.committer = committer_.get();
    parts.clock = &clock_;
    parts.metrics = &metrics_;
    parts.center = [this] { return center_; };
    parts.wait_for_facts = [this](model::Sequence) { return FollowJournal(); };
    return Intake(std::move(parts));
  }

  base::Status FollowJournal() {
    FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t applied, facts_.AppliedThrough());
    const std::vector<store::JournalEntry> entries = Recorded(applied + 1);
    return entries.empty() ? base::Status() : facts_.Append(entries);
  }

  std::vector<store::JournalEntry> Recorded(std::uint64_t from) {
    std::vector<store::JournalEntry> entries;
    const auto read = journal_.Read(from, [&](const store::JournalEntry& entry) -> base::Status {
      entries.push_back(entry);
      return {};
    });
    EXPECT_TRUE(read.ok());
    return entries;
  }

  static std::string Document(const std::string& content) {
    return "<edXML><Number>12/UBND</Number><ContentTransferEncoded>" + content +
           "</ContentTransferEncoded></edXML>";
  }

  std::shared_ptr<center::Center> center_ = std::make_shared<center::Center>();
  store::MemoryArchive archive_;
  store::FakeJournal journal_;
  store::FakeFactStore facts_;
  base::VirtualClock clock_{base::Timestamp(std::chrono::hours(1))};
  base::MetricsRegistry metrics_;
  ProcessMappingWorker worker_{{.program = SOURCES_WORKER_PROBE, .processes = 2}};
  std::unique_ptr<EmptyLedger> ledger_;
  std::unique_ptr<Committer> committer_;
};

TEST_F(EdxmlIntake, ArchivesNoBodyButItsHash) {
  const auto report = Deliver(std::string(kSecret));
  ASSERT_TRUE(report.ok()) << report.error().message;
  const auto archived = archive_.Get(report->delivery.archive_id);
  ASSERT_TRUE(archived.ok());
  EXPECT_EQ(archived->find(kSecret), std::string::npos) << *archived;
  EXPECT_NE(archived->find(base::ToHex(base::Sha256("l\xC3\xA0 m\xE1\xBA\xADt"))),
            std::string::npos)
      << *archived;
  EXPECT_EQ(report->delivery.payload_sha256, base::ToHex(base::Sha256(*archived)));
  EXPECT_EQ(report->delivery.payload_bytes, archived->size());
  EXPECT_EQ(archive_.List()->size(), 1U) << "nothing else is kept";
}

TEST_F(EdxmlIntake, KeepsBodiesWhereTheSourceAsksForThem) {
  center_->sources[0].keep_bodies = true;
  const auto report = Deliver(std::string(kSecret));
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(*archive_.Get(report->delivery.archive_id), Document(std::string(kSecret)));
}

TEST_F(EdxmlIntake, ArchivesNoBodyOfADeliveryWhoseMappingFails) {
  center_->sources[0].mappings[0].sql = "SELECT CAST(number AS INTEGER) AS number, _row FROM raw";
  const auto report = Deliver(std::string(kSecret));
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().reason, "mapping_failed");
  const auto kept = archive_.List();
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_EQ(archive_.Get(kept->front())->find(kSecret), std::string::npos);
}

TEST_F(EdxmlIntake, HoldsTheReplayOfARefusedDeliveryAgainstWhatWasToldBesideIt) {
  center::SourceContract contract;
  center::ControlPlace place;
  place.kind = center::ControlPlace::Kind::kHeader;
  place.header = "x-total";
  contract.control_totals.emplace().rows = place;
  center_->sources[0].contract = std::make_shared<const center::SourceContract>(contract);
  const std::string sound = center_->sources[0].mappings[0].sql;
  center_->sources[0].mappings[0].sql = "SELECT CAST(number AS INTEGER) AS number, _row FROM raw";
  ASSERT_FALSE(Deliver(std::string(kSecret), "", {{place.ToldName(), "1"}}).ok());
  const auto entries = Recorded(1);
  ASSERT_EQ(entries.size(), 1U);
  const model::Delivery refused = entries[0].deliveries[0].delivery;
  ASSERT_TRUE(refused.contract && refused.contract->control);
  EXPECT_EQ(refused.contract->control->outcome, model::Reconciliation::kIncomplete);
  EXPECT_EQ(refused.contract->control->rows_told, 1U);
  EXPECT_EQ(refused.contract->control->rows_accepted, 0U);

  center_->sources[0].mappings[0].sql = sound;
  const auto replayed = Open().Replay(refused.sequence);
  ASSERT_TRUE(replayed.ok()) << replayed.error().message;
  ASSERT_TRUE(replayed->delivery.contract && replayed->delivery.contract->control);
  EXPECT_EQ(replayed->delivery.contract->control->outcome, model::Reconciliation::kComplete);
}

TEST_F(EdxmlIntake, KeepsNothingOfWhatIsNoXml) {
  const auto report = Deliver("<");
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().reason, "not_xml");
  EXPECT_TRUE(archive_.List()->empty());
}

}  // namespace
}  // namespace fansipan::sources
