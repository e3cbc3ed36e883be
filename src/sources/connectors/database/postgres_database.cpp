#include "sources/connectors/database/postgres_database.h"

#include <libpq-fe.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

#include "sources/connectors/connector.h"
#include "sources/connectors/database/sql_state.h"
#include "sources/connectors/internal/host_addresses.h"

namespace fansipan::sources {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using QueryResult = std::unique_ptr<PGresult, decltype(&PQclear)>;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds kLook{100};  // for a stop
constexpr std::chrono::seconds kConnect{15};
constexpr std::chrono::seconds kGrace{5};  // for the server to end its statement itself
constexpr std::uint32_t kLockSeconds = 10;
constexpr const char* kMachineAuthorities = "/etc/ssl/certs/ca-certificates.crt";

// Types by their fixed numbers in every PostgreSQL.
constexpr Oid kBooleanType = 16;
constexpr Oid kBytesType = 17;

/// Everything that is sent or shown is said here, so that neither the server's settings nor the
/// environment of this program decide it.
std::string SettingsOf(std::uint32_t timeout_seconds) {
  const std::string lock = std::to_string(std::min(timeout_seconds, kLockSeconds));
  return "SET default_transaction_read_only = on;"
         "SET statement_timeout = '" +
         std::to_string(timeout_seconds) +
         "s';"
         "SET lock_timeout = '" +
         lock +
         "s';"
         "SET idle_in_transaction_session_timeout = '60s';"
         "SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; SET TimeZone = 'UTC';"
         "SET extra_float_digits = 3; SET lc_monetary = 'C'; SET standard_conforming_strings = on";
}

CellKind KindOf(Oid type) {
  if (type == kBooleanType) return CellKind::kBoolean;
  return type == kBytesType ? CellKind::kBytes : CellKind::kText;
}

/// What the server remarks is not for this program's output.
void IgnoreNotice(void* /*unused*/, const PGresult* /*notice*/) {}

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(const center::PostgresSource& source, center::Reach reach)
      : source_(source), reach_(std::move(reach)) {}

  base::Status Open(const std::string& password, const std::stop_token& stop) override {
    password_ = password;
    return Connect(stop);
  }
  void Close() override {
    connection_.reset();
    password_.clear();
  }
  std::string Identity() const override {
    return "postgres:" + reach_.host + ":" + std::to_string(reach_.port) + "/" + source_.database;
  }
  Dialect dialect() const override {
    return {.quote = "\"", .numbered = true, .compares_rows = true, .limits = true};
  }
  base::Status Read(const Statement& statement, std::uint64_t max_bytes, RowTaker& taker,
                    const std::stop_token& stop) override;

 private:
  base::Status Connect(const std::stop_token& stop);
  base::Status StartConnecting(const std::stop_token& stop);
  base::Status ApplySettings(const std::stop_token& stop);
  base::Status Run(const std::string& sql, const std::stop_token& stop);
  base::Status Ask(const Statement& statement, RowTaker& taker, bool& ended,
                   const std::stop_token& stop);
  base::Result<bool> TakeResult(const PGresult& result, RowTaker& taker);
  base::Status BeginRows(const PGresult& result, RowTaker& taker);
  base::Status AwaitResult(const std::stop_token& stop);
  base::Status AwaitSocket(short events, const std::stop_token& stop) const;
  std::uint64_t Received() const;
  base::Error ConnectError() const;
  base::Error ErrorOf(const PGresult* result) const;
  std::string Place() const { return reach_.host + ", port " + std::to_string(reach_.port); }

  const center::PostgresSource& source_;
  const center::Reach reach_;
  std::string password_;
  Connection connection_{nullptr, PQfinish};
  SteadyTime deadline_;
  std::uint64_t bound_ = 0;  // of bytes received, over the connection
  bool begun_ = false;
  std::vector<Cell> cells_;
};

/// Each value apart: nothing is put together that a value could break out of. What stays unsaid
/// would be filled in from the environment (which is closed at the start, see
/// postgres_environment.h) or from files in a home folder.
base::Status PostgresDatabase::StartConnecting(const std::stop_token& stop) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> addresses,
                            internal::AddressesOf(reach_, stop));
  std::string hosts;
  std::string host_addresses;
  for (const std::string& address : addresses) {
    const char* const comma = hosts.empty() ? "" : ",";
    hosts += comma + reach_.host;
    host_addresses += comma + address;
  }
  const std::string port = std::to_string(reach_.port);
  const std::string tls(center::NameOf(source_.tls));
  const std::string authorities = source_.ca_file.empty() ? kMachineAuthorities : source_.ca_file;
  const bool verifies = source_.tls <= center::TlsMode::kVerifyCa;
  const std::vector<std::pair<const char*, const char*>> options = {
      {"host", hosts.c_str()},
      {"hostaddr", host_addresses.c_str()},
      {"port", port.c_str()},
      {"dbname", source_.database.c_str()},
      {"user", source_.query.user.c_str()},
      {"password", password_.c_str()},
      {"passfile", "/dev/null"},
      {"sslmode", tls.c_str()},
      {"sslrootcert", verifies ? authorities.c_str() : "/dev/null/none"},
      {"sslcert", "/dev/null/none"},
      {"sslkey", "/dev/null/none"},
      {"sslcrl", "/dev/null/none"},
      {"channel_binding", "prefer"},
      {"target_session_attrs", "any"},
      {"connect_timeout", "15"},
      {"ssl_min_protocol_version", "TLSv1.2"},
      {"gssencmode", "disable"},
      {"client_encoding", "UTF8"},
      {"application_name", "fansipan"},
      {"tcp_user_timeout", "30000"}};
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : options) {
    keys.push_back(key);
    values.push_back(value);
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  // 0: a database's name is a name, never a connection string.
  connection_.reset(PQconnectStartParams(keys.data(), values.data(), 0));
  return {};
}

