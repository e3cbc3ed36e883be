#include "center/internal/yaml_map.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxTextBytes = 4000;

std::string Quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

YamlMap::YamlMap(const YamlNode& node, const FileScope& scope, std::string what)
    : node_(node), scope_(scope), what_(std::move(what)) {
  if (node.kind != YamlNode::Kind::kMap) {
    scope_.Report(node.anchor(), what_ + ": must be a map of keys and values");
    return;
  }
  for (const YamlNode& entry : node.items) {
    if (entry.kind != YamlNode::Kind::kNull) continue;
    scope_.Report(entry.anchor(), what_ + ": '" + entry.key +
                                      "' has no value; give one, or leave "
                                      "the key out");
  }
}

void YamlMap::Allow(const std::vector<std::string_view>& keys) const {
  const std::vector<std::string> allowed(keys.begin(), keys.end());
  for (const YamlNode& entry : entries()) {
    if (std::ranges::find(allowed, entry.key) != allowed.end()) continue;
    scope_.Report(entry.anchor(),
                  what_ + ": unknown key '" + entry.key + "'; " + AllowedText(entry.key, allowed));
  }
}

const std::vector<YamlNode>& YamlMap::entries() const {
  static const std::vector<YamlNode> kNone;
  return node_.kind == YamlNode::Kind::kMap ? node_.items : kNone;
}

void YamlMap::Report(const YamlNode& value, std::string_view message) const {
  std::string text = what_ + ": ";
  if (value.key_at) text += "'" + value.key + "' ";
  scope_.Report(value.at, text + std::string(message));
}

void YamlMap::ReportMissing(std::string_view key, std::string_view hint) const {
  if (node_.kind != YamlNode::Kind::kMap) return;  // reported already
  std::string text = what_ + ": '" + std::string(key) + "' is missing";
  if (!hint.empty()) text += "; " + std::string(hint);
  scope_.Report(at(), std::move(text));
}

bool YamlMap::Has(std::string_view key) const {
  return std::ranges::any_of(entries(), [&](const YamlNode& entry) { return entry.key == key; });
}

const YamlNode* YamlMap::Find(std::string_view key, Need need) const {
  for (const YamlNode& entry : entries()) {
    if (entry.key == key) return entry.kind == YamlNode::Kind::kNull ? nullptr : &entry;
  }
  if (need == Need::kRequired) ReportMissing(key);
  return nullptr;
}

const YamlNode* YamlMap::FindText(std::string_view key, Need need) const {
  const YamlNode* node = Find(key, need);
  if (node == nullptr) return nullptr;
  if (node->kind != YamlNode::Kind::kText) {
    Report(*node, "must be a text");
  } else if (node->text.empty()) {
    Report(*node, "is empty");
  } else if (node->text.size() > kMaxTextBytes) {
    Report(*node, "is longer than " + std::to_string(kMaxTextBytes) + " bytes");
  } else {
    return node;
  }
  return nullptr;
}

std::string YamlMap::Text(std::string_view key, Need need) const {
  const YamlNode* node = FindText(key, need);
  return node == nullptr ? std::string() : node->text;
}

const YamlNode* YamlMap::FindName(std::string_view key, Need need) const {
  const YamlNode* node = FindText(key, need);
  if (node == nullptr || IsName(node->text)) return node;
  Report(*node, "is " + Quoted(node->text) + "; a name has " + std::string(kNameRule));
  return nullptr;
}

std::optional<std::size_t> YamlMap::Choice(std::string_view key,
                                           const std::vector<std::string>& choices,
                                           Need need) const {
  const YamlNode* node = FindText(key, need);
  if (node == nullptr) return std::nullopt;
  const auto found = std::ranges::find(choices, node->text);
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  Report(*node, "is " + Quoted(node->text) + "; " + AllowedText(node->text, choices));
  return std::nullopt;
}

bool YamlMap::Flag(std::string_view key, bool fallback) const {
  const auto choice = Choice(key, {"false", "true"}, Need::kOptional);
  return choice ? *choice == 1 : fallback;
}

