#include "store/embedded/sqlite_meta_store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/hash.h"
#include "base/random.h"
#include "store/testing/meta_store_contract.h"

namespace fansipan::store {
namespace {

using base::ErrorCode;
using base::Timestamp;
namespace fs = std::filesystem;

constexpr Timestamp kStart{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

/// A folder of its own, removed at the end.
class Folder {
 public:
  Folder()
      : path_(fs::temp_directory_path() /
              ("fansipan_meta_" + base::ToHex(base::SystemRandom().Bytes(8)))) {
    fs::create_directory(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string File() const { return (path_ / "meta.sqlite").string(); }

 private:
  fs::path path_;
};

/// Removes its folder together with the store of one test of the contract.
class StoreInFolder {
 public:
  static std::unique_ptr<MetaStore> Make() {
    static std::unique_ptr<Folder> folder;
    folder = std::make_unique<Folder>();
    auto store = OpenSqliteMetaStore(folder->File());
    EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().message);
    return store.ok() ? std::move(store).value() : nullptr;
  }
};

std::string Seal(std::uint64_t number, const std::string& hash) {
  return "seal " + std::to_string(number) + hash;
}

AuditEvent Event(int number) {
  return {.at = kStart,
          .who = "account:lan",
          .from = "127.0.0.1",
          .what = "sign_in",
          .on = "",
          .outcome = "done",
          .detail = std::to_string(number)};
}

/// Changes the file as somebody with a shell would.
void Tamper(const std::string& path, const std::string& sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
}

class SqliteAuditTamper : public testing::TestWithParam<std::string> {};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Sqlite, MetaStoreContract,
                         testing::Values(MetaStoreMaker{"Sqlite", StoreInFolder::Make}),
                         NameOfMaker);

TEST(SqliteMetaStore, KeepsEverythingWhenOpenedAgain) {
  const Folder folder;
  {
    auto store = OpenSqliteMetaStore(folder.File()).value();
    const auto id = store->AddAccount(
        {.name = "lan", .role = "viewer", .password_hash = "x", .created_at = kStart});
    ASSERT_TRUE(id.ok());
    ASSERT_TRUE(store->AddSession({"s", *id, kStart, kStart, kStart}).ok());
    ASSERT_TRUE(store->AddPushToken({.source = "a", .token_hash = "t"}).ok());
    ASSERT_TRUE(store->PutSetUp({"u", kStart, std::nullopt}).ok());
    ASSERT_TRUE(store->AppendAudit(Event(1), Seal).ok());
  }
  auto store = OpenSqliteMetaStore(folder.File()).value();
  EXPECT_EQ(store->ListAccounts()->size(), 1U);
  EXPECT_EQ(store->ListSessions()->size(), 1U);
  EXPECT_EQ(store->ListPushTokens("a")->size(), 1U);
  EXPECT_EQ(store->FindSetUp().value()->token_hash, "u");
  ASSERT_TRUE(store->AppendAudit(Event(2), Seal).ok());
  EXPECT_EQ(VerifyAudit(*store, Seal).value(), 2U);
}

TEST(SqliteMetaStore, TakesOverAStoreOfFormatOneWhichKeptNoSecrets) {
  const Folder folder;
  {
    auto store = OpenSqliteMetaStore(folder.File()).value();
    ASSERT_TRUE(store->AddPushToken({.source = "a", .token_hash = "t"}).ok());
  }
  Tamper(folder.File(), "DROP TABLE secret; PRAGMA user_version = 1");
  for (int opening = 0; opening < 2; ++opening) {
    auto store = OpenSqliteMetaStore(folder.File()).value();
    EXPECT_EQ(store->ListPushTokens("a")->size(), 1U);
    ASSERT_TRUE(store->PutSecret({"registry", "01ab", kStart, "account:lan"}).ok());
    EXPECT_EQ(store->ListSecrets()->size(), 1U);
  }
}

TEST(SqliteMetaStore, IsReadableByItsOwnerAlone) {
  const Folder folder;
  std::ofstream(folder.File()).close();
  fs::permissions(folder.File(), fs::perms::all);
  auto store = OpenSqliteMetaStore(folder.File()).value();
  ASSERT_TRUE(store->AppendAudit(Event(1), Seal).ok());
  for (const std::string suffix : {"", "-wal", "-shm"}) {
    EXPECT_EQ(fs::status(folder.File() + suffix).permissions(),
              fs::perms::owner_read | fs::perms::owner_write)
        << suffix;
  }
}

TEST(SqliteMetaStore, RefusesANewerFormat) {
  const Folder folder;
  ASSERT_TRUE(OpenSqliteMetaStore(folder.File()).ok());
  Tamper(folder.File(), "PRAGMA user_version = " + std::to_string(kSqliteMetaStoreFormat + 1));
  const auto opened = OpenSqliteMetaStore(folder.File());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
}

TEST(SqliteMetaStore, RefusesAFileThatIsNotOurs) {
  const Folder folder;
  Tamper(folder.File(), "CREATE TABLE recipe (name TEXT)");
  EXPECT_EQ(OpenSqliteMetaStore(folder.File()).error().code, ErrorCode::kCorrupt);
}

TEST(SqliteMetaStore, RefusesAFileThatIsNoDatabase) {
  const Folder folder;
  std::ofstream(folder.File()) << std::string(5'000, 'x');
  EXPECT_EQ(OpenSqliteMetaStore(folder.File()).error().code, ErrorCode::kCorrupt);
}

TEST(SqliteMetaStore, SaysSoWhenItsFolderIsMissing) {
  EXPECT_EQ(OpenSqliteMetaStore("/nonexistent/meta.sqlite").error().code, ErrorCode::kIo);
}

TEST_P(SqliteAuditTamper, IsFound) {
  const Folder folder;
  {
    auto store = OpenSqliteMetaStore(folder.File()).value();
    for (int i = 1; i <= 5; ++i) ASSERT_TRUE(store->AppendAudit(Event(i), Seal).ok());
    ASSERT_EQ(VerifyAudit(*store, Seal).value(), 5U);
  }
  Tamper(folder.File(), GetParam());
  auto store = OpenSqliteMetaStore(folder.File()).value();
  const auto verified = VerifyAudit(*store, Seal);
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().code, ErrorCode::kCorrupt);
}

INSTANTIATE_TEST_SUITE_P(
    Sqlite, SqliteAuditTamper,
    testing::Values("UPDATE audit SET detail = 'other' WHERE number = 3",
                    "UPDATE audit SET at = at + 1 WHERE number = 1",
                    "UPDATE audit SET who = 'account:la', origin = 'n127.0.0.1' WHERE number = 2",
                    "DELETE FROM audit WHERE number = 3", "DELETE FROM audit WHERE number = 1",
                    "DELETE FROM audit WHERE number = 5",
                    "DELETE FROM audit WHERE number = 5; UPDATE audit_head SET number = 4,"
                    " hash = (SELECT hash FROM audit WHERE number = 4)",
                    "DELETE FROM audit_head",
                    "UPDATE audit SET number = 9 WHERE number = 2; UPDATE audit SET number = 2"
                    " WHERE number = 4; UPDATE audit SET number = 4 WHERE number = 9",
                    "INSERT INTO audit SELECT 6, at, who, origin, what, object, outcome, detail,"
                    " hash FROM audit WHERE number = 5"));

}  // namespace fansipan::store
