#include "simulation/internal/postgres_table.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>
#include <functional>
#include <string>
#include <utility>

namespace fansipan::simulation::internal {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using QueryResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr std::string_view kMark = "simulated by fansipan";

std::string MicrosecondsOf(base::Timestamp moment) {
  return std::to_string(moment.time_since_epoch().count());
}

class PostgresTable final : public LicenceTable {
 public:
  PostgresTable(Connection connection, std::string table)
      : connection_(std::move(connection)), table_(std::move(table)) {}

  base::Status Create() override {
    FANSIPAN_ASSIGN_OR_RETURN(const std::string mark,
                              Run("SELECT coalesce(obj_description(to_regclass($1), 'pg_class'), "
                                  "CASE WHEN to_regclass($1) IS NULL "
                                  "THEN '' ELSE 'other' END)",
                                  {table_.c_str()}));
    if (mark == kMark) return FindHolder();
    if (!mark.empty()) {
      return base::Error{base::ErrorCode::kConflict, "table_exists",
                         "the database has a table '" + table_ +
                             "' that no simulation made; choose another --table"};
    }
    return InOneTransaction([this] { return CreateMarked(); });
  }

  base::Status Write(const std::vector<Licence>& licences) override {
    return InOneTransaction([&]() -> base::Status {
      for (const Licence& licence : licences) {
        FANSIPAN_RETURN_IF_ERROR(WriteOne(licence));
      }
      return {};
    });
  }

  base::Status RenameHolder() override {
    if (holder_ == kRenamed) return {};
    FANSIPAN_RETURN_IF_ERROR(
        Do(fmt::format("ALTER TABLE {} RENAME COLUMN holder TO {}", table_, kRenamed)));
    holder_ = kRenamed;
    return {};
  }

 private:
  static constexpr std::string_view kRenamed = "holder_name";

  base::Status InOneTransaction(const std::function<base::Status()>& act) {
    FANSIPAN_RETURN_IF_ERROR(Do("BEGIN"));
    base::Status done = act();
    if (done.ok()) return Do("COMMIT");
    static_cast<void>(Do("ROLLBACK"));
    return done;
  }

  /// A table without its mark would be another's for the next run.
  base::Status CreateMarked() {
    FANSIPAN_RETURN_IF_ERROR(Do(fmt::format(
        "CREATE TABLE {0} (licence_number text PRIMARY KEY, holder text NOT NULL, commune text NOT "
        "NULL, field text NOT NULL, status text NOT NULL, capital bigint NOT NULL, issued_on date "
        "NOT NULL, updated_at timestamptz NOT NULL)",
        table_)));
    FANSIPAN_RETURN_IF_ERROR(
        Do(fmt::format("CREATE INDEX ON {} (updated_at, licence_number)", table_)));
    return Do(fmt::format("COMMENT ON TABLE {} IS '{}'", table_, kMark));
  }

  /// An earlier run may have renamed it.
  base::Status FindHolder() {
    FANSIPAN_ASSIGN_OR_RETURN(
        const std::string found,
        Run("SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = "
            "'holder_name'",
            {table_.c_str()}));
    if (found == "1") holder_ = kRenamed;
    return {};
  }

  base::Status WriteOne(const Licence& licence) {
    const std::string sql = fmt::format(
        "INSERT INTO {0} (licence_number, {1}, commune, field, status, capital, issued_on, "
        "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, timestamptz 'epoch' + $8::bigint * "
        "interval '1 microsecond') ON CONFLICT (licence_number) DO UPDATE SET {1} = excluded.{1}, "
        "status = excluded.status, capital = excluded.capital, updated_at = excluded.updated_at",
        table_, holder_);
    const std::string capital = std::to_string(licence.capital);
    const std::string updated_at = MicrosecondsOf(licence.updated_at);
    const auto done =
        Run(sql, {licence.number.c_str(), licence.holder.c_str(), licence.commune.c_str(),
                  licence.field.c_str(), licence.status.c_str(), capital.c_str(),
                  licence.issued_on.c_str(), updated_at.c_str()});
    return done.ok() ? base::Status() : base::Status(done.error());
  }

  base::Status Do(const std::string& sql) {
    const auto done = Run(sql, {});
    return done.ok() ? base::Status() : base::Status(done.error());
  }

  /// The first cell of the result; empty when there is none.
  base::Result<std::string> Run(const std::string& sql, const std::vector<const char*>& values) {
    const QueryResult result(
        PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                     values.data(), nullptr, nullptr, 0),
        PQclear);
    const ExecStatusType state = PQresultStatus(result.get());
    if (state == PGRES_COMMAND_OK) return std::string();
    if (state == PGRES_TUPLES_OK) {
      return std::string(PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "");
    }
    return base::Error{
        base::ErrorCode::kUnavailable, "database_refused",
        std::string("the database refuses a change: ") + PQerrorMessage(connection_.get())};
  }

  const Connection connection_;
  const std::string table_;
  std::string_view holder_ = "holder";
};

}  // namespace

base::Result<std::unique_ptr<LicenceTable>> OpenPostgresTable(
    const DatabaseSimulationOptions& options) {
  const std::string port = std::to_string(options.port);
  constexpr std::size_t kOptions = 8;
  const std::array<const char*, kOptions> keys = {
      "host", "port", "dbname", "user", "password", "connect_timeout", "application_name", nullptr};
  const std::array<const char*, kOptions> values = {
      options.host.c_str(),     port.c_str(), options.database.c_str(), options.user.c_str(),
      options.password.c_str(), "10",         "fansipan simulate",      nullptr};
  Connection connection(PQconnectdbParams(keys.data(), values.data(), 0), PQfinish);
  if (!connection || PQstatus(connection.get()) != CONNECTION_OK) {
    return base::Error{
        base::ErrorCode::kUnavailable, "no_connection",
        fmt::format("the database {} at {}, port {}, takes no connection: {}", options.database,
                    options.host, options.port,
                    connection ? PQerrorMessage(connection.get()) : "the library did not start")};
  }
  return std::unique_ptr<LicenceTable>(
      std::make_unique<PostgresTable>(std::move(connection), options.table));
}

}  // namespace fansipan::simulation::internal
