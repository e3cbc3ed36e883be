#include <algorithm>
#include <set>

#include "http/rendering/delivery_rendering.h"
#include "http/rendering/figure_rendering.h"
#include "http/rendering/record_rendering.h"
#include "http/resources/raw_rows.h"
#include "http/resources/routes.h"

namespace fansipan::http {
namespace {

security::Object DatasetInPath(const Call& call) {
  security::Object object;
  const auto* dataset = call.center().FindDataset(call.PathText("dataset"));
  if (dataset != nullptr) object.system = dataset->system;
  return object;
}

/// The record's key from the parameters key.<column>.
base::Result<model::Row> ParseKey(const Call& call, const RecordForm& form) {
  model::Row key;
  const model::Dataset& dataset = *form.dataset;
  for (const std::size_t index : dataset.key) {
    const model::Column& column = dataset.columns[index];
    if (form.IsMasked(index)) {
      return base::Error{
          base::ErrorCode::kForbidden, "personal_data",
          "column '" + column.name + "' is personal; an administrator may ask by it"};
    }
    FANSIPAN_ASSIGN_OR_RETURN(const std::string text, call.GetQueryText("key." + column.name));
    auto value = model::ParseValue(text, column.type, column.scale, call.center().time_zone);
    if (!value.ok()) {
      return base::Error{base::ErrorCode::kInvalidArgument, "invalid_parameter",
                         "parameter 'key." + column.name + "': " + value.error().message};
    }
    key.push_back(*std::move(value));
  }
  for (const auto& [name, value] : call.request->query) {
    const auto names_it = [&, &parameter = name](std::size_t index) {
      return "key." + dataset.columns[index].name == parameter;
    };
    const bool of_key = std::any_of(dataset.key.begin(), dataset.key.end(), names_it);
    if (name.starts_with("key.") && !of_key) {
      return base::Error{
          base::ErrorCode::kInvalidArgument, "unknown_parameter",
          "'" + name.substr(4) + "' is not a key column of dataset '" + dataset.name + "'"};
    }
  }
  return key;
}

/// When the version came to be known: with the last delivery before it in the one order.
base::Result<base::Timestamp> RecordedAt(const Call& call, const model::Version& version) {
  store::DeliveryQuery query;
  query.before = version.sequence;
  query.limit = 1;
  FANSIPAN_ASSIGN_OR_RETURN(const auto deliveries,
                            call.running->facts->ListDeliveries(query, call.patience));
  if (!deliveries.empty()) return deliveries.front().recorded_at;
  return base::Error{base::ErrorCode::kInternal, "",
                     "no delivery stands before version " + std::to_string(version.sequence.value)};
}

base::Result<Response> ListVersions(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto* dataset, call.GetDataset(call.PathText("dataset")));
  const RecordForm form{dataset, security::MayReadPersonal(call.identity)};
  FANSIPAN_ASSIGN_OR_RETURN(const model::Row key, ParseKey(call, form));
  FANSIPAN_ASSIGN_OR_RETURN(const auto as_of, call.FindAsOf());
  model::Snapshot snapshot;
  FANSIPAN_RETURN_IF_ERROR(call.engine->Read(
      as_of, [&](const auto& view) { snapshot = view.snapshot; }, call.patience));
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(snapshot.sequence));
  FANSIPAN_ASSIGN_OR_RETURN(
      auto versions,
      call.running->facts->VersionsOfKey(dataset->name, key, snapshot.sequence, call.patience));
  if (versions.empty()) {
    return base::Error{base::ErrorCode::kNotFound, "unknown_record",
                       "dataset '" + dataset->name + "' has no record with this key"};
  }
  JsonWriter json;
  json.BeginObject();
  WriteSnapshot(json, snapshot);
  json.Moment("as_of", as_of);
  json.Text("dataset", dataset->name);
  WriteKey(json, form, versions.back().values);
  WriteColumns(json, form);
  json.BeginArray("items");
  for (std::size_t i = 0; i < versions.size(); ++i) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto recorded_at, RecordedAt(call, versions[i]));
    json.BeginObject();
    WriteVersion(json, form, {versions[i], recorded_at, i + 1 == versions.size()});
    json.EndObject();
  }
  json.EndArray();
  json.Null("next");
  json.EndObject();
  return Response::Json(200, json.Take());
}

/// A version, its original delivery, and its dataset as declared now.
struct FoundVersion {
  model::Version version;
  model::Delivery delivery;
  const model::Dataset* dataset = nullptr;
};

