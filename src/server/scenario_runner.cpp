#include "server/scenario_runner.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "center/load.h"
#include "indicators/changes/figure_change.h"
#include "indicators/figures.h"
#include "indicators/reported/cross_checks.h"
#include "server/center_runtime.h"

namespace fansipan::server {
namespace {

constexpr std::uint64_t kMaxFile = 1ULL << 30U;

std::string Joined(const std::set<model::TrustMark>& marks) {
  std::string text;
  for (const auto mark : marks) text += (text.empty() ? "" : ", ") + std::string(NameOf(mark));
  return "[" + text + "]";
}

/// One run of one scenario: a runtime in a folder of its own and the clock that drives it.
class ScenarioRun {
 public:
  ScenarioRun(std::shared_ptr<const center::Center> center, const center::Scenario& scenario,
              const ScenarioSettings& settings)
      : center_(std::move(center)),
        scenario_(scenario),
        settings_(settings),
        clock_(scenario.starts_at) {}

  ~ScenarioRun() {
    if (runtime_) runtime_->Stop();
    runtime_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(settings_.scratch_folder, ignored);
  }

  ScenarioResult Run() {
    Start();
    for (const auto& step : scenario_.steps) {
      if (stopped_) break;
      RunStep(step);
    }
    if (!stopped_) Verify();
    if (result_.outcome != ScenarioResult::Outcome::kSkipped && !result_.messages.empty()) {
      result_.outcome = ScenarioResult::Outcome::kFailed;
    }
    return std::move(result_);
  }

 private:
  void Start() {
    runtime_.reset();
    RuntimeSettings settings;
    settings.data_folder = settings_.scratch_folder;
    settings.program = settings_.program;
    metrics_ = std::make_unique<base::MetricsRegistry>();
    auto opened = CenterRuntime::Open(std::move(settings),
                                      {&files_, &clock_, &random_, metrics_.get()}, center_);
    if (!opened.ok()) return Stop(1, opened.error().message);
    runtime_ = *std::move(opened);
    const auto started = runtime_->Start({});
    if (!started.ok()) Stop(1, started.error().message);
  }

  void Stop(int line, const std::string& message) {
    Fail(line, message);
    stopped_ = true;
  }

  void Fail(int line, const std::string& message) {
    result_.messages.push_back(scenario_.file + ":" + std::to_string(line) + ": " + message);
  }

  void RunStep(const center::ScenarioStep& step) {
    clock_.Set(step.at);
    if (step.restart) {
      runtime_->Stop();
      Start();
      if (stopped_) return;
    }
    if (!step.declares.empty()) Declare(step);
    if (stopped_) return;
    if (!step.source.empty()) Deliver(step);
    if (step.replay) Replay(step);
    if (!step.heartbeat.empty()) {
      const auto noted = runtime_->intake().Heartbeat(step.heartbeat);
      if (!noted.ok()) Fail(step.line, noted.error().message);
    }
    Pause(step);
    if (stopped_) return;
    runtime_->committer().TickNow();
    for (const auto& figure : step.figures) CheckFigure(figure);
    for (const auto& change : step.changes) CheckChange(change);
    for (const auto& record : step.records) CheckRecord(record);
    if (!step.comparisons.empty()) CheckComparisons(step);
    for (const auto& [source, state] : step.sources) CheckSource(step.line, source, state);
  }

  void Pause(const center::ScenarioStep& step) {
    for (const auto& [source, reason] : step.pause) {
      const auto paused = runtime_->intake().Pause(source, reason, "scenario");
      if (!paused.ok()) Fail(step.line, paused.error().message);
    }
    if (step.resume.empty()) return;
    const auto resumed = runtime_->intake().Resume(step.resume, "scenario");
    if (!resumed.ok()) Fail(step.line, resumed.error().message);
  }

  /// Applies the center with the texts replaced.
  void Declare(const center::ScenarioStep& step) {
    auto files = center_->files;
    for (const center::Redeclaration& declared : step.declares) {
      const auto file = files.find(declared.file);
      if (file == files.end()) {
        return Stop(declared.line, "the center has no file '" + declared.file + "'");
      }
      const std::size_t at = file->second.find(declared.replace);
      const bool once = at != std::string::npos &&
                        file->second.find(declared.replace, at + 1) == std::string::npos;
      if (!once) {
        return Stop(declared.line,
                    "'" + declared.replace + "' does not stand once in '" + declared.file + "'");
      }
      file->second.replace(at, declared.replace.size(), declared.with);
    }
    const auto loaded = center::LoadCenterFiles(std::move(files), runtime_->parser());
    if (!loaded.center) return Stop(step.line, ToText(loaded.problems.front()));
    center_ = loaded.center;
    const auto applied = runtime_->Apply(center_);
    if (!applied.ok()) Stop(step.line, applied.error().message);
  }

