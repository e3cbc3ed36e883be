#include <algorithm>
#include <array>

#include "http/etag.h"
#include "http/rendering/figure_rendering.h"
#include "http/rendering/period_rendering.h"
#include "http/rendering/reported_rendering.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"
#include "indicators/reported/cross_checks.h"

namespace fansipan::http {
namespace {

constexpr std::uint64_t kMaxComparisons = 1'000;
constexpr std::uint64_t kDefaultComparisons = 200;

/// Everything that was ever stated of one figure, from one snapshot.
struct History {
  model::FigureKey key;
  std::optional<base::Timestamp> as_of;
  model::Snapshot snapshot;
  std::vector<indicators::KnownStatement> statements;
};

std::string HistoryJson(const center::Center& center, const model::Indicator& indicator,
                        const History& history) {
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, history.snapshot);
  json.Moment("as_of", history.as_of);
  json.Text("indicator", indicator.name);
  json.Localized("title", indicator.title);
  json.Text("unit_of_measure", indicator.unit_of_measure);
  json.Integer("decimals", indicator.decimals);
  json.Text("tree", NameOf(history.key.tree));
  WriteUnitName(json, "unit", center.TreeOf(history.key.tree).Get(history.key.unit));
  WritePeriod(json, "period", center, history.key.period, PeriodForm::kShort);
  const model::Dataset& dataset = *center.FindDataset(indicator.reported->dataset);
  json.Text("dataset", dataset.name);
  WriteStatements(json, *dataset.reported, history.statements);
  json.EndObject();
  return json.Take();
}

base::Result<Response> GetHistory(Call& call) {
  History history;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string name, call.GetQueryText("indicator"));
  FANSIPAN_ASSIGN_OR_RETURN(const auto* indicator, call.GetIndicator(name));
  FANSIPAN_ASSIGN_OR_RETURN(const model::TreeKind tree, call.GetTree());
  FANSIPAN_ASSIGN_OR_RETURN(const model::UnitId unit, call.GetUnit(tree));
  FANSIPAN_ASSIGN_OR_RETURN(const model::Period period, call.GetPeriod());
  FANSIPAN_ASSIGN_OR_RETURN(history.as_of, call.FindAsOf());
  if (!indicator->reported) {
    return base::Error{base::ErrorCode::kInvalidArgument, "not_reported",
                       "indicator '" + name +
                           "' is computed, not reported; /api/v1/explain says what it is made of"};
  }
  history.key = {indicator->name, tree, unit, period};
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      history.as_of,
      [&](const indicators::View& view) {
        history.snapshot = view.snapshot;
        history.statements = indicators::ReadStatements(view, history.key);
      },
      call.patience));
  return Response::Json(200, HistoryJson(call.center(), *indicator, history));
}

/// What is asked of all comparisons, checked.
struct Question {
  indicators::ComparisonFilter filter;
  std::optional<base::Timestamp> as_of;
  std::optional<model::Agreement> agreement;  ///< nothing: all
  std::size_t limit = kDefaultComparisons;
};

base::Result<std::optional<model::Agreement>> FindAgreement(const Call& call) {
  const std::string text =
      call.QueryText("agreement").value_or(std::string(NameOf(model::Agreement::kContradicts)));
  if (text == "all") return std::optional<model::Agreement>();
  for (const auto known : {model::Agreement::kAgrees, model::Agreement::kContradicts,
                           model::Agreement::kNotComparable}) {
    if (text == NameOf(known)) return std::optional(known);
  }
  return base::Error{
      base::ErrorCode::kInvalidArgument, "invalid_parameter",
      "parameter 'agreement': agrees, contradicts, not_comparable or all is allowed"};
}

base::Result<Question> ParseQuestion(Call& call) {
  Question question;
  question.filter.check = call.QueryText("check").value_or("");
  if (!question.filter.check.empty() &&
      call.center().FindCrossCheck(question.filter.check) == nullptr) {
    std::vector<std::string> names;
    for (const auto& check : call.center().cross_checks) names.push_back(check.name);
    return call.Unknown("check", question.filter.check, names);
  }
  FANSIPAN_ASSIGN_OR_RETURN(question.filter.period, call.FindPeriod());
  FANSIPAN_ASSIGN_OR_RETURN(question.as_of, call.FindAsOf());
  FANSIPAN_ASSIGN_OR_RETURN(question.agreement, FindAgreement(call));
  FANSIPAN_ASSIGN_OR_RETURN(const auto limit, call.FindNumber("limit", 1, kMaxComparisons));
  question.limit = static_cast<std::size_t>(limit.value_or(kDefaultComparisons));
  return question;
}

std::string ComparisonsJson(const center::Center& center, const Question& question,
                            const model::Snapshot& snapshot,
                            const std::vector<model::Comparison>& comparisons) {
  std::array<std::int64_t, 3> counts{};
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, snapshot);
  json.Moment("as_of", question.as_of);
  json.BeginArray("items");
  std::size_t fitting = 0;
  for (const model::Comparison& comparison : comparisons) {
    ++counts[static_cast<std::size_t>(comparison.agreement)];
    if (question.agreement && comparison.agreement != *question.agreement) continue;
    if (++fitting <= question.limit) WriteComparison(json, center, comparison);
  }
  json.EndArray();
  json.Integer("left_out", static_cast<std::int64_t>(fitting - std::min(fitting, question.limit)));
  json.BeginObject("counts");
  json.Integer("agrees", counts[0]);
  json.Integer("contradicts", counts[1]);
  json.Integer("not_comparable", counts[2]);
  json.EndObject();
  json.EndObject();
  return json.Take();
}

base::Result<Response> ListContradictions(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const Question question, ParseQuestion(call));
  std::vector<model::Comparison> comparisons;
  model::Snapshot snapshot;
  FANSIPAN_RETURN_IF_ERROR(call.engine->ReadApart(
      question.as_of,
      [&](const indicators::View& view) {
        snapshot = view.snapshot;
        comparisons = indicators::CompareAll(view, question.filter);
      },
      call.patience));
  return Response::Json(200, ComparisonsJson(call.center(), question, snapshot, comparisons));
}

}  // namespace

void AddReportedRoutes(std::vector<Route>& routes) {
  routes.emplace_back(Method::kGet, "/api/v1/figures/history",
                      Right(security::Action::kReadFigures, IndicatorsInQuery), GetHistory,
                      RouteOptions{.query = {"indicator", "tree", "unit", "period", "as_of"},
                                   .by_rules_of_then = true});
  routes.emplace_back(Method::kGet, "/api/v1/contradictions", Right(security::Action::kReadFigures),
                      ListContradictions,
                      RouteOptions{.lane = Lane::kHeavy,
                                   .query = {"check", "period", "as_of", "agreement", "limit"},
                                   .by_rules_of_then = true});
}

}  // namespace fansipan::http
