#include "security/access.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/hash.h"
#include "security/testing/access_fixture.h"
#include "store/embedded/key_file.h"
#include "store/embedded/sqlite_meta_store.h"

namespace fansipan::security {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr base::Timestamp kStart{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
constexpr std::string_view kCanary = "canary Ô Quy Hồ 7741";

/// An installation on disk, set up by the same person in the same words as any other.
class Installation {
 public:
  Installation()
      : folder_(fs::temp_directory_path() / ("fansipan_access_" + base::ToHex(random_.Bytes(8)))) {
    fs::create_directory(folder_);
    key_ = std::make_unique<SecretKey>(
        store::LoadOrCreateKeyFile(files_, (folder_ / "center.key").string(), random_).value());
    Open();
  }
  Installation(const Installation&) = delete;
  Installation& operator=(const Installation&) = delete;
  ~Installation() {
    access.reset();
    store.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void Open() {
    access.reset();
    store.reset();
    store = store::OpenSqliteMetaStore((folder_ / "meta.sqlite").string()).value();
    access = Access::Open({*store, clock, random_}, *key_, CheapPolicy()).value();
  }

  /// Everything that must be known to this installation alone.
  std::vector<std::string> MakeSecrets() {
    link = access->set_up().CreateLink(LocalOperator()).value();
    EXPECT_TRUE(
        access->set_up()
            .Complete(Anonymous(""), link, {.name = "quanly", .password = std::string(kCanary)})
            .ok());
    signed_in = access->sign_in().WithPassword(Anonymous(""), "quanly", kCanary).value();
    push_token = access->source_tokens().Create(signed_in.identity, "cases", "").value().token;
    return {std::string(key_->bytes()),
            link,
            signed_in.token,
            signed_in.csrf_token,
            push_token,
            store->FindAccountByName("quanly").value()->password_hash,
            store->GetAuditHead()->seal};
  }

  /// The bytes of every file but the key file.
  std::string StoredBytes() const {
    std::string bytes;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().filename() == "center.key") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  }

  base::VirtualClock clock{kStart};
  std::unique_ptr<store::MetaStore> store;
  std::unique_ptr<Access> access;
  std::string link;
  SignIn::SignedIn signed_in;
  std::string push_token;

 private:
  base::SystemRandom random_;
  base::PosixFileSystem files_;
  fs::path folder_;
  std::unique_ptr<SecretKey> key_;
};

}  // namespace

TEST(Access, SharesNoSecretBetweenTwoFreshInstalls) {
  Installation one;
  Installation two;
  const std::vector<std::string> of_one = one.MakeSecrets();
  const std::vector<std::string> of_two = two.MakeSecrets();
  for (const std::string& secret : of_one) {
    EXPECT_FALSE(secret.empty());
    EXPECT_EQ(std::count(of_two.begin(), of_two.end(), secret), 0);
  }
  EXPECT_FALSE(two.access->sessions().Authenticate(one.signed_in.token, "").ok());
  EXPECT_FALSE(two.access->source_tokens().Verify(one.push_token, "").ok());
}

TEST(Access, HasNoAccountBeforeSetUp) {
  Installation fresh;
  EXPECT_TRUE(fresh.store->ListAccounts()->empty());
  for (const std::string name : {"admin", "administrator", "root", "fansipan", ""}) {
    for (const std::string password : {"", "admin", "password", "fansipan"}) {
      EXPECT_FALSE(fresh.access->sign_in().WithPassword(Anonymous(""), name, password).ok());
    }
  }
}

TEST(Access, KeepsNoPasswordAndNoTokenInItsFiles) {
  Installation installation;
  installation.MakeSecrets();
  const Identity& who = installation.signed_in.identity;
  (void)installation.access->sign_in().WithPassword(Anonymous(""), "quanly", "wrong-canary-1");
  (void)installation.access->sign_in().WithPassword(Anonymous(""), "name-canary-2", "x");
  (void)installation.access->accounts().ChangeOwnPassword(who, kCanary, "new-canary-3 đủ dài");
  const std::string bytes = installation.StoredBytes();
  ASSERT_NE(bytes.find("quanly"), std::string::npos);
  for (const std::string& secret :
       {std::string(kCanary), installation.link, installation.signed_in.token,
        installation.signed_in.csrf_token, installation.push_token, std::string("wrong-canary-1"),
        std::string("name-canary-2"), std::string("new-canary-3")}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  }
}

TEST(Access, IsTheSameAfterItWasClosedAndOpened) {
  Installation installation;
  installation.MakeSecrets();
  installation.Open();
  EXPECT_FALSE(installation.access->set_up().IsNeeded().value());
  EXPECT_TRUE(installation.access->sessions().Authenticate(installation.signed_in.token, "").ok());
  EXPECT_TRUE(installation.access->sessions().IsCsrfToken(installation.signed_in.identity.session,
                                                          installation.signed_in.csrf_token));
  EXPECT_TRUE(installation.access->source_tokens().Verify(installation.push_token, "").ok());
  EXPECT_TRUE(installation.access->sign_in().WithPassword(Anonymous(""), "quanly", kCanary).ok());
  EXPECT_GE(installation.access->audit().Verify().value(), 5U);
}

TEST(Access, EvaluatesTheLimitsThatAreInForceByDefault) {
  SecurityPolicy policy;
  EXPECT_GE(policy.argon2.memory_bytes, std::size_t{19} << 20U);
  EXPECT_EQ(policy.attempts.attempts, 5U);
  EXPECT_EQ(policy.attempts.lock, 15min);
  EXPECT_EQ(policy.viewer_idle, 15min);
  EXPECT_EQ(policy.administrator_idle, 5min);
  EXPECT_EQ(policy.session_life, 12h);
  EXPECT_EQ(policy.password_length, 14U);
}

}  // namespace fansipan::security
