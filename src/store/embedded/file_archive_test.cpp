#include "store/embedded/file_archive.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/hash.h"
#include "base/random.h"
#include "base/testing/faulty_file_system.h"
#include "base/testing/temporary_folder.h"

namespace fansipan::store {
namespace {

SecretKey KeyOf(std::uint8_t first) {
  SecretKey key{};
  key[0] = first;
  return key;
}

class FileArchiveTest : public testing::Test {
 protected:
  std::unique_ptr<FileArchive> Open(base::FileSystem& files, const std::string& folder,
                                    std::uint8_t key = 1) {
    auto archive = FileArchive::Open(files, folder, KeyOf(key));
    EXPECT_TRUE(archive.ok()) << archive.error().message;
    return archive.ok() ? *std::move(archive) : nullptr;
  }
  std::string PathOf(const std::string& id) const {
    return root_ + "/" + id.substr(0, 2) + "/" + id.substr(2) + ".fa";
  }
  std::string ReadFile(const std::string& path) {
    auto bytes = files_.ReadWhole(path, 1 << 24);
    EXPECT_TRUE(bytes.ok());
    return bytes.ok() ? *bytes : std::string();
  }
  static void WriteFile(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
  const std::string root_ = folder_ / "archive";
};

TEST_F(FileArchiveTest, NeverServesAPayloadOfWhichOneByteChanged) {
  const auto archive = Open(files_, root_);
  const std::string id = *archive->Put("case_number,received_at\nH38-0001,2026-03-01\n");
  const std::string good = ReadFile(PathOf(id));
  for (std::size_t offset = 0; offset < good.size(); ++offset) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string bad = good;
      bad[offset] = static_cast<char>(bad[offset] ^ flip);
      WriteFile(PathOf(id), bad);
      const auto payload = archive->Get(id);
      ASSERT_FALSE(payload.ok()) << "byte " << offset;
      EXPECT_EQ(payload.error().code, base::ErrorCode::kCorrupt);
    }
  }
  WriteFile(PathOf(id), good);
  EXPECT_TRUE(archive->Get(id).ok());
}

TEST_F(FileArchiveTest, NeverServesACutOrLengthenedFile) {
  const auto archive = Open(files_, root_);
  const std::string id = *archive->Put(base::SeededRandom(1).Bytes(200'000));
  const std::string good = ReadFile(PathOf(id));
  ASSERT_GT(good.size(), 200'000U);
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{10}, std::size_t{64}, std::size_t{65}, good.size() / 2,
        std::size_t{64 + 65'553}, std::size_t{64 + 2 * 65'553}, good.size() - 1}) {
    WriteFile(PathOf(id), good.substr(0, length));
    EXPECT_FALSE(archive->Get(id).ok()) << length;
  }
  WriteFile(PathOf(id), good + "x");
  EXPECT_FALSE(archive->Get(id).ok());
  WriteFile(PathOf(id), good + good.substr(64));
  EXPECT_FALSE(archive->Get(id).ok());
}

TEST_F(FileArchiveTest, NeverServesOnePayloadUnderTheNameOfAnother) {
  const auto archive = Open(files_, root_);
  const std::string one = *archive->Put("one");
  const std::string two = *archive->Put("two");
  WriteFile(PathOf(one), ReadFile(PathOf(two)));
  const auto payload = archive->Get(one);
  ASSERT_FALSE(payload.ok());
  EXPECT_EQ(payload.error().code, base::ErrorCode::kCorrupt);
}

TEST_F(FileArchiveTest, ShowsNothingOfAPayloadInItsFile) {
  const auto archive = Open(files_, root_);
  const std::string canary = "canary-079123456789";
  const std::string id = *archive->Put("name,number\nx," + canary + "\n");
  const std::string bytes = ReadFile(PathOf(id));
  EXPECT_EQ(bytes.find("canary"), std::string::npos);
  EXPECT_EQ(bytes.find("079123456789"), std::string::npos);
  const auto unkeyed = base::ToHex(base::Sha256("name,number\nx," + canary + "\n"));
  EXPECT_NE(id, unkeyed) << "a guessed payload could be recognised by its name";
}

TEST_F(FileArchiveTest, NamesPayloadsDifferentlyUnderAnotherKey) {
  const std::string one = *Open(files_, folder_ / "one", 1)->Put("payload");
  const std::string two = *Open(files_, folder_ / "two", 2)->Put("payload");
  EXPECT_NE(one, two);
}

TEST_F(FileArchiveTest, RefusesToOpenUnderAnotherKey) {
  ASSERT_TRUE(Open(files_, root_, 1)->Put("payload").ok());
  const auto other = FileArchive::Open(files_, root_, KeyOf(2));
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, base::ErrorCode::kConflict);
  EXPECT_EQ(other.error().reason, "other_key");
}

TEST_F(FileArchiveTest, WritesADamagedPayloadAnewWhenItComesAgain) {
  const auto archive = Open(files_, root_);
  const std::string id = *archive->Put("payload");
  WriteFile(PathOf(id), "damaged");
  ASSERT_TRUE(archive->Put("payload").ok());
  const auto payload = archive->Get(id);
  ASSERT_TRUE(payload.ok());
  EXPECT_EQ(*payload, "payload");
}

TEST_F(FileArchiveTest, RefusesPayloadsAboveItsLimit) {
  auto archive = FileArchive::Open(files_, root_, KeyOf(1), {.payload_limit = 10});
  ASSERT_TRUE(archive.ok());
  EXPECT_TRUE((*archive)->Put("0123456789").ok());
  const auto put = (*archive)->Put("0123456789a");
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().code, base::ErrorCode::kTooLarge);
}

