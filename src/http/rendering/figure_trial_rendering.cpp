#include "http/rendering/figure_trial_rendering.h"

#include <map>
#include <string>

namespace fansipan::http {
namespace {

void WriteCount(JsonWriter& json, std::string_view name, std::uint64_t count) {
  json.Integer(name, static_cast<std::int64_t>(count));
}

void WriteCounts(JsonWriter& json, std::string_view name,
                 const std::map<std::string, std::uint64_t>& counts) {
  json.BeginObject(name);
  for (const auto& [what, count] : counts) WriteCount(json, what, count);
  json.EndObject();
}

void WriteState(JsonWriter& json, std::string_view name, const indicators::FigureState& state) {
  json.BeginObject(name);
  json.Decimal("value", state.value);
  json.TextOrNull("no_value_reason", state.no_value_reason);
  json.Text("judgement", NameOf(state.judgement));
  json.Decimal("target", state.target);
  json.EndObject();
}

void WriteDifference(JsonWriter& json, const indicators::FigureDifference& found) {
  json.BeginObject();
  json.Text("indicator", found.name.indicator);
  json.Text("tree", NameOf(found.name.tree));
  json.Text("unit", found.name.unit);
  json.Text("period", found.name.period);
  WriteState(json, "before", found.before);
  WriteState(json, "after", found.after);
  json.Decimal("difference", found.difference);
  json.EndObject();
}

void WriteReadings(JsonWriter& json, const FigureTrial& trial) {
  WriteCount(json, "read_again", trial.read_again);
  WriteCount(json, "failed", trial.failed);
  json.BeginArray("failures");
  for (const FailedReading& failure : trial.failures) {
    json.BeginObject();
    WriteCount(json, "delivery", failure.delivery.value);
    json.Text("source", failure.source);
    json.Text("reason", failure.reason);
    json.Text("message", failure.message);
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("rows");
  for (const RowTrial& rows : trial.rows) {
    json.BeginObject();
    json.Text("source", rows.source);
    json.Text("dataset", rows.dataset);
    WriteCount(json, "unchanged", rows.unchanged);
    WriteCounts(json, "changes", rows.changes);
    WriteCounts(json, "refusals", rows.refusals);
    WriteCounts(json, "refusals_mended", rows.refusals_mended);
    json.EndObject();
  }
  json.EndArray();
}

void WriteComparison(JsonWriter& json, const indicators::CenterComparison& figures) {
  WriteCount(json, "compared", figures.compared);
  WriteCount(json, "changed", figures.changed);
  WriteCount(json, "appeared", figures.appeared);
  WriteCount(json, "gone", figures.gone);
  json.BeginArray("judgements");
  for (const auto& [judgements, count] : figures.judgements) {
    json.BeginObject();
    json.Text("before", NameOf(judgements.first));
    json.Text("after", NameOf(judgements.second));
    WriteCount(json, "figures", count);
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("largest");
  for (const auto& found : figures.largest) WriteDifference(json, found);
  json.EndArray();
}

}  // namespace

void WriteFigureTrial(JsonWriter& json, std::string_view name, const FigureTrial& trial) {
  json.BeginObject(name);
  json.Flag("concerned", trial.concerns_figures);
  json.Moment("at", trial.at);
  json.Integer("days", kTrialDays);
  WriteReadings(json, trial);
  WriteComparison(json, trial.figures);
  json.EndObject();
}

}  // namespace fansipan::http
