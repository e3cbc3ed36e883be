#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "security/access.h"
#include "store/testing/fake_meta_store.h"

namespace fansipan::security {

/// The policy in force, but with the cheapest hash there is.
SecurityPolicy CheapPolicy();

/// First access over a store in memory, a clock that stands still and its own key.
class AccessFixture {
 public:
  static constexpr std::string_view kPassword = "chợ Bắc Hà sáng Chủ nhật";
  static constexpr std::string_view kAddress = "203.0.113.7";

  explicit AccessFixture(const SecurityPolicy& chosen = CheapPolicy());

  /// As after a restart: what is in memory is lost, store and key stay.
  void Reopen();

  /// Sets up with administrator "quanly" and signs in; made once, the same identity's session
  /// after.
  Identity SignInAdministrator();
  /// An account with kPassword.
  store::AccountId AddAccount(const std::string& name, Role role);
  base::Result<SignIn::SignedIn> SignInAs(const std::string& name,
                                          std::string_view password = kPassword);

  base::VirtualClock clock;
  base::SystemRandom random;
  store::FakeMetaStore store;
  SecurityPolicy policy;
  SecretKey key;
  std::unique_ptr<Access> access;
};

/// The last audit record as "who what on outcome".
std::string LastAct(store::MetaStore& store);

}  // namespace fansipan::security
