#include <algorithm>
#include <charconv>

#include "http/maps/features.h"
#include "http/maps/map_links.h"
#include "http/rendering/record_rendering.h"
#include "model/row_condition.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kBoxStep = 1'000;
/// So many steps are gone through for one answer, as long as none of them had a feature: an answer
/// without features ends the reading of some clients.
constexpr std::size_t kStepsUntilFirst = 200;
constexpr std::size_t kSteps = 20;

/// Where a page ended: the state of all pages, the store's cursor of the step, and how many of the
/// step's features were given already.
struct MapCursor {
  std::uint64_t as_of = 0;
  std::uint64_t given = 0;
  std::string step;
};

std::string ToText(const MapCursor& cursor) {
  return std::to_string(cursor.as_of) + "." + std::to_string(cursor.given) + "." + cursor.step;
}

std::optional<MapCursor> ParseCursor(std::string_view text) {
  MapCursor cursor;
  for (std::uint64_t* number : {&cursor.as_of, &cursor.given}) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + dot, *number);
    if (error != std::errc() || end != text.data() + dot) return std::nullopt;
    text.remove_prefix(dot + 1);
  }
  cursor.step = text;
  return cursor;
}

std::optional<model::Decimal> DegreesAt(const model::Row& values, std::size_t column) {
  const auto* degrees = std::get_if<model::Decimal>(&values[column]);
  return degrees == nullptr ? std::nullopt : std::optional(*degrees);
}

/// Numbers as numbers: a map is coloured by them. The digits are the exact ones.
void WriteProperty(JsonWriter& json, std::string_view name, const model::Value& value) {
  if (const auto* decimal = std::get_if<model::Decimal>(&value)) {
    return json.Raw(name, decimal->ToText());
  }
  WriteValue(json, name, value);
}

MapFeature FeatureOf(const center::Layer& layer, const model::Dataset& dataset,
                     const model::Row& values) {
  MapFeature feature;
  std::vector<std::string> key;
  for (const std::size_t column : dataset.key) key.push_back(model::ToText(values[column]));
  feature.id = EncodeFeatureId(key);
  const auto longitude = DegreesAt(values, layer.longitude);
  const auto latitude = DegreesAt(values, layer.latitude);
  feature.geometry =
      longitude && latitude ? PointText(longitude->ToText(), latitude->ToText()) : "null";
  JsonWriter json;
  json.BeginObject();
  for (const std::size_t column : layer.properties) {
    WriteProperty(json, dataset.columns[column].name, values[column]);
  }
  json.EndObject();
  feature.properties = json.Take();
  return feature;
}

/// A center that was applied a moment ago may have other columns than the one that answers.
base::Status CheckColumns(const model::Dataset& dataset, const model::Version& version) {
  if (version.values.size() == dataset.columns.size()) return {};
  return base::Error{base::ErrorCode::kUnavailable, "columns_changed",
                     "dataset '" + dataset.name + "' is being declared anew; ask again"};
}

bool LiesIn(const center::Layer& layer, const MapBox& box, const model::Row& values) {
  const auto longitude = DegreesAt(values, layer.longitude);
  const auto latitude = DegreesAt(values, layer.latitude);
  return longitude && latitude && box.Holds(longitude->ToDouble(), latitude->ToDouble());
}

/// Goes through the store's pages and takes what lies in the box, until there is a page of
/// features.
class RecordWalk {
 public:
  RecordWalk(Call& call, const center::Layer& layer, const MapQuestion& question)
      : call_(call),
        layer_(layer),
        question_(question),
        dataset_(*call.center().FindDataset(layer.dataset)) {}

  base::Result<FeaturePage> Walk() {
    FANSIPAN_RETURN_IF_ERROR(Begin());
    for (std::size_t step = 0; step < StepsAllowed(); ++step) {
      query_.after = cursor_.step;
      FANSIPAN_ASSIGN_OR_RETURN(const store::RecordPage records,
                                call_.running->facts->PageRecords(query_, call_.patience));
      FANSIPAN_ASSIGN_OR_RETURN(const bool full, Take(records));
      if (full) break;
      cursor_ = {cursor_.as_of, 0, records.next};
      if (records.next.empty()) {
        if (question_.cursor.empty()) page_.matched = page_.features.size();
        return std::move(page_);
      }
      if (page_.features.size() == question_.limit) break;
    }
    page_.next = ToText(cursor_);
    return std::move(page_);
  }

