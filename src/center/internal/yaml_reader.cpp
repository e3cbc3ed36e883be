#include "center/internal/yaml_reader.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <set>
#include <sstream>
#include <utility>

#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Builds the tree from the parser's events. Events, unlike the library's own tree, come before
// aliases are resolved and before repeated keys are lost. After the first refusal the rest is not
// kept.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const FileScope& scope, std::string_view text) : scope_(scope), text_(text) {
    lines_.push_back(0);
    for (std::size_t offset = 0; offset < text.size(); ++offset) {
      if (text[offset] == '\n') lines_.push_back(offset + 1);
    }
  }

  std::optional<YamlNode> TakeRoot() { return std::exchange(root_, std::nullopt); }

  // Marks come nearly in order, so counting goes on from the last one: a line of many values is
  // counted once.
  Position PositionOf(const YAML::Mark& mark) {
    if (mark.is_null() || mark.line < 0 || mark.column < 0) return {};
    const auto line = std::min(static_cast<std::size_t>(mark.line), lines_.size() - 1);
    const std::size_t offset =
        std::min(lines_[line] + static_cast<std::size_t>(mark.column), text_.size());
    if (line != counted_line_ || offset < counted_offset_) {
      counted_line_ = line;
      counted_offset_ = lines_[line];
      counted_characters_ = 0;
    }
    counted_characters_ += CountCharacters(text_.substr(counted_offset_, offset - counted_offset_));
    counted_offset_ = offset;
    return {static_cast<int>(line) + 1, counted_characters_ + 1};
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { RefuseAnchor(mark); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    RefuseAnchor(mark);
    Place(NodeAt(YamlNode::Kind::kNull, mark));
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    YamlNode node = NodeAt(YamlNode::Kind::kNull, mark);
    if (AtKey()) scope_.Report(node.at, "a key is empty; write the name before ':'");
    Place(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    CheckTag(mark, tag);
    YamlNode node = NodeAt(YamlNode::Kind::kText, mark);
    node.text = value;
    const std::size_t offset =
        std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
    if (text_.substr(offset, value.size()) == value) {
      node.text_shift = 0;
    } else if (text_.substr(std::min(offset + 1, text_.size()), value.size()) == value) {
      node.text_shift = 1;
    }
    Place(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value style) override {
    CheckTag(mark, tag);
    Enter(NodeAt(YamlNode::Kind::kList, mark), style == YAML::EmitterStyle::Flow);
  }
  void OnSequenceEnd() override { Leave(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value style) override {
    CheckTag(mark, tag);
    Enter(NodeAt(YamlNode::Kind::kMap, mark), style == YAML::EmitterStyle::Flow);
  }
  void OnMapEnd() override { Leave(); }

 private:
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;  // a map's key that waits for its value
    std::set<std::string> keys;
    bool flow = false;
  };

  YamlNode NodeAt(YamlNode::Kind kind, const YAML::Mark& mark) {
    YamlNode node;
    node.kind = kind;
    node.at = PositionOf(mark);
    node.in_braces = !open_.empty() && open_.back().flow;
    return node;
  }

  bool AtKey() const {
    return skipped_depth_ == 0 && !open_.empty() &&
           open_.back().node.kind == YamlNode::Kind::kMap && !open_.back().key;
  }

  void RefuseAnchor(const YAML::Mark& mark) {
    scope_.Report(PositionOf(mark),
                  "anchors (&name) and aliases (*name) are not read; write the text out, or quote "
                  "a text that begins with & or *");
  }

  void CheckTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    scope_.Report(PositionOf(mark),
                  "tags (!name) are not read; leave it out, or quote a text that "
                  "begins with !");
  }

  void Enter(YamlNode node, bool flow) {
    if (AtKey()) scope_.Report(node.at, "a key must be a name, not a list or a map");
    if (skipped_depth_ > 0 || open_.size() == kMaxYamlDepth || AtKey()) {
      if (skipped_depth_ == 0 && open_.size() == kMaxYamlDepth) {
        scope_.Report(node.at, "nested deeper than " + std::to_string(kMaxYamlDepth) + " levels");
      }
      ++skipped_depth_;
      return;
    }
    const bool inside_flow = flow || (!open_.empty() && open_.back().flow);
    open_.push_back({std::move(node), std::nullopt, {}, inside_flow});
  }

  void Leave() {
    if (skipped_depth_ > 0) {
      --skipped_depth_;
      // The skipped value stands in its parent as a null, so that keys and values keep in step.
      if (skipped_depth_ == 0) Place(YamlNode{});
      return;
    }
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    Place(std::move(node));
  }

  void Place(YamlNode node) {
    if (skipped_depth_ > 0) return;
    if (++nodes_ == kMaxYamlNodes) {
      scope_.Report(node.at, "more than " + std::to_string(kMaxYamlNodes) + " values in one file");
    }
    if (nodes_ >= kMaxYamlNodes) node = YamlNode{};
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.kind == YamlNode::Kind::kList) {
      Keep(std::move(node));
    } else if (!open_.back().key) {
      open_.back().key = std::move(node);
    } else {
      PlaceEntry(std::move(node));
    }
  }

  void PlaceEntry(YamlNode node) {
    Open& map = open_.back();
    const YamlNode key = *std::exchange(map.key, std::nullopt);
    if (nodes_ < kMaxYamlNodes && key.kind == YamlNode::Kind::kText &&
        !map.keys.insert(key.text).second) {
      scope_.Report(key.at, "the key '" + key.text + "' is written twice; keep one");
    }
    node.key = key.text;
    node.key_at = key.at;
    Keep(std::move(node));
  }

  void Keep(YamlNode node) {
    if (nodes_ < kMaxYamlNodes) open_.back().node.items.push_back(std::move(node));
  }

  const FileScope& scope_;
  std::string_view text_;
  std::vector<std::size_t> lines_;  // offset of each line's first byte
  std::size_t counted_line_ = 0;    // the place that was asked for last
  std::size_t counted_offset_ = 0;
  int counted_characters_ = 0;
  std::vector<Open> open_;
  std::optional<YamlNode> root_;
  std::size_t skipped_depth_ = 0;
  std::size_t nodes_ = 0;
};

