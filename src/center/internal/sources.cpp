#include "center/internal/sources.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include "center/connectors.h"
#include "center/connectors/mqtt.h"
#include "center/internal/connectors/asking.h"
#include "center/internal/connectors/push_signature.h"
#include "center/internal/contracts/source_contract.h"
#include "center/internal/formats/delimited_text.h"
#include "center/internal/formats/geodata.h"
#include "center/internal/formats/json_shape.h"
#include "center/internal/formats/raw_columns.h"
#include "center/internal/formats/workbook.h"
#include "center/internal/formats/xml_shape.h"
#include "center/internal/reported/mapping_parameters.h"
#include "center/internal/text_checks.h"
#include "model/record.h"

namespace fansipan::center {
namespace {

constexpr std::int64_t kMaxHeaderRows = 4;
constexpr std::size_t kMaxSqlBytes = 256U << 10U;
constexpr std::int64_t kKilobyte = 1LL << 10U;
constexpr std::int64_t kMegabyte = 1LL << 20U;
constexpr std::int64_t kGigabyte = 1LL << 30U;
constexpr std::uint64_t kPulledPayload = 32ULL << 20U;

// A folder below `drop/`: one component that cannot lead elsewhere.
bool IsFolder(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameLength && text[0] != '-' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
         });
}

// Below mappings/, ending in .sql, without a component that is empty or begins with a dot.
bool IsMappingPath(std::string_view path) {
  return path.starts_with("mappings/") && path.ends_with(".sql") && path.size() > 13 &&
         path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos;
}

/// Where a fault of the statement stands in its file: exactly, unless a parameter stands before it.
Position PositionInFile(std::string_view file, std::string_view statement, std::size_t offset) {
  return file.substr(0, offset) == statement.substr(0, offset) ? PositionAt(file, offset)
                                                               : Position{};
}

bool IsPrintableAscii(char character) {
  return character == '\t' || (character > ' ' && character < 0x7F);
}

// What may stand in a source's declaration.
const std::vector<std::string_view> kKeys = {
    "title",         "owner",      "connector",  "folder",           "push",
    "reach",         "http_pull",  "file_fetch", "exchange",         "mqtt",
    "postgres",      "odbc",       "format",     "encoding",         "csv",
    "json",          "xml",        "edxml",      "workbook",         "parquet",
    "geodata",       "skip_rows",  "mappings",   "limits",           "late_after",
    "silent_after",  "data_as_of", "simulated",  "working_calendar", "old_codes_grace",
    "contact",       "freshness",  "cadence",    "volume",           "schema",
    "control_totals"};

class SourceStage {
 public:
  SourceStage(Draft& draft, const FileScope& scope, const YamlNode& entry)
      : draft_(draft), scope_(scope), map_(entry, scope, "source '" + entry.key + "'") {
    source_.name = entry.key;
  }

  Source Read(const std::string& system) {
    map_.Allow(kKeys);
    source_.system = system;
    source_.title = map_.Localized("title", draft_.center.languages, Need::kRequired);
    source_.owner = map_.Localized("owner", draft_.center.languages, Need::kOptional);
    ReadConnector();
    ReadFormat();
    ReadAsking(asking_, draft_, map_, source_);
    source_.skip_rows = map_.Text("skip_rows", Need::kOptional);
    ReadMappings();
    ReadPromises();
    ReadLimits();
    source_.simulated = map_.Flag("simulated", false);
    source_.contract = ReadSourceContract(map_, source_, draft_);
    return std::move(source_);
  }

 private:
  void ReadConnector() {
    const YamlNode* node = map_.Find("connector", Need::kRequired);
    if (node == nullptr) return;
    bool file_drop = false;
    const auto add = [&](const YamlNode& word) {
      if (word.text == "push") {
        source_.push = true;
      } else if (word.text == "file_drop") {
        file_drop = true;
      } else if (FindConnector(word.text) != nullptr) {
        asking_.insert(word.text);
      } else {
        std::vector<std::string> names;
        for (const ConnectorKind& kind : Connectors()) names.emplace_back(kind.name);
        scope_.Report(word.at, map_.what() + ": 'connector' is '" + word.text + "'; " +
                                   AllowedText(word.text, names));
      }
    };
    if (node->kind == YamlNode::Kind::kText) {
      add(*node);
    } else {
      for (const YamlNode* word : map_.Texts("connector", Need::kRequired)) add(*word);
      if (node->items.empty()) map_.Report(*node, "must name at least one connector");
    }
    source_.push_signature = ReadPushSignature(map_);
    if (map_.Has("push") && !source_.push) {
      map_.Report(*map_.Find("push"), "is for the connector push only");
    }
    const YamlNode* folder = map_.FindText("folder", Need::kOptional);
    if (file_drop) source_.folder = folder == nullptr ? source_.name : folder->text;
    if (folder == nullptr) return;
    if (!file_drop) map_.Report(*folder, "is for the connector file_drop only");
    if (!IsFolder(folder->text)) {
      map_.Report(*folder,
                  "is '" + folder->text +
                      "'; allowed: one folder name of lower-case letters, digits, _ and -");
    }
  }

