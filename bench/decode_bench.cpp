#include <duckdb.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/time_zone.h"
#include "bench/benches.h"
#include "bench/decode_payloads.h"
#include "bench/latencies.h"
#include "bench/report.h"
#include "sources/decoding.h"
#include "sources/process_mapping_worker.h"

namespace fansipan::bench {
namespace {

constexpr double kRows = 1'000'000;  // at scale 1
constexpr int kRuns = 5;             // the best counts
constexpr int kRunsOfJobs = 3;
constexpr double kThousand = 1e3;
constexpr double kMegabyte = 1e6;
constexpr std::size_t kWorkbookPart = 10;          // GDAL takes long for a row
constexpr std::size_t kMostWorkbookRows = 20'000;  // it keeps all cells in memory
constexpr std::size_t kBytesOfRow = 75;            // of the table as CSV: the document is as large

/// Looks at every cell, as the peer does.
class Lengths final : public sources::RawRowConsumer {
 public:
  base::Status Begin(const std::vector<std::string>&) override { return {}; }
  base::Status Take(const sources::RawBatch& batch) override {
    for (const sources::RawCell& cell : batch.cells) total += cell.text.size();
    return {};
  }
  std::uint64_t total = 0;
};

/// What a way of delivery is decoded from, and into how many rows.
struct Measured {
  std::string name;
  std::function<std::string()> make;
  center::Source source;
  std::size_t rows = 0;
  std::string reader;  ///< the peer's, with {} for the file; empty: it has none
};

center::Source SourceOf(center::Format format,
                        center::Encoding encoding = center::Encoding::kUtf8) {
  center::Source source;
  source.name = "decode";
  source.format = format;
  source.encoding = encoding;
  for (const auto& name : kDecodedColumns) {
    source.json.columns.push_back({std::string(name), ""});
    source.xml.columns.push_back({std::string(name), std::string(name)});
  }
  source.xml.records_at = "/cases/case";
  source.limits.payload_bytes = 4ULL << 30U;
  source.limits.rows = 100'000'000;
  return source;
}

center::Source SdmxSource() {
  center::Source source = SourceOf(center::Format::kSdmxJson);
  source.json.columns = {{"AREA", ""}, {"TIME_PERIOD", ""}, {"OBS_VALUE", ""}, {"OBS_STATUS", ""}};
  return source;
}

/// The best of some runs.
base::Result<double> BestSeconds(int runs, const std::function<base::Status()>& run) {
  double best = 0;
  for (int i = 0; i < runs; ++i) {
    const auto start = SteadyNow();
    FANSIPAN_RETURN_IF_ERROR(run());
    const double seconds = SecondsSince(start);
    best = i == 0 ? seconds : std::min(best, seconds);
  }
  return best;
}

base::Error NotWhole(const std::string& name) {
  return {base::ErrorCode::kInternal, "", "the payload of " + name + " was not read whole"};
}

/// `lengths`: of all cells, the same in every encoding; 0: not known yet.
base::Result<double> DecodeSeconds(const Measured& measured, const std::string& payload,
                                   std::uint64_t& lengths) {
  return BestSeconds(kRuns, [&]() -> base::Status {
    Lengths cells;
    FANSIPAN_ASSIGN_OR_RETURN(const auto decoded, sources::Decode(payload, measured.source, cells));
    if (decoded.rows.size() != measured.rows || !decoded.refused.empty() || cells.total == 0 ||
        (lengths != 0 && cells.total != lengths)) {
      return NotWhole(measured.name);
    }
    lengths = cells.total;
    return {};
  });
}

/// DuckDB with one thread, as a worker has one.
class Peer {
 public:
  Peer() {
    duckdb_open(nullptr, &database_);
    duckdb_connect(database_, &connection_);
  }
  ~Peer() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  base::Status Run(const std::string& sql) {
    duckdb_result result;
    const bool ran = duckdb_query(connection_, sql.c_str(), &result) == DuckDBSuccess;
    const char* message = ran ? nullptr : duckdb_result_error(&result);
    const std::string text = message == nullptr ? "unknown fault" : message;
    duckdb_destroy_result(&result);
    if (ran) return {};
    return base::Error{base::ErrorCode::kInternal, "", "DuckDB: " + text};
  }

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

/// A file that is gone with its scope.
class ScratchFile {
 public:
  ScratchFile(const std::string& folder, const std::string& content)
      : path_(folder + "/decode_bench.tmp") {
    std::filesystem::create_directories(folder);
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~ScratchFile() { std::filesystem::remove(path_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string Rate(const std::string& payload, double seconds, std::size_t rows) {
  return fmt::format("{:.1f} MB/s, {:.0f} k rows/s",
                     static_cast<double>(payload.size()) / kMegabyte / seconds,
                     static_cast<double>(rows) / kThousand / seconds);
}

std::string FigureName(const std::string& name, const std::string& payload) {
  return fmt::format("{} ({:.0f} MB)", name, static_cast<double>(payload.size()) / kMegabyte);
}

base::Result<std::string> PeerRate(const Measured& measured, const std::string& payload,
                                   const Settings& settings) {
  if (measured.reader.empty() || !settings.peer) return std::string();
  const ScratchFile file(settings.data_root, payload);
  Peer peer;
  FANSIPAN_RETURN_IF_ERROR(peer.Run("SET threads = 1"));
  const std::string sql = fmt::format(
      "SELECT sum(strlen(number) + strlen(name) + strlen(received_at) + strlen(fee) + "
      "strlen(note)) "
      "FROM {}",
      fmt::format(fmt::runtime(measured.reader), file.path()));
  FANSIPAN_ASSIGN_OR_RETURN(const double seconds,
                            BestSeconds(kRuns, [&] { return peer.Run(sql); }));
  return "DuckDB " + Rate(payload, seconds, measured.rows);
}

/// The decoders that one call measures.
std::vector<Measured> Decoders(std::size_t rows) {
  using center::Encoding;
  using center::Format;
  const std::string json_columns =
      "columns = {{number: 'VARCHAR', name: 'VARCHAR', received_at: 'VARCHAR', fee: 'VARCHAR', "
      "note: 'VARCHAR'}}";
  std::vector<Measured> all;
  for (const auto encoding : {Encoding::kUtf8, Encoding::kUtf16, Encoding::kWindows1258,
                              Encoding::kTcvn3, Encoding::kVni}) {
    all.push_back({fmt::format("csv, {}", center::NameOf(encoding)),
                   [=] { return MakeCsv(rows, encoding); }, SourceOf(Format::kCsv, encoding), rows,
                   ""});
  }
  all[0].reader = "read_csv('{}', header = true, delim = ',', quote = '\"', all_varchar = true)";
  all.push_back({"ndjson", [=] { return MakeNdjson(rows); }, SourceOf(Format::kNdjson), rows,
                 "read_json('{}', format = 'newline_delimited', " + json_columns + ")"});
  all.push_back({"json", [=] { return MakeJson(rows); }, SourceOf(Format::kJson), rows,
                 "read_json('{}', format = 'array', " + json_columns + ")"});
  all.push_back({"xml", [=] { return MakeXml(rows); }, SourceOf(Format::kXml), rows, ""});
  all.push_back({"sdmx-json", [=] { return MakeSdmxJson(rows); }, SdmxSource(), rows, ""});
  return all;
}

base::Status MeasureDecoders(std::size_t rows, const Settings& settings, Report& report) {
  std::uint64_t lengths = 0;
  for (const Measured& measured : Decoders(rows)) {
    const std::string payload = measured.make();
    std::uint64_t own = measured.source.format == center::Format::kSdmxJson ? 0 : lengths;
    FANSIPAN_ASSIGN_OR_RETURN(const double seconds, DecodeSeconds(measured, payload, own));
    if (lengths == 0) lengths = own;
    FANSIPAN_ASSIGN_OR_RETURN(const std::string peer, PeerRate(measured, payload, settings));
    report.AddFigure(FigureName(measured.name, payload), Rate(payload, seconds, measured.rows), "",
                     peer);
  }
  return {};
}

/// A center whose only mapping takes the columns as they are.
struct TakesAll {
  TakesAll() {
    model::Dataset dataset;
    dataset.name = "case";
    std::string sql = "SELECT _row";
    for (const auto& name : kDecodedColumns) {
      dataset.columns.push_back({.name = std::string(name), .optional = true});
      sql += ", " + std::string(name);
    }
    center.datasets.push_back(dataset);
    center.revision = "decode";
    center.time_zone = base::TimeZone::Utc();
    mapping = {.dataset = "case", .file = "case.sql", .sql = sql + " FROM raw"};
  }
  sources::MappingJob JobOf(center::Source& source, const std::string& payload) const {
    source.mappings = {mapping};
    return {.source = &source, .center = &center, .payload = payload};
  }
  center::Center center;
  center::Mapping mapping;
};

/// What is read by processes apart is measured as whole jobs of them.
base::Status MeasureJobs(std::size_t rows, const Settings& settings, Report& report) {
  const TakesAll takes_all;
  sources::ProcessMappingWorker worker({.program = settings.program, .processes = 1});
  const std::size_t workbook_rows =
      std::clamp<std::size_t>(rows / kWorkbookPart, 100, kMostWorkbookRows);
  using center::Format;
  struct Converted {
    std::string name;
    Format format;
    std::string (*make)(std::size_t rows);
  };
  for (const Converted& each : {Converted{"xlsx", Format::kWorkbook, MakeXlsx},
                                Converted{"ods", Format::kWorkbook, MakeOds},
                                Converted{"parquet", Format::kParquet, MakeParquet},
                                Converted{"geojson", Format::kGeojson, MakeGeojson}}) {
    center::Source source = SourceOf(each.format);
    const std::string payload = each.make(workbook_rows);
    FANSIPAN_ASSIGN_OR_RETURN(
        const double seconds, BestSeconds(kRunsOfJobs, [&]() -> base::Status {
          FANSIPAN_ASSIGN_OR_RETURN(const auto mapped,
                                    worker.Map(takes_all.JobOf(source, payload)));
          return mapped.counts.mapped == workbook_rows ? base::Status() : NotWhole(each.name);
        }));
    report.AddFigure(FigureName(each.name + ", whole job", payload),
                     Rate(payload, seconds, workbook_rows));
  }
  center::Source source = SourceOf(center::Format::kEdxml);
  const std::string document = MakeEdxml(rows * kBytesOfRow);
  FANSIPAN_ASSIGN_OR_RETURN(
      const double seconds, BestSeconds(kRunsOfJobs, [&]() -> base::Status {
        FANSIPAN_ASSIGN_OR_RETURN(const std::string kept,
                                  worker.DropBodies(takes_all.JobOf(source, document)));
        return kept.size() < document.size() ? base::Status() : NotWhole("edxml");
      }));
  report.AddFigure(
      FigureName("edxml, bodies dropped, whole job", document),
      fmt::format("{:.0f} MB/s", static_cast<double>(document.size()) / kMegabyte / seconds));
  return {};
}

}  // namespace

base::Status RunDecode(const Settings& settings) {
  const auto rows = static_cast<std::size_t>(std::max(1000.0, kRows * settings.scale));
  Report report("decode", settings);
  report.AddSetting("rows", fmt::format("{} of {} columns, best of {} runs, one thread", rows,
                                        std::size(kDecodedColumns), kRuns));
  FANSIPAN_RETURN_IF_ERROR(MeasureDecoders(rows, settings, report));
  FANSIPAN_RETURN_IF_ERROR(MeasureJobs(rows, settings, report));
  report.AddNote(
      "both give every cell as text and add up the lengths; ours also keeps the place of "
      "each row in the payload and reads from memory, the peer reads a file");
  report.AddNote(fmt::format(
      "whole job: by the worker processes, best of {} runs, their start and the handing over "
      "included; of a workbook the MB are those of the packed file, its rows a {}th of the others, "
      "at "
      "most {}",
      kRunsOfJobs, kWorkbookPart, kMostWorkbookRows));
  report.Finish();
  return {};
}

}  // namespace fansipan::bench
