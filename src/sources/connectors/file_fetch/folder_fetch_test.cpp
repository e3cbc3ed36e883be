#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>

#include "center/connectors/file_fetch.h"
#include "sources/connectors/connector_trial.h"
#include "sources/connectors/file_fetch/file_fetch.h"
#include "sources/testing/file_passage.h"

namespace fansipan::sources {
namespace {

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;
using testing::FilePassage;
using Names = std::vector<std::string>;

constexpr base::Timestamp kMorning{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1} +
                                   std::chrono::hours(8)};

/// The folder of a server, in memory, that outlives the connectors which look at it.
struct Folder {
  struct File {
    std::string bytes;
    base::Timestamp modified;
  };
  std::map<std::string, File> files;
  std::map<std::string, File> done;
  std::map<std::string, base::Error> faults;  ///< of fetching a file
  std::string grown_while_fetched;
  std::string listing;  ///< told instead of the files, when not empty
  int fetches = 0;
  int looks = 0;
  int sessions = 0;  ///< that have not ended
  FileSignIn sign_in;

  void Put(const std::string& name, const std::string& bytes, base::Timestamp modified) {
    files[name] = {bytes, modified};
  }
};

std::int64_t SecondsOf(base::Timestamp moment) {
  return std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
}

/// As `ls -l` tells it on the 1st of July.
std::string LineOf(const std::string& name, const Folder::File& file) {
  const std::chrono::hh_mm_ss time(file.modified -
                                   std::chrono::floor<std::chrono::days>(file.modified));
  return fmt::format("-rw-r--r--    1 0  0  {} Jul  1 {:02}:{:02} {}\n", file.bytes.size(),
                     time.hours().count(), time.minutes().count(), name);
}

class MemoryServer final : public FileServer {
 public:
  explicit MemoryServer(Folder& folder) : folder_(folder) {}

  void Begin(FileSignIn sign_in) override {
    folder_.sign_in = std::move(sign_in);
    ++folder_.sessions;
  }
  void End() override { --folder_.sessions; }
  base::Result<std::string> List(const std::stop_token&) override {
    if (!folder_.listing.empty()) return folder_.listing;
    std::string text;
    for (const auto& [name, file] : folder_.files) text += LineOf(name, file);
    return text;
  }
  base::Result<FetchedFile> Fetch(const std::string& name, std::uint64_t max_bytes,
                                  const std::stop_token&) override {
    ++folder_.fetches;
    const auto fault = folder_.faults.find(name);
    if (fault != folder_.faults.end()) return fault->second;
    Folder::File& file = folder_.files.at(name);
    if (file.bytes.size() > max_bytes) {
      return base::Error{base::ErrorCode::kTooLarge, "file_too_large", name};
    }
    FetchedFile fetched{file.bytes, SecondsOf(file.modified)};
    if (name == folder_.grown_while_fetched) file.modified += 1s;
    return fetched;
  }
  base::Result<std::int64_t> ModifiedAt(const std::string& name, const std::stop_token&) override {
    ++folder_.looks;
    return SecondsOf(folder_.files.at(name).modified);
  }
  base::Status Move(const std::string& name, const std::string& folder,
                    const std::stop_token&) override {
    if (folder != "done" || folder_.done.contains(name)) {
      return base::Error{base::ErrorCode::kUnavailable, "file_not_moved", name};
    }
    folder_.done[name] = folder_.files.at(name);
    folder_.files.erase(name);
    return {};
  }
  base::Status Delete(const std::string& name, const std::stop_token&) override {
    folder_.files.erase(name);
    return {};
  }

 private:
  Folder& folder_;
};

class FolderFetchTest : public ::testing::Test {
 protected:
  FolderFetchTest() {
    source_.name = "office";
    source_.limits.payload_bytes = 1'000;
    fetch_.url = "sftp://files.example.vn/out/";
    fetch_.files = "*.csv";
    fetch_.user = "ioc";
    fetch_.secret = "word";
    fetch_.every = 1min;
  }

