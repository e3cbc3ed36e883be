#include "sources/internal/xml/xml_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/spelling/composing.h"
#include "sources/internal/utf8.h"
#include "sources/internal/xml/xml_paths.h"
#include "sources/internal/xml/xml_reader.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kShownName = 100;

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t start = text.find_first_not_of(kSpace);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kSpace) - start + 1);
}

/// What the columns make of the elements of one record.
class XmlRecord {
 public:
  XmlRecord(const center::XmlShape& shape, XmlPathTree tree)
      : shape_(shape), tree_(std::move(tree)), cells_(shape.columns.size()) {}

  bool is_open() const { return depth_ > 0; }
  bool wants_text() const { return depth_ > 0 && open_[depth_ - 1].wants_text; }
  void Text(std::string_view piece) { open_[depth_ - 1].text.append(piece); }

  void Begin(const XmlTag& tag, bool legacy) {
    legacy_ = legacy;
    if (depth_ == 0) std::fill(cells_.begin(), cells_.end(), std::nullopt);
    if (depth_ == open_.size()) open_.emplace_back();
    Element& element = open_[depth_];
    element.steps.clear();
    element.taken.clear();
    element.text.clear();
    if (depth_ == 0) {
      repeated_.reset();
      element.steps.push_back(XmlPathTree::kRecord);
    } else {
      FindSteps(open_[depth_ - 1], tag.name, element.steps);
    }
    ++depth_;
    element.wants_text = std::ranges::any_of(
        element.steps, [&](auto step) { return !tree_.node(step).columns.empty(); });
    for (const auto step : element.steps) TakeAttributes(tree_.node(step), tag);
  }

  void End() {
    const Element& element = open_[--depth_];
    if (!element.wants_text) return;
    for (const auto step : element.steps) {
      for (const std::size_t column : tree_.node(step).columns) Add(column, element.text);
    }
  }

  /// The column whose path the record has several times though nothing joins them.
  const std::optional<std::size_t>& repeated() const { return repeated_; }
  std::vector<std::optional<std::string>>& cells() { return cells_; }

 private:
  /// An element that is open, from the record down.
  struct Element {
    std::vector<XmlPathTree::NodeNumber> steps;  ///< that mean it
    std::vector<XmlPathTree::NodeNumber> taken;  ///< below it, of which it had the first
    std::string text;
    bool wants_text = false;
  };

  void FindSteps(Element& parent, const XmlExpandedName& name,
                 std::vector<XmlPathTree::NodeNumber>& found) {
    for (const auto step : parent.steps) tree_.FindSteps(step, name, found);
    std::erase_if(found, [&](auto step) {
      if (!tree_.node(step).first) return false;
      if (std::ranges::find(parent.taken, step) != parent.taken.end()) return true;
      parent.taken.push_back(step);
      return false;
    });
  }

  void TakeAttributes(const XmlPathTree::Node& node, const XmlTag& tag) {
    if (node.attributes.empty()) return;
    for (const char* const* at = tag.attributes; *at != nullptr; at += 2) {
      const XmlExpandedName name = SplitName(at[0]);
      for (const XmlPathTree::Attribute& wanted : node.attributes) {
        if (Means(wanted.name, name)) Add(wanted.column, at[1]);
      }
    }
  }

  void Add(std::size_t column, std::string_view text) {
    text = Trimmed(text);
    if (text.empty()) return;
    std::optional<std::string>& cell = cells_[column];
    if (!cell) {
      cell = legacy_ ? model::Compose(text) : std::string(text);
    } else if (shape_.join) {
      cell->append(*shape_.join).append(legacy_ ? model::Compose(text) : std::string(text));
    } else if (!repeated_) {
      repeated_ = column;
    }
  }

  const center::XmlShape& shape_;
  const XmlPathTree tree_;
  std::vector<Element> open_;  ///< those beyond depth_ keep their memory
  std::size_t depth_ = 0;
  std::vector<std::optional<std::string>> cells_;
  std::optional<std::size_t> repeated_;
  bool legacy_ = false;
};

