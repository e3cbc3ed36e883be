#include "security/secrets.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <numeric>
#include <set>
#include <string>

namespace fansipan::security {
using base::ErrorCode;

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
  std::array<std::uint8_t, SecretKey::kSize> bytes{};
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  // python3: hmac.new(bytes(range(32)), b"Hi There", hashlib.sha256).hexdigest()
  EXPECT_EQ(Authenticate(SecretKey(bytes), "Hi There"),
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
