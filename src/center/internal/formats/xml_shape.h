#pragma once

#include "center/center.h"
#include "center/internal/yaml_map.h"

namespace fansipan::center {

/// The key `xml` of a source of the format xml.
XmlShape ReadXmlShape(const YamlMap& map);

/// What an edXML source has without any declaration: one envelope a document, and the columns of
/// `docs/guides/document_exchange.md`.
XmlShape EdxmlShape();
/// The key `edxml` of a source of the format edxml; its columns come after those of EdxmlShape.
void ReadEdxmlShape(const YamlMap& map, Source& source);

}  // namespace fansipan::center
