#include "model/dataset.h"

namespace fansipan::model {

std::optional<std::size_t> Dataset::FindColumn(std::string_view column_name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column_name) return i;
  }
  return std::nullopt;
}

std::size_t Dataset::CountToldColumns() const {
  return clocks.empty() ? columns.size() : clocks.front().first_output;
}

std::string_view NameOf(DatasetKind kind) {
  switch (kind) {
    case DatasetKind::kEvent:
      return "event";
    case DatasetKind::kState:
      return "state";
    case DatasetKind::kReported:
      return "reported";
  }
  return "";
}

std::string_view NameOf(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::kFlow:
      return "flow";
    case MeasureKind::kStock:
      return "stock";
  }
  return "";
}

std::string_view NameOf(Aggregate aggregate) {
  switch (aggregate) {
    case Aggregate::kCount:
      return "count";
    case Aggregate::kSum:
      return "sum";
    case Aggregate::kAverage:
      return "average";
    case Aggregate::kMinimum:
      return "minimum";
    case Aggregate::kMaximum:
      return "maximum";
    case Aggregate::kDistinct:
      return "distinct";
  }
  return "";
}

}  // namespace fansipan::model