  std::optional<std::string> Payload(const center::ScenarioStep& step) {
    if (!step.text.empty()) return step.text;
    if (!step.file.empty()) {
      const auto found = center_->files.find(step.file);
      if (found != center_->files.end()) return found->second;
      Stop(step.line, "the center has no file '" + step.file + "'");
      return std::nullopt;
    }
    const std::string path = settings_.external_folder + "/" + step.external;
    if (!settings_.external_folder.empty() && files_.Exists(path)) {
      auto bytes = files_.ReadWhole(path, kMaxFile);
      if (bytes.ok()) return *std::move(bytes);
    }
    stopped_ = true;
    result_.outcome = ScenarioResult::Outcome::kSkipped;
    result_.messages = {scenario_.file + ": needs external file '" + step.external +
                        "', which is not here"};
    return std::nullopt;
  }

  void Deliver(const center::ScenarioStep& step) {
    auto payload = Payload(step);
    if (!payload) return;
    sources::Submission submission;
    submission.source = step.source;
    submission.payload = *std::move(payload);
    submission.received_at = clock_.Now();
    CheckReport(step, runtime_->intake().Deliver(std::move(submission)));
  }

  void Replay(const center::ScenarioStep& step) {
    const auto number = static_cast<std::size_t>(*step.replay);
    if (number > deliveries_.size()) {
      return Stop(step.line, "there is no delivery " + std::to_string(number) + " yet");
    }
    CheckReport(step, runtime_->intake().Replay(deliveries_[number - 1]));
  }

  void CheckReport(const center::ScenarioStep& step,
                   const base::Result<sources::DeliveryReport>& report) {
    const auto refused = step.report.find("refused_as");
    if (!report.ok()) {
      if (refused == step.report.end() || refused->second != report.error().reason) {
        Fail(step.line, "the delivery was refused: " + report.error().message);
      }
      return;
    }
    if (!step.replay) deliveries_.push_back(report->delivery.sequence);
    const model::DeliveryCounts& counts = report->delivery.counts;
    std::map<std::string, std::string> found = {{"raw_rows", std::to_string(counts.raw_rows)},
                                                {"mapped", std::to_string(counts.mapped)},
                                                {"skipped", std::to_string(counts.skipped)},
                                                {"refused", std::to_string(counts.refused)},
                                                {"candidates", std::to_string(counts.candidates)},
                                                {"accepted", std::to_string(counts.accepted)},
                                                {"repeated", std::to_string(counts.repeated)},
                                                {"in_conflict", std::to_string(counts.in_conflict)},
                                                {"quarantined", std::to_string(counts.quarantined)},
                                                {"outcome", report->delivery.outcome}};
    found.merge(ContractTexts(report->delivery.contract.value_or(model::ContractFacts())));
    for (const auto& [name, expected] : step.report) {
      const auto value = found.find(name);
      if (value == found.end()) {
        Fail(step.line, "the report has no '" + name + "', or the delivery was not refused");
      } else if (value->second != expected) {
        FailExpected(step.line, name, value->second, expected);
      }
    }
  }

  /// What a delivery showed of its source's contract, as a scenario writes it.
  static std::map<std::string, std::string> ContractTexts(const model::ContractFacts& facts) {
    std::map<std::string, std::string> texts = {
        {"control", "none"}, {"told", "none"}, {"missing", "0"}, {"named", ""}, {"drift", ""}};
    if (const auto& control = facts.control) {
      texts["control"] = NameOf(control->outcome);
      if (control->rows_told) texts["told"] = std::to_string(*control->rows_told);
      texts["missing"] = std::to_string(control->missing);
      for (const model::MissingRow& row : control->named) {
        texts["named"] += (texts["named"].empty() ? "" : ", ") + row.key;
      }
    }
    if (facts.drift) {
      for (const model::ColumnChange& change : facts.drift->changes) {
        std::string& drift = texts["drift"];
        drift += (drift.empty() ? "" : ", ") + std::string(NameOf(change.kind)) + " ";
        drift += change.column;
      }
    }
    texts["volume"] = facts.unusual_volume ? "unusual" : "usual";
    return texts;
  }

