#include "http/resources/measure_records.h"

#include "model/expression.h"

namespace fansipan::http {
namespace {

base::Error ColumnGone(const std::string& dataset, const std::string& column) {
  const std::string what = column.empty() ? "" : "column '" + column + "' of ";
  return {base::ErrorCode::kNotFound, "no_longer_declared",
          what + "dataset '" + dataset +
              "' is no longer declared; the figure of then stands, its records cannot be listed"};
}

}  // namespace

security::Object MeasureInQuery(const Call& call) {
  security::Object object;
  const auto* measure = call.center().FindMeasure(call.QueryText("measure").value_or(""));
  const auto* dataset = measure ? call.center().FindDataset(measure->dataset) : nullptr;
  if (dataset != nullptr) object.system = dataset->system;
  return object;
}

std::optional<model::Period> PeriodOfPart(const std::string& part, const model::Period& period) {
  if (part.starts_with("previous(")) return model::Shift(period, -1);
  if (part.starts_with("same_period_last_year(")) return model::SamePeriodLastYear(period);
  if (part.find('(') != std::string::npos) return std::nullopt;
  return period;
}

base::Result<const model::Dataset*> AlignToToday(const model::Dataset& then,
                                                 const center::Center& today,
                                                 store::RecordQuery& query) {
  const model::Dataset* dataset = today.FindDataset(then.name);
  if (dataset == nullptr) return ColumnGone(then.name, "");
  const auto move = [&](std::size_t& column) -> base::Status {
    const model::Column& asked = then.columns[column];
    const auto found = dataset->FindColumn(asked.name);
    if (!found || dataset->columns[*found].type != asked.type) {
      return ColumnGone(then.name, asked.name);
    }
    column = *found;
    return {};
  };
  FANSIPAN_RETURN_IF_ERROR(move(query.from));
  if (query.until) FANSIPAN_RETURN_IF_ERROR(move(*query.until));
  if (query.not_missing) FANSIPAN_RETURN_IF_ERROR(move(*query.not_missing));
  if (query.place) FANSIPAN_RETURN_IF_ERROR(move(query.place->column));
  for (auto& [column, text] : query.dimensions) FANSIPAN_RETURN_IF_ERROR(move(column));
  if (!query.condition) return dataset;
  for (const std::string& name : model::NamesIn(*query.condition)) {
    auto column = then.FindColumn(name);
    if (column) FANSIPAN_RETURN_IF_ERROR(move(*column));
  }
  return dataset;
}

}  // namespace fansipan::http
