#include "http/rendering/record_rendering.h"

#include <algorithm>

namespace fansipan::http {
namespace {

bool IsKey(const model::Dataset& dataset, std::size_t column) {
  return std::find(dataset.key.begin(), dataset.key.end(), column) != dataset.key.end();
}

const model::Value& ValueAt(const model::Row& values, std::size_t column) {
  static const model::Value kMissing;
  return column < values.size() ? values[column] : kMissing;
}

void WriteColumnValue(JsonWriter& json, const RecordForm& form, const model::Row& values,
                      std::size_t column) {
  const std::string& name = form.dataset->columns[column].name;
  if (form.IsMasked(column)) return json.Null(name);
  WriteValue(json, name, ValueAt(values, column));
}

}  // namespace

void WriteValue(JsonWriter& json, std::string_view name, const model::Value& value) {
  if (model::IsMissing(value)) return json.Null(name);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return json.Integer(name, *integer);
  if (const auto* flag = std::get_if<bool>(&value)) return json.Flag(name, *flag);
  json.Text(name, model::ToText(value));
}

void WriteColumns(JsonWriter& json, const RecordForm& form) {
  json.BeginArray("columns");
  for (std::size_t i = 0; i < form.dataset->columns.size(); ++i) {
    const model::Column& column = form.dataset->columns[i];
    json.BeginObject();
    json.Text("name", column.name);
    json.Localized("title", column.title);
    json.Text("type", NameOf(column.type));
    json.Integer("scale", column.type == model::ColumnType::kDecimal ? column.scale : 0);
    json.Flag("key", IsKey(*form.dataset, i));
    json.Flag("dimension", column.dimension);
    json.Flag("personal", column.personal);
    json.Flag("masked", form.IsMasked(i));
    json.Flag("reckoned", column.reckoned);
    json.EndObject();
  }
  json.EndArray();
}

void WriteKey(JsonWriter& json, const RecordForm& form, const model::Row& values) {
  json.BeginObject("key");
  for (const std::size_t column : form.dataset->key) WriteColumnValue(json, form, values, column);
  json.EndObject();
}

void WriteValues(JsonWriter& json, const RecordForm& form, const model::Row& values) {
  json.BeginObject("values");
  for (std::size_t i = 0; i < form.dataset->columns.size(); ++i) {
    WriteColumnValue(json, form, values, i);
  }
  json.EndObject();
}

void WriteRecord(JsonWriter& json, const RecordForm& form, const model::Version& version) {
  json.BeginObject();
  json.Text("dataset", version.dataset);
  WriteKey(json, form, version.values);
  WriteValues(json, form, version.values);
  json.Integer("sequence", static_cast<std::int64_t>(version.sequence.value));
  json.Integer("delivery", static_cast<std::int64_t>(version.delivery.value));
  json.Flag("withdrawn", version.withdrawn);
  json.EndObject();
}

void WriteRecordPage(JsonWriter& json, const RecordForm& form, const store::RecordPage& page) {
  WriteColumns(json, form);
  json.BeginArray("items");
  for (const model::Version& version : page.records) WriteRecord(json, form, version);
  json.EndArray();
  json.TextOrNull("next", page.next);
}

void WriteVersion(JsonWriter& json, const RecordForm& form, const ShownVersion& shown) {
  const model::Version& version = shown.version;
  json.Integer("sequence", static_cast<std::int64_t>(version.sequence.value));
  const auto order = form.dataset->order;
  if (order && !form.IsMasked(*order)) {
    WriteValue(json, "order", ValueAt(version.values, *order));
  } else {
    json.Null("order");
  }
  WriteValues(json, form, version.values);
  json.Integer("delivery", static_cast<std::int64_t>(version.delivery.value));
  json.Integer("mapping_revision", version.mapping_revision.value);
  json.Integer("row", version.row);
  json.BeginArray("raw_rows");
  for (const std::uint32_t row : version.raw_rows) json.IntegerItem(row);
  json.EndArray();
  json.Integer("predecessor",
               version.predecessor
                   ? std::optional(static_cast<std::int64_t>(version.predecessor->value))
                   : std::nullopt);
  json.Flag("withdrawn", version.withdrawn);
  json.Flag("outranked", version.outranked);
  json.Flag("current", shown.current);
  json.Moment("recorded_at", shown.recorded_at);
}

std::string RecordsCsv(const RecordForm& form, const std::vector<model::Version>& records) {
  CsvWriter csv;
  for (const model::Column& column : form.dataset->columns) csv.Text(column.name);
  csv.Text("_sequence");
  csv.Text("_delivery");
  csv.EndRow();
  for (const model::Version& version : records) {
    for (std::size_t i = 0; i < form.dataset->columns.size(); ++i) {
      const model::Value& value = ValueAt(version.values, i);
      const std::string text = form.IsMasked(i) ? "" : model::ToText(value);
      std::holds_alternative<std::string>(value) ? csv.Text(text) : csv.Number(text);
    }
    csv.Number(std::to_string(version.sequence.value));
    csv.Number(std::to_string(version.delivery.value));
    csv.EndRow();
  }
  return csv.Take();
}

}  // namespace fansipan::http
