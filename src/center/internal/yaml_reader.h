#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "center/internal/problems.h"

namespace fansipan::center {

inline constexpr std::size_t kMaxYamlBytes = 1U << 20U;
inline constexpr std::size_t kMaxYamlDepth = 16;
inline constexpr std::size_t kMaxYamlNodes = 100'000;

/// One value of a YAML file with the place it was written at. Scalars stay text: what they mean is
/// decided by the declaration that asks, not by YAML's guesses.
struct YamlNode {
  enum class Kind { kNull, kText, kList, kMap };

  Kind kind = Kind::kNull;
  Position at;
  std::string text;  ///< kText
  /// Columns between `at` and the first character of a text that stands in the file as it is (1
  /// when quoted); nothing when it is folded, escaped or on several lines.
  std::optional<int> text_shift;
  bool in_braces = false;       ///< inside {} or [], where a comma ends a text
  std::vector<YamlNode> items;  ///< kList: the items; kMap: the entries in their order
  std::string key;              ///< an entry of a map: its name
  std::optional<Position> key_at;

  /// Where to point at: the key of an entry, else the value.
  Position anchor() const { return key_at.value_or(at); }
  /// Where byte `offset` of a text stands in the file, as exactly as can be said.
  Position PositionOf(std::size_t offset) const;
};

/// Reads one document. Reports what is not UTF-8, not YAML, too large or deep, a key written twice,
/// and anchors, aliases, tags and further documents, which a center does not use. Nothing when any
/// of it was found.
std::optional<YamlNode> ParseYaml(const FileScope& scope, std::string_view text);

}  // namespace fansipan::center
