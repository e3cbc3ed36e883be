#include "sources/connectors/database/odbc_database.h"

#include <sql.h>
#include <sqlext.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/thread_name.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/database/sql_state.h"
#include "sources/connectors/database/wide_text.h"

namespace fansipan::sources {
namespace {

static_assert(sizeof(SQLWCHAR) == sizeof(char16_t));

constexpr SQLULEN kLoginSeconds = 15;
constexpr std::chrono::seconds kGrace{5};  // for the driver to end its statement itself
constexpr std::size_t kChunk = 8'192;      // characters that are fetched of a cell at a time
constexpr std::size_t kMaxName = 256;
constexpr SQLSMALLINT kMaxColumns = 2'000;

bool IsGood(SQLRETURN code) { return code == SQL_SUCCESS || code == SQL_SUCCESS_WITH_INFO; }

/// An ODBC handle of one kind; freed with what belongs to it.
template <SQLSMALLINT kKind>
class Handle {
 public:
  explicit Handle(SQLHANDLE parent) {
    if (!IsGood(SQLAllocHandle(kKind, parent, &handle_))) handle_ = nullptr;
  }
  ~Handle() {
    if (handle_ == nullptr) return;
    if constexpr (kKind == SQL_HANDLE_DBC) SQLDisconnect(handle_);
    SQLFreeHandle(kKind, handle_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  SQLHANDLE get() const { return handle_; }

 private:
  SQLHANDLE handle_ = nullptr;
};
using Environment = Handle<SQL_HANDLE_ENV>;
using Connection = Handle<SQL_HANDLE_DBC>;
using StatementHandle = Handle<SQL_HANDLE_STMT>;

/// Cancels a statement at a stop, or when its time is over, from construction to destruction.
class Watch {
 public:
  Watch(SQLHANDLE statement, std::chrono::seconds limit, const std::stop_token& stop)
      : statement_(statement),
        thread_([this, limit](const std::stop_token& ends) { Wait(ends, limit); }),
        on_stop_(stop, [this] { thread_.request_stop(); }) {}
  ~Watch() {
    done_ = true;
    thread_.request_stop();
    thread_.join();
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  void Wait(const std::stop_token& ends, std::chrono::seconds limit) {
    base::NameThread("odbc_watch");
    std::mutex mutex;
    std::condition_variable_any over;
    std::unique_lock lock(mutex);
    over.wait_for(lock, ends, limit, [] { return false; });
    // Again and again: a statement that begins just then is not touched by what came before it.
    while (!done_) {
      SQLCancel(statement_);
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  SQLHANDLE statement_;
  std::atomic<bool> done_ = false;
  std::jthread thread_;
  std::stop_callback<std::function<void()>> on_stop_;
};

CellKind KindOf(SQLSMALLINT type) {
  switch (type) {
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
      return CellKind::kBytes;
    default:
      return CellKind::kText;
  }
}

class OdbcDatabase final : public Database {
 public:
  explicit OdbcDatabase(const center::OdbcSource& source) : source_(source) {}

  base::Status Open(const std::string& password, const std::stop_token& stop) override;
  void Close() override {
    connection_.reset();
    environment_.reset();
    password_.clear();
  }
  std::string Identity() const override {
    std::string identity = "odbc:" + source_.driver;
    for (const auto& [key, value] : source_.attributes) {
      identity.append(";").append(key).append("=").append(value);
    }
    return identity;
  }
  Dialect dialect() const override {
    return {.quote = quote_, .numbered = false, .compares_rows = false, .limits = false};
  }
  base::Status Read(const Statement& statement, std::uint64_t max_bytes, RowTaker& taker,
                    const std::stop_token& stop) override;

 private:
  base::Status Connect();
  void Restrict();
  base::Status Ask(SQLHANDLE handle, const Statement& statement, RowTaker& taker,
                   const std::stop_token& stop);
  base::Status Execute(SQLHANDLE handle, const Statement& statement);
  base::Result<std::vector<ResultColumn>> ColumnsOf(SQLHANDLE handle) const;
  base::Result<bool> FetchRow(SQLHANDLE handle, std::vector<std::string>& texts,
                              std::vector<Cell>& cells);
  base::Result<bool> FetchCell(SQLHANDLE handle, SQLUSMALLINT column, std::string& text);
  base::Error ErrorOf(SQLSMALLINT kind, SQLHANDLE handle) const;

  const center::OdbcSource& source_;
  std::string password_;
  std::string quote_;
  std::unique_ptr<Environment> environment_;
  std::unique_ptr<Connection> connection_;
  std::uint64_t bytes_left_ = 0;
};

SQLPOINTER NumberAttribute(SQLULEN number) {
  return reinterpret_cast<SQLPOINTER>(number);  // NOLINT: the interface passes numbers so
}

SQLWCHAR* WideOf(std::u16string& text) {
  return reinterpret_cast<SQLWCHAR*>(text.data());  // NOLINT: the same 16 bits
}

base::Status OdbcDatabase::Open(const std::string& password, const std::stop_token& stop) {
  if (stop.stop_requested()) return ConnectorStopped();
  Close();
  password_ = password;
  environment_ = std::make_unique<Environment>(SQLHANDLE());
  SQLSetEnvAttr(environment_->get(), SQL_ATTR_ODBC_VERSION, NumberAttribute(SQL_OV_ODBC3), 0);
  connection_ = std::make_unique<Connection>(environment_->get());
  if (connection_->get() == nullptr) {
    Close();
    return base::Error{base::ErrorCode::kInternal, "", "the ODBC driver manager did not start"};
  }
  base::Status connected = Connect();
  if (!connected.ok()) Close();
  return connected;
}

base::Status OdbcDatabase::Connect() {
  SQLHANDLE handle = connection_->get();
  SQLSetConnectAttr(handle, SQL_ATTR_LOGIN_TIMEOUT, NumberAttribute(kLoginSeconds), 0);
  SQLSetConnectAttr(handle, SQL_ATTR_ACCESS_MODE, NumberAttribute(SQL_MODE_READ_ONLY), 0);
  std::u16string text = ToWide(OdbcConnectionText(source_, password_));
  const SQLRETURN code =
      SQLDriverConnectW(handle, nullptr, WideOf(text), static_cast<SQLSMALLINT>(text.size()),
                        nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
  if (!IsGood(code)) return ErrorOf(SQL_HANDLE_DBC, handle);
  Restrict();
  std::array<SQLWCHAR, 8> quote{};
  SQLSMALLINT bytes = 0;
  if (IsGood(SQLGetInfoW(handle, SQL_IDENTIFIER_QUOTE_CHAR, quote.data(), sizeof(quote), &bytes))) {
    quote_ = ToNarrow(std::u16string(quote.begin(), quote.end()));
    quote_.resize(std::min(quote_.find('\0'), quote_.size()));
    if (quote_ == " ") quote_.clear();  // the driver's way to say that it has none
  }
  return {};
}

/// As far as the driver knows these; what it does not know it says, and it is no failure.
void OdbcDatabase::Restrict() {
  SQLHANDLE handle = connection_->get();
  const SQLULEN seconds = source_.query.timeout_seconds;
  SQLSetConnectAttr(handle, SQL_ATTR_CONNECTION_TIMEOUT, NumberAttribute(seconds), 0);
  SQLSetConnectAttr(handle, SQL_ATTR_ACCESS_MODE, NumberAttribute(SQL_MODE_READ_ONLY), 0);
  SQLSetConnectAttr(handle, SQL_ATTR_AUTOCOMMIT, NumberAttribute(SQL_AUTOCOMMIT_OFF), 0);
}

base::Status OdbcDatabase::Read(const Statement& statement, std::uint64_t max_bytes,
                                RowTaker& taker, const std::stop_token& stop) {
  bytes_left_ = max_bytes;
  base::Status status;
  {
    const StatementHandle handle(connection_->get());
    if (handle.get() == nullptr) return ErrorOf(SQL_HANDLE_DBC, connection_->get());
    const std::chrono::seconds limit(source_.query.timeout_seconds);
    const Watch watch(handle.get(), limit + kGrace, stop);
    status = Ask(handle.get(), statement, taker, stop);
  }
  // Whatever the query did besides reading is undone.
  SQLEndTran(SQL_HANDLE_DBC, connection_->get(), SQL_ROLLBACK);
  return stop.stop_requested() ? base::Status(ConnectorStopped()) : status;
}

base::Status OdbcDatabase::Ask(SQLHANDLE handle, const Statement& statement, RowTaker& taker,
                               const std::stop_token& stop) {
  FANSIPAN_RETURN_IF_ERROR(Execute(handle, statement));
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<ResultColumn> columns, ColumnsOf(handle));
  FANSIPAN_RETURN_IF_ERROR(taker.Begin(columns));
  std::vector<std::string> texts(columns.size());
  std::vector<Cell> cells(columns.size());
  while (!stop.stop_requested()) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool found, FetchRow(handle, texts, cells));
    if (!found) return {};
    FANSIPAN_ASSIGN_OR_RETURN(const bool wants_more, taker.Take(cells));
    if (!wants_more) return {};
  }
  return ConnectorStopped();
}

base::Status OdbcDatabase::Execute(SQLHANDLE handle, const Statement& statement) {
  SQLSetStmtAttr(handle, SQL_ATTR_QUERY_TIMEOUT, NumberAttribute(source_.query.timeout_seconds), 0);
  if (statement.most_rows > 0) {
    SQLSetStmtAttr(handle, SQL_ATTR_MAX_ROWS, NumberAttribute(statement.most_rows), 0);
  }
  std::vector<std::u16string> values;
  values.reserve(statement.parameters.size());
  for (const std::string& parameter : statement.parameters) values.push_back(ToWide(parameter));
  std::vector<SQLLEN> lengths;
  lengths.reserve(values.size());
  for (const std::u16string& value : values) {
    lengths.push_back(static_cast<SQLLEN>(value.size() * sizeof(char16_t)));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const SQLULEN characters = std::max<SQLULEN>(values[i].size(), 1);
    const SQLRETURN code =
        SQLBindParameter(handle, static_cast<SQLUSMALLINT>(i + 1), SQL_PARAM_INPUT, SQL_C_WCHAR,
                         SQL_WVARCHAR, characters, 0, WideOf(values[i]), lengths[i], &lengths[i]);
    if (!IsGood(code)) return ErrorOf(SQL_HANDLE_STMT, handle);
  }
  std::u16string sql = ToWide(statement.sql);
  const SQLRETURN code = SQLExecDirectW(handle, WideOf(sql), static_cast<SQLINTEGER>(sql.size()));
  if (code == SQL_NO_DATA || IsGood(code)) return {};
  return ErrorOf(SQL_HANDLE_STMT, handle);
}

base::Result<std::vector<ResultColumn>> OdbcDatabase::ColumnsOf(SQLHANDLE handle) const {
  SQLSMALLINT count = 0;
  if (!IsGood(SQLNumResultCols(handle, &count))) return ErrorOf(SQL_HANDLE_STMT, handle);
  if (count < 1 || count > kMaxColumns) {
    return base::Error{base::ErrorCode::kInvalidArgument, "query_refused",
                       "the query gives " + std::to_string(count) + " columns; allowed: 1 to " +
                           std::to_string(kMaxColumns)};
  }
  std::vector<ResultColumn> columns;
  for (SQLSMALLINT i = 1; i <= count; ++i) {
    std::array<SQLWCHAR, kMaxName> name{};
    SQLSMALLINT length = 0;
    SQLSMALLINT type = 0;
    SQLULEN size = 0;
    SQLSMALLINT digits = 0;
    SQLSMALLINT nullable = 0;
    const SQLRETURN code = SQLDescribeColW(handle, static_cast<SQLUSMALLINT>(i), name.data(),
                                           static_cast<SQLSMALLINT>(name.size()), &length, &type,
                                           &size, &digits, &nullable);
    if (!IsGood(code)) return ErrorOf(SQL_HANDLE_STMT, handle);
    const auto taken =
        std::min(static_cast<std::size_t>(std::max<SQLSMALLINT>(length, 0)), name.size() - 1);
    columns.push_back(
        {ToNarrow(std::u16string(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(taken))),
         KindOf(type)});
  }
  return columns;
}

base::Result<bool> OdbcDatabase::FetchRow(SQLHANDLE handle, std::vector<std::string>& texts,
                                          std::vector<Cell>& cells) {
  const SQLRETURN code = SQLFetch(handle);
  if (code == SQL_NO_DATA) return false;
  if (!IsGood(code)) return ErrorOf(SQL_HANDLE_STMT, handle);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto column = static_cast<SQLUSMALLINT>(i + 1);
    FANSIPAN_ASSIGN_OR_RETURN(const bool is_there, FetchCell(handle, column, texts[i]));
    cells[i] = is_there ? Cell(texts[i]) : std::nullopt;
  }
  return true;
}

/// Piece by piece, so that a text of any length is whole. False: null.
base::Result<bool> OdbcDatabase::FetchCell(SQLHANDLE handle, SQLUSMALLINT column,
                                           std::string& text) {
  std::u16string wide;
  std::array<char16_t, kChunk> chunk{};
  for (;;) {
    SQLLEN left = 0;
    const SQLRETURN code =
        SQLGetData(handle, column, SQL_C_WCHAR, chunk.data(), sizeof(chunk), &left);
    if (code == SQL_NO_DATA) break;
    if (!IsGood(code)) return ErrorOf(SQL_HANDLE_STMT, handle);
    if (left == SQL_NULL_DATA) return false;
    const bool more = left == SQL_NO_TOTAL || left >= static_cast<SQLLEN>(sizeof(chunk));
    const std::size_t got = more ? kChunk - 1 : static_cast<std::size_t>(left) / sizeof(char16_t);
    if (got * sizeof(char16_t) > bytes_left_) {
      return base::Error{base::ErrorCode::kTooLarge, "result_too_large",
                         "the driver gives more than the source's limits.payload allows for one "
                         "statement; declare a smaller piece, or raise the limit"};
    }
    bytes_left_ -= got * sizeof(char16_t);
    wide.append(chunk.data(), got);
    if (!more) break;
  }
  text = ToNarrow(wide);
  return true;
}

base::Error OdbcDatabase::ErrorOf(SQLSMALLINT kind, SQLHANDLE handle) const {
  std::array<SQLWCHAR, 6> state{};
  std::array<SQLWCHAR, 1'024> words{};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  const SQLRETURN code = SQLGetDiagRecW(kind, handle, 1, state.data(), &native, words.data(),
                                        static_cast<SQLSMALLINT>(words.size()), &length);
  std::string told;
  std::string shown_state;
  if (IsGood(code)) {
    const std::u16string wide(words.begin(), words.end());
    told = ShownText(ToNarrow(wide.substr(0, wide.find(u'\0'))), password_);
    shown_state = ToNarrow(std::u16string(state.begin(), state.end() - 1));
  }
  return ErrorOfState(shown_state, "the database behind the driver '" + source_.driver + "'", told);
}

/// Plain where it may be: some drivers take braces for a part of the value.
std::string Written(const std::string& value) {
  const bool is_plain = !value.empty() && std::ranges::all_of(value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/:").find(c) != std::string_view::npos;
  });
  if (is_plain) return value;
  std::string written = "{";
  for (const char c : value) {
    written += c;
    if (c == '}') written += c;
  }
  return written + "}";
}

}  // namespace

std::string OdbcConnectionText(const center::OdbcSource& source, const std::string& password) {
  std::string text = "DRIVER={" + source.driver + "};";
  for (const auto& [key, value] : source.attributes) text += key + "=" + Written(value) + ";";
  text += "UID=" + Written(source.query.user) + ";PWD=" + Written(password) + ";";
  return text;
}

std::unique_ptr<Database> MakeOdbcDatabase(const center::OdbcSource& source) {
  return std::make_unique<OdbcDatabase>(source);
}

}  // namespace fansipan::sources