  /// As at a start of the program: nothing but the position is known.
  void Restart() {
    source_.file_fetch = std::make_shared<const center::FileFetch>(fetch_);
    connector_ = MakeFolderFetch(source_, std::make_unique<MemoryServer>(folder_), metrics_);
  }
  std::string Ask() {
    if (!connector_) Restart();
    const auto status = connector_->Ask(passage_);
    passage_.now += fetch_.every;
    EXPECT_EQ(folder_.sessions, 0);
    return status.ok() ? "fine" : status.error().reason;
  }
  /// Twice, so that what is finished is seen to be.
  std::string AskTwice() {
    Ask();
    return Ask();
  }

  base::MetricsRegistry metrics_;
  center::Source source_;
  center::FileFetch fetch_;
  Folder folder_;
  FilePassage passage_;
  std::unique_ptr<Connector> connector_;
};

TEST_F(FolderFetchTest, TakesTheOldestFirstUnderTheirNames) {
  folder_.Put("b.csv", "second", kMorning - 10min);
  folder_.Put("a.csv", "third", kMorning - 5min);
  folder_.Put("c.csv", "first", kMorning - 20min);
  folder_.Put("notes.txt", "none", kMorning - 20min);
  folder_.Put("d.csv.part", "none", kMorning - 20min);
  EXPECT_EQ(AskTwice(), "fine");
  EXPECT_EQ(passage_.names, (Names{"c.csv", "b.csv", "a.csv"}));
  EXPECT_EQ(passage_.payloads, (Names{"first", "second", "third"}));
  EXPECT_EQ(folder_.sign_in.password, "pa55");
}

TEST_F(FolderFetchTest, ATrialLeavesTheFilesWhereTheyAre) {
  fetch_.after = center::AfterFetch::kDelete;
  folder_.Put("a.csv", "first", kMorning - 20min);
  folder_.Put("b.csv", "second", kMorning - 10min);
  Restart();
  const base::VirtualClock clock{kMorning};
  ConnectorTrialParts parts;
  parts.secret = [](const std::string&) -> base::Result<std::optional<std::string>> {
    return std::optional<std::string>("pa55");
  };
  parts.clock = &clock;
  parts.look = std::chrono::milliseconds(0);
  const auto fetched = FetchOnce("office", *connector_, parts, {});
  ASSERT_TRUE(fetched.ok()) << fetched.error().message;
  EXPECT_EQ(fetched->file_name, "a.csv");
  EXPECT_EQ(fetched->payload, "first");
  EXPECT_EQ(folder_.files.size(), 2U);
  EXPECT_EQ(folder_.fetches, 1);
  EXPECT_EQ(folder_.sessions, 0);
}

TEST_F(FolderFetchTest, WhatIsStillWrittenIsLetBe) {
  folder_.Put("a.csv", "1", kMorning);
  Ask();
  EXPECT_TRUE(passage_.names.empty());
  folder_.Put("a.csv", "12", kMorning + 1min);
  Ask();
  EXPECT_TRUE(passage_.names.empty());
  Ask();
  EXPECT_EQ(passage_.payloads, Names{"12"});
}

TEST_F(FolderFetchTest, WhatWasTakenIsNotTakenAgainWhateverIsRestarted) {
  folder_.Put("a.csv", "1", kMorning - 10min);
  AskTwice();
  for (int i = 0; i < 4; ++i) {
    Restart();
    EXPECT_EQ(AskTwice(), "fine");
  }
  EXPECT_EQ(passage_.names, Names{"a.csv"});
  EXPECT_EQ(folder_.fetches, 1);
}

TEST_F(FolderFetchTest, NothingNewIsASignOfLifeThatMovesNothing) {
  AskTwice();
  const std::string position = passage_.position;
  const int before = passage_.heartbeats;
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.heartbeats, before + 1);
  EXPECT_EQ(passage_.position, position);
}

TEST_F(FolderFetchTest, AKillBetweenTwoFilesNeitherLosesNorDoublesOne) {
  folder_.Put("a.csv", "1", kMorning - 10min);
  folder_.Put("b.csv", "2", kMorning - 9min);
  passage_.deliveries_left = 1;
  Ask();
  EXPECT_EQ(Ask(), "connector_stopped");
  passage_.deliveries_left = 10;
  Restart();
  EXPECT_EQ(AskTwice(), "fine");
  EXPECT_EQ(passage_.names, (Names{"a.csv", "b.csv"}));
}

