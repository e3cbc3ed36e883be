#include "center/internal/contracts/control_totals.h"

#include <algorithm>
#include <string>
#include <utility>

#include "center/connectors/http_pull.h"
#include "center/network.h"
#include "center/xml_path.h"
#include "model/spelling/ascii.h"

namespace fansipan::center {
namespace {

constexpr std::int64_t kMaxLine = 1000;
constexpr std::int64_t kMaxCell = 200;
constexpr std::size_t kMaxSums = 20;
constexpr std::size_t kMaxHeaderName = 63;

bool IsHeaderName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHeaderName && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool IsTable(Format format) { return format == Format::kCsv || format == Format::kWorkbook; }
bool IsJson(Format format) { return format == Format::kJson || format == Format::kSdmxJson; }
bool IsXml(Format format) { return format == Format::kXml || format == Format::kEdxml; }

class TotalsReader {
 public:
  TotalsReader(const YamlNode& node, const YamlMap& source, const Source& read, const Draft& draft)
      : map_(node, source.scope(), source.what() + ": 'control_totals'"),
        read_(read),
        draft_(draft) {}

  ControlTotals Read() {
    map_.Allow({"rows", "counts", "sums", "keys", "period", "cleared_by", "decimal_mark"});
    if (const YamlNode* node = map_.Find("rows")) totals_.rows = ReadPlace(*node, "rows");
    const auto counts = map_.Choice("counts", {"all", "mapped"}, Need::kOptional);
    totals_.mapped_only = counts && *counts == 1;
    ReadSums();
    ReadKeys();
    if (const YamlNode* node = map_.Find("period")) totals_.period = ReadPlace(*node, "period");
    const auto cleared =
        map_.Choice("cleared_by", {"any", "same_period", "replay"}, Need::kOptional);
    if (cleared) totals_.cleared_by = static_cast<model::ClearedBy>(*cleared);
    const auto mark = map_.Choice("decimal_mark", {".", ","}, Need::kOptional);
    if (mark && *mark == 1) totals_.decimal_mark = ',';
    Check();
    return std::move(totals_);
  }

 private:
  void Check() {
    if (!totals_.rows && totals_.sums.empty() && totals_.keys_at.empty()) {
      map_.ReportMissing("rows", "or 'sums' or 'keys': what the source tells");
    }
    const bool by_period = totals_.cleared_by == model::ClearedBy::kSamePeriod;
    if (by_period && !totals_.period) {
      map_.ReportMissing("period", "'cleared_by: same_period' compares it");
    }
  }

  std::optional<ControlPlace> ReadPlace(const YamlNode& node, const std::string& what) {
    const YamlMap map(node, map_.scope(), map_.what() + ": '" + what + "'");
    map.Allow({"footer", "line", "cell", "at", "header", "call", "after"});
    const std::vector<std::string_view> kinds = {"footer", "line", "at", "header"};
    const auto told = std::ranges::count_if(kinds, [&](auto kind) { return map.Has(kind); });
    const bool calls = map.Has("call");
    if (told != 1 || (calls && !map.Has("at"))) {
      map.Report(node,
                 "must say one place: 'footer' (its cell), 'line' with 'cell', 'at', "
                 "'header', or 'call' with 'at'");
      return std::nullopt;
    }
    ControlPlace place;
    place.after = map.Text("after", Need::kOptional);
    if (map.Has("footer")) ReadFooter(map, place);
    if (map.Has("line")) ReadLine(map, place);
    if (map.Has("header")) ReadHeader(map, place);
    if (map.Has("at") && calls) ReadCall(map, place);
    if (map.Has("at") && !calls) ReadPath(map, place);
    return place;
  }

  void ReadFooter(const YamlMap& map, ControlPlace& place) const {
    place.kind = ControlPlace::Kind::kFooter;
    place.cell = static_cast<std::uint32_t>(map.Integer("footer", {1, kMaxCell}, 1));
    const std::string& ends_at =
        read_.format == Format::kWorkbook ? read_.workbook.ends_at : read_.csv.ends_at;
    if (!IsTable(read_.format) || ends_at.empty()) {
      map.Report(*map.Find("footer"),
                 "is for csv and workbook, whose 'ends_at' says where the footer is");
    }
  }

  void ReadLine(const YamlMap& map, ControlPlace& place) const {
    place.kind = ControlPlace::Kind::kLine;
    place.line = static_cast<std::uint32_t>(map.Integer("line", {1, kMaxLine}, 1));
    place.cell = static_cast<std::uint32_t>(map.Integer("cell", {1, kMaxCell}, 1));
    if (!IsTable(read_.format)) map.Report(*map.Find("line"), "is for csv and workbook");
  }

  void ReadHeader(const YamlMap& map, ControlPlace& place) const {
    place.kind = ControlPlace::Kind::kHeader;
    const YamlNode* node = map.FindText("header", Need::kRequired);
    if (node == nullptr) return;
    place.header = model::LowerAscii(node->text);
    if (!IsHeaderName(place.header)) map.Report(*node, "is no name of a header");
    if (!read_.push && !read_.http_pull) {
      map.Report(*node, "is for the connectors push and http_pull");
    }
    CheckUnpaged(map, *node);
  }

