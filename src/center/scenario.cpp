#include "center/scenario.h"

#include "center/internal/problems.h"
#include "center/internal/yaml_map.h"
#include "center/internal/yaml_reader.h"
#include "model/value.h"

namespace fansipan::center {
namespace {

constexpr std::int64_t kMostExpected = 1'000'000;

/// Reads one scenario, reporting what is wrong with it.
class ScenarioReader {
 public:
  ScenarioReader(const FileScope& scope, const base::TimeZone& zone) : scope_(scope), zone_(zone) {}

  Scenario Read(const YamlNode& root) const {
    const YamlMap map(root, scope_, "scenario");
    map.Allow({"title", "starts_at", "steps"});
    Scenario scenario;
    scenario.file = scope_.file;
    scenario.title = map.Text("title", Need::kRequired);
    scenario.starts_at = Moment(map, "starts_at", Need::kRequired).value_or(base::Timestamp());
    const YamlNode* steps = map.Find("steps", Need::kRequired);
    if (steps == nullptr) return scenario;
    base::Timestamp latest = scenario.starts_at;
    for (const YamlNode& node : steps->items) {
      ScenarioStep step = ReadStep(node, latest);
      if (step.at < latest) scope_.Report(node.at, "step: must not be before the step above it");
      latest = step.at;
      scenario.steps.push_back(std::move(step));
    }
    return scenario;
  }

 private:
  std::optional<base::Timestamp> Moment(const YamlMap& map, std::string_view key, Need need) const {
    const YamlNode* node = map.FindText(key, need);
    if (node == nullptr) return std::nullopt;
    const auto value = model::ParseValue(node->text, model::ColumnType::kTimestamp, 0, zone_);
    if (value.ok()) return std::get<base::Timestamp>(*value);
    map.Report(*node, "is not a moment such as 2026-11-02T08:00:00+07:00");
    return std::nullopt;
  }

  std::optional<model::Date> ReadTerritory(const YamlMap& map) const {
    const YamlNode* node = map.FindText("territory", Need::kOptional);
    if (node == nullptr || node->text == "as_reported") return std::nullopt;
    const auto day = model::ParseValue(node->text, model::ColumnType::kDate, 0, zone_);
    if (day.ok()) return std::get<model::Date>(*day);
    map.Report(*node, "is neither as_reported nor a day such as 2025-07-01");
    return std::nullopt;
  }

