#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::store {

/// The database's last error as one of ours. `what` names what was being done.
base::Error SqliteError(sqlite3* database, int code, std::string_view what);

/// A prepared statement with its parameters bound in order. A failure to prepare or bind is kept
/// and handed back by the next step, so that callers read as the SQL does.
class SqliteStatement {
 public:
  SqliteStatement(sqlite3* database, std::string_view sql);

  SqliteStatement& Bind(std::string_view text);
  SqliteStatement& Bind(std::int64_t number);
  SqliteStatement& Bind(std::uint64_t number) { return Bind(static_cast<std::int64_t>(number)); }
  SqliteStatement& Bind(base::Timestamp moment) {
    return Bind(static_cast<std::int64_t>(moment.time_since_epoch().count()));
  }
  SqliteStatement& Bind(const std::optional<base::Timestamp>& moment);

  /// True while there is a row to read.
  base::Result<bool> Step();
  /// Runs a statement that gives no rows; the number of rows it changed.
  base::Result<int> Run();

  std::string Text(int column) const;
  std::int64_t Number(int column) const;
  base::Timestamp Moment(int column) const;
  std::optional<base::Timestamp> OptionalMoment(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int next_parameter_ = 1;
  int failure_ = SQLITE_OK;
};

/// A write transaction, undone unless committed.
class SqliteTransaction {
 public:
  static base::Result<SqliteTransaction> Begin(sqlite3* database);
  SqliteTransaction(SqliteTransaction&& other) noexcept;
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;
  ~SqliteTransaction();

  base::Status Commit();

 private:
  explicit SqliteTransaction(sqlite3* database) : database_(database) {}

  sqlite3* database_;  // null once committed or moved from
};

}  // namespace fansipan::store