base::Status PostgresDatabase::Connect(const std::stop_token& stop) {
  const std::chrono::seconds timeout(source_.query.timeout_seconds);
  deadline_ = std::chrono::steady_clock::now() + std::min(timeout, kConnect);
  bound_ = 1ULL << 20U;
  FANSIPAN_RETURN_IF_ERROR(StartConnecting(stop));
  if (!connection_) {
    return base::Error{base::ErrorCode::kInternal, "", "the PostgreSQL library took no connection"};
  }
  PQsetNoticeReceiver(connection_.get(), IgnoreNotice, nullptr);
  PostgresPollingStatusType state =
      PQstatus(connection_.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) {
      base::Error error = ConnectError();
      connection_.reset();
      return error;
    }
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    base::Status ready = AwaitSocket(events, stop);
    if (!ready.ok()) {
      connection_.reset();
      return ready;
    }
    state = PQconnectPoll(connection_.get());
  }
  PQsetnonblocking(connection_.get(), 1);
  base::Status set = ApplySettings(stop);
  if (!set.ok()) connection_.reset();
  return set;
}

base::Status PostgresDatabase::ApplySettings(const std::stop_token& stop) {
  FANSIPAN_RETURN_IF_ERROR(Run(SettingsOf(source_.query.timeout_seconds), stop));
  // The server then sees a closed connection while it works on a statement, and ends that. Where it
  // cannot (before 14, or on some systems), the statement ends with its time.
  base::Status checks = Run("SET client_connection_check_interval = '1s'", stop);
  if (!checks.ok() && PQstatus(connection_.get()) != CONNECTION_OK) return checks;
  if (stop.stop_requested()) return ConnectorStopped();
  return {};
}

/// What is broken off is broken off by closing the connection: a cancelling request would be
/// another connection, which a hanging server may hold up, too.
base::Status PostgresDatabase::Read(const Statement& statement, std::uint64_t max_bytes,
                                    RowTaker& taker, const std::stop_token& stop) {
  if (!connection_) FANSIPAN_RETURN_IF_ERROR(Connect(stop));
  deadline_ = std::chrono::steady_clock::now() +
              std::chrono::seconds(source_.query.timeout_seconds) + kGrace;
  bound_ = Received() + max_bytes;
  bool ended = false;
  base::Status status = Run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", stop);
  if (status.ok()) status = Ask(statement, taker, ended, stop);
  if (status.ok() && ended) status = Run("COMMIT", stop);
  if (!status.ok() || !ended) connection_.reset();
  return status;
}

/// A statement without rows, or several.
base::Status PostgresDatabase::Run(const std::string& sql, const std::stop_token& stop) {
  base::Status status;
  if (PQsendQuery(connection_.get(), sql.c_str()) != 1) return ErrorOf(nullptr);
  for (;;) {
    FANSIPAN_RETURN_IF_ERROR(AwaitResult(stop));
    const QueryResult result(PQgetResult(connection_.get()), PQclear);
    if (!result) return status;
    const bool done = PQresultStatus(result.get()) == PGRES_COMMAND_OK;
    if (!done && status.ok()) status = ErrorOf(result.get());
  }
}

/// `ended`: all was read that the server had.
base::Status PostgresDatabase::Ask(const Statement& statement, RowTaker& taker, bool& ended,
                                   const std::stop_token& stop) {
  std::vector<const char*> values;
  values.reserve(statement.parameters.size());
  for (const std::string& parameter : statement.parameters) values.push_back(parameter.c_str());
  if (PQsendQueryParams(connection_.get(), statement.sql.c_str(), static_cast<int>(values.size()),
                        nullptr, values.data(), nullptr, nullptr, 0) != 1 ||
      PQsetSingleRowMode(connection_.get()) != 1) {
    return ErrorOf(nullptr);
  }
  begun_ = false;
  for (;;) {
    FANSIPAN_RETURN_IF_ERROR(AwaitResult(stop));
    const QueryResult result(PQgetResult(connection_.get()), PQclear);
    if (!result) break;
    FANSIPAN_ASSIGN_OR_RETURN(const bool wants_more, TakeResult(*result, taker));
    if (!wants_more) return {};
  }
  ended = true;
  return {};
}

