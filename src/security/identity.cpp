#include "security/identity.h"

#include <utility>

namespace fansipan::security {

std::string_view NameOf(Role role) {
  switch (role) {
    case Role::kViewer:
      return "viewer";
    case Role::kAdministrator:
      return "administrator";
  }
  return "";
}

std::optional<Role> FindRole(std::string_view name) {
  for (const Role role : {Role::kViewer, Role::kAdministrator}) {
    if (NameOf(role) == name) return role;
  }
  return std::nullopt;
}

Identity Anonymous(std::string remote_address) {
  return {.kind = IdentityKind::kAnonymous, .remote_address = std::move(remote_address)};
}

Identity LocalOperator() { return {.kind = IdentityKind::kLocalOperator}; }

Identity SourceIdentity(const store::PushToken& token, std::string remote_address) {
  return {.kind = IdentityKind::kSourceToken,
          .source = token.source,
          .source_token = token.id.value,
          .remote_address = std::move(remote_address)};
}

std::string NameForAudit(const Identity& identity) {
  switch (identity.kind) {
    case IdentityKind::kAnonymous:
      return "anonymous";
    case IdentityKind::kAccount:
      return "account:" + identity.name;
    case IdentityKind::kSourceToken:
      return "source:" + identity.source;
    case IdentityKind::kLocalOperator:
      return "local_operator";
  }
  return "";
}

}  // namespace fansipan::security
