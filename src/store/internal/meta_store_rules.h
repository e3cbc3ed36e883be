#pragma once

#include <string_view>

#include "store/meta_store.h"

namespace fansipan::store {

base::Error NoSuch(std::string_view thing);
base::Error NameTaken(std::string_view name);
base::Error AlreadySetUp();
base::Error AlreadyRevoked(PushTokenId id);

}  // namespace fansipan::store