/// Size and minute are the same: the list does not show it, the second does.
TEST_F(FolderFetchTest, AChangeWithinTheSameMinuteIsSeen) {
  folder_.Put("a.csv", "1", kMorning);
  AskTwice();
  folder_.Put("a.csv", "2", kMorning + 30s);
  AskTwice();
  EXPECT_EQ(passage_.payloads, (Names{"1", "2"}));
}

TEST_F(FolderFetchTest, OnceItsMinuteIsOverTheListIsEnough) {
  folder_.Put("a.csv", "1", kMorning);
  AskTwice();
  AskTwice();
  const int looks = folder_.looks;
  AskTwice();
  EXPECT_EQ(folder_.looks, looks);
}

TEST_F(FolderFetchTest, AFileThatIsWrittenToWhileItIsFetchedIsNotTaken) {
  folder_.Put("a.csv", "1", kMorning - 10min);
  folder_.Put("b.csv", "2", kMorning - 9min);
  folder_.grown_while_fetched = "a.csv";
  EXPECT_EQ(AskTwice(), "file_changed_while_fetched");
  EXPECT_EQ(passage_.names, Names{"b.csv"});
  folder_.grown_while_fetched.clear();
  EXPECT_EQ(AskTwice(), "fine");
  EXPECT_EQ(passage_.names, (Names{"b.csv", "a.csv"}));
}

TEST_F(FolderFetchTest, WithAMarkerTheFirstAskingTakes) {
  fetch_.marker = ".done";
  fetch_.files = "*";
  folder_.Put("a.csv", "1", kMorning);
  folder_.Put("b.csv", "2", kMorning);
  folder_.Put("b.csv.done", "", kMorning);
  EXPECT_EQ(Ask(), "fine");
  EXPECT_EQ(passage_.names, Names{"b.csv"});
  AskTwice();
  EXPECT_EQ(passage_.names, Names{"b.csv"});
}

TEST_F(FolderFetchTest, MovesWhatIsDurableWithItsMarker) {
  fetch_.after = center::AfterFetch::kMove;
  fetch_.move_to = "done";
  fetch_.marker = ".ok";
  folder_.Put("a.csv", "1", kMorning);
  folder_.Put("a.csv.ok", "", kMorning);
  EXPECT_EQ(Ask(), "fine");
  EXPECT_TRUE(folder_.files.empty());
  EXPECT_EQ(folder_.done.size(), 2U);
}

/// The program died after the rows were durable, before the file was moved.
TEST_F(FolderFetchTest, WhatAKillLeftIsMovedLaterAndNotTakenAgain) {
  folder_.Put("a.csv", "1", kMorning - 10min);
  AskTwice();
  fetch_.after = center::AfterFetch::kMove;
  fetch_.move_to = "done";
  Restart();
  EXPECT_EQ(Ask(), "fine");
  EXPECT_TRUE(folder_.files.empty());
  EXPECT_EQ(passage_.names, Names{"a.csv"});
}

TEST_F(FolderFetchTest, DeletesNothingThatWasNotTaken) {
  fetch_.after = center::AfterFetch::kDelete;
  folder_.Put("a.csv", "1", kMorning - 10min);
  folder_.Put("b.csv", "bad", kMorning - 10min);
  folder_.Put("c.txt", "3", kMorning - 10min);
  passage_.refused_payload = "bad";
  EXPECT_EQ(AskTwice(), "wrong_columns");
  EXPECT_FALSE(folder_.files.contains("a.csv"));
  EXPECT_TRUE(folder_.files.contains("b.csv"));
  EXPECT_TRUE(folder_.files.contains("c.txt"));
}

