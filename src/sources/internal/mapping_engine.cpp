#include "sources/internal/mapping_engine.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "sources/internal/mapping_statement.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kMaxMessage = 2000;
constexpr std::uint64_t kSmallestMemory = 32ULL << 20U;

base::Error Failed(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "mapping_failed", std::move(message)};
}

/// A result that is destroyed with its scope.
class QueryResult {
 public:
  QueryResult() = default;
  ~QueryResult() { duckdb_destroy_result(&result_); }
  QueryResult(const QueryResult&) = delete;
  QueryResult& operator=(const QueryResult&) = delete;

  base::Status Run(duckdb_connection connection, const std::string& sql) {
    if (duckdb_query(connection, sql.c_str(), &result_) == DuckDBSuccess) return {};
    const char* message = duckdb_result_error(&result_);
    const std::string text(CutUtf8(message == nullptr ? "unknown fault" : message, kMaxMessage));
    if (duckdb_result_error_type(&result_) == DUCKDB_ERROR_OUT_OF_MEMORY) {
      return base::Error{base::ErrorCode::kInvalidArgument, "worker_out_of_memory", text};
    }
    return Failed(text);
  }
  duckdb_result* get() { return &result_; }

 private:
  duckdb_result result_{};
};

class Chunk {
 public:
  explicit Chunk(duckdb_data_chunk chunk) : chunk_(chunk) {}
  ~Chunk() {
    if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  }
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;
  explicit operator bool() const { return chunk_ != nullptr; }
  void Swap(Chunk& other) { std::swap(chunk_, other.chunk_); }
  duckdb_vector column(idx_t index) const { return duckdb_data_chunk_get_vector(chunk_, index); }
  idx_t size() const { return duckdb_data_chunk_get_size(chunk_); }

 private:
  duckdb_data_chunk chunk_;
};

std::string Quoted(std::string_view name, char quote) {
  std::string text(1, quote);
  for (const char c : name) {
    text += c;
    if (c == quote) text += quote;
  }
  return text + quote;
}

std::optional<std::string_view> TextAt(duckdb_vector vector, idx_t row) {
  uint64_t* validity = duckdb_vector_get_validity(vector);
  if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) return std::nullopt;
  auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  return std::string_view(duckdb_string_t_data(&texts[row]), duckdb_string_t_length(texts[row]));
}

/// The numbers of a list, ascending, each once. A missing element counts as raw row 0.
void ReadList(duckdb_vector vector, idx_t row, std::vector<std::uint32_t>& numbers) {
  numbers.clear();
  uint64_t* validity = duckdb_vector_get_validity(vector);
  if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row)) return;
  const auto entry = static_cast<const duckdb_list_entry*>(duckdb_vector_get_data(vector))[row];
  duckdb_vector child = duckdb_list_vector_get_child(vector);
  uint64_t* child_validity = duckdb_vector_get_validity(child);
  const auto* values = static_cast<const std::uint32_t*>(duckdb_vector_get_data(child));
  for (idx_t i = entry.offset; i < entry.offset + entry.length; ++i) {
    const bool valid = child_validity == nullptr || duckdb_validity_row_is_valid(child_validity, i);
    numbers.push_back(valid ? values[i] : 0);
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

/// SQL that gives a column as canonical text, by the name of its type.
std::string CastToText(const std::string& column, const std::string& type) {
  if (type == "TIMESTAMP WITH TIME ZONE") {
    return fmt::format("replace(CAST(({} AT TIME ZONE 'UTC') AS VARCHAR), ' ', 'T') || 'Z'",
                       column);
  }
  if (type.starts_with("TIMESTAMP")) {
    return fmt::format("replace(CAST(CAST({} AS TIMESTAMP) AS VARCHAR), ' ', 'T')", column);
  }
  return fmt::format("CAST({} AS VARCHAR)", column);
}

std::string LowerAscii(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

}  // namespace

struct MappingEngine::Handles {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  duckdb_appender appender = nullptr;
  duckdb_data_chunk chunk = nullptr;

  ~Handles() {
    if (chunk != nullptr) duckdb_destroy_data_chunk(&chunk);
    if (appender != nullptr) duckdb_appender_destroy(&appender);
    if (connection != nullptr) duckdb_disconnect(&connection);
    if (database != nullptr) duckdb_close(&database);
  }
};

/// Which columns a mapping gave, and the query that reads them as text.
struct MappingEngine::Plan {
  std::string query;                         ///< first column: list of raw rows
  std::vector<std::optional<idx_t>> places;  ///< of each dataset column in the query
};

MappingEngine::MappingEngine(const WorkerJob& job)
    : job_(job), handles_(std::make_unique<Handles>()) {}

MappingEngine::~MappingEngine() = default;

base::Result<std::unique_ptr<MappingEngine>> MappingEngine::Open(const WorkerJob& job) {
  std::unique_ptr<MappingEngine> engine(new MappingEngine(job));
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) != DuckDBSuccess) {
    return base::Error{base::ErrorCode::kInternal, "", "the mapping engine has no memory to start"};
  }
  const std::uint64_t memory = std::max(job.source.limits.worker_memory_bytes, kSmallestMemory);
  duckdb_set_config(config, "threads", "1");
  duckdb_set_config(config, "memory_limit", fmt::format("{}B", memory).c_str());
  duckdb_set_config(config, "autoinstall_known_extensions", "false");
  duckdb_set_config(config, "autoload_known_extensions", "false");
  char* message = nullptr;
  const duckdb_state state =
      duckdb_open_ext(nullptr, &engine->handles_->database, config, &message);
  duckdb_destroy_config(&config);
  const std::string text = message == nullptr ? "" : message;
  duckdb_free(message);
  if (state != DuckDBSuccess ||
      duckdb_connect(engine->handles_->database, &engine->handles_->connection) != DuckDBSuccess) {
    return base::Error{base::ErrorCode::kInternal, "",
                       fmt::format("the mapping engine does not start: {}", text)};
  }
  const base::Status configured = engine->Configure();
  if (!configured.ok()) {
    return base::Error{base::ErrorCode::kInternal, "", configured.error().message};
  }
  return engine;
}

