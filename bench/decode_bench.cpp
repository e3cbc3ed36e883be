#include <duckdb.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "bench/benches.h"
#include "bench/latencies.h"
#include "bench/report.h"
#include "sources/decoding.h"

namespace fansipan::bench {
namespace {

constexpr double kRows = 1'000'000;  // at scale 1
constexpr int kRuns = 5;             // the best counts
constexpr double kMegabyte = 1e6;

/// A name in UTF-8 and in TCVN3.
struct Name {
  std::string_view utf8;
  std::string_view tcvn3;
};
constexpr Name kNames[] = {{"Nguyễn Văn Đức",
                            "Nguy\xD4n V\xA8n \xA7\xF8"
                            "c"},
                           {"Trần Thị Hồng", "Tr\xC7n Th\xDE H\xE5ng"},
                           {"Giàng A Páo", "Gi\xB5ng A P\xB8o"},
                           {"Lù Thị Mẩy", "L\xEF Th\xDE M\xC8y"}};
constexpr std::string_view kColumns[] = {"number", "name", "received_at", "fee", "note"};

/// One text in each way in which it is delivered.
struct Payloads {
  std::string csv, csv_utf16, csv_tcvn3, ndjson, json;
};

std::string ToUtf16(std::string_view utf8) {
  std::string text = "\xFF\xFE";
  for (std::size_t i = 0; i < utf8.size();) {
    const auto at = [&](std::size_t n) { return static_cast<unsigned char>(utf8[i + n]); };
    unsigned unit = at(0);
    if (unit >= 0xE0) {
      unit = ((unit & 0xFU) << 12U) | ((at(1) & 0x3FU) << 6U) | (at(2) & 0x3FU);
      i += 3;
    } else if (unit >= 0xC0) {
      unit = ((unit & 0x1FU) << 6U) | (at(1) & 0x3FU);
      i += 2;
    } else {
      ++i;
    }
    text += static_cast<char>(unit & 0xFFU);
    text += static_cast<char>(unit >> 8U);
  }
  return text;
}

Payloads MakePayloads(std::size_t rows) {
  Payloads made;
  made.csv = fmt::format("{}\n", fmt::join(kColumns, ","));
  made.csv_tcvn3 = made.csv;
  made.json = "[";
  for (std::size_t i = 0; i < rows; ++i) {
    const Name& name = kNames[i % std::size(kNames)];
    const std::string number = fmt::format("000.00.15.H38-{:07}", i);
    const std::string day =
        fmt::format("2026-{:02}-{:02}T08:{:02}:00Z", i % 12 + 1, i % 28 + 1, i % 60);
    const std::string_view note = i % 10 == 0 ? "\"sent, by \"\"post\"\"\"" : "counter";
    const auto row = [&](std::string_view written) {
      return fmt::format("{},{},{},{},{}\n", number, written, day, i % 100'000, note);
    };
    made.csv += row(name.utf8);
    made.csv_tcvn3 += row(name.tcvn3);
    const std::string record = fmt::format(
        R"({{"number":"{}","name":"{}","received_at":"{}","fee":{},"note":"{}"}})", number,
        name.utf8, day, i % 100'000, i % 10 == 0 ? R"(sent, by \"post\")" : "counter");
    made.ndjson += record + '\n';
    made.json += (i == 0 ? "" : ",") + record;
  }
  made.json += ']';
  made.csv_utf16 = ToUtf16(made.csv);
  return made;
}

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

center::Source SourceOf(center::Format format, center::Encoding encoding) {
  center::Source source;
  source.name = "decode";
  source.format = format;
  source.encoding = encoding;
  for (const auto& name : kColumns) source.json.columns.push_back({std::string(name), ""});
  source.limits.payload_bytes = 4ULL << 30U;
  source.limits.rows = 100'000'000;
  return source;
}

base::Result<double> DecodeSeconds(const std::string& payload, const center::Source& source,
                                   std::size_t rows) {
  double best = 0;
  for (int run = 0; run < kRuns; ++run) {
    Lengths lengths;
    const auto start = SteadyNow();
    FANSIPAN_ASSIGN_OR_RETURN(const auto decoded, sources::Decode(payload, source, lengths));
    const double seconds = SecondsSince(start);
    if (decoded.rows.size() != rows || !decoded.refused.empty() || lengths.total == 0) {
      return base::Error{base::ErrorCode::kInternal, "", "the payload was not decoded whole"};
    }
    best = run == 0 ? seconds : std::min(best, seconds);
  }
  return best;
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

  base::Result<double> Seconds(const std::string& sql) {
    double best = 0;
    for (int run = 0; run < kRuns; ++run) {
      const auto start = SteadyNow();
      FANSIPAN_RETURN_IF_ERROR(Run(sql));
      best = run == 0 ? SecondsSince(start) : std::min(best, SecondsSince(start));
    }
    return best;
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

struct Measured {
  std::string name;
  const std::string* payload;
  center::Format format;
  center::Encoding encoding;
  std::string reader;  ///< the peer's, with {} for the file; empty: it has none
};

std::string Rate(const std::string& payload, double seconds) {
  return fmt::format("{:.0f} MB/s", static_cast<double>(payload.size()) / kMegabyte / seconds);
}

base::Result<std::string> PeerRate(const Measured& measured, const Settings& settings) {
  if (measured.reader.empty() || !settings.peer) return std::string();
  const ScratchFile file(settings.data_root, *measured.payload);
  Peer peer;
  FANSIPAN_RETURN_IF_ERROR(peer.Run("SET threads = 1"));
  const std::string sql = fmt::format(
      "SELECT sum(strlen(number) + strlen(name) + strlen(received_at) + strlen(fee) + "
      "strlen(note)) "
      "FROM {}",
      fmt::format(fmt::runtime(measured.reader), file.path()));
  FANSIPAN_ASSIGN_OR_RETURN(const double seconds, peer.Seconds(sql));
  return "DuckDB " + Rate(*measured.payload, seconds);
}

}  // namespace

base::Status RunDecode(const Settings& settings) {
  const auto rows = static_cast<std::size_t>(std::max(1000.0, kRows * settings.scale));
  const Payloads payloads = MakePayloads(rows);
  const std::string json_columns =
      "columns = {{number: 'VARCHAR', name: 'VARCHAR', received_at: 'VARCHAR', fee: 'VARCHAR', "
      "note: 'VARCHAR'}}";
  using center::Encoding;
  using center::Format;
  const std::vector<Measured> all = {
      {"csv", &payloads.csv, Format::kCsv, Encoding::kUtf8,
       "read_csv('{}', header = true, delim = ',', quote = '\"', all_varchar = true)"},
      {"csv, utf-16", &payloads.csv_utf16, Format::kCsv, Encoding::kUtf16, ""},
      {"csv, tcvn3", &payloads.csv_tcvn3, Format::kCsv, Encoding::kTcvn3, ""},
      {"ndjson", &payloads.ndjson, Format::kNdjson, Encoding::kUtf8,
       "read_json('{}', format = 'newline_delimited', " + json_columns + ")"},
      {"json", &payloads.json, Format::kJson, Encoding::kUtf8,
       "read_json('{}', format = 'array', " + json_columns + ")"}};
  Report report("decode", settings);
  report.AddSetting("rows", fmt::format("{} of {} columns, best of {} runs, one thread", rows,
                                        std::size(kColumns), kRuns));
  for (const Measured& measured : all) {
    const center::Source source = SourceOf(measured.format, measured.encoding);
    FANSIPAN_ASSIGN_OR_RETURN(const double seconds, DecodeSeconds(*measured.payload, source, rows));
    FANSIPAN_ASSIGN_OR_RETURN(const std::string peer, PeerRate(measured, settings));
    report.AddFigure(fmt::format("{} ({:.0f} MB)", measured.name,
                                 static_cast<double>(measured.payload->size()) / kMegabyte),
                     Rate(*measured.payload, seconds), "", peer);
  }
  report.AddNote(
      "both give every cell as text and add up the lengths; ours also keeps the place of "
      "each row in the payload and reads from memory, the peer reads a file");
  report.Finish();
  return {};
}

}  // namespace fansipan::bench