TEST_F(FolderFetchTest, AFileThatCannotBeTakenHoldsUpNoOther) {
  folder_.Put("a.csv", std::string(2'000, 'x'), kMorning - 10min);
  folder_.Put("b\"b.csv", "2", kMorning - 9min);
  folder_.Put("c.csv", "3", kMorning - 8min);
  folder_.faults.emplace("d.csv",
                         base::Error{base::ErrorCode::kUnavailable, "file_unreadable", "d"});
  folder_.Put("d.csv", "4", kMorning - 8min);
  EXPECT_EQ(AskTwice(), "file_too_large");
  EXPECT_EQ(passage_.names, Names{"c.csv"});
}

TEST_F(FolderFetchTest, ATransferThatBreaksOffHoldsUpNoOther) {
  folder_.Put("a.csv", "1", kMorning - 10min);
  folder_.Put("b.csv", "2", kMorning - 9min);
  folder_.faults.emplace("a.csv",
                         base::Error{base::ErrorCode::kUnavailable, "connection_lost", "a"});
  EXPECT_EQ(AskTwice(), "connection_lost");
  EXPECT_EQ(passage_.names, Names{"b.csv"});
}

TEST_F(FolderFetchTest, ALineThatBreaksOffThreeTimesEndsTheAsking) {
  for (const char* name : {"a.csv", "b.csv", "c.csv"}) {
    folder_.Put(name, "1", kMorning - 10min);
    folder_.faults.emplace(name,
                           base::Error{base::ErrorCode::kUnavailable, "connection_lost", name});
  }
  folder_.Put("d.csv", "2", kMorning - 9min);
  EXPECT_EQ(AskTwice(), "connection_lost");
  EXPECT_TRUE(passage_.names.empty());
}

TEST_F(FolderFetchTest, SaysWhatIsWrongWithTheFolder) {
  folder_.listing = "<html></html>";
  EXPECT_EQ(Ask(), "listing_unreadable");
  folder_.listing.clear();
  for (int i = 0; i <= 1'000; ++i) {
    folder_.Put(std::to_string(i) + ".csv", "1", kMorning - 10min);
  }
  EXPECT_EQ(Ask(), "too_many_files");
  folder_.files.clear();
  for (int i = 0; i < 400; ++i) {
    folder_.Put(std::string(200, 'n') + std::to_string(i) + ".csv", "1", kMorning - 10min);
  }
  EXPECT_EQ(Ask(), "too_many_files") << "the position names them all";
  passage_.secrets.clear();
  EXPECT_EQ(Ask(), "secret_missing");
}

TEST_F(FolderFetchTest, TakesAsManyInOneAskingAsDeclared) {
  fetch_.max_files = 2;
  for (int i = 0; i < 5; ++i) folder_.Put(std::to_string(i) + ".csv", "1", kMorning - 10min);
  AskTwice();
  EXPECT_EQ(passage_.names.size(), 2U);
  AskTwice();
  EXPECT_EQ(passage_.names.size(), 5U);
}

TEST_F(FolderFetchTest, OneFileIsMeantByAUrlThatNamesOne) {
  fetch_.url = "sftp://files.example.vn/out/h%C3%A0ng%20ng%C3%A0y.csv";
  folder_.Put("hàng ngày.csv", "1", kMorning - 10min);
  folder_.Put("other.csv", "2", kMorning - 10min);
  AskTwice();
  EXPECT_EQ(passage_.names, Names{"hàng ngày.csv"});
  folder_.files.erase("hàng ngày.csv");
  EXPECT_EQ(Ask(), "file_unreadable");
}

TEST_F(FolderFetchTest, ForgetsFilesThatAreListedNoMore) {
  for (int i = 0; i < 50; ++i) folder_.Put(std::to_string(i) + ".csv", "1", kMorning - 10min);
  AskTwice();
  const std::size_t full = passage_.position.size();
  folder_.files.clear();
  Ask();
  EXPECT_LT(passage_.position.size(), full / 10);
}

TEST_F(FolderFetchTest, SignsInByKeyWhenOneIsDeclared) {
  fetch_.secret.clear();
  fetch_.key = "key";
  Ask();
  EXPECT_EQ(folder_.sign_in.private_key, "-----BEGIN KEY-----\n");
  EXPECT_EQ(folder_.sign_in.password, "");
  // A passphrase, a key that is not in base64, and none at all.
  for (const char* kept :
       {"LS0tLS1CRUdJTiBFTkNSWVBURUQgS0VZLS0tLS0K", "-----BEGIN KEY-----", "", "bm9uZQ=="}) {
    passage_.secrets["key"] = kept;
    EXPECT_EQ(Ask(), "key_unreadable") << kept;
  }
}

}  // namespace
}  // namespace fansipan::sources