/// Settings that hold until the end, and the functions of time, which all mean the moment of
/// receipt.
base::Status MappingEngine::Configure() {
  const auto micros = job_.received_at.time_since_epoch().count();
  const std::array<std::string, 14> statements = {
      "SET temp_directory = ''", "SET enable_external_access = false",
      fmt::format("SET TimeZone = {}", Quoted(job_.time_zone, '\'')),
      fmt::format("CREATE MACRO now() AS make_timestamptz(CAST({} AS BIGINT))", micros),
      "CREATE MACRO received_at() AS now()", "CREATE MACRO get_current_timestamp() AS now()",
      "CREATE MACRO transaction_timestamp() AS now()",
      "CREATE MACRO current_localtimestamp() AS CAST(now() AS TIMESTAMP)",
      "CREATE MACRO current_date() AS CAST(now() AS DATE)",
      "CREATE MACRO today() AS CAST(now() AS DATE)",
      "CREATE MACRO current_localtime() AS CAST(CAST(now() AS TIMESTAMP) AS TIME)",
      "CREATE MACRO get_current_time() AS CAST(CAST(now() AS TIMESTAMP) AS TIME)",
      "SET lock_configuration = true",
      // Reads the zone's rules and fills caches before the process gives its rights up.
      "SELECT current_timestamp, today(), json_serialize_sql('SELECT 1')"};
  for (const std::string& statement : statements) FANSIPAN_RETURN_IF_ERROR(Execute(statement));
  return {};
}

base::Status MappingEngine::Execute(const std::string& sql) {
  QueryResult result;
  return result.Run(handles_->connection, sql);
}

base::Status MappingEngine::Begin(const std::vector<std::string>& columns) {
  std::string sql = "CREATE TABLE raw (_row UINTEGER";
  for (const std::string& column : columns) sql += ", " + Quoted(column, '"') + " VARCHAR";
  FANSIPAN_RETURN_IF_ERROR(Execute(sql + ")"));
  duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
  duckdb_logical_type number = duckdb_create_logical_type(DUCKDB_TYPE_UINTEGER);
  std::vector<duckdb_logical_type> types(columns.size() + 1, text);
  types[0] = number;
  handles_->chunk = duckdb_create_data_chunk(types.data(), types.size());
  duckdb_destroy_logical_type(&text);
  duckdb_destroy_logical_type(&number);
  if (handles_->chunk == nullptr || duckdb_appender_create(handles_->connection, nullptr, "raw",
                                                           &handles_->appender) != DuckDBSuccess) {
    return base::Error{base::ErrorCode::kInternal, "", "the mapping engine takes no rows"};
  }
  return {};
}