  static model::TreeKind TreeOf(const std::string& tree) {
    return tree == "organisation" ? model::TreeKind::kOrganisation : model::TreeKind::kTerritory;
  }

  void CheckFigure(const center::ExpectedFigure& expected) {
    auto engine = runtime_->engine();
    if (expected.as_of) {
      const auto then = runtime_->EngineAt(*expected.as_of);
      if (!then.ok()) return Fail(expected.line, then.error().message);
      engine = *then;
    }
    const center::Center& center = engine->center();
    const model::TreeKind tree_kind = TreeOf(expected.tree);
    const model::UnitTree& tree = center.TreeOf(tree_kind);
    const auto unit =
        expected.unit.empty() ? std::optional(tree.root()) : tree.FindByCode(expected.unit);
    const auto period = center.ParsePeriod(expected.period);
    if (center.FindIndicator(expected.indicator) == nullptr || !unit || !period.ok()) {
      return Fail(expected.line, "no indicator '" + expected.indicator + "', unit '" +
                                     expected.unit + "' or period '" + expected.period + "'");
    }
    std::optional<indicators::DimensionFilter> filter;
    if (expected.dimension) {
      filter = indicators::DimensionFilter{expected.dimension->first, expected.dimension->second};
    }
    const auto read = engine->Read(expected.as_of, [&](const indicators::View& view) {
      Compare(expected,
              ReadFigure(view, {expected.indicator, tree_kind, *unit, *period, expected.territory},
                         filter));
    });
    if (!read.ok()) Fail(expected.line, read.error().message);
  }

  void CheckRecord(const center::ExpectedRecord& expected) {
    const model::Dataset* dataset = center_->FindDataset(expected.dataset);
    if (dataset == nullptr) {
      return Fail(expected.line, "the center has no dataset '" + expected.dataset + "'");
    }
    model::Row key;
    for (const std::size_t column : dataset->key) {
      const auto text = expected.key.find(dataset->columns[column].name);
      if (text == expected.key.end()) {
        return Fail(expected.line, "the key has '" + dataset->columns[column].name + "', too");
      }
      key.push_back(ValueOf(dataset->columns[column], text->second));
    }
    model::Sequence sequence;
    auto read = runtime_->engine()->Read(
        expected.as_of, [&](const indicators::View& view) { sequence = view.snapshot.sequence; });
    if (read.ok()) read = runtime_->WaitForFacts(sequence);
    if (!read.ok()) return Fail(expected.line, read.error().message);
    const auto versions = runtime_->facts().VersionsOfKey(dataset->name, key, sequence);
    if (!versions.ok() || versions->empty()) {
      return Fail(expected.line, "there is no such record of '" + dataset->name + "'");
    }
    CompareRecord(expected, *dataset, versions->back().values);
  }

  void CompareRecord(const center::ExpectedRecord& expected, const model::Dataset& dataset,
                     const model::Row& values) {
    for (const auto& [name, wanted] : expected.values) {
      const auto column = dataset.FindColumn(name);
      if (!column) {
        Fail(expected.line, "the dataset '" + dataset.name + "' has no column '" + name + "'");
        continue;
      }
      const model::Value value =
          wanted == "none" ? model::Value() : ValueOf(dataset.columns[*column], wanted);
      if (model::Compare(values[*column], value) == 0) continue;
      const std::string found = model::ToText(values[*column]);
      FailExpected(expected.line, name, found.empty() ? "none" : found, wanted);
    }
  }

  /// As a source would write it; text for what cannot be read so.
  model::Value ValueOf(const model::Column& column, const std::string& text) const {
    const auto value = model::ParseValue(text, column.type, column.scale, center_->time_zone);
    return value.ok() ? *value : model::Value(text);
  }

  void FailExpected(int line, const std::string& what, const std::string& found,
                    const std::string& expected) {
    Fail(line, what + " is " + found + ", expected " + expected);
  }