  void ReadFormat() {
    // Each with the key that says how its files are written.
    constexpr std::pair<Format, std::string_view> kShapes[] = {
        {Format::kCsv, "csv"},
        {Format::kJson, "json"},
        {Format::kNdjson, "json"},
        {Format::kXml, "xml"},
        {Format::kEdxml, "edxml"},
        {Format::kSdmxJson, "json"},
        {Format::kWorkbook, "workbook"},
        {Format::kParquet, "parquet"},
        {Format::kGeopackage, "geodata"},
        {Format::kShapefile, "geodata"},
        {Format::kGeojson, "geodata"},
        {Format::kKml, "geodata"},
    };
    std::vector<std::string> formats;
    for (const auto& [format, key] : kShapes) formats.emplace_back(NameOf(format));
    const auto chosen = map_.Choice("format", formats, Need::kRequired);
    if (!chosen) return;
    const std::string_view wanted = kShapes[*chosen].second;
    source_.format = kShapes[*chosen].first;
    source_.encoding = ReadEncoding(map_, source_.format);
    for (const std::string_view key :
         {"csv", "json", "xml", "edxml", "workbook", "parquet", "geodata"}) {
      const YamlNode* node = key == wanted ? nullptr : map_.Find(key);
      if (node != nullptr) map_.Report(*node, "does not belong to the format " + formats[*chosen]);
    }
    ReadShape(wanted);
  }

  void ReadShape(std::string_view key) {
    if (source_.format == Format::kEdxml) source_.xml = EdxmlShape();
    const YamlNode* node = map_.Find(key);
    if (node == nullptr) {
      if ((key == "json" || key == "xml") && !map_.Has(key)) {
        map_.ReportMissing(key, "its 'columns' say what becomes a raw column");
      }
      return;
    }
    if (key == "csv") return ReadCsv(*node);
    if (key == "workbook") {
      source_.workbook = ReadWorkbook(*node, scope_, map_.what());
      return;
    }
    const YamlMap map(*node, scope_, map_.what() + ": '" + std::string(key) + "'");
    if (key == "json") source_.json = ReadJsonShape(map, source_.format);
    if (key == "xml") source_.xml = ReadXmlShape(map);
    if (key == "edxml") ReadEdxmlShape(map, source_);
    if (key == "parquet") source_.parquet = ReadParquet(map);
    if (key == "geodata") source_.geodata = ReadGeodata(map);
  }

  void ReadCsv(const YamlNode& node) {
    const YamlMap map(node, scope_, map_.what() + ": 'csv'");
    map.Allow({"delimiter", "quote", "header", "header_rows", "skip", "header_has", "ends_at",
               "nulls", "columns", "byte_order_mark"});
    CsvDialect& csv = source_.csv;
    csv.delimiter = ReadCharacter(map, "delimiter", csv.delimiter);
    csv.quote = ReadQuote(map, csv.quote);
    if (csv.delimiter == csv.quote) map.Report(node, "delimiter and quote must differ");
    csv.header = map.Flag("header", true);
    csv.header_rows =
        static_cast<std::uint32_t>(map.Integer("header_rows", {1, kMaxHeaderRows}, 1));
    if (!csv.header && map.Has("header_rows")) {
      map.Report(*map.Find("header_rows"), "is for files with a header");
    }
    csv.skip = static_cast<std::uint32_t>(map.Integer("skip", {0, 1000}, 0));
    ReadTableBounds(map, csv);
    csv.byte_order_mark = map.Flag("byte_order_mark", false);
    CheckByteOrderMark(map, source_.encoding);
    for (const YamlNode* text : map.Texts("nulls", Need::kOptional, 100)) {
      csv.null_texts.push_back(text->text);
    }
    csv.columns = ReadColumnNames(map, Need::kOptional);
    if (!csv.header && !map.Has("columns")) {
      map.ReportMissing("columns", "without a header they must be named here");
    }
  }