base::Status MappingEngine::Take(const RawBatch& batch) {
  duckdb_data_chunk_reset(handles_->chunk);
  auto* numbers = static_cast<std::uint32_t*>(
      duckdb_vector_get_data(duckdb_data_chunk_get_vector(handles_->chunk, 0)));
  std::copy(batch.rows.begin(), batch.rows.end(), numbers);
  for (std::size_t column = 0; column < batch.width; ++column) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(handles_->chunk, column + 1);
    duckdb_vector_ensure_validity_writable(vector);
    uint64_t* validity = duckdb_vector_get_validity(vector);
    for (std::size_t row = 0; row < batch.rows.size(); ++row) {
      const RawCell& cell = batch.cells[row * batch.width + column];
      if (cell.missing) {
        duckdb_validity_set_row_invalid(validity, row);
      } else {
        duckdb_vector_assign_string_element_len(vector, row, cell.text.data(), cell.text.size());
      }
    }
  }
  duckdb_data_chunk_set_size(handles_->chunk, batch.rows.size());
  if (duckdb_append_data_chunk(handles_->appender, handles_->chunk) == DuckDBSuccess) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, "worker_out_of_memory",
                     "the rows of the delivery do not fit into the worker's memory"};
}

base::Status MappingEngine::FinishRaw(std::uint64_t raw_rows) {
  const duckdb_state closed = duckdb_appender_close(handles_->appender);
  duckdb_appender_destroy(&handles_->appender);
  if (closed != DuckDBSuccess) {
    return base::Error{base::ErrorCode::kInvalidArgument, "worker_out_of_memory",
                       "the rows of the delivery do not fit into the worker's memory"};
  }
  if (!job_.source.skip_rows.empty()) {
    const std::string condition = fmt::format("(\n{}\n)", job_.source.skip_rows);
    base::Status checked = Check("SELECT 1 FROM raw WHERE " + condition);
    if (checked.ok()) checked = Execute("DELETE FROM raw WHERE coalesce(" + condition + ", false)");
    if (!checked.ok()) return base::Annotate(std::move(checked).error(), "skip_rows");
  }
  return MarkPresentRows(raw_rows);
}

base::Status MappingEngine::MarkPresentRows(std::uint64_t raw_rows) {
  present_.assign(raw_rows, false);
  mapped_.assign(raw_rows, false);
  QueryResult result;
  FANSIPAN_RETURN_IF_ERROR(result.Run(handles_->connection, "SELECT _row FROM raw"));
  for (Chunk chunk(duckdb_fetch_chunk(*result.get())); chunk;) {
    const auto* rows = static_cast<const std::uint32_t*>(duckdb_vector_get_data(chunk.column(0)));
    for (idx_t i = 0; i < chunk.size(); ++i) present_[rows[i] - 1] = true;
    Chunk next(duckdb_fetch_chunk(*result.get()));
    chunk.Swap(next);
  }
  return {};
}

base::Result<std::string> MappingEngine::SyntaxTree(const std::string& sql) {
  QueryResult result;
  FANSIPAN_RETURN_IF_ERROR(
      result.Run(handles_->connection,
                 fmt::format("SELECT CAST(json_serialize_sql({}) AS VARCHAR)", Quoted(sql, '\''))));
  const Chunk chunk(duckdb_fetch_chunk(*result.get()));
  const auto text = chunk ? TextAt(chunk.column(0), 0) : std::nullopt;
  if (!text) return Failed("the statement is not readable");
  return std::string(*text);
}

base::Status MappingEngine::Check(const std::string& sql) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string tree, SyntaxTree(sql));
  return CheckMappingStatement(tree);
}

base::Status MappingEngine::RunMapping(std::size_t index, WorkerResultWriter& result) {
  const center::Mapping& mapping = job_.source.mappings[index];
  const auto run = [&]() -> base::Status {
    FANSIPAN_RETURN_IF_ERROR(Check(mapping.sql));
    FANSIPAN_RETURN_IF_ERROR(Execute("CREATE OR REPLACE TEMP TABLE mapped AS " + mapping.sql));
    FANSIPAN_ASSIGN_OR_RETURN(const Plan plan, PlanOutput(index));
    FANSIPAN_RETURN_IF_ERROR(WriteRows(plan, result));
    return Execute("DROP TABLE mapped");
  };
  base::Status status = run();
  if (status.ok()) return {};
  return base::Annotate(std::move(status).error(), fmt::format("mapping {}", mapping.file));
}