class XmlWalk final : public XmlConsumer {
 public:
  XmlWalk(const XmlReader& reader, const center::XmlShape& shape, center::XmlPath records_at,
          XmlPathTree tree, RowCollector& rows)
      : reader_(reader),
        shape_(shape),
        records_at_(std::move(records_at)),
        record_(shape, std::move(tree)),
        rows_(rows) {}

  base::Status Begin(const XmlTag& tag) override {
    ++depth_;
    if (!record_.is_open()) {
      if (matched_ + 1 != depth_ || !Means(records_at_.elements[matched_], tag.name)) return {};
      ++matched_;
      found_ = std::max(found_, matched_);
      if (matched_ < records_at_.elements.size()) return {};
      start_ = tag.offset;
      FANSIPAN_RETURN_IF_ERROR(rows_.StartRow(start_, reader_.line()));
    }
    record_.Begin(tag, reader_.is_legacy());
    return {};
  }

  base::Status End(const XmlTag& tag) override {
    --depth_;
    if (!record_.is_open()) {
      matched_ = std::min(matched_, depth_);
      return {};
    }
    record_.End();
    if (record_.is_open()) return {};
    matched_ = depth_;
    return EndRow(tag.end - start_);
  }

  void Text(std::string_view piece) override { record_.Text(piece); }
  bool WantsText() const override { return record_.wants_text(); }

  /// Without a record it must at least have been clear where they would be.
  base::Status CheckFound() const {
    const std::size_t above = records_at_.elements.size() - 1;
    if (found_ >= std::max<std::size_t>(above, 1)) return {};
    return base::Error{base::ErrorCode::kInvalidArgument, "wrong_shape",
                       fmt::format("the document has no element at '{}', where the records should "
                                   "be; compare names and namespaces with what the source sends",
                                   shape_.records_at)};
  }

 private:
  base::Status EndRow(std::uint64_t length) {
    if (const auto& repeated = record_.repeated()) {
      const center::RawColumn& column = shape_.columns[*repeated];
      return rows_.RefuseRow(
          length, "repeated_element",
          fmt::format("the record has '{}' more than once; declare 'join', or {}[1] for the first",
                      CutUtf8(column.path, kShownName), CutUtf8(column.path, kShownName)),
          column.name);
    }
    for (std::size_t i = 0; i < record_.cells().size(); ++i) {
      std::optional<std::string>& cell = record_.cells()[i];
      if (cell) rows_.SetCell(i, rows_.Keep(*std::exchange(cell, std::nullopt)));
    }
    return rows_.EndRow(length);
  }

  const XmlReader& reader_;
  const center::XmlShape& shape_;
  const center::XmlPath records_at_;
  XmlRecord record_;
  RowCollector& rows_;
  std::size_t depth_ = 0;
  std::size_t matched_ = 0;  ///< open elements, from the root, that are on the way to the records
  std::size_t found_ = 0;    ///< the most there ever were
  std::uint64_t start_ = 0;
};

}  // namespace

base::Status DecodeXml(std::string_view payload, const center::XmlShape& shape,
                       std::uint32_t depth_limit, RowCollector& rows) {
  FANSIPAN_ASSIGN_OR_RETURN(center::XmlPath records_at,
                            center::ParseXmlRecordPath(shape.records_at, shape.namespaces));
  FANSIPAN_ASSIGN_OR_RETURN(XmlPathTree tree, XmlPathTree::Build(shape));
  std::vector<std::string> names;
  for (const center::RawColumn& column : shape.columns) names.push_back(column.name);
  FANSIPAN_RETURN_IF_ERROR(rows.Begin(names));
  XmlReader reader(payload, depth_limit);
  XmlWalk walk(reader, shape, std::move(records_at), std::move(tree), rows);
  FANSIPAN_RETURN_IF_ERROR(reader.Read(walk));
  return walk.CheckFound();
}

}  // namespace fansipan::sources::internal
