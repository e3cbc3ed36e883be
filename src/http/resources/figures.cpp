#include <algorithm>

#include "http/etag.h"
#include "http/rendering/figure_rendering.h"
#include "http/resources/public_objects.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxIndicators = 50;
constexpr std::uint64_t kMaxTrend = 120;
// An answer is read in one piece, and meanwhile nothing new is published: 50 indicators of 99
// communes, or one with 48 periods of trend.
constexpr std::size_t kMaxReadings = 5'000;

/// What the figures are asked for, checked.
struct Question {
  std::vector<std::string> indicators;
  model::TreeKind tree = model::TreeKind::kTerritory;
  model::UnitId unit;
  model::Period period;
  std::optional<base::Timestamp> as_of;
  std::optional<model::Date> territory;
  bool children = false;
  std::size_t trend = 0;
  std::string dimension;
  bool csv = false;
};

base::Result<Question> ParseQuestion(Call& call) {
  Question question;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string names, call.GetQueryText("indicator"));
  question.indicators = SplitNames(names);
  if (question.indicators.size() > kMaxIndicators) {
    return base::Error{base::ErrorCode::kInvalidArgument, "invalid_parameter",
                       "parameter 'indicator' takes at most 50 names"};
  }
  for (const std::string& name : question.indicators) {
    FANSIPAN_RETURN_IF_ERROR(call.GetIndicator(name));
  }
  FANSIPAN_ASSIGN_OR_RETURN(question.tree, call.GetTree());
  FANSIPAN_ASSIGN_OR_RETURN(question.unit, call.GetUnit(question.tree));
  FANSIPAN_ASSIGN_OR_RETURN(question.period, call.GetPeriod());
  FANSIPAN_ASSIGN_OR_RETURN(question.as_of, call.FindAsOf());
  FANSIPAN_ASSIGN_OR_RETURN(question.territory, call.FindTerritory(question.tree, question.unit));
  FANSIPAN_ASSIGN_OR_RETURN(question.children, call.FindFlag("children", false));
  FANSIPAN_ASSIGN_OR_RETURN(const auto trend, call.FindNumber("trend", 1, kMaxTrend));
  question.trend = static_cast<std::size_t>(trend.value_or(0));
  question.dimension = call.QueryText("dimension").value_or("");
  FANSIPAN_ASSIGN_OR_RETURN(question.csv, WantsCsv(call));
  if (question.children && !question.dimension.empty()) {
    return base::Error{base::ErrorCode::kInvalidArgument, "invalid_parameter",
                       "parameters 'children' and 'dimension' do not go together"};
  }
  if (question.csv && question.trend > 0) {
    return base::Error{base::ErrorCode::kInvalidArgument, "invalid_parameter",
                       "a table of figures has no column for a trend; ask for JSON, or leave "
                       "parameter 'trend' out and ask for each period"};
  }
  return question;
}

/// So many figures are read at most for one question, those of trends among them.
base::Status CheckReadings(const Question& question, std::size_t figures) {
  const std::size_t readings = figures * (1 + question.trend);
  if (readings <= kMaxReadings) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, "too_many_figures",
                     "this asks for " + std::to_string(readings) +
                         " figures, those of trends among them, and one answer has at most " +
                         std::to_string(kMaxReadings) +
                         "; ask for fewer indicators, a shorter trend, or one unit at a time"};
}

/// Units in whose order the figures of one indicator stand; children are those of the territory,
/// or as reported of the snapshot's day.
std::vector<model::UnitId> UnitsOf(const indicators::View& view, const Question& question) {
  if (!question.children) return {question.unit};
  return ChildrenByCode(view, question.tree, question.unit, question.territory);
}

/// Dimensions that every measure behind the indicator declares.
std::vector<std::string> DimensionsOf(const indicators::View& view,
                                      const model::Indicator& indicator) {
  std::vector<std::string> names;
  bool first = true;
  for (const auto id : indicators::MeasuresOf(view, indicator)) {
    const model::Measure& measure = view.plan->measure(id);
    const model::Dataset& dataset = *view.center->FindDataset(measure.dataset);
    std::vector<std::string> own;
    for (const std::size_t column : measure.dimensions) own.push_back(dataset.columns[column].name);
    if (first) {
      names = own;
    } else {
      std::erase_if(names, [&](const auto& name) {
        return std::find(own.begin(), own.end(), name) == own.end();
      });
    }
    first = false;
  }
  return names;
}

