#include "sources/intake.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/hash.h"
#include "sources/process_mapping_worker.h"
#include "store/testing/fake_journal.h"
#include "store/testing/memory_archive.h"

namespace fansipan::sources {
namespace {

/// Knows nothing, so that every row is new.
class EmptyLedger final : public Ledger {
 public:
  explicit EmptyLedger(std::shared_ptr<const center::Center> center) : center_(std::move(center)) {}
  void Begin(base::Timestamp) override {}
  bool Knows(const model::Version&) override { return false; }
  std::optional<Current> FindCurrent(const model::Version&) override { return std::nullopt; }
  model::Standing Stage(const model::Version&) override { return {}; }
  void Rollback() override {}
  void Publish(const store::JournalEntry&) override {}
  void Advance(base::Timestamp) override {}
  base::Status Complete() override { return {}; }
  base::Status Switch(std::shared_ptr<const center::Center>) override { return {}; }
  std::shared_ptr<const center::Center> center() override { return center_; }

 private:
  std::shared_ptr<const center::Center> center_;
};

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
  }
  ~EdxmlIntake() override {
    if (committer_) committer_->Stop();
  }

  base::Result<DeliveryReport> Deliver(const std::string& content, const std::string& key = "") {
    ledger_ = std::make_unique<EmptyLedger>(center_);
    if (committer_) committer_->Stop();
    committer_ = std::make_unique<Committer>(
        Committer::Parts{&journal_, ledger_.get(), &clock_, &metrics_, {}}, Committer::Settings{});
    committer_->Start();
    EXPECT_TRUE(committer_->WaitForStart(std::chrono::minutes(1)));
    Intake::Parts parts;
    parts.archive = &archive_;
    parts.worker = &worker_;
    parts.committer = committer_.get();
    parts.clock = &clock_;
    parts.metrics = &metrics_;
    parts.center = [this] { return center_; };
    return Intake(std::move(parts))
        .Deliver({.source = "exchange",
                  .payload = Document(content),
                  .file_name = "",
                  .idempotency_key = key,
                  .received_at = clock_.Now()});
  }

  static std::string Document(const std::string& content) {
    return "<edXML><Number>12/UBND</Number><ContentTransferEncoded>" + content +
           "</ContentTransferEncoded></edXML>";
  }

  std::shared_ptr<center::Center> center_ = std::make_shared<center::Center>();
  store::MemoryArchive archive_;
  store::FakeJournal journal_;
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

TEST_F(EdxmlIntake, KeepsNothingOfWhatIsNoXml) {
  const auto report = Deliver("<");
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().reason, "not_xml");
  EXPECT_TRUE(archive_.List()->empty());
}

}  // namespace
}  // namespace fansipan::sources