 private:
  base::Status Begin() {
    const model::Sequence newest = call_.engine->snapshot().sequence;
    cursor_.as_of = newest.value;
    if (!question_.cursor.empty()) {
      auto parsed = ParseCursor(question_.cursor);
      if (!parsed) {
        return base::Error{base::ErrorCode::kInvalidArgument, "invalid_cursor",
                           "parameter 'cursor' is none that a page of this layer gave"};
      }
      cursor_ = *std::move(parsed);
      cursor_.as_of = std::min(cursor_.as_of, newest.value);
    }
    FANSIPAN_RETURN_IF_ERROR(call_.WaitForFacts(newest));
    query_.dataset = dataset_.name;
    query_.as_of = model::Sequence{cursor_.as_of};
    query_.whole = true;
    query_.condition = layer_.condition;
    if (question_.box) query_.not_missing = layer_.longitude;
    query_.limit = question_.box ? kBoxStep : question_.limit;
    query_.zone = call_.center().time_zone;
    return {};
  }

  std::size_t StepsAllowed() const { return page_.features.empty() ? kStepsUntilFirst : kSteps; }

  /// True when the page is full, and the cursor names the place within the step.
  base::Result<bool> Take(const store::RecordPage& records) {
    std::uint64_t seen = 0;
    for (const model::Version& record : records.records) {
      FANSIPAN_RETURN_IF_ERROR(CheckColumns(dataset_, record));
      if (question_.box && !LiesIn(layer_, *question_.box, record.values)) continue;
      if (seen++ < cursor_.given) continue;
      if (page_.features.size() == question_.limit) {
        cursor_.given = seen - 1;
        return true;
      }
      page_.features.push_back(FeatureOf(layer_, dataset_, record.values));
    }
    return false;
  }

  Call& call_;
  const center::Layer& layer_;
  const MapQuestion& question_;
  const model::Dataset& dataset_;
  store::RecordQuery query_;
  MapCursor cursor_;
  FeaturePage page_;
};

/// Nothing when the texts are no key of the dataset.
std::optional<model::Row> ParseKey(const Call& call, const model::Dataset& dataset) {
  const auto texts = DecodeFeatureId(call.PathText("id"));
  if (!texts || texts->size() != dataset.key.size()) return std::nullopt;
  model::Row key;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const model::Column& column = dataset.columns[dataset.key[i]];
    auto value = model::ParseValue((*texts)[i], column.type, column.scale, call.center().time_zone);
    if (!value.ok()) return std::nullopt;
    key.push_back(*std::move(value));
  }
  return key;
}

}  // namespace

base::Result<FeaturePage> FindRecordFeatures(Call& call, const center::Layer& layer,
                                             const MapQuestion& question) {
  return RecordWalk(call, layer, question).Walk();
}

base::Result<MapFeature> GetRecordFeature(Call& call, const center::Layer& layer) {
  const model::Dataset& dataset = *call.center().FindDataset(layer.dataset);
  const auto key = ParseKey(call, dataset);
  if (!key) return UnknownFeature(call);
  const model::Sequence newest = call.engine->snapshot().sequence;
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(newest));
  FANSIPAN_ASSIGN_OR_RETURN(const auto versions, call.running->facts->VersionsOfKey(
                                                     dataset.name, *key, newest, call.patience));
  if (versions.empty() || versions.back().withdrawn) return UnknownFeature(call);
  const model::Row& values = versions.back().values;
  FANSIPAN_RETURN_IF_ERROR(CheckColumns(dataset, versions.back()));
  if (layer.condition) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto condition,
                              model::RowCondition::Compile(*layer.condition, dataset));
    if (!condition.Evaluate(values).value_or(false)) return UnknownFeature(call);
  }
  return FeatureOf(layer, dataset, values);
}

}  // namespace fansipan::http