  static char ReadCharacter(const YamlMap& map, std::string_view key, char fallback) {
    const YamlNode* node = map.FindText(key, Need::kOptional);
    if (node == nullptr) return fallback;
    if (node->text.size() == 1 && IsPrintableAscii(node->text[0])) return node->text[0];
    map.Report(*node, "must be one ASCII character, such as \";\" or \"\\t\"");
    return fallback;
  }

  void ReadMappings() {
    const YamlNode* node = map_.Find("mappings", Need::kRequired);
    if (node == nullptr) return;
    const YamlMap map(*node, scope_, map_.what() + ": 'mappings'");
    for (const YamlNode& entry : map.entries()) {
      if (entry.kind == YamlNode::Kind::kNull) continue;
      if (draft_.center.FindDataset(entry.key) == nullptr) {
        YamlNode name;
        name.kind = YamlNode::Kind::kText;
        name.text = entry.key;
        name.at = entry.anchor();
        draft_.ReportUnknown(Kind::kDataset, scope_, name, map.what());
      }
      if (entry.kind == YamlNode::Kind::kMap) {
        const YamlMap shared(entry, scope_, map.what() + ": mapping of '" + entry.key + "'");
        shared.Allow({"file", "parameters"});
        const YamlNode* path = shared.FindText("file", Need::kRequired);
        if (path != nullptr) ReadMapping(shared, entry.key, *path, shared.Find("parameters"));
        continue;
      }
      const YamlNode* path = map.FindText(entry.key, Need::kRequired);
      if (path != nullptr) ReadMapping(map, entry.key, *path, nullptr);
    }
    if (map.entries().empty() && node->kind == YamlNode::Kind::kMap) {
      map_.Report(*node, "must name at least one dataset and its mapping");
    }
  }

  void ReadMapping(const YamlMap& map, const std::string& dataset, const YamlNode& path,
                   const YamlNode* parameters) {
    if (!IsMappingPath(path.text)) {
      map.Report(path, "is '" + path.text +
                           "'; allowed: a file of this system such as "
                           "mappings/case.sql");
      return;
    }
    const std::string file = "systems/" + source_.system + "/" + path.text;
    draft_.used_files.insert(file);
    const auto found = draft_.center.files.find(file);
    if (found == draft_.center.files.end()) {
      map.Report(path, "names " + file + ", which does not exist");
      return;
    }
    const FileScope sql = draft_.ScopeOf(file);
    const std::size_t before = draft_.problems.count();
    std::string statement = FillIn(map, path, parameters, found->second);
    const bool filled = draft_.problems.count() == before;
    if (const auto bad = FindBadByte(found->second)) {
      sql.Report(PositionAt(found->second, *bad), "not UTF-8 text, or a control character");
    } else if (found->second.find_first_not_of(" \t\r\n") == std::string::npos) {
      sql.Report({}, "the mapping is empty; it is one SELECT over raw");
    } else if (found->second.size() > kMaxSqlBytes) {
      sql.Report({}, "larger than " + std::to_string(kMaxSqlBytes >> 10U) + " KB");
    } else if (const auto fault = filled ? draft_.parser.FindFault(statement) : std::nullopt) {
      sql.Report(PositionInFile(found->second, statement, fault->offset),
                 "the mapping must be one SELECT over raw: " + fault->message);
    }
    source_.mappings.push_back(
        {.dataset = dataset, .file = file, .sql = WithComposedNames(statement)});
  }

  void ReadPromises() {
    if (const YamlNode* name = map_.FindText("working_calendar", Need::kOptional)) {
      source_.working_calendar = name->text;
      if (!draft_.center.calendars.contains(name->text)) {
        draft_.ReportUnknown(Kind::kCalendar, scope_, *name, map_.what() + ": 'working_calendar'");
      }
    }
    source_.silent_after = map_.Duration("silent_after");
    source_.late_after = map_.Duration("late_after");
    source_.old_codes_grace = map_.Duration("old_codes_grace").value_or(base::Duration{});
    if (map_.Has("late_after") && !map_.Has("data_as_of")) {
      map_.ReportMissing("data_as_of", "'late_after' is measured by it");
    }
    ReadDataAsOf();
  }

  void ReadDataAsOf() {
    const YamlNode* node = map_.FindText("data_as_of", Need::kOptional);
    if (node == nullptr) return;
    source_.data_as_of = node->text;
    const std::size_t point = node->text.find('.');
    const std::string dataset_name = node->text.substr(0, point);
    if (point == std::string::npos) {
      map_.Report(*node, "is '" + node->text + "'; allowed: dataset.column");
      return;
    }
    const bool mapped = std::ranges::any_of(map_.entries(), [&](const YamlNode& entry) {
      return entry.key == "mappings" &&
             std::ranges::find(entry.items, dataset_name, &YamlNode::key) != entry.items.end();
    });
    if (!mapped) {
      map_.Report(*node,
                  "names the dataset '" + dataset_name + "', which this source does not map");
      return;
    }
    const model::Dataset* dataset = draft_.center.FindDataset(dataset_name);
    if (dataset == nullptr || draft_.unsound_datasets.contains(dataset_name)) return;
    CheckDataAsOfColumn(*node, *dataset, node->text.substr(point + 1));
  }

