#include "sources/connectors/connection.h"

namespace fansipan::sources {

std::string_view NameOf(ConnectionPhase phase) {
  switch (phase) {
    case ConnectionPhase::kWaiting:
      return "waiting";
    case ConnectionPhase::kAsking:
      return "asking";
    case ConnectionPhase::kHeldBack:
      return "held_back";
    case ConnectionPhase::kFailing:
      return "failing";
    case ConnectionPhase::kPaused:
      return "paused";
  }
  return "";
}

}  // namespace fansipan::sources
