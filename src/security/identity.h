#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/meta_store.h"

namespace fansipan::security {

/// What an account may be. Rights of a role stand in the table of authorisation.cpp.
enum class Role { kViewer, kAdministrator };

std::string_view NameOf(Role role);
std::optional<Role> FindRole(std::string_view name);

enum class IdentityKind {
  kAnonymous,
  kAccount,       ///< a person with a session
  kSourceToken,   ///< a source that pushes
  kLocalOperator  ///< who may open the program's local socket on the machine itself
};

/// Who asks: found out once per request, then handed on as a parameter. Fields that do not belong
/// to the kind are empty.
struct Identity {
  IdentityKind kind = IdentityKind::kAnonymous;
  store::AccountId account;        ///< of an account
  std::string name;                ///< of an account
  std::string display_name;        ///< of an account
  std::optional<Role> role;        ///< of an account
  std::string session;             ///< id of an account's session, for IsAlive and sign-out
  std::string source;              ///< of a source token
  std::uint64_t source_token = 0;  ///< its id
  std::string remote_address;      ///< empty for the machine itself
};

Identity Anonymous(std::string remote_address);
Identity LocalOperator();
Identity SourceIdentity(const store::PushToken& token, std::string remote_address);

/// How the audit chain names who acted: "account:lan", "source:case_system", "local_operator",
/// "anonymous".
std::string NameForAudit(const Identity& identity);

}  // namespace fansipan::security
