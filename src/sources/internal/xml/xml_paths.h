#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "center/center.h"
#include "center/xml_path.h"
#include "sources/internal/xml/xml_reader.h"

namespace fansipan::sources::internal {

/// True when a name in a document is one that the path means.
bool Means(const center::XmlName& wanted, const XmlExpandedName& name);

/// The paths of a source's columns as one tree: its nodes are the steps, its root is the record.
/// Immutable.
class XmlPathTree {
 public:
  using NodeNumber = std::uint32_t;
  static constexpr NodeNumber kRecord = 0;

  struct Attribute {
    center::XmlName name;
    std::size_t column;
  };
  struct Node {
    bool first = false;                ///< of its siblings, the first alone is meant
    std::vector<std::size_t> columns;  ///< that take the element's own text
    std::vector<Attribute> attributes;
  };

  static base::Result<XmlPathTree> Build(const center::XmlShape& shape);

  const Node& node(NodeNumber number) const { return nodes_[number]; }
  /// Adds the steps below `parent` that a name means.
  void FindSteps(NodeNumber parent, const XmlExpandedName& name,
                 std::vector<NodeNumber>& found) const;

 private:
  NodeNumber StepTo(NodeNumber parent, const center::XmlName& name);

  std::vector<Node> nodes_{1};
  /// Steps below a node, by local name: few, of one name in different namespaces.
  struct Step {
    center::XmlName name;
    NodeNumber node;
  };
  using Steps = std::unordered_map<std::string, std::vector<Step>, base::TextHash, std::equal_to<>>;
  std::vector<Steps> below_{1};
};

}  // namespace fansipan::sources::internal
