#include "store/embedded/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/testing/temporary_folder.h"

namespace fansipan::store {
namespace {

class KeyFile : public testing::Test {
 protected:
  base::Result<SecretKey> Load() { return LoadOrCreateKeyFile(files_, path_, random_); }
  void Write(const std::string& text) { ASSERT_TRUE(base::WriteWhole(files_, path_, text).ok()); }
  std::string ReasonOfRefusal() {
    const auto key = Load();
    EXPECT_FALSE(key.ok());
    return key.ok() ? std::string() : key.error().reason;
  }

  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
  base::SystemRandom random_;
  const std::string path_ = folder_ / "key";
};

TEST_F(KeyFile, IsMadeOnceAndLoadedAfterwards) {
  const auto made = Load();
  ASSERT_TRUE(made.ok()) << made.error().message;
  const auto loaded = Load();
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(*made, *loaded);
}

TEST_F(KeyFile, IsReadableByItsOwnerAlone) {
  ASSERT_TRUE(Load().ok());
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(KeyFile, DiffersBetweenTwoCenters) {
  const auto one = Load();
  ASSERT_TRUE(one.ok());
  const auto other = LoadOrCreateKeyFile(files_, folder_ / "other", random_);
  ASSERT_TRUE(other.ok());
  EXPECT_NE(*one, *other);
}

TEST_F(KeyFile, IsRefusedWhenOthersMayReadIt) {
  ASSERT_TRUE(Load().ok());
  for (const mode_t mode : {0640, 0604, 0660}) {
    ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(ReasonOfRefusal(), "key_readable_by_others");
  }
  ASSERT_EQ(::chmod(path_.c_str(), 0400), 0);
  EXPECT_TRUE(Load().ok());
}

TEST_F(KeyFile, IsRefusedWhenItIsAPlaceholder) {
  Write(std::string(64, '0') + "\n");
  EXPECT_EQ(ReasonOfRefusal(), "placeholder_key");
  Write(std::string(64, 'f'));
  EXPECT_EQ(ReasonOfRefusal(), "placeholder_key");
  Write("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
  EXPECT_EQ(ReasonOfRefusal(), "placeholder_key");
}

TEST_F(KeyFile, IsRefusedWhenItIsNoKey) {
  for (const std::string& text : {std::string(), std::string("changeme\n"), std::string(63, 'a'),
                                  std::string(65, 'a'), std::string(64, 'g')}) {
    Write(text);
    EXPECT_EQ(ReasonOfRefusal(), "not_a_key") << text;
  }
}

}  // namespace
}  // namespace fansipan::store
