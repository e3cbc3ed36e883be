#include "sources/internal/xml/xml_paths.h"

#include <utility>

namespace fansipan::sources::internal {

bool Means(const center::XmlName& wanted, const XmlExpandedName& name) {
  return wanted.local == name.local && (!wanted.uri || *wanted.uri == name.uri);
}

base::Result<XmlPathTree> XmlPathTree::Build(const center::XmlShape& shape) {
  XmlPathTree tree;
  for (std::size_t column = 0; column < shape.columns.size(); ++column) {
    FANSIPAN_ASSIGN_OR_RETURN(
        center::XmlPath path,
        center::ParseXmlColumnPath(shape.columns[column].path, shape.namespaces));
    NodeNumber at = kRecord;
    for (const center::XmlName& name : path.elements) at = tree.StepTo(at, name);
    if (path.attribute) {
      tree.nodes_[at].attributes.push_back({*std::move(path.attribute), column});
    } else {
      tree.nodes_[at].columns.push_back(column);
    }
  }
  return tree;
}

XmlPathTree::NodeNumber XmlPathTree::StepTo(NodeNumber parent, const center::XmlName& name) {
  for (const Step& step : below_[parent][name.local]) {
    if (step.name == name) return step.node;
  }
  const auto number = static_cast<NodeNumber>(nodes_.size());
  nodes_.push_back({.first = name.first, .columns = {}, .attributes = {}});
  below_.emplace_back();
  below_[parent][name.local].push_back({name, number});
  return number;
}

void XmlPathTree::FindSteps(NodeNumber parent, const XmlExpandedName& name,
                            std::vector<NodeNumber>& found) const {
  const auto steps = below_[parent].find(name.local);
  if (steps == below_[parent].end()) return;
  for (const Step& step : steps->second) {
    if (Means(step.name, name)) found.push_back(step.node);
  }
}

}  // namespace fansipan::sources::internal
