#include "model/reported.h"

namespace fansipan::model {

std::optional<std::size_t> ReportedShape::FindVintage(std::string_view name) const {
  for (std::size_t rank = 0; rank < vintages.size(); ++rank) {
    if (vintages[rank].name == name) return rank;
  }
  return std::nullopt;
}

}  // namespace fansipan::model