base::Status ReadByDimension(Call& call, const indicators::View& view, const model::FigureKey& key,
                             const Question& question, std::vector<ShownFigure>& figures) {
  const auto values = indicators::DimensionValues(view, key, question.dimension);
  if (!values.ok()) {
    const model::Indicator& indicator = *view.center->FindIndicator(key.indicator);
    return call.Unknown("dimension", question.dimension, DimensionsOf(view, indicator));
  }
  FANSIPAN_RETURN_IF_ERROR(CheckReadings(question, figures.size() + values->size()));
  for (const std::string& value : *values) {
    if (view.patience.IsOver()) break;
    const indicators::DimensionFilter filter{question.dimension, value};
    figures.push_back({indicators::ReadFigure(view, key, filter), filter, {}});
  }
  return {};
}

std::vector<model::FigureKey> KeysOf(const indicators::View& view, const Question& question) {
  std::vector<model::FigureKey> keys;
  for (const std::string& indicator : question.indicators) {
    for (const model::UnitId unit : UnitsOf(view, question)) {
      keys.push_back({indicator, question.tree, unit, question.period, question.territory});
    }
  }
  return keys;
}

base::Status ReadFigures(Call& call, const indicators::View& view, const Question& question,
                         std::vector<ShownFigure>& figures) {
  const auto keys = KeysOf(view, question);
  FANSIPAN_RETURN_IF_ERROR(CheckReadings(question, keys.size()));
  for (const model::FigureKey& key : keys) {
    if (view.patience.IsOver()) break;
    if (question.dimension.empty()) {
      figures.push_back(
          {indicators::ReadFigure(view, key), std::nullopt, ReadTrend(view, key, question.trend)});
      continue;
    }
    FANSIPAN_RETURN_IF_ERROR(ReadByDimension(call, view, key, question, figures));
  }
  return {};
}

struct Reading {
  model::Snapshot snapshot;
  Standings standings;
  std::vector<ShownFigure> figures;
};

std::string FiguresJson(const center::Center& center, const Question& question,
                        const Reading& reading) {
  const FigureForm form{&center, &reading.standings, Passport::kWhole, question.trend > 0};
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, reading.snapshot);
  json.Moment("as_of", question.as_of);
  json.Text("territory", TextOfTerritory(question.territory));
  json.BeginArray("figures");
  for (const ShownFigure& shown : reading.figures) {
    json.BeginObject();
    WriteFigure(json, form, shown);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

base::Result<Response> GetFigures(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const Question question, ParseQuestion(call));
  Reading reading;
  base::Status status;
  bool unchanged = false;
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      question.as_of,
      [&](const indicators::View& view) {
        reading.snapshot = view.snapshot;
        unchanged = HasEtag(*call.request, EtagOf(call, view.snapshot));
        if (unchanged) return;
        reading.standings = ReadStandings(view);
        status = ReadFigures(call, view, question, reading.figures);
      },
      call.patience));
  FANSIPAN_RETURN_IF_ERROR(status);
  const std::string etag = EtagOf(call, reading.snapshot);
  if (unchanged) return NotModified(etag);
  if (question.csv) {
    return WithEtag(
        Response::Of(200, "text/csv; charset=utf-8", FiguresCsv(call.center(), reading.figures)),
        etag);
  }
  return WithEtag(Response::Json(200, FiguresJson(call.center(), question, reading)), etag);
}

}  // namespace

void AddFigureRoutes(std::vector<Route>& routes) {
  routes.emplace_back(
      Method::kGet, "/api/v1/figures", Right(security::Action::kReadFigures, IndicatorsInQuery),
      GetFigures,
      RouteOptions{.query = {"indicator", "tree", "unit", "period", "as_of", "territory",
                             "children", "trend", "dimension", "format"},
                   .by_rules_of_then = true});
}

}  // namespace fansipan::http
