#include "sources/internal/parquet/parquet_reader.h"

#include <duckdb.h>
#include <fmt/format.h>

#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/internal/duckdb/statements.h"
#include "sources/internal/parquet/parquet_columns.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kBufferBytes = 1U << 20U;
constexpr idx_t kMaxColumns = 2000;
// Reads the zone's rules before the process gives its rights up.
constexpr const char* kWarmUp =
    "SELECT CAST((TIMESTAMPTZ '2026-01-01 00:00:00+07' AT TIME ZONE 'UTC') AS VARCHAR)";

base::Error Refusal(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

/// What DuckDB says, without our own file's name.
base::Error Unreadable(const base::Error& error, const std::string& path) {
  if (error.reason == "worker_out_of_memory") {
    return Refusal("parquet_out_of_memory",
                   "reading it needs more memory than limits.worker_memory allows");
  }
  std::string message = error.message.substr(0, error.message.find('\n'));
  for (std::size_t at = message.find(path); at != std::string::npos; at = message.find(path)) {
    message.replace(at, path.size(), "the file");
  }
  return Refusal("parquet_unreadable", "it cannot be read as Parquet. Its reader says: " +
                                           std::string(CutUtf8(message, 300)));
}

/// Whether a value has one text that a mapping can use.
bool IsPlain(duckdb_type type) {
  switch (type) {
    case DUCKDB_TYPE_STRUCT:
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_MAP:
    case DUCKDB_TYPE_ARRAY:
    case DUCKDB_TYPE_UNION:
    case DUCKDB_TYPE_BLOB:
    case DUCKDB_TYPE_BIT:
      return false;
    default:
      return true;
  }
}

void AppendCell(std::string_view text, std::string& line) {
  line += '"';
  for (const char c : text) {
    line += c;
    if (c == '"') line += c;
  }
  line += '"';
}

base::Status Flush(std::string& buffer, const FileHandle& output) {
  if (!output.WriteAll(buffer)) {
    if (errno == EFBIG) {
      return base::Error{base::ErrorCode::kTooLarge, "payload_too_large",
                         "what is read of it has more bytes as text than limits.payload allows"};
    }
    return base::Error{base::ErrorCode::kStorageFull, "storage_full",
                       "there is no room for what is read of it"};
  }
  buffer.clear();
  return {};
}

}  // namespace

struct ParquetReader::Handles {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;

  ~Handles() {
    if (connection != nullptr) duckdb_disconnect(&connection);
    if (database != nullptr) duckdb_close(&database);
  }
};

ParquetReader::ParquetReader() : handles_(std::make_unique<Handles>()) {}

ParquetReader::~ParquetReader() = default;

base::Result<std::unique_ptr<ParquetReader>> ParquetReader::Open(const std::string& path,
                                                                 std::uint64_t memory_bytes) {
  std::unique_ptr<ParquetReader> reader(new ParquetReader);
  reader->path_ = path;
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) != DuckDBSuccess) {
    return base::Error{base::ErrorCode::kInternal, "", "DuckDB has no memory to start"};
  }
  duckdb_set_config(config, "threads", "1");
  duckdb_set_config(config, "autoinstall_known_extensions", "false");
  duckdb_set_config(config, "autoload_known_extensions", "false");
  char* message = nullptr;
  const duckdb_state opened =
      duckdb_open_ext(nullptr, &reader->handles_->database, config, &message);
  duckdb_destroy_config(&config);
  const std::string text = message == nullptr ? "" : message;
  duckdb_free(message);
  if (opened != DuckDBSuccess ||
      duckdb_connect(reader->handles_->database, &reader->handles_->connection) != DuckDBSuccess) {
    return base::Error{base::ErrorCode::kInternal, "",
                       fmt::format("DuckDB does not start: {}", text)};
  }
  for (const std::string& statement :
       {std::string("SET temp_directory = ''"),
        fmt::format("SET memory_limit = '{}B'", memory_bytes),
        std::string("SET preserve_insertion_order = true"),
        fmt::format("SET allowed_paths = [{}]", Quoted(path, '\'')),
        std::string("SET enable_external_access = false"), std::string(kWarmUp),
        std::string("SET lock_configuration = true")}) {
    QueryResult result;
    FANSIPAN_RETURN_IF_ERROR(result.Run(reader->handles_->connection, statement));
  }
  return reader;
}

