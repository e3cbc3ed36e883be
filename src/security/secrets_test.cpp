#include "security/secrets.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "base/hash.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;
namespace fs = std::filesystem;

class KeyFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("fansipan_key_" + base::ToHex(random_.Bytes(8)));
    fs::create_directory(folder_);
    path_ = (folder_ / "center.key").string();
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  void Write(const std::string& text) { std::ofstream(path_, std::ios::trunc) << text; }

  base::SystemRandom random_;
  base::PosixFileSystem files_;
  fs::path folder_;
  std::string path_;
};

}  // namespace

TEST_F(KeyFile, IsReadBackAsItWasMadeAndReadableByItsOwnerAlone) {
  const auto made = CreateKeyFile(files_, path_, random_);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(LoadKeyFile(files_, path_)->bytes(), made->bytes());
  EXPECT_EQ(fs::status(path_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(KeyFile, IsNeverReplaced) {
  const auto made = CreateKeyFile(files_, path_, random_);
  EXPECT_EQ(CreateKeyFile(files_, path_, random_).error().code, ErrorCode::kConflict);
  EXPECT_EQ(LoadKeyFile(files_, path_)->bytes(), made->bytes());
}

TEST_F(KeyFile, RefusesPlaceholdersAndWhatIsNoKey) {
  EXPECT_EQ(LoadKeyFile(files_, path_).error().code, ErrorCode::kNotFound);
  Write("fansipan-key-1 " + std::string(64, '0') + "\n");
  EXPECT_EQ(LoadKeyFile(files_, path_).error().reason, "placeholder_key");
  Write("fansipan-key-1 deadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeef");
  EXPECT_EQ(LoadKeyFile(files_, path_).error().reason, "placeholder_key");
  for (const std::string text :
       {"", "changeme", "fansipan-key-1 ", "fansipan-key-1 00", "fansipan-key-2 "}) {
    Write(text);
    EXPECT_EQ(LoadKeyFile(files_, path_).error().reason, "malformed_key_file") << text;
  }
  const std::string digits = base::ToHex(random_.Bytes(32));
  Write("fansipan-key-1 " + digits + "00\n");
  EXPECT_EQ(LoadKeyFile(files_, path_).error().reason, "malformed_key_file");
  Write("fansipan-key-1 " + digits.substr(0, 63) + "g\n");
  EXPECT_EQ(LoadKeyFile(files_, path_).error().reason, "malformed_key_file");
}

TEST(DeriveKey, DependsOnMasterAndPurpose) {
  base::SystemRandom random;
  const SecretKey one = SecretKey::Generate(random);
  const SecretKey two = SecretKey::Generate(random);
  EXPECT_EQ(DeriveKey(one, "csrf").bytes(), DeriveKey(one, "csrf").bytes());
  const SecretKey csrf = DeriveKey(one, "csrf");
  const SecretKey audit = DeriveKey(one, "audit");
  const SecretKey other = DeriveKey(two, "csrf");
  const std::set<std::string_view> keys{one.bytes(), csrf.bytes(), audit.bytes(), other.bytes()};
  EXPECT_EQ(keys.size(), 4U);
}

TEST(Authenticate, AgreesWithAnotherProgramsHmac) {
  std::string bytes;
  for (char c = 0; c < 32; ++c) bytes += c;
  // python3: hmac.new(bytes(range(32)), b"Hi There", hashlib.sha256).hexdigest()
  EXPECT_EQ(Authenticate(*SecretKey::FromBytes(bytes), "Hi There"),
            "278639ec02309d3afded1b273f1349ba63b9089c12476d716bee3ecc94673e9e");
}

TEST(Decrypt, OpensOnlyTheSameBytesKeyAndContext) {
  base::SystemRandom random;
  const SecretKey key = SecretKey::Generate(random);
  const SecretKey other = SecretKey::Generate(random);
  const std::string sealed = Encrypt(key, "JBSWY3DPEHPK3PXP", "totp:42", random);
  EXPECT_EQ(sealed.find("JBSWY3DP"), std::string::npos);
  EXPECT_EQ(Decrypt(key, sealed, "totp:42").value(), "JBSWY3DPEHPK3PXP");
  EXPECT_EQ(Decrypt(key, sealed, "totp:43").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Decrypt(other, sealed, "totp:42").error().code, ErrorCode::kCorrupt);
  EXPECT_NE(sealed, Encrypt(key, "JBSWY3DPEHPK3PXP", "totp:42", random));
}

TEST(Decrypt, FindsEveryFlippedBitAndEveryCut) {
  base::SystemRandom random;
  const SecretKey key = SecretKey::Generate(random);
  const std::string sealed = Encrypt(key, "secret", "context", random);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(Decrypt(key, changed, "context").ok()) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(Decrypt(key, sealed.substr(0, size), "context").ok()) << size;
  }
  EXPECT_EQ(Decrypt(key, Encrypt(key, "", "", random), "").value(), "");
}

TEST(MakeToken, IsFitForLinksAndNeverTheSame) {
  base::SystemRandom random;
  const std::string token = MakeToken(random);
  EXPECT_EQ(token.size(), 43U);
  EXPECT_EQ(
      token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
  EXPECT_NE(token, MakeToken(random));
}

}  // namespace fansipan::security
