#include "security/sign_in.h"

#include <utility>

namespace fansipan::security {

base::Result<SignIn::SignedIn> SignIn::WithPassword(const Identity& who, std::string_view name,
                                                    std::string_view password) {
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(who, Action::kSignIn, ""));
  FANSIPAN_ASSIGN_OR_RETURN(const store::Account account,
                            credentials_.Check(who, "sign_in", name, password));
  FANSIPAN_ASSIGN_OR_RETURN(Sessions::Opened opened, sessions_.Open(account, who.remote_address));
  const base::Status recorded =
      audit_.Append(opened.identity, {.what = "sign_in", .on = "account:" + account.name});
  if (!recorded.ok()) {
    (void)sessions_.End(opened.identity.session);
    return recorded.error();
  }
  std::string csrf_token = sessions_.CsrfToken(opened.identity.session);
  return SignedIn{std::move(opened.identity), std::move(opened.token), std::move(csrf_token)};
}

base::Status SignIn::Out(const Identity& who) {
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(who, Action::kSignOut, ""));
  FANSIPAN_RETURN_IF_ERROR(sessions_.End(who.session));
  return audit_.Append(who, {.what = "sign_out", .on = "account:" + who.name});
}

}  // namespace fansipan::security