namespace {

/// A column as it is written.
struct Written {
  std::string name;
  std::string text;  ///< SQL
};

/// Columns and types that a statement gives.
base::Result<std::vector<Written>> Describe(duckdb_connection connection, const std::string& sql,
                                            const std::vector<center::RawColumn>& declared) {
  Prepared statement;
  FANSIPAN_RETURN_IF_ERROR(statement.Prepare(connection, sql));
  const idx_t count = duckdb_prepared_statement_column_count(statement.get());
  if (count > kMaxColumns) {
    return Refusal("wrong_columns", fmt::format("the file has {} columns, at most {} are read; "
                                                "declare 'columns'",
                                                count, kMaxColumns));
  }
  std::vector<Written> columns;
  for (idx_t i = 0; i < count; ++i) {
    const char* given = duckdb_prepared_statement_column_name(statement.get(), i);
    const std::string name = given == nullptr ? "" : given;
    duckdb_free(const_cast<char*>(given));
    const duckdb_type type = duckdb_prepared_statement_column_type(statement.get(), i);
    if (!IsPlain(type)) {
      return Refusal("wrong_columns",
                     fmt::format("the column '{}' is not plain: it is made of fields, is a list, "
                                 "or has bytes; declare in 'columns' which fields are read",
                                 CutUtf8(name, 100)));
    }
    const std::string field = declared.empty() ? Quoted(name, '"') : FieldOf(declared[i]);
    columns.push_back({name, CastToText(field, type)});
  }
  return columns;
}

base::Status WriteRows(QueryResult& result, std::size_t width, std::string& buffer,
                       const FileHandle& output) {
  while (true) {
    Chunk chunk(duckdb_fetch_chunk(*result.get()));
    if (!chunk) return result.Failure();
    for (idx_t row = 0; row < chunk.size(); ++row) {
      for (std::size_t i = 0; i < width; ++i) {
        if (i > 0) buffer += ',';
        const auto text = TextAt(chunk.column(i), row);
        if (text) AppendCell(*text, buffer);
      }
      buffer += '\n';
      if (buffer.size() >= kBufferBytes) FANSIPAN_RETURN_IF_ERROR(Flush(buffer, output));
    }
  }
}

}  // namespace

base::Status ParquetReader::Write(const std::string& columns, const FileHandle& output) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<center::RawColumn> declared,
                            ParseParquetColumns(columns));
  const std::string from =
      fmt::format(" FROM read_parquet({}, hive_partitioning = false, union_by_name = false)",
                  Quoted(path_, '\''));
  std::string wanted;
  for (const center::RawColumn& column : declared) {
    wanted += fmt::format("{}{} AS {}", wanted.empty() ? "" : ", ", FieldOf(column),
                          Quoted(column.name, '"'));
  }
  const auto unreadable = [&](const base::Error& error) {
    return error.reason == "mapping_failed" || error.reason == "worker_out_of_memory"
               ? Unreadable(error, path_)
               : error;
  };
  const auto described =
      Describe(handles_->connection, "SELECT " + (wanted.empty() ? "*" : wanted) + from, declared);
  if (!described.ok()) return unreadable(described.error());
  std::string buffer;
  std::string texts;
  for (const Written& column : *described) {
    if (!buffer.empty()) buffer += ',';
    AppendCell(column.name, buffer);
    texts += fmt::format("{}{}", texts.empty() ? "" : ", ", column.text);
  }
  buffer += '\n';
  Prepared statement;
  base::Status read = statement.Prepare(handles_->connection, "SELECT " + texts + from);
  QueryResult result;
  if (read.ok()) read = result.Stream(statement.get());
  if (read.ok()) read = WriteRows(result, described->size(), buffer, output);
  return read.ok() ? Flush(buffer, output) : unreadable(read.error());
}

}  // namespace fansipan::sources::internal
