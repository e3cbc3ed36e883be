#include "http/recorded_act.h"

#include "security/audit.h"

namespace fansipan::http {

base::Status RecordAct(const Call& call, std::string_view what, const std::string& on,
                       const base::Status& done, std::string_view detail) {
  security::Act act;
  act.what = what;
  act.on = on;
  act.outcome = done.ok() ? security::Outcome::kDone : security::Outcome::kFailed;
  act.detail = done.ok() ? detail : done.error().message;
  return call.services->access->audit().Append(call.identity, act);
}

}  // namespace fansipan::http
