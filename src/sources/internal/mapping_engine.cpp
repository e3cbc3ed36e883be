#include "sources/internal/mapping_engine.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "model/spelling/ascii.h"
#include "sources/internal/duckdb/statements.h"
#include "sources/internal/mapping_functions.h"
#include "sources/internal/mapping_statement.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::uint64_t kSmallestMemory = 32ULL << 20U;
/// Reads the zone's rules and fills caches before the process gives its rights up.
constexpr const char* kWarmUp = "SELECT current_timestamp, today(), json_serialize_sql('SELECT 1')";

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

/// The moment that the function was registered with, for each row.
void GiveMoment(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const auto& moment =
      *static_cast<const base::Timestamp*>(duckdb_scalar_function_get_extra_info(info));
  auto* values = static_cast<std::int64_t*>(duckdb_vector_get_data(output));
  std::fill_n(values, duckdb_data_chunk_get_size(input), moment.time_since_epoch().count());
}

std::string ViewOf(std::size_t mapping) { return "mapped_" + std::to_string(mapping); }

}  // namespace

struct MappingEngine::Handles {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;

  ~Handles() {
    if (connection != nullptr) duckdb_disconnect(&connection);
    if (database != nullptr) duckdb_close(&database);
  }
};

/// Reads what a mapping gives as text, and knows which columns it gave.
struct MappingEngine::Plan {
  Prepared statement;                        ///< first column: list of raw rows
  std::vector<std::optional<idx_t>> places;  ///< of each dataset column in the statement
};

MappingEngine::MappingEngine() : handles_(std::make_unique<Handles>()) {}

MappingEngine::~MappingEngine() = default;

base::Result<std::unique_ptr<MappingEngine>> MappingEngine::Open() {
  std::unique_ptr<MappingEngine> engine(new MappingEngine);
  FANSIPAN_RETURN_IF_ERROR(engine->Connect());
  FANSIPAN_RETURN_IF_ERROR(engine->RegisterMoment());
  FANSIPAN_RETURN_IF_ERROR(RegisterMappingFunctions(engine->handles_->connection));
  // The functions of time all mean the moment of receipt, which a job sets.
  const std::array<std::string, 12> statements = {
      "SET temp_directory = ''",
      "SET enable_external_access = false",
      "CREATE MACRO now() AS moment_of_the_job()",
      "CREATE MACRO received_at() AS now()",
      "CREATE MACRO get_current_timestamp() AS now()",
      "CREATE MACRO transaction_timestamp() AS now()",
      "CREATE MACRO current_localtimestamp() AS CAST(now() AS TIMESTAMP)",
      "CREATE MACRO current_date() AS CAST(now() AS DATE)",
      "CREATE MACRO today() AS CAST(now() AS DATE)",
      "CREATE MACRO current_localtime() AS CAST(CAST(now() AS TIMESTAMP) AS TIME)",
      "CREATE MACRO get_current_time() AS CAST(CAST(now() AS TIMESTAMP) AS TIME)",
      kWarmUp};
  FANSIPAN_RETURN_IF_ERROR(engine->ExecuteAll(statements));
  FANSIPAN_RETURN_IF_ERROR(engine->raw_.Register(engine->handles_->connection));
  return engine;
}

base::Status MappingEngine::Connect() {
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) != DuckDBSuccess) {
    return base::Error{base::ErrorCode::kInternal, "", "the mapping engine has no memory to start"};
  }
  duckdb_set_config(config, "threads", "1");
  duckdb_set_config(config, "autoinstall_known_extensions", "false");
  duckdb_set_config(config, "autoload_known_extensions", "false");
  char* message = nullptr;
  const duckdb_state state = duckdb_open_ext(nullptr, &handles_->database, config, &message);
  duckdb_destroy_config(&config);
  const std::string text = message == nullptr ? "" : message;
  duckdb_free(message);
  if (state == DuckDBSuccess &&
      duckdb_connect(handles_->database, &handles_->connection) == DuckDBSuccess) {
    return {};
  }
  return base::Error{base::ErrorCode::kInternal, "",
                     fmt::format("the mapping engine does not start: {}", text)};
}

base::Status MappingEngine::Configure(const WorkerJob& job) {
  const std::uint64_t memory = std::max(job.source.limits.worker_memory_bytes, kSmallestMemory);
  const std::array<std::string, 4> statements = {
      fmt::format("SET memory_limit = '{}B'", memory),
      fmt::format("SET TimeZone = {}", Quoted(job.time_zone, '\'')),
      "SET lock_configuration = true", kWarmUp};
  return ExecuteAll(statements);
}

/// Declared as giving another value at each call, so that a statement kept ready asks again.
base::Status MappingEngine::RegisterMoment() {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_logical_type type = duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP_TZ);
  duckdb_scalar_function_set_name(function, "moment_of_the_job");
  duckdb_scalar_function_set_return_type(function, type);
  duckdb_scalar_function_set_volatile(function);
  duckdb_scalar_function_set_extra_info(function, &moment_, nullptr);
  duckdb_scalar_function_set_function(function, GiveMoment);
  const duckdb_state registered = duckdb_register_scalar_function(handles_->connection, function);
  duckdb_destroy_logical_type(&type);
  duckdb_destroy_scalar_function(&function);
  if (registered == DuckDBSuccess) return {};
  return base::Error{base::ErrorCode::kInternal, "", "the mapping engine takes no functions"};
}

void MappingEngine::BeginJob(const WorkerJob& job) {
  job_ = &job;
  moment_ = job.received_at;
  mapped_count_ = 0;
}

base::Status MappingEngine::EndJob() {
  const bool made_table = !job_->source.skip_rows.empty();
  job_ = nullptr;
  raw_.Clear();
  if (!made_table) return {};
  plans_.clear();
  planned_columns_.clear();
  return Execute("DROP TABLE raw");
}