  void CheckDataAsOfColumn(const YamlNode& node, const model::Dataset& dataset,
                           const std::string& name) {
    const auto column = dataset.FindColumn(name);
    std::vector<std::string> moments;
    for (const model::Column& known : dataset.columns) {
      const bool is_moment =
          known.type == model::ColumnType::kTimestamp || known.type == model::ColumnType::kDate;
      if (is_moment) moments.push_back(known.name);
      if (is_moment && known.name == name) return;
    }
    map_.Report(node, (column ? "names the column '" + name + "', which is no timestamp or date; "
                              : "names the column '" + name + "', which does not exist; ") +
                          AllowedText(name, moments));
  }

  void ReadLimits() {
    // Answers are held whole, and many sources may answer at once.
    if (!AskingConnectorOf(source_).empty()) source_.limits.payload_bytes = kPulledPayload;
    const YamlNode* node = map_.Find("limits");
    if (node == nullptr) return;
    const YamlMap map(*node, scope_, map_.what() + ": 'limits'");
    map.Allow({"payload", "rows", "depth", "worker_memory", "worker_time"});
    Limits& limits = source_.limits;
    limits.payload_bytes = map.Size("payload", {kKilobyte, 4 * kGigabyte}, limits.payload_bytes);
    // A message written as a line of JSON may be six times as long.
    if (source_.mqtt && limits.payload_bytes < 8 * source_.mqtt->message_bytes) {
      map.Report(*node, "'payload' must be at least eight times mqtt's message_limit");
    }
    limits.rows = static_cast<std::uint64_t>(
        map.Integer("rows", {1, 100'000'000}, static_cast<std::int64_t>(limits.rows)));
    limits.depth = static_cast<std::uint32_t>(map.Integer("depth", {1, 256}, limits.depth));
    limits.worker_memory_bytes =
        map.Size("worker_memory", {64 * kMegabyte, 64 * kGigabyte}, limits.worker_memory_bytes);
    const auto time = map.Duration("worker_time");
    if (!time) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*time).count();
    if (seconds > 3600) {
      map.Report(*map.Find("worker_time"), "allowed: at most 1h");
    } else {
      limits.worker_seconds = static_cast<std::uint32_t>(seconds);
    }
  }

  Draft& draft_;
  const FileScope& scope_;
  YamlMap map_;
  Source source_;
  std::set<std::string> asking_;  ///< connectors that are named and ask
};

// Two sources that watch one folder would take each other's files.
void CheckFolders(Draft& draft, const FileScope& scope, const YamlNode& entry,
                  const Source& source) {
  if (!source.folder) return;
  const auto other = std::ranges::find(draft.center.sources, source.folder, &Source::folder);
  if (other == draft.center.sources.end()) return;
  scope.Report(entry.anchor(), "source '" + source.name + "': the folder '" + *source.folder +
                                   "' is watched by the source '" + other->name +
                                   "' already; give it a 'folder' of its own");
}

}  // namespace

void ReadSources(Draft& draft) {
  for (const System& system : draft.center.systems) {
    const FileScope scope = draft.ScopeOf("systems/" + system.name + "/sources.yaml");
    const YamlNode* document = draft.FindDocument(scope.file);
    if (document == nullptr) continue;
    const YamlMap file(*document, scope, "sources");
    file.Allow({"sources"});
    const YamlNode* list = file.Find("sources", Need::kRequired);
    if (list == nullptr) continue;
    const YamlMap sources(*list, scope, "sources");
    for (const YamlNode& entry : sources.entries()) {
      const bool declared = draft.Declare(Kind::kSource, scope, entry);
      if (entry.key == model::kCenterSource) {
        scope.Report(entry.anchor(),
                     "the name 'center' is the center's own; give the source another one");
      }
      Source source = SourceStage(draft, scope, entry).Read(system.name);
      CheckFolders(draft, scope, entry, source);
      if (declared) draft.center.sources.push_back(std::move(source));
    }
    if (draft.center.sources.size() > kMaxSources) {
      scope.Report(list->anchor(), "more than " + std::to_string(kMaxSources) + " sources");
    }
  }
}

}  // namespace fansipan::center
