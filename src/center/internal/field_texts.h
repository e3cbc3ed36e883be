#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/decimal.h"
#include "model/expression.h"
#include "model/text.h"
#include "model/value.h"

namespace fansipan::center {

/// A declared thing as the texts of its fields, in the order in which they are told.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Texts are told apart with their lengths, so that joining them loses nothing.
inline std::string Joined(std::initializer_list<std::string> texts) {
  std::string joined;
  for (const std::string& text : texts) joined += std::to_string(text.size()) + ":" + text;
  return joined;
}

inline std::string TextOf(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += Joined({text});
  return joined;
}

inline std::string TextOf(const model::LocalizedText& text) {
  std::string joined;
  for (const auto& [language, words] : text) joined += Joined({language, words});
  return joined;
}

inline std::string TextOf(const model::Decimal& number) { return number.Normalized().ToText(); }
inline std::string TextOf(const model::Expression& expression) { return model::ToText(expression); }
inline std::string TextOf(model::Date day) { return model::ToText(model::Value(day)); }
inline std::string TextOf(base::Duration duration) { return std::to_string(duration.count()); }
inline std::string TextOf(double number) { return std::to_string(number); }
inline std::string TextOf(const std::string& text) { return text; }

template <typename Thing>
std::string TextOf(const std::optional<Thing>& thing) {
  return thing ? "+" + TextOf(*thing) : "";
}

}  // namespace fansipan::center
