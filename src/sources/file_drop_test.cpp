#include "sources/file_drop.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace fansipan::sources {
namespace {

namespace fs = std::filesystem;

class Drop : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("fansipan_drop_" + std::to_string(getpid()));
    fs::remove_all(folder_);
    Open();
  }
  void TearDown() override {
    drop_.reset();
    fs::remove_all(folder_);
  }

  void Open() {
    auto opened =
        FileDrop::Open({{.source = "cases", .path = folder_.string(), .limit_bytes = 100}},
                       [this](DroppedFile file) { return Receive(std::move(file)); }, {});
    ASSERT_TRUE(opened.ok());
    drop_ = std::move(opened).value();
  }

  base::Result<DropVerdict> Receive(DroppedFile file) {
    const std::lock_guard lock(mutex_);
    received_.push_back(file);
    arrived_.notify_all();
    if (failure_) return *failure_;
    return DropVerdict{.accepted = file.bytes != "bad", .report = "{\"rows\": 1}"};
  }

  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  std::string Content(const std::string& name) {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path folder_;
  std::unique_ptr<FileDrop> drop_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<DroppedFile> received_;
  std::optional<base::Error> failure_;
};

TEST_F(Drop, TakesAFileThatTwoLooksFoundUnchanged) {
  Write("a.csv", "x");
  EXPECT_EQ(drop_->ScanOnce().waiting, 1U);
  EXPECT_TRUE(received_.empty());
  EXPECT_EQ(drop_->ScanOnce().taken, 1U);
  ASSERT_EQ(received_.size(), 1U);
  EXPECT_EQ(received_[0].source, "cases");
  EXPECT_EQ(received_[0].name, "a.csv");
  EXPECT_EQ(received_[0].bytes, "x");
  EXPECT_EQ(Content("done/a.csv"), "x");
  EXPECT_EQ(Content("done/a.csv.report.json"), "{\"rows\": 1}\n");
  EXPECT_FALSE(fs::exists(folder_ / "a.csv"));
}

TEST_F(Drop, TakesAFileAtOnceThatWasRenamedIn) {
  Write("a.part", "x");
  fs::rename(folder_ / "a.part", folder_ / "a.csv");
  EXPECT_EQ(drop_->ScanOnce().taken, 1U);
}

TEST_F(Drop, WaitsWhileAFileGrows) {
  Write("a.csv", "x");
  drop_->ScanOnce();
  Write("a.csv", "xy");
  EXPECT_EQ(drop_->ScanOnce().taken, 0U);
  EXPECT_EQ(drop_->ScanOnce().taken, 1U);
  EXPECT_EQ(received_[0].bytes, "xy");
}

TEST_F(Drop, WaitsWhileAFileIsOpenForWriting) {
  std::ofstream writer(folder_ / "a.csv");
  writer << "x" << std::flush;
  drop_->ScanOnce();
  EXPECT_EQ(drop_->ScanOnce().taken, 0U);
  writer.close();
  EXPECT_EQ(drop_->ScanOnce().taken, 1U);
}

TEST_F(Drop, LetsUnfinishedHiddenAndOtherThingsBe) {
  Write("a.part", "x");
  Write(".a.csv", "x");
  fs::create_symlink("/etc/passwd", folder_ / "link.csv");
  fs::create_directory(folder_ / "folder");
  drop_->ScanOnce();
  const FileDrop::Scan scan = drop_->ScanOnce();
  EXPECT_EQ(scan.taken, 0U);
  EXPECT_EQ(scan.waiting, 0U);
}

TEST_F(Drop, PutsRefusedFilesAsideWithTheReport) {
  Write("a.csv", "bad");
  Write("big.csv", std::string(101, 'x'));
  drop_->ScanOnce();
  EXPECT_EQ(drop_->ScanOnce().taken, 2U);
  EXPECT_EQ(received_.size(), 1U) << "a file that is too long is not read";
  EXPECT_EQ(Content("refused/a.csv.report.json"), "{\"rows\": 1}\n");
  EXPECT_NE(Content("refused/big.csv.report.json").find("payload_too_large"), std::string::npos);
}

TEST_F(Drop, GivesANumberToANameThatIsTaken) {
  for (const std::string bytes : {"1", "2", "3"}) {
    Write("a.csv", bytes);
    drop_->ScanOnce();
    drop_->ScanOnce();
  }
  EXPECT_EQ(Content("done/a.csv"), "1");
  EXPECT_EQ(Content("done/a.csv.1"), "2");
  EXPECT_EQ(Content("done/a.csv.2"), "3");
  EXPECT_TRUE(fs::exists(folder_ / "done/a.csv.2.report.json"));
}

TEST_F(Drop, TriesAgainWhatCouldNotBeTakenNow) {
  failure_ = base::Error{base::ErrorCode::kStorageFull, "", "no room"};
  Write("a.csv", "x");
  drop_->ScanOnce();
  EXPECT_EQ(drop_->ScanOnce().taken, 0U);
  EXPECT_TRUE(fs::exists(folder_ / "a.csv"));
  failure_.reset();
  EXPECT_EQ(drop_->ScanOnce().taken, 1U);
  EXPECT_EQ(Content("done/a.csv"), "x");
}

TEST_F(Drop, RefusesWhatTryingAgainWouldNotMend) {
  failure_ = base::Error{base::ErrorCode::kInvalidArgument, "not_json", "line 1"};
  Write("a.csv", "x");
  drop_->ScanOnce();
  EXPECT_EQ(drop_->ScanOnce().taken, 1U);
  EXPECT_NE(Content("refused/a.csv.report.json").find("not_json"), std::string::npos);
}

TEST_F(Drop, FindsWhatLayThereAtTheStart) {
  drop_.reset();
  Write("a.csv", "x");
  Open();
  drop_->ScanOnce();
  EXPECT_EQ(drop_->ScanOnce().taken, 1U);
}

TEST_F(Drop, WorksByItselfOnceStarted) {
  drop_->Start();
  Write("a.csv", "x");
  {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(
        arrived_.wait_for(lock, std::chrono::seconds(20), [&] { return !received_.empty(); }));
  }
  drop_->Stop();
  EXPECT_EQ(Content("done/a.csv"), "x");
}

}  // namespace
}  // namespace fansipan::sources