/// Compares the columns that the mapping gave with those that it must and may give.
base::Result<MappingEngine::Plan> MappingEngine::PlanOutput(std::size_t index) {
  QueryResult described;
  FANSIPAN_RETURN_IF_ERROR(described.Run(
      handles_->connection,
      "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'mapped' "
      "ORDER BY column_index"));
  std::map<std::string, std::pair<std::string, std::string>> given;  // lower case: name, type
  for (Chunk chunk(duckdb_fetch_chunk(*described.get())); chunk;) {
    for (idx_t i = 0; i < chunk.size(); ++i) {
      const std::string name(TextAt(chunk.column(0), i).value_or(""));
      given[LowerAscii(name)] = {name, std::string(TextAt(chunk.column(1), i).value_or(""))};
    }
    Chunk next(duckdb_fetch_chunk(*described.get()));
    chunk.Swap(next);
  }
  if (given.contains("_row") == given.contains("_rows")) {
    return Failed(
        "the result must have either a column `_row` (the raw row it came from) or a "
        "column `_rows` (a list of them)");
  }
  Plan plan;
  plan.query = given.contains("_row") ? "SELECT [CAST(_row AS UINTEGER)]"
                                      : "SELECT CAST(_rows AS UINTEGER[])";
  given.erase("_row");
  given.erase("_rows");
  idx_t place = 0;
  for (const TargetColumn& column : job_.targets[index]) {
    const auto found = given.find(LowerAscii(column.name));
    if (found == given.end()) {
      if (!column.optional) {
        return Failed(fmt::format("the result lacks the column '{}'", column.name));
      }
      plan.places.emplace_back();
      continue;
    }
    plan.query += ", " + CastToText(Quoted(found->second.first, '"'), found->second.second);
    plan.places.emplace_back(++place);
    given.erase(found);
  }
  if (!given.empty()) {
    return Failed(
        fmt::format("the result has the column '{}', which the dataset '{}' does not "
                    "have",
                    given.begin()->second.first, job_.source.mappings[index].dataset));
  }
  plan.query += " FROM mapped";
  return plan;
}

base::Status MappingEngine::WriteRows(const Plan& plan, WorkerResultWriter& result) {
  QueryResult rows;
  FANSIPAN_RETURN_IF_ERROR(rows.Run(handles_->connection, plan.query));
  std::uint64_t written = 0;
  const std::uint64_t limit = RowLimit(job_.source.limits, plan.places.size());
  std::vector<std::uint32_t> raw_rows;
  for (Chunk chunk(duckdb_fetch_chunk(*rows.get())); chunk;) {
    written += chunk.size();
    if (written > limit) {
      return base::Error{
          base::ErrorCode::kTooLarge, "too_many_rows",
          fmt::format("it gives more than the {} rows that may come at once; send the delivery in "
                      "parts",
                      limit)};
    }
    for (idx_t i = 0; i < chunk.size(); ++i) {
      ReadList(chunk.column(0), i, raw_rows);
      FANSIPAN_RETURN_IF_ERROR(NoteRawRows(raw_rows));
      result.BeginRow(raw_rows);
      for (const std::optional<idx_t>& place : plan.places) {
        result.Text(place ? TextAt(chunk.column(*place), i) : std::nullopt);
      }
    }
    Chunk next(duckdb_fetch_chunk(*rows.get()));
    chunk.Swap(next);
  }
  result.EndDataset();
  return {};
}

base::Status MappingEngine::NoteRawRows(const std::vector<std::uint32_t>& rows) {
  if (rows.empty()) return Failed("a row of the result names no raw row in `_row` or `_rows`");
  for (const std::uint32_t row : rows) {
    if (row == 0 || row > present_.size() || !present_[row - 1]) {
      return Failed(
          fmt::format("a row of the result comes from raw row {}, which the mapping was "
                      "not given",
                      row));
    }
    if (mapped_[row - 1]) continue;
    mapped_[row - 1] = true;
    ++mapped_count_;
  }
  return {};
}

}  // namespace fansipan::sources::internal
