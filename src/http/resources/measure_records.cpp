#include "http/resources/measure_records.h"

#include <charconv>
#include <string_view>

#include "model/expression.h"

namespace fansipan::http {
namespace {

constexpr std::string_view kYearsBefore = "years_before";

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
  const std::size_t open = part.find('(');
  if (open == std::string::npos) return period;
  const std::string function = part.substr(0, open);
  const std::string inside = part.substr(open + 1, part.rfind(')') - open - 1);
  if (function == "previous") return PeriodOfPart(inside, model::Shift(period, -1));
  if (function == "same_period_last_year") {
    return PeriodOfPart(inside, model::SamePeriodLastYear(period));
  }
  if (function == "of_year") {
    return PeriodOfPart(inside, model::PeriodContaining("year", period.to - base::Duration(1)));
  }
  if (function != kYearsBefore) return std::nullopt;
  const std::size_t comma = inside.rfind(", ");
  if (comma == std::string::npos) return std::nullopt;
  model::Period moved = period;
  int years = 0;
  const char* end = inside.data() + inside.size();
  if (std::from_chars(inside.data() + comma + 2, end, years).ptr != end) return std::nullopt;
  for (; years > 0; --years) moved = model::SamePeriodLastYear(moved);
  return PeriodOfPart(inside.substr(0, comma), moved);
}

bool IsOfYearsBefore(const std::string& part) {
  return part.find(kYearsBefore) != std::string::npos;
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
