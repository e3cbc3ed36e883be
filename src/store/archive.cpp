#include "store/archive.h"

namespace fansipan::store {

base::Result<std::string> Archive::Put(std::string_view payload) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::unique_ptr<Draft> draft, Begin(payload));
  return draft->Keep();
}

}  // namespace fansipan::store