  ScenarioStep ReadStep(const YamlNode& node, base::Timestamp latest) const {
    const YamlMap map(node, scope_, "step");
    map.Allow({"at", "deliver", "heartbeat", "replay", "restart", "report", "figures", "records",
               "comparisons", "sources", "declare", "changes", "pause", "resume"});
    ScenarioStep step;
    step.line = node.at.line;
    step.at = Moment(map, "at", Need::kOptional).value_or(latest);
    step.heartbeat = map.Text("heartbeat", Need::kOptional);
    step.pause = ReadPairs(map.Find("pause"), "pause");
    step.resume = map.Text("resume", Need::kOptional);
    if (map.Has("replay")) step.replay = map.Integer("replay", {1, 10'000}, 1);
    step.restart = map.Flag("restart", false);
    if (const YamlNode* deliver = map.Find("deliver")) ReadDelivery(*deliver, step);
    if (const YamlNode* declares = map.Find("declare")) {
      for (const YamlNode& one : declares->items) step.declares.push_back(ReadDeclare(one));
    }
    if (const YamlNode* changes = map.Find("changes")) {
      for (const YamlNode& one : changes->items) step.changes.push_back(ReadChange(one));
    }
    step.report = ReadPairs(map.Find("report"), "report");
    step.comparisons = ReadPairs(map.Find("comparisons"), "comparisons");
    step.sources = ReadPairs(map.Find("sources"), "sources");
    if (const YamlNode* figures = map.Find("figures")) {
      for (const YamlNode& figure : figures->items) step.figures.push_back(ReadFigure(figure));
    }
    if (const YamlNode* records = map.Find("records")) {
      for (const YamlNode& record : records->items) step.records.push_back(ReadRecord(record));
    }
    return step;
  }

  void ReadDelivery(const YamlNode& node, ScenarioStep& step) const {
    const YamlMap map(node, scope_, "deliver");
    map.Allow({"source", "text", "file", "external"});
    step.source = map.Text("source", Need::kRequired);
    step.text = map.Text("text", Need::kOptional);
    step.file = map.Text("file", Need::kOptional);
    step.external = map.Text("external", Need::kOptional);
  }

  std::map<std::string, std::string> ReadPairs(const YamlNode* node, std::string_view what) const {
    std::map<std::string, std::string> pairs;
    if (node == nullptr) return pairs;
    const YamlMap map(*node, scope_, std::string(what));
    for (const YamlNode& entry : map.entries()) pairs[entry.key] = entry.text;
    return pairs;
  }

  Redeclaration ReadDeclare(const YamlNode& node) const {
    const YamlMap map(node, scope_, "declare");
    map.Allow({"file", "replace", "with"});
    return {node.at.line, map.Text("file", Need::kRequired), map.Text("replace", Need::kRequired),
            map.Text("with", Need::kRequired)};
  }

  ExpectedChange ReadChange(const YamlNode& node) const {
    const YamlMap map(node, scope_, "change");
    map.Allow({"indicator", "tree", "unit", "period", "since", "difference", "causes"});
    ExpectedChange change;
    change.line = node.at.line;
    change.indicator = map.Text("indicator", Need::kRequired);
    if (map.Has("tree")) change.tree = map.Text("tree", Need::kOptional);
    change.unit = map.Text("unit", Need::kOptional);
    change.period = map.Text("period", Need::kRequired);
    change.since = Moment(map, "since", Need::kRequired).value_or(base::Timestamp());
    if (map.Has("difference")) change.difference = map.Text("difference", Need::kOptional);
    if (map.Has("causes")) change.causes = ReadPairs(map.Find("causes"), "causes");
    return change;
  }

  ExpectedFigure ReadFigure(const YamlNode& node) const {
    const YamlMap map(node, scope_, "figure");
    map.Allow({"indicator", "tree", "unit", "period", "value", "because", "judgement", "pace",
               "trust", "as_of", "territory", "made_of", "missing", "dimension", "vintage",
               "statements", "comparisons"});
    ExpectedFigure figure;
    figure.line = node.at.line;
    figure.indicator = map.Text("indicator", Need::kRequired);
    if (map.Has("tree")) figure.tree = map.Text("tree", Need::kOptional);
    figure.unit = map.Text("unit", Need::kOptional);
    figure.period = map.Text("period", Need::kRequired);
    if (map.Has("value")) figure.value = map.Text("value", Need::kOptional);
    if (map.Has("judgement")) figure.judgement = map.Text("judgement", Need::kOptional);
    figure.pace = ReadPairs(map.Find("pace"), "pace");
    if (map.Has("trust")) {
      figure.trust.emplace();
      for (const YamlNode* mark : map.Texts("trust", Need::kOptional)) {
        figure.trust->push_back(mark->text);
      }
    }
    if (map.Has("vintage")) figure.vintage = map.Text("vintage", Need::kOptional);
    if (map.Has("statements")) {
      figure.statements = map.Integer("statements", {0, kMostExpected}, 0);
    }
    figure.comparisons = ReadPairs(map.Find("comparisons"), "comparisons");
    figure.as_of = Moment(map, "as_of", Need::kOptional);
    if (map.Has("because")) figure.because = map.Text("because", Need::kOptional);
    figure.territory = ReadTerritory(map);
    figure.made_of = ReadPairs(map.Find("made_of"), "made_of");
    figure.missing = ReadPairs(map.Find("missing"), "missing");
    const auto dimension = ReadPairs(map.Find("dimension"), "dimension");
    if (!dimension.empty()) figure.dimension = *dimension.begin();
    return figure;
  }

  ExpectedRecord ReadRecord(const YamlNode& node) const {
    const YamlMap map(node, scope_, "record");
    map.Allow({"dataset", "key", "values", "as_of"});
    ExpectedRecord record;
    record.line = node.at.line;
    record.dataset = map.Text("dataset", Need::kRequired);
    record.key = ReadPairs(map.Find("key", Need::kRequired), "key");
    record.values = ReadPairs(map.Find("values", Need::kRequired), "values");
    record.as_of = Moment(map, "as_of", Need::kOptional);
    return record;
  }

  const FileScope& scope_;
  const base::TimeZone& zone_;
};

}  // namespace

std::optional<Scenario> ParseScenario(const std::string& file, std::string_view text,
                                      const base::TimeZone& zone, std::vector<Problem>& problems) {
  Problems found;
  const FileScope scope{file, &found};
  std::optional<Scenario> scenario;
  if (const auto root = ParseYaml(scope, text)) {
    scenario = ScenarioReader(scope, zone).Read(*root);
  }
  if (found.count() == 0) return scenario;
  std::size_t left_out = 0;
  for (Problem& problem : found.Take(left_out)) problems.push_back(std::move(problem));
  return std::nullopt;
}

}  // namespace fansipan::center
