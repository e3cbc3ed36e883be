#include <algorithm>
#include <string_view>

#include "http/rendering/figure_rendering.h"
#include "http/rendering/record_rendering.h"
#include "http/resources/measure_records.h"
#include "http/resources/routes.h"
#include "indicators/quality/quality_scores.h"
#include "model/expression.h"

namespace fansipan::http {
namespace {

constexpr std::string_view kCorrect =
    "100 × records whose checks are true or unknown and whose value the registry has / records";
constexpr std::string_view kComplete =
    "100 × expected values and steps of time that are there / those that are expected";
constexpr std::string_view kClean =
    "100 × records that are no duplicates / (records + raw rows that are set aside)";
constexpr std::string_view kLive =
    "100 × working time in which the sources kept their promise / working time, of the last 30 "
    "days, in milliseconds";

void WriteShare(JsonWriter& json, const indicators::QualityScore& score) {
  json.Decimal("percent", score.percent());
  json.Integer("good", static_cast<std::int64_t>(score.good));
  json.Integer("whole", static_cast<std::int64_t>(score.whole));
}

void WriteLoss(JsonWriter& json, const RecordForm& form, const indicators::QualityLoss& loss) {
  using Kind = indicators::QualityLoss::Kind;
  json.BeginObject();
  json.Text("kind", NameOf(loss.kind));
  json.Text("name", loss.name);
  if (loss.record) {
    json.Integer("version", static_cast<std::int64_t>(loss.record->sequence.value));
    WriteKey(json, form, loss.record->values);
  }
  if (loss.kind == Kind::kQuarantined) {
    json.Integer("delivery", static_cast<std::int64_t>(loss.delivery->value));
    json.Integer("raw_row", static_cast<std::int64_t>(loss.raw_row));
  }
  if (loss.kind == Kind::kGap) {
    json.BeginArray("group");
    for (const std::string& value : loss.group) json.TextItem(value);
    json.EndArray();
  }
  if (loss.from) json.Moment("from", loss.from);
  if (loss.until) json.Moment("until", loss.until);
  if (loss.kind == Kind::kSource) json.Text("state", loss.state);
  json.EndObject();
}

/// What groups of steps are told by may be personal.
bool IsShown(const RecordForm& form, const indicators::QualityLoss& loss) {
  const auto& regular = form.dataset->quality.regular;
  if (loss.kind != indicators::QualityLoss::Kind::kGap || !regular) return true;
  return std::ranges::none_of(regular->groups,
                              [&](std::size_t column) { return form.IsMasked(column); });
}

void WriteScore(JsonWriter& json, const RecordForm& form, std::string_view name,
                std::string_view formula, const indicators::QualityScore& score) {
  json.BeginObject();
  json.Text("name", name);
  json.Text("formula", formula);
  WriteShare(json, score);
  json.BeginArray("losses");
  for (const auto& loss : score.losses) {
    if (IsShown(form, loss)) WriteLoss(json, form, loss);
  }
  json.EndArray();
  json.EndObject();
}

void WriteMatched(JsonWriter& json, const model::Dataset& dataset,
                  const std::optional<indicators::QualityScore>& matched) {
  if (!matched) return json.Null("matched");
  json.BeginObject("matched");
  json.Text("registry", dataset.quality.match->registry);
  json.Text("column", dataset.columns[dataset.quality.match->column].name);
  WriteShare(json, *matched);
  json.EndObject();
}

std::string QualityJson(const Call& call, const model::Dataset& dataset,
                        const model::Snapshot& snapshot, const indicators::Quality& quality) {
  const RecordForm form{&dataset, security::MayReadPersonal(call.identity)};
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, snapshot);
  json.Text("dataset", dataset.name);
  json.Localized("title", dataset.title);
  json.Integer("records", static_cast<std::int64_t>(quality.records));
  json.Flag("newest_only", quality.newest_only);
  json.BeginArray("scores");
  WriteScore(json, form, "correct", kCorrect, quality.correct);
  WriteScore(json, form, "complete", kComplete, quality.complete);
  WriteScore(json, form, "clean", kClean, quality.clean);
  WriteScore(json, form, "live", kLive, quality.live);
  json.EndArray();
  WriteMatched(json, dataset, quality.matched);
  json.EndObject();
  return json.Take();
}

/// Makes a column of then that of today.
base::Status Align(const model::Dataset& then, const center::Center& today, std::size_t& column) {
  store::RecordQuery query;
  query.from = column;
  const auto found = AlignToToday(then, today, query);
  if (!found.ok()) return found.error();
  column = query.from;
  return {};
}

/// The dataset with the columns of today, in which the store has its records, and the rules of
/// then. kNotFound with reason no_longer_declared as AlignToToday.
base::Result<model::Dataset> AlignedRules(const model::Dataset& then, const center::Center& today) {
  store::RecordQuery key;
  key.from = then.key.empty() ? 0 : then.key.front();
  FANSIPAN_ASSIGN_OR_RETURN(const model::Dataset* now, AlignToToday(then, today, key));
  model::Dataset aligned = *now;
  aligned.title = then.title;
  aligned.quality = then.quality;
  model::QualityRules& rules = aligned.quality;
  for (const model::QualityCheck& check : rules.checks) {
    for (const std::string& name : model::NamesIn(check.condition)) {
      auto column = then.FindColumn(name);
      if (column) FANSIPAN_RETURN_IF_ERROR(Align(then, today, *column));
    }
  }
  if (rules.match) FANSIPAN_RETURN_IF_ERROR(Align(then, today, rules.match->column));
  for (auto& column : rules.expected) FANSIPAN_RETURN_IF_ERROR(Align(then, today, column));
  for (auto& column : rules.unique) FANSIPAN_RETURN_IF_ERROR(Align(then, today, column));
  if (!rules.regular) return aligned;
  FANSIPAN_RETURN_IF_ERROR(Align(then, today, rules.regular->column));
  for (auto& column : rules.regular->groups) {
    FANSIPAN_RETURN_IF_ERROR(Align(then, today, column));
  }
  return aligned;
}

base::Result<Response> GetQuality(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* dataset, call.GetDataset(call.PathText("dataset")));
  FANSIPAN_ASSIGN_OR_RETURN(const auto as_of, call.FindAsOf());
  model::Snapshot snapshot;
  indicators::QualityQuestion question;
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      as_of,
      [&](const indicators::View& view) {
        snapshot = view.snapshot;
        question = indicators::AskQuality(view, *dataset);
      },
      call.patience));
  const auto running = call.running->engine();
  FANSIPAN_ASSIGN_OR_RETURN(model::Dataset aligned, AlignedRules(*dataset, running->center()));
  if (question.registry != nullptr) {
    const model::Dataset& then = *question.registry;
    FANSIPAN_RETURN_IF_ERROR(Align(then, running->center(), aligned.quality.match->key));
    question.registry = running->center().FindDataset(then.name);
  }
  question.dataset = &aligned;
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(snapshot.sequence));
  FANSIPAN_ASSIGN_OR_RETURN(const indicators::Quality quality,
                            ReadQuality(question, *call.running->facts, call.patience));
  return Response::Json(200, QualityJson(call, aligned, snapshot, quality));
}

}  // namespace

void AddQualityRoutes(std::vector<Route>& routes) {
  routes.emplace_back(
      Method::kGet, "/api/v1/quality/{dataset}", Right(security::Action::kReadRecords), GetQuality,
      RouteOptions{.lane = Lane::kHeavy, .query = {"as_of"}, .by_rules_of_then = true});
}

}  // namespace fansipan::http