TEST_F(FileArchiveTest, UnpacksNothingAboveItsLimit) {
  const std::string id = *Open(files_, root_)->Put(std::string(100'000, 'x'));
  auto smaller = FileArchive::Open(files_, root_, KeyOf(1), {.payload_limit = 99'999});
  ASSERT_TRUE(smaller.ok());
  const auto payload = (*smaller)->Get(id);
  ASSERT_FALSE(payload.ok());
  EXPECT_EQ(payload.error().code, base::ErrorCode::kTooLarge);
}

TEST_F(FileArchiveTest, KeepsNothingWhenTheStorageIsFullAndGoesOnAfterwards) {
  base::FaultyFileSystem faulty(files_);
  const auto archive = Open(faulty, root_);
  const std::string kept = *archive->Put("kept");
  const std::string big = base::SeededRandom(2).Bytes(500'000);
  for (const std::uint64_t room : {0, 1, 100, 400'000}) {
    faulty.LimitStorage(room);
    const auto put = archive->Put(big);
    ASSERT_FALSE(put.ok());
    EXPECT_EQ(put.error().code, base::ErrorCode::kStorageFull);
    EXPECT_EQ(archive->List()->size(), 1U);
    EXPECT_TRUE(archive->Get(kept).ok());
  }
  faulty.FreeStorage();
  const auto put = archive->Put(big);
  ASSERT_TRUE(put.ok());
  EXPECT_EQ(files_.List(root_ + "/" + put->substr(0, 2))->size(), 1U) << "no unfinished file stays";
}

TEST_F(FileArchiveTest, PutsNothingMoreAfterAFailedSync) {
  base::FaultyFileSystem faulty(files_);
  auto archive = Open(faulty, root_);
  const std::string kept = *archive->Put("kept");
  faulty.FailNextSync("archive");
  for (int i = 0; i < 2; ++i) {
    const auto put = archive->Put("lost");
    ASSERT_FALSE(put.ok());
    EXPECT_EQ(put.error().code, base::ErrorCode::kIo);
    EXPECT_EQ(put.error().reason, "sync_failed");
  }
  EXPECT_EQ(faulty.failures(), 1U);
  EXPECT_TRUE(archive->Get(kept).ok());
  archive = Open(faulty, root_);
  EXPECT_TRUE(archive->Put("lost").ok());
}

TEST_F(FileArchiveTest, RemovesWhatAnUnfinishedPutLeft) {
  const std::string id = *Open(files_, root_)->Put("payload");
  const std::string leftover = PathOf(id) + ".0.unfinished";
  WriteFile(leftover, "half");
  const auto archive = Open(files_, root_);
  EXPECT_FALSE(files_.Exists(leftover));
  EXPECT_EQ(archive->List()->size(), 1U);
}

}  // namespace
}  // namespace fansipan::store