std::int64_t YamlMap::Integer(std::string_view key, Bounds bounds, std::int64_t fallback) const {
  const YamlNode* node = FindText(key, Need::kOptional);
  if (node == nullptr) return fallback;
  const auto number = ParseInteger(node->text);
  if (number && *number >= bounds.least && *number <= bounds.most) return *number;
  Report(*node, "is " + Quoted(node->text) + "; allowed: a whole number from " +
                    std::to_string(bounds.least) + " to " + std::to_string(bounds.most));
  return fallback;
}

std::optional<model::Decimal> YamlMap::Number(std::string_view key, Need need) const {
  const YamlNode* node = FindText(key, need);
  if (node == nullptr) return std::nullopt;
  const auto number = model::Decimal::Parse(node->text);
  if (!number) Report(*node, "is " + Quoted(node->text) + "; allowed: a number such as 95 or 0.5");
  return number;
}

std::optional<base::Duration> YamlMap::Duration(std::string_view key) const {
  const YamlNode* node = FindText(key, Need::kOptional);
  if (node == nullptr) return std::nullopt;
  const auto duration = ParseDuration(node->text);
  if (!duration) {
    Report(*node, "is " + Quoted(node->text) + "; allowed: a duration such as 90s, 30m, 8h, 2d");
  }
  return duration;
}

std::uint64_t YamlMap::Size(std::string_view key, Bounds bounds, std::uint64_t fallback) const {
  const YamlNode* node = FindText(key, Need::kOptional);
  if (node == nullptr) return fallback;
  const auto size = ParseSize(node->text);
  if (!size) {
    Report(*node, "is " + Quoted(node->text) + "; allowed: a size such as 512KB, 64MB, 1GB");
    return fallback;
  }
  if (std::cmp_less(*size, bounds.least) || std::cmp_greater(*size, bounds.most)) {
    Report(*node, "is " + Quoted(node->text) + "; allowed: " + std::to_string(bounds.least >> 10U) +
                      "KB to " + std::to_string(bounds.most >> 10U) + "KB");
    return fallback;
  }
  return *size;
}

std::vector<const YamlNode*> YamlMap::Texts(std::string_view key, Need need,
                                            std::size_t most) const {
  const YamlNode* node = Find(key, need);
  if (node == nullptr) return {};
  if (node->kind != YamlNode::Kind::kList) {
    Report(*node, "must be a list: [a, b]");
    return {};
  }
  if (node->items.size() > most) {
    Report(*node, "has more than " + std::to_string(most) + " items");
    return {};
  }
  std::vector<const YamlNode*> texts;
  std::set<std::string_view> seen;
  const std::string in_key = "in '" + std::string(key) + "': ";
  for (const YamlNode& item : node->items) {
    if (item.kind != YamlNode::Kind::kText || item.text.size() > kMaxTextBytes) {
      Report(item, in_key + "every item must be a text");
    } else if (!seen.insert(item.text).second) {
      Report(item, in_key + Quoted(item.text) + " is written twice");
    } else {
      texts.push_back(&item);
    }
  }
  return texts;
}

model::LocalizedText YamlMap::Localized(std::string_view key,
                                        const std::vector<std::string>& languages,
                                        Need need) const {
  model::LocalizedText text;
  const YamlNode* node = Find(key, need);
  if (node == nullptr) return text;
  if (node->kind != YamlNode::Kind::kMap) {
    Report(*node, "must have a text for each language: {vi: …, en: …}");
    return text;
  }
  const YamlMap map(*node, scope_, what_ + ": '" + std::string(key) + "'");
  for (const YamlNode& entry : map.entries()) {
    if (std::ranges::find(languages, entry.key) != languages.end()) continue;
    scope_.Report(entry.anchor(), map.what() + ": '" + entry.key +
                                      "' is no language of this center; " +
                                      AllowedText(entry.key, languages));
  }
  for (const std::string& language : languages) {
    if (const YamlNode* value = map.FindText(language, Need::kRequired)) {
      text.emplace(language, value->text);
    }
  }
  return text;
}

}  // namespace fansipan::center