// The library's wording, in small letters, without its own line and column.
std::string WhatIsWrong(const YAML::Exception& exception) {
  std::string message = "not readable as YAML: " + exception.msg;
  if (exception.msg.find("end of map") != std::string::npos) {
    message += " (a text with a comma inside { } must be quoted, a text with ': ' always)";
  }
  return message;
}

void RunParser(const FileScope& scope, std::string_view text, TreeBuilder& builder) {
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return;
    TreeBuilder further(scope, text);
    if (parser.HandleNextDocument(further)) {
      const std::optional<YamlNode> second = further.TakeRoot();
      scope.Report(second ? second->at : Position{}, "one document a file; leave out '---'");
    }
  } catch (const YAML::Exception& exception) {
    scope.Report(builder.PositionOf(exception.mark), WhatIsWrong(exception));
  } catch (const std::exception& exception) {
    scope.Report({}, std::string("not readable as YAML: ") + exception.what());
  }
}

}  // namespace

Position YamlNode::PositionOf(std::size_t offset) const {
  if (!text_shift || text.find('\n') != std::string::npos) return at;
  const int characters = CountCharacters(std::string_view(text).substr(0, offset));
  return {at.line, at.column + *text_shift + characters};
}

std::optional<YamlNode> ParseYaml(const FileScope& scope, std::string_view text) {
  if (text.size() > kMaxYamlBytes) {
    scope.Report({}, "larger than 1 MB; spread the declarations over several systems");
    return std::nullopt;
  }
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (const auto bad = FindBadByte(text)) {
    scope.Report(PositionAt(text, *bad), "not UTF-8 text, or a control character");
    return std::nullopt;
  }
  const std::size_t before = scope.problems->count();
  TreeBuilder builder(scope, text);
  RunParser(scope, text, builder);
  if (scope.problems->count() != before) return std::nullopt;
  std::optional<YamlNode> root = builder.TakeRoot();
  if (!root) scope.Report({}, "the file declares nothing; fill it, or remove it");
  return root;
}

}  // namespace fansipan::center
