#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "center/internal/problems.h"
#include "center/internal/yaml_reader.h"
#include "model/decimal.h"
#include "model/text.h"

namespace fansipan::center {

enum class Need { kRequired, kOptional };

/// Bounds of a number, both included.
struct Bounds {
  std::int64_t least = 0;
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

/// A map of a declaration, read key by key. Every getter reports, with the place, what is missing
/// or not of the asked kind, and then answers with nothing or the fallback, so that reading goes on
/// and finds the other problems. Refers to the node and the scope; both outlive it.
class YamlMap {
 public:
  /// `what` names the declaration in messages, e.g. "dataset 'case'". Reports a node that is no map
  /// and keys without a value.
  YamlMap(const YamlNode& node, const FileScope& scope, std::string what);

  /// Reports every key that is not among `keys`.
  void Allow(std::initializer_list<std::string_view> keys) const {
    Allow(std::vector<std::string_view>(keys));
  }
  void Allow(const std::vector<std::string_view>& keys) const;

  const FileScope& scope() const { return scope_; }
  const std::string& what() const { return what_; }
  Position at() const { return node_.anchor(); }
  /// Empty when the node is no map.
  const std::vector<YamlNode>& entries() const;
  void Report(const YamlNode& value, std::string_view message) const;
  void ReportMissing(std::string_view key, std::string_view hint = "") const;

  bool Has(std::string_view key) const;
  /// Nothing when the key is not there, or has no value.
  const YamlNode* Find(std::string_view key, Need need = Need::kOptional) const;
  /// A scalar that is not empty.
  const YamlNode* FindText(std::string_view key, Need need) const;
  std::string Text(std::string_view key, Need need) const;
  /// A scalar that is a name, see IsName.
  const YamlNode* FindName(std::string_view key, Need need) const;
  /// Index of the word in `choices`.
  std::optional<std::size_t> Choice(std::string_view key, const std::vector<std::string>& choices,
                                    Need need) const;
  bool Flag(std::string_view key, bool fallback) const;
  std::int64_t Integer(std::string_view key, Bounds bounds, std::int64_t fallback) const;
  std::optional<model::Decimal> Number(std::string_view key, Need need) const;
  std::optional<base::Duration> Duration(std::string_view key) const;
  std::uint64_t Size(std::string_view key, Bounds bounds, std::uint64_t fallback) const;
  /// A list of at most `most` different scalars.
  std::vector<const YamlNode*> Texts(std::string_view key, Need need,
                                     std::size_t most = 1000) const;
  /// {vi: …, en: …} with exactly the center's languages.
  model::LocalizedText Localized(std::string_view key, const std::vector<std::string>& languages,
                                 Need need) const;

 private:
  const YamlNode& node_;
  const FileScope& scope_;
  std::string what_;
};

}  // namespace fansipan::center
