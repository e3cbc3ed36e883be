#pragma once

#include <string>

namespace fansipan::model {

/// The small letter of an ASCII capital; any other byte stays.
constexpr char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
inline std::string LowerAscii(std::string text) {
  for (char& c : text) c = LowerAscii(c);
  return text;
}

}  // namespace fansipan::model