  void ReadCall(const YamlMap& map, ControlPlace& place) const {
    place.kind = ControlPlace::Kind::kCall;
    place.at = map.Text("at", Need::kRequired);
    if (!place.at.starts_with('/')) map.Report(*map.Find("at"), "is no JSON pointer");
    const YamlNode* node = map.FindText("call", Need::kRequired);
    if (node == nullptr) return;
    place.url = node->text;
    if (!read_.http_pull) return map.Report(*node, "is for the connector http_pull");
    const auto own = ParseUrl(read_.http_pull->url);
    std::string url = place.url;
    const std::size_t since = url.find("{since}");
    if (since != std::string::npos) url.replace(since, std::string_view("{since}").size(), "0");
    const auto asked = ParseUrl(url);
    if (own && (!asked || !asked->HasOriginOf(*own))) {
      map.Report(*node, "must have the scheme, host and port of http_pull's 'url'");
    }
    CheckUnpaged(map, *node);
  }

  /// What is told of a whole harvest cannot be held against one page of it.
  void CheckUnpaged(const YamlMap& map, const YamlNode& node) const {
    if (read_.http_pull && read_.http_pull->paging != Paging::kNone) {
      map.Report(node, "is for an http_pull without paging: each page is a delivery of its own");
    }
  }

  void ReadPath(const YamlMap& map, ControlPlace& place) {
    place.kind = ControlPlace::Kind::kAt;
    const YamlNode* node = map.FindText("at", Need::kRequired);
    if (node == nullptr) return;
    place.at = node->text;
    CheckPath(map, *node);
    CheckUnpaged(map, *node);
  }

  void CheckPath(const YamlMap& map, const YamlNode& node) {
    if (IsXml(read_.format)) return CheckXmlPath(map, node);
    if (!IsJson(read_.format)) {
      map.Report(node, "is for json, sdmx_json, xml and edxml");
    } else if (!node.text.starts_with('/') || node.text.size() < 2) {
      map.Report(node, "is no JSON pointer, such as /meta/total");
    }
  }

  /// A root element, the same for all, and a path below it.
  void CheckXmlPath(const YamlMap& map, const YamlNode& node) {
    const std::string_view text = node.text;
    const std::size_t end = text.find('/', 1);
    if (!text.starts_with('/') || end == std::string_view::npos) {
      return map.Report(node,
                        "is no path from the root to an element below it, such as "
                        "/list/total");
    }
    const std::string_view root = text.substr(0, end);
    const auto& namespaces = read_.xml.namespaces;
    const auto parsed_root = ParseXmlRecordPath(root, namespaces);
    const auto below = ParseXmlColumnPath(text.substr(end + 1), namespaces);
    if (!parsed_root.ok() || !below.ok()) {
      const base::Error& error = parsed_root.ok() ? below.error() : parsed_root.error();
      return map.Report(node, "must be such as /list/total: " + error.message);
    }
    if (root_.empty()) root_ = root;
    if (root != root_) {
      map.Report(node, "begins at another root element than '" + root_ + "'; a document has one");
    }
  }

  void ReadSums() {
    const YamlNode* node = map_.Find("sums");
    if (node == nullptr) return;
    const YamlMap sums(*node, map_.scope(), map_.what() + ": 'sums'");
    if (sums.entries().size() > kMaxSums) map_.Report(*node, "has more than 20 sums");
    for (const YamlNode& entry : sums.entries()) {
      const std::size_t point = entry.key.find('.');
      const std::string dataset_name = entry.key.substr(0, point);
      const std::string column =
          point == std::string::npos ? "" : std::string(entry.key.substr(point + 1));
      if (!CheckNumber(sums, entry, dataset_name, column)) continue;
      auto place = ReadPlace(entry, "sums: " + entry.key);
      if (place) totals_.sums.push_back({dataset_name, column, *std::move(place)});
    }
  }

  bool IsMapped(const std::string& dataset) const {
    return std::ranges::find(read_.mappings, dataset, &Mapping::dataset) != read_.mappings.end();
  }

  bool CheckNumber(const YamlMap& sums, const YamlNode& entry, const std::string& dataset_name,
                   const std::string& column_name) const {
    const model::Dataset* dataset = draft_.center.FindDataset(dataset_name);
    const auto column = dataset ? dataset->FindColumn(column_name) : std::nullopt;
    const bool number = column && !dataset->columns[*column].reckoned &&
                        (dataset->columns[*column].type == model::ColumnType::kInteger ||
                         dataset->columns[*column].type == model::ColumnType::kDecimal);
    if (number && IsMapped(dataset_name)) return true;
    sums.Report(entry, "names '" + entry.key +
                           "'; allowed: dataset.column of a dataset that the source maps, an "
                           "integer or decimal");
    return false;
  }

  void ReadKeys() {
    const YamlNode* node = map_.Find("keys");
    if (node == nullptr) return;
    const YamlMap map(*node, map_.scope(), map_.what() + ": 'keys'");
    map.Allow({"dataset", "at"});
    totals_.keys_dataset = map.Text("dataset", Need::kRequired);
    const YamlNode* at = map.FindText("at", Need::kRequired);
    if (at != nullptr) {
      totals_.keys_at = at->text;
      CheckPath(map, *at);
      CheckUnpaged(map, *at);
    }
    const model::Dataset* dataset = draft_.center.FindDataset(totals_.keys_dataset);
    const bool single = dataset != nullptr && dataset->key.size() == 1;
    if (single && IsMapped(totals_.keys_dataset)) return;
    map.Report(*node, "must name a dataset that the source maps, whose key is one column");
  }

  const YamlMap map_;
  const Source& read_;
  const Draft& draft_;
  std::string root_;  ///< of the XML paths so far
  ControlTotals totals_;
};

}  // namespace

ControlTotals ReadControlTotals(const YamlNode& node, const YamlMap& source, const Source& read,
                                const Draft& draft) {
  return TotalsReader(node, source, read, draft).Read();
}

}  // namespace fansipan::center
