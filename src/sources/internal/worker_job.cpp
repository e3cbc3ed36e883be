#include "sources/internal/worker_job.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sources/internal/worker_job_shapes.h"

namespace fansipan::sources::internal {
namespace {

using nlohmann::json;

json EncodeDialect(const center::CsvDialect& csv) {
  return {{"delimiter", static_cast<int>(csv.delimiter)},
          {"quote", static_cast<int>(csv.quote)},
          {"header", csv.header},
          {"header_rows", csv.header_rows},
          {"skip", csv.skip},
          {"header_has", csv.header_has},
          {"ends_at", csv.ends_at},
          {"null_texts", csv.null_texts},
          {"columns", csv.columns},
          {"byte_order_mark", csv.byte_order_mark}};
}

center::CsvDialect ParseDialect(const json& value) {
  center::CsvDialect csv;
  csv.delimiter = static_cast<char>(value.at("delimiter").get<int>());
  csv.quote = static_cast<char>(value.at("quote").get<int>());
  csv.header = value.at("header");
  csv.header_rows = value.at("header_rows");
  csv.skip = value.at("skip");
  csv.header_has = value.at("header_has");
  csv.ends_at = value.at("ends_at");
  csv.null_texts = value.at("null_texts").get<std::vector<std::string>>();
  csv.columns = value.at("columns").get<std::vector<std::string>>();
  csv.byte_order_mark = value.at("byte_order_mark");
  return csv;
}

json EncodeWorkbook(const center::WorkbookShape& workbook) {
  return {{"range", workbook.range},           {"header_has", workbook.header_has},
          {"ends_at", workbook.ends_at},       {"header_rows", workbook.header_rows},
          {"null_texts", workbook.null_texts}, {"columns", workbook.columns}};
}

center::WorkbookShape ParseWorkbook(const json& value) {
  center::WorkbookShape workbook;
  workbook.range = value.at("range");
  workbook.header_has = value.at("header_has");
  workbook.ends_at = value.at("ends_at");
  workbook.header_rows = value.at("header_rows");
  workbook.null_texts = value.at("null_texts").get<std::vector<std::string>>();
  workbook.columns = value.at("columns").get<std::vector<std::string>>();
  return workbook;
}

json EncodeLimits(const center::Limits& limits) {
  return {{"payload_bytes", limits.payload_bytes},
          {"rows", limits.rows},
          {"depth", limits.depth},
          {"worker_memory_bytes", limits.worker_memory_bytes},
          {"worker_seconds", limits.worker_seconds}};
}

center::Limits ParseLimits(const json& value) {
  center::Limits limits;
  limits.payload_bytes = value.at("payload_bytes");
  limits.rows = value.at("rows");
  limits.depth = value.at("depth");
  limits.worker_memory_bytes = value.at("worker_memory_bytes");
  limits.worker_seconds = value.at("worker_seconds");
  return limits;
}

json EncodeMappings(const WorkerJob& job) {
  json mappings = json::array();
  for (std::size_t i = 0; i < job.source.mappings.size(); ++i) {
    const center::Mapping& mapping = job.source.mappings[i];
    json columns = json::array();
    for (const TargetColumn& column : job.targets[i]) {
      columns.push_back({{"name", column.name}, {"optional", column.optional}});
    }
    mappings.push_back({{"dataset", mapping.dataset},
                        {"file", mapping.file},
                        {"sql", mapping.sql},
                        {"columns", std::move(columns)}});
  }
  return mappings;
}

void ParseMappings(const json& value, WorkerJob& job) {
  for (const json& entry : value) {
    center::Mapping mapping;
    mapping.dataset = entry.at("dataset");
    mapping.file = entry.at("file");
    mapping.sql = entry.at("sql");
    job.source.mappings.push_back(std::move(mapping));
    std::vector<TargetColumn>& columns = job.targets.emplace_back();
    for (const json& column : entry.at("columns")) {
      columns.push_back({.name = column.at("name"), .optional = column.at("optional")});
    }
  }
}

}  // namespace

std::uint64_t RowLimit(const center::Limits& limits, std::size_t columns) {
  constexpr std::uint64_t kMaxValues = 20'000'000;
  return std::min(limits.rows, kMaxValues / std::max<std::size_t>(columns, 1));
}

base::Result<WorkerJob> BuildWorkerJob(const MappingJob& job) {
  WorkerJob built;
  built.source = *job.source;
  built.time_zone = job.center->time_zone.name();
  built.received_at = job.received_at;
  for (const center::Mapping& mapping : built.source.mappings) {
    const auto dataset =
        std::find_if(job.center->datasets.begin(), job.center->datasets.end(),
                     [&](const model::Dataset& each) { return each.name == mapping.dataset; });
    if (dataset == job.center->datasets.end()) {
      return base::Error{base::ErrorCode::kInternal, "",
                         fmt::format("mapping {} of source '{}' is for the dataset '{}', which the "
                                     "center does not have",
                                     mapping.file, built.source.name, mapping.dataset)};
    }
    std::vector<TargetColumn>& columns = built.targets.emplace_back();
    for (const model::Column& column : dataset->columns) {
      if (column.reckoned) continue;
      columns.push_back({.name = column.name, .optional = column.optional});
    }
  }
  return built;
}

std::string EncodeWorkerJob(const WorkerJob& job) {
  const json value = {{"source", job.source.name},
                      {"format", static_cast<int>(job.source.format)},
                      {"encoding", static_cast<int>(job.source.encoding)},
                      {"csv", EncodeDialect(job.source.csv)},
                      {"json", EncodeJsonShape(job.source.json)},
                      {"xml", EncodeXmlShape(job.source.xml)},
                      {"workbook", EncodeWorkbook(job.source.workbook)},
                      {"geodata", EncodeGeodata(job.source.geodata)},
                      {"skip_rows", job.source.skip_rows},
                      {"limits", EncodeLimits(job.source.limits)},
                      {"mappings", EncodeMappings(job)},
                      {"time_zone", job.time_zone},
                      {"received_at", job.received_at.time_since_epoch().count()},
                      {"locate", job.locate},
                      {"drop_bodies", job.drop_bodies},
                      {"control_totals", EncodeControlTotals(job.source)},
                      {"raw_rows", job.raw_rows}};
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

base::Result<WorkerJob> ParseWorkerJob(std::string_view text) {
  try {
    const json value = json::parse(text);
    WorkerJob job;
    job.source.name = value.at("source");
    job.source.format = static_cast<center::Format>(value.at("format").get<int>());
    job.source.encoding = static_cast<center::Encoding>(value.at("encoding").get<int>());
    job.source.csv = ParseDialect(value.at("csv"));
    job.source.json = ParseJsonShape(value.at("json"));
    job.source.xml = ParseXmlShape(value.at("xml"));
    job.source.workbook = ParseWorkbook(value.at("workbook"));
    job.source.geodata = ParseGeodata(value.at("geodata"));
    job.source.skip_rows = value.at("skip_rows");
    job.source.limits = ParseLimits(value.at("limits"));
    ParseMappings(value.at("mappings"), job);
    job.time_zone = value.at("time_zone");
    job.received_at = base::Timestamp(base::Duration(value.at("received_at").get<std::int64_t>()));
    job.locate = value.at("locate");
    job.drop_bodies = value.at("drop_bodies");
    ParseControlTotals(value.at("control_totals"), job.source);
    job.raw_rows = value.at("raw_rows").get<std::vector<std::uint32_t>>();
    return job;
  } catch (const json::exception& error) {
    return base::Error{base::ErrorCode::kInternal, "",
                       fmt::format("the worker's job is not readable: {}", error.what())};
  }
}

}  // namespace fansipan::sources::internal
