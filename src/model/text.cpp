#include "model/text.h"

namespace fansipan::model {

std::string_view TextIn(const LocalizedText& text, std::string_view language) {
  const auto found = text.find(language);
  if (found != text.end()) return found->second;
  return text.empty() ? std::string_view() : std::string_view(text.begin()->second);
}

}  // namespace fansipan::model
