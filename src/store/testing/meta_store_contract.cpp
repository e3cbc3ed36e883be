#include "store/testing/meta_store_contract.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace fansipan::store {
namespace {

using base::ErrorCode;
using base::Timestamp;
using namespace std::chrono_literals;

constexpr Timestamp kStart{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};
constexpr AttemptLimit kLimit{.attempts = 5, .lock = 15min};

Account Named(const std::string& name) {
  return {.name = name,
          .display_name = "Nguyễn Thị Lan",
          .role = "viewer",
          .password_hash = "$argon2id$x",
          .created_at = kStart};
}

AuditEvent Event(int number) {
  return {.at = kStart + std::chrono::seconds(number),
          .who = "account:lan",
          .from = "127.0.0.1",
          .what = "sign_in",
          .on = "account:lan",
          .outcome = "done",
          .detail = std::to_string(number)};
}

std::string Seal(std::uint64_t number, const std::string& hash) {
  return "seal " + std::to_string(number) + " " + hash;
}

}  // namespace

void MetaStoreContract::SetUp() {
  store_ = GetParam().make();
  ASSERT_NE(store_, nullptr);
}

AccountId MetaStoreContract::AddNamed(const std::string& name) {
  auto id = store_->AddAccount(Named(name));
  EXPECT_TRUE(id.ok());
  return id.ok() ? *id : AccountId{};
}

std::string NameOfMaker(const testing::TestParamInfo<MetaStoreMaker>& maker) {
  return maker.param.name;
}

// Tests of other parts link this library for its fakes and run no contract.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MetaStoreContract);

TEST_P(MetaStoreContract, FindsAccountsByIdAndNameAndListsThemByName) {
  const AccountId minh = AddNamed("minh");
  const AccountId lan = AddNamed("lan");
  ASSERT_NE(minh, lan);
  const auto by_id = store_->FindAccount(lan);
  ASSERT_TRUE(by_id.ok() && by_id->has_value());
  EXPECT_EQ((*by_id)->name, "lan");
  EXPECT_EQ((*by_id)->display_name, "Nguyễn Thị Lan");
  EXPECT_EQ((*by_id)->created_at, kStart);
  const auto by_name = store_->FindAccountByName("minh");
  ASSERT_TRUE(by_name.ok() && by_name->has_value());
  EXPECT_EQ((*by_name)->id, minh);
  EXPECT_FALSE(store_->FindAccountByName("mai").value().has_value());
  EXPECT_FALSE(store_->FindAccount(AccountId{99}).value().has_value());
  const auto accounts = store_->ListAccounts();
  ASSERT_TRUE(accounts.ok());
  ASSERT_EQ(accounts->size(), 2U);
  EXPECT_EQ(accounts->front().name, "lan");
}

TEST_P(MetaStoreContract, RefusesASecondAccountOfTheSameName) {
  AddNamed("lan");
  const auto second = store_->AddAccount(Named("lan"));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::kConflict);
  EXPECT_EQ(second.error().reason, "name_taken");
}

TEST_P(MetaStoreContract, UpdatesAnAccountWithoutTouchingItsAttempts) {
  const AccountId id = AddNamed("lan");
  ASSERT_TRUE(store_->TakeAttempt(id, kLimit, kStart).ok());
  Account changed = Named("other name");
  changed.id = id;
  changed.role = "administrator";
  changed.disabled = true;
  ASSERT_TRUE(store_->UpdateAccount(changed).ok());
  const Account account = store_->FindAccount(id).value().value();
  EXPECT_EQ(account.name, "lan");
  EXPECT_EQ(account.role, "administrator");
  EXPECT_TRUE(account.disabled);
  EXPECT_EQ(account.failed_attempts, 1U);
  changed.id = {99};
  EXPECT_EQ(store_->UpdateAccount(changed).error().code, ErrorCode::kNotFound);
}

TEST_P(MetaStoreContract, LocksAtTheLimitAndCountsAnewAfterTheLock) {
  const AccountId id = AddNamed("lan");
  for (int i = 0; i < 5; ++i) {
    const auto attempt = store_->TakeAttempt(id, kLimit, kStart);
    ASSERT_TRUE(attempt.ok());
    EXPECT_TRUE(attempt->granted);
    EXPECT_EQ(attempt->locked_until.has_value(), i == 4);
  }
  const auto refused = store_->TakeAttempt(id, kLimit, kStart + 15min - 1us);
  EXPECT_FALSE(refused->granted);
  EXPECT_EQ(refused->locked_until, kStart + 15min);
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(store_->TakeAttempt(id, kLimit, kStart + 15min)->granted);
  }
  EXPECT_FALSE(store_->TakeAttempt(id, kLimit, kStart + 15min)->granted);
  ASSERT_TRUE(store_->ClearAttempts(id).ok());
  EXPECT_TRUE(store_->TakeAttempt(id, kLimit, kStart + 15min)->granted);
  EXPECT_EQ(store_->TakeAttempt(AccountId{99}, kLimit, kStart).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->ClearAttempts(AccountId{99}).error().code, ErrorCode::kNotFound);
}

