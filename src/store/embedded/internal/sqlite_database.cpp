#include "store/embedded/internal/sqlite_database.h"

#include <fmt/format.h>

#include <utility>

namespace fansipan::store {
namespace {

base::ErrorCode CodeOf(int sqlite_code) {
  switch (sqlite_code & 0xFF) {
    case SQLITE_FULL:
      return base::ErrorCode::kStorageFull;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
      return base::ErrorCode::kUnavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return base::ErrorCode::kCorrupt;
    case SQLITE_CONSTRAINT:
      return base::ErrorCode::kConflict;
    case SQLITE_TOOBIG:
      return base::ErrorCode::kTooLarge;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return base::ErrorCode::kIo;
    default:
      return base::ErrorCode::kInternal;
  }
}

}  // namespace

base::Error SqliteError(sqlite3* database, int code, std::string_view what) {
  // A constraint's text would repeat the stored value; its meaning is in the caller's own error.
  const char* file = sqlite3_db_filename(database, "main");
  return {CodeOf(code), "",
          fmt::format("metadata store {}: {}: {}", file != nullptr ? file : "", what,
                      sqlite3_errstr(code))};
}

SqliteStatement::SqliteStatement(sqlite3* database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  failure_ =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
}

SqliteStatement& SqliteStatement::Bind(std::string_view text) {
  if (failure_ != SQLITE_OK) return *this;
  // An empty view may have no address, which would bind NULL.
  const char* bytes = text.empty() ? "" : text.data();
  failure_ = sqlite3_bind_text64(statement_.get(), next_parameter_++, bytes, text.size(),
                                 SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(std::int64_t number) {
  if (failure_ != SQLITE_OK) return *this;
  failure_ = sqlite3_bind_int64(statement_.get(), next_parameter_++, number);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(const std::optional<base::Timestamp>& moment) {
  if (moment) return Bind(*moment);
  if (failure_ != SQLITE_OK) return *this;
  failure_ = sqlite3_bind_null(statement_.get(), next_parameter_++);
  return *this;
}

base::Result<bool> SqliteStatement::Step() {
  if (failure_ == SQLITE_OK) {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    failure_ = code;
  }
  const char* sql = statement_ ? sqlite3_sql(statement_.get()) : nullptr;
  return SqliteError(database_, failure_, sql != nullptr ? sql : "a statement cannot be prepared");
}

base::Result<int> SqliteStatement::Run() {
  FANSIPAN_RETURN_IF_ERROR(Step());
  return sqlite3_changes(database_);
}

std::string SqliteStatement::Text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::int64_t SqliteStatement::Number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

base::Timestamp SqliteStatement::Moment(int column) const {
  return base::Timestamp(base::Duration(Number(column)));
}

std::optional<base::Timestamp> SqliteStatement::OptionalMoment(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return Moment(column);
}

base::Result<SqliteTransaction> SqliteTransaction::Begin(sqlite3* database) {
  FANSIPAN_RETURN_IF_ERROR(SqliteStatement(database, "BEGIN IMMEDIATE").Run());
  return SqliteTransaction(database);
}

SqliteTransaction::SqliteTransaction(SqliteTransaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

SqliteTransaction::~SqliteTransaction() {
  // A failed statement may have rolled back by itself; the second time is refused and harmless.
  if (database_ != nullptr) (void)SqliteStatement(database_, "ROLLBACK").Run();
}

base::Status SqliteTransaction::Commit() {
  FANSIPAN_RETURN_IF_ERROR(SqliteStatement(database_, "COMMIT").Run());
  database_ = nullptr;
  return {};
}

}  // namespace fansipan::store
