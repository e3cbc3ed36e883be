#include "model/indicator.h"

namespace fansipan::model {

std::string_view NameOf(Better better) {
  switch (better) {
    case Better::kHigher:
      return "higher";
    case Better::kLower:
      return "lower";
    case Better::kNeither:
      return "neither";
  }
  return "";
}

}  // namespace fansipan::model