TEST_P(MetaStoreContract, GrantsNoMoreAttemptsThanTheLimitToParallelCallers) {
  const AccountId id = AddNamed("lan");
  std::atomic<int> granted = 0;
  const auto take_five = [&] {
    for (int i = 0; i < 5; ++i) {
      granted += store_->TakeAttempt(id, kLimit, kStart).value().granted ? 1 : 0;
    }
  };
  std::vector<std::jthread> threads;
  threads.reserve(8);
  for (int t = 0; t < 8; ++t) threads.emplace_back(take_five);
  threads.clear();
  EXPECT_EQ(granted, 5);
}

TEST_P(MetaStoreContract, KeepsSessionsUntilTheyAreRemoved) {
  const AccountId lan = AddNamed("lan");
  const AccountId minh = AddNamed("minh");
  const auto session = [](const std::string& hash, AccountId account) {
    return Session{hash, account, kStart, kStart, kStart + 12h};
  };
  ASSERT_TRUE(store_->AddSession(session("a", lan)).ok());
  ASSERT_TRUE(store_->AddSession(session("b", lan)).ok());
  ASSERT_TRUE(store_->AddSession(session("c", lan)).ok());
  ASSERT_TRUE(store_->AddSession(session("d", minh)).ok());
  EXPECT_EQ(store_->AddSession(session("a", lan)).error().code, ErrorCode::kConflict);
  EXPECT_EQ(store_->AddSession(session("e", AccountId{99})).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store_->TouchSession("a", kStart + 1min).ok());
  EXPECT_EQ(store_->TouchSession("z", kStart).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store_->RemoveSession("b").ok());
  ASSERT_TRUE(store_->RemoveSession("b").ok());
  const auto sessions = store_->ListSessions();
  ASSERT_EQ(sessions->size(), 3U);
  EXPECT_EQ(sessions->front().token_hash, "a");
  EXPECT_EQ(sessions->front().account, lan);
  EXPECT_EQ(sessions->front().last_seen_at, kStart + 1min);
  EXPECT_EQ(sessions->front().expires_at, kStart + 12h);
  ASSERT_TRUE(store_->RemoveSessionsOf(lan).ok());
  ASSERT_EQ(store_->ListSessions()->size(), 1U);
  EXPECT_EQ(store_->ListSessions()->front().token_hash, "d");
}

TEST_P(MetaStoreContract, RevokesAPushTokenOnceAndKeepsItListed) {
  PushToken token{
      .source = "case_system", .label = "night", .token_hash = "h1", .created_at = kStart};
  const auto id = store_->AddPushToken(token);
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(store_->AddPushToken(token).error().code, ErrorCode::kConflict);
  token.source = "gauges";
  token.token_hash = "h2";
  ASSERT_TRUE(store_->AddPushToken(token).ok());
  ASSERT_TRUE(store_->TouchPushToken(*id, kStart + 1min).ok());
  ASSERT_TRUE(store_->RevokePushToken(*id, kStart + 2min).ok());
  EXPECT_EQ(store_->RevokePushToken(*id, kStart).error().code, ErrorCode::kConflict);
  EXPECT_EQ(store_->RevokePushToken(PushTokenId{99}, kStart).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->TouchPushToken(PushTokenId{99}, kStart).error().code, ErrorCode::kNotFound);
  const PushToken found = store_->FindPushToken("h1").value().value();
  EXPECT_EQ(found.id, *id);
  EXPECT_EQ(found.label, "night");
  EXPECT_EQ(found.last_used_at, kStart + 1min);
  EXPECT_EQ(found.revoked_at, kStart + 2min);
  EXPECT_FALSE(store_->FindPushToken("h3").value().has_value());
  EXPECT_EQ(store_->ListPushTokens("")->size(), 2U);
  ASSERT_EQ(store_->ListPushTokens("gauges")->size(), 1U);
  EXPECT_EQ(store_->ListPushTokens("gauges")->front().source, "gauges");
}