base::Result<bool> PostgresDatabase::TakeResult(const PGresult& result, RowTaker& taker) {
  const ExecStatusType state = PQresultStatus(&result);
  if (state != PGRES_SINGLE_TUPLE && state != PGRES_TUPLES_OK) return ErrorOf(&result);
  if (!begun_) FANSIPAN_RETURN_IF_ERROR(BeginRows(result, taker));
  const int columns = PQnfields(&result);
  for (int row = 0; row < PQntuples(&result); ++row) {
    for (int column = 0; column < columns; ++column) {
      Cell& cell = cells_[static_cast<std::size_t>(column)];
      cell = std::nullopt;
      if (PQgetisnull(&result, row, column) != 0) continue;
      cell = std::string_view(PQgetvalue(&result, row, column),
                              static_cast<std::size_t>(PQgetlength(&result, row, column)));
    }
    FANSIPAN_ASSIGN_OR_RETURN(const bool wants_more, taker.Take(cells_));
    if (!wants_more) return false;
  }
  return true;
}

base::Status PostgresDatabase::BeginRows(const PGresult& result, RowTaker& taker) {
  begun_ = true;
  const int count = PQnfields(&result);
  std::vector<ResultColumn> columns;
  columns.reserve(static_cast<std::size_t>(count));
  for (int column = 0; column < count; ++column) {
    columns.push_back({PQfname(&result, column), KindOf(PQftype(&result, column))});
  }
  cells_.assign(columns.size(), std::nullopt);
  return taker.Begin(columns);
}

/// Until the next result can be taken without waiting.
base::Status PostgresDatabase::AwaitResult(const std::stop_token& stop) {
  while (true) {
    const int unsent = PQflush(connection_.get());
    if (unsent < 0) return ErrorOf(nullptr);
    if (unsent == 0 && PQisBusy(connection_.get()) == 0) return {};
    FANSIPAN_RETURN_IF_ERROR(
        AwaitSocket(static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN), stop));
    if (PQconsumeInput(connection_.get()) != 1) return ErrorOf(nullptr);
    if (Received() > bound_) {
      return base::Error{base::ErrorCode::kTooLarge, "result_too_large",
                         Place() +
                             " sends more than the source's limits.payload allows for one "
                             "statement; declare a smaller piece, or raise the limit"};
    }
  }
}

base::Status PostgresDatabase::AwaitSocket(short events, const std::stop_token& stop) const {
  pollfd place{.fd = PQsocket(connection_.get()), .events = events, .revents = 0};
  for (;;) {
    if (stop.stop_requested()) return ConnectorStopped();
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
    if (left <= std::chrono::milliseconds(0)) {
      return base::Error{base::ErrorCode::kDeadlineExceeded, "source_timeout",
                         Place() +
                             " did not answer in time; ask its operator, or declare a "
                             "longer timeout"};
    }
    const int ready = poll(&place, 1, static_cast<int>(std::min(left, kLook).count()));
    if (ready > 0) return {};
  }
}

/// Bytes that the connection has received, as the kernel counts them: the library itself may hold a
/// value of a gigabyte before it shows anything. 0 where the socket is none of TCP.
std::uint64_t PostgresDatabase::Received() const {
  tcp_info counts{};
  socklen_t size = sizeof(counts);
  const int failed = getsockopt(PQsocket(connection_.get()), IPPROTO_TCP, TCP_INFO, &counts, &size);
  const bool told = failed == 0 && size >= offsetof(tcp_info, tcpi_bytes_received) +
                                               sizeof(counts.tcpi_bytes_received);
  return told ? counts.tcpi_bytes_received : 0;
}

/// The library gives no code for a connection that was not made, only words.
base::Error PostgresDatabase::ConnectError() const {
  const std::string told = ShownText(PQerrorMessage(connection_.get()), password_);
  const auto says = [&](std::string_view words) { return told.find(words) != std::string::npos; };
  if (says("certificate") || says("SSL") || says("server common name")) {
    return {base::ErrorCode::kUnavailable, "certificate_refused",
            Place() + " shows no certificate that is trusted for its name, or speaks no TLS (" +
                told + "); check tls and ca_file"};
  }
  // The password was asked for: the server is there, and says no to what was given.
  if (PQconnectionUsedPassword(connection_.get()) != 0) {
    return {base::ErrorCode::kUnauthenticated, "sign_in_refused",
            Place() + " refuses the sign-in (" + told + "); check user, secret and database"};
  }
  return {base::ErrorCode::kUnavailable, "no_connection",
          Place() + " takes no connection (" + told +
              "); check the line, the firewall, and that "
              "the server lets user and database in"};
}

base::Error PostgresDatabase::ErrorOf(const PGresult* result) const {
  const char* const state =
      result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const words =
      result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string told =
      ShownText(words == nullptr ? PQerrorMessage(connection_.get()) : words, password_);
  if (state != nullptr) return ErrorOfState(state, Place(), told);
  return {base::ErrorCode::kUnavailable, "connection_lost",
          "the exchange with " + Place() + " broke off (" + told + "); it is asked again later"};
}

}  // namespace

std::unique_ptr<Database> MakePostgresDatabase(const center::PostgresSource& source,
                                               center::Reach reach) {
  return std::make_unique<PostgresDatabase>(source, std::move(reach));
}

}  // namespace fansipan::sources