base::Result<FoundVersion> FindVersion(const Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const model::Sequence sequence, call.GetSequence("unknown_version"));
  FANSIPAN_RETURN_IF_ERROR(call.WaitForFacts(std::min(sequence, call.engine->snapshot().sequence)));
  FANSIPAN_ASSIGN_OR_RETURN(auto version,
                            call.running->facts->FindVersion(sequence, call.patience));
  const auto* dataset = version ? call.center().FindDataset(version->dataset) : nullptr;
  if (dataset == nullptr) {
    return base::Error{
        base::ErrorCode::kNotFound, "unknown_version",
        "there is no version " + std::to_string(sequence.value) + " of a declared dataset"};
  }
  FANSIPAN_ASSIGN_OR_RETURN(auto delivery,
                            call.running->facts->FindDelivery(version->delivery, call.patience));
  if (!delivery) {
    return base::Error{base::ErrorCode::kInternal, "", "a version's delivery is not in the store"};
  }
  return FoundVersion{*std::move(version), *std::move(delivery), dataset};
}

base::Result<Response> GetVersion(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const FoundVersion found, FindVersion(call));
  const RecordForm form{found.dataset, security::MayReadPersonal(call.identity)};
  model::Row key;
  for (const std::size_t column : found.dataset->key) key.push_back(found.version.values[column]);
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto versions,
      call.running->facts->VersionsOfKey(found.dataset->name, key, call.engine->snapshot().sequence,
                                         call.patience));
  const bool current = !versions.empty() && versions.back().sequence == found.version.sequence;
  FANSIPAN_ASSIGN_OR_RETURN(const auto recorded_at, RecordedAt(call, found.version));
  JsonWriter json;
  json.BeginObject();
  json.Text("dataset", found.dataset->name);
  WriteKey(json, form, found.version.values);
  WriteColumns(json, form);
  json.BeginObject("version");
  WriteVersion(json, form, {found.version, recorded_at, current});
  json.EndObject();
  json.BeginObject("delivery");
  WriteDelivery(json, found.delivery);
  json.EndObject();
  json.EndObject();
  return Response::Json(200, json.Take());
}

/// A version that clocks alone made is of the rows of the one before it.
base::Status FindRawRows(const Call& call, model::Version& version) {
  std::optional<model::Version> told = version;
  while (told && told->raw_rows.empty() && told->predecessor) {
    FANSIPAN_ASSIGN_OR_RETURN(told,
                              call.running->facts->FindVersion(*told->predecessor, call.patience));
    if (told && (told->delivery != version.delivery || told->row != version.row)) told.reset();
  }
  if (told) version.raw_rows = told->raw_rows;
  return {};
}

base::Result<Response> GetRawRows(Call& call) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto context, call.FindNumber("context", 0, kMaxRawContext));
  FANSIPAN_ASSIGN_OR_RETURN(FoundVersion found, FindVersion(call));
  FANSIPAN_RETURN_IF_ERROR(FindRawRows(call, found.version));
  RawRowsQuestion question{.delivery = &found.delivery, .own = found.version.raw_rows};
  question.context = context.value_or(question.context);
  return AnswerRawRows(call, question);
}

/// Archived bytes hold every column, whatever the dataset of the version keeps.
security::Object BytesOfVersion(const Call& call) {
  security::Object object;
  const auto found = FindVersion(call);
  if (!found.ok()) {
    // What is there, but could not be found out, may be found when it is asked for again.
    object.personal = found.error().code != base::ErrorCode::kNotFound;
    return object;
  }
  object.source = found->delivery.source;
  object.system = found->dataset->system;
  object.personal = HoldsPersonal(call.center(), found->delivery.source);
  return object;
}

}  // namespace

void AddRecordRoutes(std::vector<Route>& routes) {
  const Right read(security::Action::kReadRecords);
  routes.emplace_back(Method::kGet, "/api/v1/records/{dataset}/versions",
                      Right(security::Action::kReadRecords, DatasetInPath), ListVersions,
                      RouteOptions{.lane = Lane::kHeavy, .query = {"as_of", "key.*"}});
  routes.emplace_back(Method::kGet, "/api/v1/versions/{sequence}", read, GetVersion,
                      RouteOptions{.lane = Lane::kHeavy});
  routes.emplace_back(Method::kGet, "/api/v1/versions/{sequence}/raw",
                      Right(security::Action::kReadPayload, BytesOfVersion), GetRawRows,
                      RouteOptions{.lane = Lane::kHeavy, .query = {"context"}});
}

}  // namespace fansipan::http
