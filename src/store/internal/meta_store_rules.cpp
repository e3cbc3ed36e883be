#include "store/internal/meta_store_rules.h"

#include <fmt/format.h>

namespace fansipan::store {

base::Error NoSuch(std::string_view thing) {
  return {base::ErrorCode::kNotFound, "", fmt::format("there is no such {}", thing)};
}

base::Error NameTaken(std::string_view name) {
  return {base::ErrorCode::kConflict, "name_taken",
          fmt::format("there is an account '{}' already; choose another name", name)};
}

base::Error AlreadySetUp() {
  return {base::ErrorCode::kConflict, "already_set_up",
          "the set-up link was used before; sign in with the account that it made"};
}

base::Error AlreadyRevoked(PushTokenId id) {
  return {base::ErrorCode::kConflict, "already_revoked",
          fmt::format("push token {} was revoked before", id.value)};
}

}  // namespace fansipan::store
