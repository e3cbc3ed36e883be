#include "security/access.h"

#include <utility>

namespace fansipan::security {

/// What can fail to start.
struct Access::Started {
  std::unique_ptr<const SecurityPolicy> policy;
  std::unique_ptr<PasswordHasher> hasher;
  std::unique_ptr<Sessions> sessions;
};

Access::Access(const Ports& ports, const SecretKey& master, Started started)
    : policy_(std::move(started.policy)),
      audit_(ports.store, ports.clock, master),
      hasher_(std::move(started.hasher)),
      sessions_(std::move(started.sessions)),
      credentials_(ports, *policy_, *hasher_, audit_),
      sign_in_(credentials_, *sessions_, audit_),
      accounts_(ports, *policy_, *hasher_, credentials_, *sessions_, audit_),
      set_up_(ports, *policy_, *hasher_, audit_),
      source_tokens_(ports, *policy_, audit_),
      source_secrets_(ports, *policy_, audit_, master) {}

base::Result<std::unique_ptr<Access>> Access::Open(const Ports& ports, const SecretKey& master,
                                                   const SecurityPolicy& policy) {
  Started started;
  started.policy = std::make_unique<const SecurityPolicy>(policy);
  FANSIPAN_ASSIGN_OR_RETURN(started.hasher, PasswordHasher::Start(*started.policy, ports.random));
  FANSIPAN_ASSIGN_OR_RETURN(started.sessions, Sessions::Load(ports, *started.policy, master));
  return std::unique_ptr<Access>(new Access(ports, master, std::move(started)));
}

}  // namespace fansipan::security