  void Compare(const center::ExpectedFigure& expected, const model::Figure& figure) {
    const std::string name = expected.indicator + " of " +
                             (expected.unit.empty() ? "the root" : expected.unit) + " in " +
                             expected.period;
    const std::string value = figure.value ? figure.value->ToText() : "none";
    const auto wanted =
        expected.value ? model::Decimal::Parse(*expected.value) : std::optional<model::Decimal>();
    const bool same = wanted ? figure.value == wanted : value == expected.value;
    if (expected.value && !same) {
      FailExpected(expected.line, name, value, *expected.value);
    }
    if (expected.judgement && NameOf(figure.judgement) != *expected.judgement) {
      Fail(expected.line, name + " is judged " + std::string(NameOf(figure.judgement)) +
                              ", expected " + *expected.judgement);
    }
    if (expected.because && figure.no_value_reason != *expected.because) {
      Fail(expected.line, name + " has the reason '" + figure.no_value_reason + "', expected '" +
                              *expected.because + "'");
    }
    ComparePace(expected, name, figure.pace);
    CompareRestatement(expected, name, figure);
    CompareStated(expected, name, figure);
    CompareComparisons(expected, name, figure);
    if (!expected.trust) return;
    std::set<std::string> marks;
    for (const auto mark : figure.trust) marks.emplace(NameOf(mark));
    if (marks != std::set<std::string>(expected.trust->begin(), expected.trust->end())) {
      Fail(expected.line, name + " carries the trust marks " + Joined(figure.trust));
    }
  }

  void CompareRestatement(const center::ExpectedFigure& expected, const std::string& name,
                          const model::Figure& figure) {
    const model::UnitTree& tree = center_->TreeOf(figure.key.tree);
    const model::Restatement restatement = figure.restatement.value_or(model::Restatement());
    std::map<std::string, std::string> made_of;
    for (const auto& unit : restatement.units) {
      made_of[tree.Get(unit.unit).code] = unit.share ? unit.share->ToText() : "unknown";
    }
    std::map<std::string, std::string> missing;
    for (const auto& gap : restatement.gaps) missing[tree.Get(gap.unit).code] = gap.reason;
    const auto text = [](const std::map<std::string, std::string>& pairs) {
      std::string joined = "{";
      for (const auto& [unit, what] : pairs) joined.append(unit).append(": ").append(what + " ");
      return joined + "}";
    };
    if (!expected.made_of.empty() && made_of != expected.made_of) {
      FailExpected(expected.line, name + ": made of", text(made_of), text(expected.made_of));
    }
    if (!expected.missing.empty() && missing != expected.missing) {
      FailExpected(expected.line, name + ": missing", text(missing), text(expected.missing));
    }
  }

  void CompareStated(const center::ExpectedFigure& expected, const std::string& name,
                     const model::Figure& figure) {
    const std::string vintage = figure.stated ? figure.stated->vintage : "none";
    if (expected.vintage && vintage != *expected.vintage) {
      FailExpected(expected.line, "the vintage of " + name, vintage, *expected.vintage);
    }
    const std::size_t statements = figure.stated ? figure.stated->statements : 0;
    if (expected.statements && statements != static_cast<std::size_t>(*expected.statements)) {
      FailExpected(expected.line, "the number of statements of " + name, std::to_string(statements),
                   std::to_string(*expected.statements));
    }
  }

  static std::string TextOf(const model::Comparison& comparison) {
    std::string text(NameOf(comparison.agreement));
    const bool contradicts = comparison.agreement == model::Agreement::kContradicts;
    return contradicts ? text + " by " + comparison.difference->ToText() : text;
  }

  void CompareComparisons(const center::ExpectedFigure& expected, const std::string& name,
                          const model::Figure& figure) {
    for (const auto& [check, wanted] : expected.comparisons) {
      std::string found;
      for (const model::Comparison& comparison : figure.comparisons) {
        if (comparison.check != check) continue;
        found.append(found.empty() ? "" : ", ").append(TextOf(comparison));
      }
      if (found.empty()) found = "none";
      if (found != wanted) {
        FailExpected(expected.line, std::string(name).append(": ").append(check), found, wanted);
      }
    }
  }

  void CheckComparisons(const center::ScenarioStep& step) {
    std::map<std::string, std::int64_t> found;
    const auto read = runtime_->engine()->Read(std::nullopt, [&](const indicators::View& view) {
      for (const auto& comparison : indicators::CompareAll(view, {})) {
        ++found[std::string(NameOf(comparison.agreement))];
      }
    });
    if (!read.ok()) return Fail(step.line, read.error().message);
    for (const auto& [agreement, wanted] : step.comparisons) {
      const std::string count = std::to_string(found[agreement]);
      if (count != wanted) FailExpected(step.line, "comparisons: " + agreement, count, wanted);
    }
  }

