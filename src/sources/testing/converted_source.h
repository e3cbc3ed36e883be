#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sources/process_mapping_worker.h"

namespace fansipan::sources::testing {

/// One row of the mapped columns.
using Texts = std::vector<std::optional<std::string>>;

/// A source of a converted format whose raw columns are mapped as they are, through real processes.
class ConvertedSource {
 public:
  /// `program` is the worker's; `columns` become those of the dataset `row`, all texts.
  ConvertedSource(const std::string& program, center::Format format,
                  const std::vector<std::string>& columns) {
    worker_ = std::make_unique<ProcessMappingWorker>(
        ProcessMappingWorker::Options{.program = program, .processes = 2});
    model::Dataset dataset;
    dataset.name = "row";
    std::string sql = "SELECT _row";
    for (const std::string& name : columns) {
      dataset.columns.push_back({.name = name, .optional = true});
      sql += ", \"" + name + "\"";
    }
    center.datasets.push_back(std::move(dataset));
    center.revision = "one";
    center.time_zone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
    source.name = "layer";
    source.format = format;
    source.limits.worker_memory_bytes = 256ULL << 20U;
    source.limits.worker_seconds = 60;
    source.mappings = {{.dataset = "row", .file = "x.sql", .sql = sql + " FROM raw"}};
  }

  MappingJob JobOf(std::string payload) const {
    return {.source = &source, .center = &center, .payload = std::move(payload)};
  }

  base::Result<MappedDelivery> Map(std::string payload) {
    return worker_->Map(JobOf(std::move(payload)));
  }

  base::Result<LocatedRows> Locate(std::string payload, const std::vector<std::uint32_t>& rows) {
    return worker_->Locate(JobOf(std::move(payload)), rows);
  }

  /// The reason for which the payload is refused; empty when it is taken.
  std::string ReasonOf(std::string payload) {
    const auto mapped = Map(std::move(payload));
    return mapped.ok() ? "" : mapped.error().reason;
  }

  static std::vector<Texts> RowsOf(const MappedDelivery& mapped) {
    std::vector<Texts> rows;
    for (const Candidate& row : mapped.datasets[0].rows) {
      Texts& texts = rows.emplace_back();
      for (const auto& text : row.texts) {
        texts.push_back(text ? std::optional(std::string(*text)) : std::nullopt);
      }
    }
    return rows;
  }

  center::Center center;
  center::Source source;

 private:
  std::unique_ptr<ProcessMappingWorker> worker_;
};

}  // namespace fansipan::sources::testing
