#include "center/internal/formats/xml_shape.h"

#include <algorithm>
#include <string>
#include <utility>

#include "center/internal/formats/raw_columns.h"
#include "center/xml_path.h"
#include "model/spelling/ascii.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxNamespaces = 50;
constexpr std::size_t kMaxUriBytes = 1000;
constexpr std::size_t kMaxJoinBytes = 20;

void ReadNamespaces(const YamlMap& map, XmlShape& shape) {
  const YamlNode* node = map.Find("namespaces");
  if (node == nullptr) return;
  const YamlMap namespaces(*node, map.scope(), map.what() + ": 'namespaces'");
  if (namespaces.entries().size() > kMaxNamespaces) {
    map.Report(*node, "has more than " + std::to_string(kMaxNamespaces) + " items");
  }
  for (const YamlNode& entry : namespaces.entries()) {
    if (entry.kind == YamlNode::Kind::kNull) continue;
    if (!IsXmlName(entry.key) || entry.key == "xml" || entry.key == "xmlns") {
      map.scope().Report(entry.anchor(),
                         namespaces.what() + ": '" + entry.key + "' is no prefix to declare");
      continue;
    }
    const YamlNode* uri = namespaces.FindText(entry.key, Need::kRequired);
    if (uri == nullptr) continue;
    if (uri->text.size() > kMaxUriBytes || uri->text.find('\n') != std::string::npos) {
      namespaces.Report(*uri, "is no URI of a namespace");
    } else {
      shape.namespaces[entry.key] = uri->text;
    }
  }
}

void ReadRecordsAt(const YamlMap& map, Need need, XmlShape& shape) {
  const YamlNode* path = map.FindText("records_at", need);
  if (path == nullptr) return;
  shape.records_at = path->text;
  const auto parsed = ParseXmlRecordPath(path->text, shape.namespaces);
  if (!parsed.ok()) map.Report(*path, "must be such as /list/case: " + parsed.error().message);
}

void ReadJoin(const YamlMap& map, XmlShape& shape) {
  const YamlNode* join = map.FindText("join", Need::kOptional);
  if (join == nullptr) return;
  shape.join = join->text;
  if (join->text.size() > kMaxJoinBytes) map.Report(*join, "must be a short text such as \"; \"");
}

/// A column without a path is the element of its name, in no namespace.
std::vector<RawColumn> ReadXmlColumns(const YamlMap& map, Need need, const XmlShape& shape) {
  const auto check = [&](std::string_view path) -> base::Status {
    const auto parsed = ParseXmlColumnPath(path, shape.namespaces);
    return parsed.ok() ? base::Status() : parsed.error();
  };
  std::vector<RawColumn> columns = ReadRawColumns(map, need, check);
  for (RawColumn& column : columns) {
    if (!column.path.empty()) continue;
    column.path = column.name;
    if (!IsXmlName(column.name)) {
      map.Report(*map.Find("columns"), "in 'columns': '" + column.name +
                                           "' is no name of an element; write {name: path}");
    }
  }
  return columns;
}

/// The columns of every edXML source, by the elements of QCVN 102:2016/BTTTT. Gateways write them
/// in more than one namespace, so that none is asked for.
std::vector<RawColumn> EdxmlColumns() {
  const std::string header = "*:edXMLEnvelope/*:edXMLHeader/";
  const std::string message = header + "*:MessageHeader/";
  const std::string trace = header + "*:TraceHeaderList/";
  const std::string status = header + "*:Status/";
  const std::string attachment = "*:AttachmentEncoded/*:Attachment/";
  return {{"document_id", message + "*:DocumentId"},
          {"code_number", message + "*:Code/*:CodeNumber"},
          {"code_notation", message + "*:Code/*:CodeNotation"},
          {"from_id", message + "*:From/*:OrganId"},
          {"from_name", message + "*:From/*:OrganName"},
          {"to_ids", message + "*:To/*:OrganId"},
          {"to_names", message + "*:To/*:OrganName"},
          {"promulgation_place", message + "*:PromulgationInfo/*:Place"},
          {"promulgation_date", message + "*:PromulgationInfo/*:PromulgationDate"},
          {"document_type", message + "*:DocumentType/*:Type"},
          {"document_type_name", message + "*:DocumentType/*:TypeName"},
          {"subject", message + "*:Subject"},
          {"content", message + "*:Content"},
          {"signer_competence", message + "*:SignerInfo/*:Competence"},
          {"signer_position", message + "*:SignerInfo/*:Position"},
          {"signer_name", message + "*:SignerInfo/*:FullName"},
          {"due_date", message + "*:DueDate"},
          {"to_places", message + "*:ToPlaces/*:Place"},
          {"priority", message + "*:OtherInfo/*:Priority"},
          {"sphere", message + "*:OtherInfo/*:SphereOfPromulgation"},
          {"page_amount", message + "*:OtherInfo/*:PageAmount"},
          {"steering_type", message + "*:SteeringType"},
          {"response_for_organ_ids", message + "*:ResponseFor/*:OrganId"},
          {"response_for_document_ids", message + "*:ResponseFor/*:DocumentId"},
          {"trace_organ_ids", trace + "*:TraceHeader/*:OrganId"},
          {"trace_times", trace + "*:TraceHeader/*:Timestamp"},
          {"business_type", trace + "*:Bussiness/*:BussinessDocType"},
          {"business_reason", trace + "*:Bussiness/*:BussinessDocReason"},
          {"status_code", status + "*:StatusCode"},
          {"status_description", status + "*:Description"},
          {"status_time", status + "*:Timestamp"},
          {"status_from_id", status + "*:From/*:OrganId"},
          {"status_for_organ_id", status + "*:ResponseFor/*:OrganId"},
          {"status_for_document_id", status + "*:ResponseFor/*:DocumentId"},
          {"attachment_names", attachment + "*:AttachmentName"},
          {"attachment_sha256", attachment + "*:ContentTransferEncoded/*:dropped/@sha256"},
          {"attachment_bytes", attachment + "*:ContentTransferEncoded/*:dropped/@bytes"}};
}

}  // namespace

XmlShape ReadXmlShape(const YamlMap& map) {
  XmlShape shape;
  map.Allow({"records_at", "namespaces", "columns", "join"});
  ReadNamespaces(map, shape);
  ReadRecordsAt(map, Need::kRequired, shape);
  shape.columns = ReadXmlColumns(map, Need::kRequired, shape);
  ReadJoin(map, shape);
  return shape;
}

XmlShape EdxmlShape() {
  XmlShape shape;
  shape.records_at = "/*:edXML";
  shape.columns = EdxmlColumns();
  shape.join = "; ";
  return shape;
}

void ReadEdxmlShape(const YamlMap& map, Source& source) {
  map.Allow({"records_at", "namespaces", "columns", "join", "keep_bodies"});
  XmlShape& shape = source.xml;
  ReadNamespaces(map, shape);
  ReadRecordsAt(map, Need::kOptional, shape);
  for (RawColumn& column : ReadXmlColumns(map, Need::kOptional, shape)) {
    const bool is_taken = std::ranges::any_of(shape.columns, [&](const RawColumn& known) {
      return model::LowerAscii(known.name) == model::LowerAscii(column.name);
    });
    if (is_taken) {
      map.Report(*map.Find("columns"), "in 'columns': every edxml source has the column '" +
                                           column.name + "' already; give this one another name");
    } else {
      shape.columns.push_back(std::move(column));
    }
  }
  ReadJoin(map, shape);
  source.keep_bodies = map.Flag("keep_bodies", false);
}

}  // namespace fansipan::center