  void ComparePace(const center::ExpectedFigure& expected, const std::string& name,
                   const std::optional<model::Pace>& pace) {
    if (expected.pace.empty()) return;
    if (!pace) return Fail(expected.line, name + " has no pace");
    const auto text = [](const std::optional<model::Decimal>& number) {
      return number ? number->ToText() : std::string("none");
    };
    const std::map<std::string, std::string> found = {
        {"share", pace->share.ToText()},
        {"remaining", pace->remaining.ToText()},
        {"working_days", std::to_string(pace->working_days)},
        {"working_days_left", std::to_string(pace->working_days_left)},
        {"needed_per_working_day", text(pace->needed_per_working_day)},
        {"expected", text(pace->expected)}};
    for (const auto& [member, wanted] : expected.pace) {
      const auto value = found.find(member);
      if (value == found.end()) {
        Fail(expected.line, "a pace has no '" + member + "'");
      } else if (value->second != wanted) {
        std::string what = name;
        FailExpected(expected.line, what.append(": ").append(member), value->second, wanted);
      }
    }
  }

  static std::string NameOfStep(const indicators::ChangeStep& step) {
    std::string name;
    for (const auto cause : step.causes) {
      name += (name.empty() ? "" : " ") + std::string(NameOf(cause));
    }
    for (const auto aspect : step.aspects) name += " " + std::string(NameOf(aspect));
    return name;
  }

  static std::string TextOf(const std::optional<model::Decimal>& number) {
    return number ? number->Normalized().ToText() : "none";
  }

  void CheckChange(const center::ExpectedChange& expected) {
    const auto tree = TreeOf(expected.tree);
    const model::UnitTree& units = center_->TreeOf(tree);
    const std::string unit = expected.unit.empty() ? units.Get(units.root()).code : expected.unit;
    const auto eras = runtime_->Eras();
    if (!eras.ok()) return Fail(expected.line, eras.error().message);
    const auto change =
        indicators::ReadFigureChange(*eras, {expected.indicator, tree, unit, expected.period},
                                     expected.since, runtime_->engine()->snapshot().tick);
    if (!change.ok()) return Fail(expected.line, change.error().message);
    const std::string name = "the change of " + expected.indicator;
    if (expected.difference && TextOf(change->difference) != *expected.difference) {
      FailExpected(expected.line, name, TextOf(change->difference), *expected.difference);
    }
    if (!expected.causes) return;
    std::map<std::string, std::string> causes;
    for (const auto& step : change->steps) causes[NameOfStep(step)] = TextOf(step.difference);
    for (const auto& [cause, difference] : *expected.causes) {
      const auto found = causes.find(cause);
      const std::string value = found == causes.end() ? "not among the causes" : found->second;
      if (value != difference) {
        FailExpected(expected.line, std::string(name).append(", ").append(cause), value,
                     difference);
      }
      causes.erase(cause);
    }
    for (const auto& [cause, difference] : causes) {
      FailExpected(expected.line, std::string(name).append(", ").append(cause), difference,
                   "nothing");
    }
  }

  void CheckSource(int line, const std::string& name, const std::string& expected) {
    const center::Source* source = center_->FindSource(name);
    if (source == nullptr) return Fail(line, "the center has no source '" + name + "'");
    const auto read = runtime_->engine()->Read(std::nullopt, [&](const indicators::View& view) {
      const auto state = NameOf(indicators::StandingOf(view, *source).state);
      if (state == expected) return;
      FailExpected(line, "source " + name, std::string(state), expected);
    });
    if (!read.ok()) Fail(line, read.error().message);
  }

  void Verify() {
    const auto report = runtime_->Verify();
    if (!report.ok()) return Fail(1, report.error().message);
    for (const auto& finding : report->findings) {
      Fail(1, "verify: " + finding.what + ": expected " + finding.expected + ", found " +
                  finding.found);
    }
  }

  std::shared_ptr<const center::Center> center_;
  const center::Scenario& scenario_;
  const ScenarioSettings& settings_;
  base::PosixFileSystem files_;
  base::VirtualClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<base::MetricsRegistry> metrics_;
  std::unique_ptr<CenterRuntime> runtime_;
  std::vector<model::Sequence> deliveries_;
  ScenarioResult result_;
  bool stopped_ = false;
};

}  // namespace

ScenarioResult RunScenario(const std::shared_ptr<const center::Center>& center,
                           const center::Scenario& scenario, const ScenarioSettings& settings) {
  return ScenarioRun(center, scenario, settings).Run();
}

}  // namespace fansipan::server