base::Status MappingEngine::ExecuteAll(std::span<const std::string> statements) {
  for (const std::string& statement : statements) {
    const base::Status done = Execute(statement);
    if (!done.ok()) return base::Error{base::ErrorCode::kInternal, "", done.error().message};
  }
  return {};
}

base::Status MappingEngine::Execute(const std::string& sql) {
  QueryResult result;
  return result.Run(handles_->connection, sql);
}

base::Status MappingEngine::Begin(const std::vector<std::string>& columns) {
  raw_.Begin(columns);
  present_.clear();
  return {};
}

base::Status MappingEngine::Take(const RawBatch& batch) {
  for (const std::uint32_t row : batch.rows) {
    if (row > present_.size()) present_.resize(row, false);
    present_[row - 1] = true;
  }
  return raw_.Take(batch);
}

base::Status MappingEngine::FinishRaw(std::uint64_t raw_rows) {
  present_.resize(raw_rows, false);
  mapped_.assign(raw_rows, false);
  if (!plans_.empty() && planned_columns_ == raw_.columns()) return {};
  plans_.clear();
  planned_columns_ = raw_.columns();
  FANSIPAN_RETURN_IF_ERROR(
      job_->source.skip_rows.empty()
          ? Execute("CREATE OR REPLACE TEMP VIEW raw AS SELECT * FROM raw_rows()")
          : LeaveRowsOut());
  plans_.resize(job_->source.mappings.size());
  return {};
}

base::Status MappingEngine::LeaveRowsOut() {
  const std::string condition = fmt::format("(\n{}\n)", job_->source.skip_rows);
  base::Status checked = Check("SELECT 1 FROM raw WHERE " + condition);
  // A table: a mapping's own conditions must not meet the rows that are left out.
  if (checked.ok()) {
    checked = Execute("CREATE TEMP TABLE raw AS SELECT * FROM raw_rows() raw WHERE NOT coalesce(" +
                      condition + ", false)");
  }
  if (!checked.ok()) return base::Annotate(std::move(checked).error(), "skip_rows");
  return MarkPresentRows();
}

base::Status MappingEngine::MarkPresentRows() {
  present_.assign(present_.size(), false);
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
  const auto run = [&]() -> base::Status {
    if (!plans_[index]) {
      FANSIPAN_ASSIGN_OR_RETURN(plans_[index], MakePlan(index));
    }
    return WriteRows(*plans_[index], result);
  };
  base::Status status = run();
  if (status.ok()) return {};
  return base::Annotate(std::move(status).error(),
                        fmt::format("mapping {}", job_->source.mappings[index].file));
}

base::Result<std::unique_ptr<MappingEngine::Plan>> MappingEngine::MakePlan(std::size_t index) {
  const std::string& sql = job_->source.mappings[index].sql;
  const std::string view = ViewOf(index);
  FANSIPAN_RETURN_IF_ERROR(Check(sql));
  FANSIPAN_RETURN_IF_ERROR(Execute(fmt::format("CREATE OR REPLACE TEMP VIEW {} AS {}", view, sql)));
  return PlanOutput(index, view);
}

/// Compares the columns that the mapping gave with those that it must and may give.
base::Result<std::unique_ptr<MappingEngine::Plan>> MappingEngine::PlanOutput(
    std::size_t index, const std::string& view) {
  Prepared all;
  FANSIPAN_RETURN_IF_ERROR(all.Prepare(handles_->connection, "SELECT * FROM " + view));
  std::map<std::string, std::pair<std::string, duckdb_type>> given;  // lower case: name, type
  for (idx_t i = 0; i < duckdb_prepared_statement_column_count(all.get()); ++i) {
    const char* name = duckdb_prepared_statement_column_name(all.get(), i);
    given[model::LowerAscii(name)] = {name, duckdb_prepared_statement_column_type(all.get(), i)};
    duckdb_free(const_cast<char*>(name));
  }
  if (given.contains("_row") == given.contains("_rows")) {
    return Failed(
        "the result must have either a column `_row` (the raw row it came from) or a "
        "column `_rows` (a list of them)");
  }
  auto plan = std::make_unique<Plan>();
  std::string query = given.contains("_row") ? "SELECT [CAST(_row AS UINTEGER)]"
                                             : "SELECT CAST(_rows AS UINTEGER[])";
  given.erase("_row");
  given.erase("_rows");
  idx_t place = 0;
  for (const TargetColumn& column : job_->targets[index]) {
    const auto found = given.find(model::LowerAscii(column.name));
    if (found == given.end()) {
      if (!column.optional) {
        return Failed(fmt::format("the result lacks the column '{}'", column.name));
      }
      plan->places.emplace_back();
      continue;
    }
    query += ", " + CastToText(Quoted(found->second.first, '"'), found->second.second);
    plan->places.emplace_back(++place);
    given.erase(found);
  }
  if (!given.empty()) {
    return Failed(
        fmt::format("the result has the column '{}', which the dataset '{}' does not "
                    "have",
                    given.begin()->second.first, job_->source.mappings[index].dataset));
  }
  FANSIPAN_RETURN_IF_ERROR(plan->statement.Prepare(handles_->connection, query + " FROM " + view));
  return plan;
}

base::Status MappingEngine::WriteRows(const Plan& plan, WorkerResultWriter& result) {
  QueryResult rows;
  FANSIPAN_RETURN_IF_ERROR(rows.Stream(plan.statement.get()));
  std::uint64_t written = 0;
  const std::uint64_t limit = RowLimit(job_->source.limits, plan.places.size());
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
  return rows.Failure();
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