TEST_P(MetaStoreContract, KeepsTheLastSecretOfANameUntilItIsRemoved) {
  EXPECT_FALSE(store_->FindSecret("registry")->has_value());
  ASSERT_TRUE(store_->PutSecret({"registry", "01ab", kStart, "account:lan"}).ok());
  ASSERT_TRUE(store_->PutSecret({"gateway", "01cd", kStart, "account:lan"}).ok());
  ASSERT_TRUE(store_->PutSecret({"registry", "01ef", kStart + 1min, "account:minh"}).ok());
  const auto found = store_->FindSecret("registry").value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->sealed, "01ef");
  EXPECT_EQ(found->set_at, kStart + 1min);
  EXPECT_EQ(found->set_by, "account:minh");
  const auto all = store_->ListSecrets().value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "gateway");
  EXPECT_EQ(all[1].name, "registry");
  ASSERT_TRUE(store_->RemoveSecret("registry").ok());
  EXPECT_EQ(store_->RemoveSecret("registry").error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(store_->FindSecret("registry")->has_value());
}

TEST_P(MetaStoreContract, CompletesSetUpOnceWithTheNewestLinkOnly) {
  EXPECT_FALSE(store_->FindSetUp().value().has_value());
  EXPECT_EQ(store_->CompleteSetUp("", Named("lan")).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store_->PutSetUp({"old", kStart, std::nullopt}).ok());
  ASSERT_TRUE(store_->PutSetUp({"new", kStart + 1min, std::nullopt}).ok());
  EXPECT_EQ(store_->CompleteSetUp("old", Named("lan")).error().code, ErrorCode::kNotFound);
  const auto first = store_->CompleteSetUp("new", Named("lan"));
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(store_->FindAccount(*first).value()->name, "lan");
  EXPECT_EQ(store_->FindSetUp().value()->used_at, kStart);
  const auto again = store_->CompleteSetUp("new", Named("minh"));
  EXPECT_EQ(again.error().reason, "already_set_up");
  EXPECT_EQ(store_->PutSetUp({"third", kStart, std::nullopt}).error().reason, "already_set_up");
  EXPECT_EQ(store_->ListAccounts()->size(), 1U);
}

TEST_P(MetaStoreContract, LeavesTheLinkUnusedWhenTheAccountCannotBeMade) {
  AddNamed("lan");
  ASSERT_TRUE(store_->PutSetUp({"link", kStart, std::nullopt}).ok());
  EXPECT_EQ(store_->CompleteSetUp("link", Named("lan")).error().reason, "name_taken");
  EXPECT_FALSE(store_->FindSetUp().value()->used_at.has_value());
  EXPECT_TRUE(store_->CompleteSetUp("link", Named("minh")).ok());
}

TEST_P(MetaStoreContract, ChainsAuditRecordsAndReadsThemInPages) {
  EXPECT_EQ(store_->GetAuditHead()->number, 0U);
  EXPECT_EQ(VerifyAudit(*store_, Seal).value(), 0U);
  std::string previous;
  for (int i = 1; i <= 7; ++i) {
    const auto record = store_->AppendAudit(Event(i), Seal);
    ASSERT_TRUE(record.ok());
    EXPECT_EQ(record->number, static_cast<std::uint64_t>(i));
    EXPECT_EQ(record->hash, AuditHash(previous, record->number, Event(i)));
    previous = record->hash;
  }
  const auto page = store_->ReadAudit(3, 2);
  ASSERT_EQ(page->size(), 2U);
  EXPECT_EQ(page->front().number, 3U);
  EXPECT_EQ(page->front().event, Event(3));
  EXPECT_EQ(store_->ReadAudit(7, 10)->size(), 1U);
  EXPECT_TRUE(store_->ReadAudit(8, 10)->empty());
  EXPECT_EQ(store_->GetAuditHead()->hash, previous);
  EXPECT_EQ(VerifyAudit(*store_, Seal).value(), 7U);
}

TEST_P(MetaStoreContract, KeepsTheChainWholeUnderParallelAppends) {
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10; ++i) EXPECT_TRUE(store_->AppendAudit(Event(i), Seal).ok());
      });
    }
  }
  EXPECT_EQ(VerifyAudit(*store_, Seal).value(), 40U);
}

TEST_P(MetaStoreContract, FindsASealOfAnotherKey) {
  ASSERT_TRUE(store_->AppendAudit(Event(1), Seal).ok());
  const auto other = [](std::uint64_t, const std::string&) { return std::string("forged"); };
  EXPECT_EQ(VerifyAudit(*store_, other).error().code, ErrorCode::kCorrupt);
}

}  // namespace fansipan::store
