#include "security/testing/access_fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>

namespace fansipan::security {
namespace {

constexpr base::Timestamp kStart{std::chrono::sys_days{std::chrono::year{2026} / 7 / 1}};

}  // namespace

SecurityPolicy CheapPolicy() {
  SecurityPolicy policy;
  policy.argon2 = {.operations = 1, .memory_bytes = 8'192};
  return policy;
}

AccessFixture::AccessFixture(const SecurityPolicy& chosen)
    : clock(kStart), policy(chosen), key(SecretKey::Generate(random)) {
  Reopen();
}

void AccessFixture::Reopen() {
  access.reset();
  auto opened = Access::Open({store, clock, random}, key, policy);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  access = std::move(opened).value();
}

Identity AccessFixture::SignInAdministrator() {
  if (access->set_up().IsNeeded().value()) {
    const std::string link = access->set_up().CreateLink(LocalOperator()).value();
    const auto made = access->set_up().Complete(
        Anonymous(std::string(kAddress)), link,
        {.name = "quanly", .display_name = "Quản lý", .password = std::string(kPassword)});
    EXPECT_TRUE(made.ok());
  }
  return SignInAs("quanly").value().identity;
}

store::AccountId AccessFixture::AddAccount(const std::string& name, Role role) {
  const auto id = access->accounts().Create(LocalOperator(), {.name = name,
                                                              .display_name = "Nguyễn Thị Lan",
                                                              .role = role,
                                                              .password = std::string(kPassword)});
  EXPECT_TRUE(id.ok()) << id.error().message;
  return id.ok() ? *id : store::AccountId{};
}

base::Result<SignIn::SignedIn> AccessFixture::SignInAs(const std::string& name,
                                                       std::string_view password) {
  return access->sign_in().WithPassword(Anonymous(std::string(kAddress)), name, password);
}

std::string LastAct(store::MetaStore& store) {
  const store::AuditHead head = store.GetAuditHead().value();
  const auto records = store.ReadAudit(head.number, 1).value();
  if (records.empty()) return "";
  const store::AuditEvent& event = records.front().event;
  return fmt::format("{} {} {} {}", event.who, event.what, event.on, event.outcome);
}

}  // namespace fansipan::security
