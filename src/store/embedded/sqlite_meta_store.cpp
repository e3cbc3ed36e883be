#include "store/embedded/sqlite_meta_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

#include "store/embedded/internal/sqlite_database.h"
#include "store/internal/meta_store_rules.h"

namespace fansipan::store {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
using base::Timestamp;

constexpr int kApplicationId = 0x46534D53;  // "FSMS"
constexpr int kBusyMilliseconds = 5'000;
constexpr std::size_t kMaxAuditPage = 1'000;

/// Came with format 2.
constexpr std::string_view kSecretTable =
    R"(CREATE TABLE secret (
      name TEXT PRIMARY KEY, sealed TEXT NOT NULL, set_at INTEGER NOT NULL,
      set_by TEXT NOT NULL) STRICT)";

constexpr std::string_view kSchema[] = {
    kSecretTable,
    R"(CREATE TABLE account (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
      display_name TEXT NOT NULL, role TEXT NOT NULL, password_hash TEXT NOT NULL,
      created_at INTEGER NOT NULL, disabled INTEGER NOT NULL,
      failed_attempts INTEGER NOT NULL DEFAULT 0, locked_until INTEGER) STRICT)",
    R"(CREATE TABLE session (
      token_hash TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id),
      created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL) STRICT)",
    R"(CREATE INDEX session_account ON session(account))",
    R"(CREATE TABLE push_token (
      id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, label TEXT NOT NULL,
      token_hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, revoked_at INTEGER,
      last_used_at INTEGER) STRICT)",
    R"(CREATE TABLE set_up (
      one INTEGER PRIMARY KEY CHECK (one = 1), token_hash TEXT NOT NULL,
      created_at INTEGER NOT NULL, used_at INTEGER) STRICT)",
    R"(CREATE TABLE audit (
      number INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, origin TEXT NOT NULL,
      what TEXT NOT NULL, object TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL,
      hash TEXT NOT NULL) STRICT)",
    R"(CREATE TABLE audit_head (
      one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, hash TEXT NOT NULL,
      seal TEXT NOT NULL) STRICT)",
};

constexpr std::string_view kAccountColumns =
    "SELECT id, name, display_name, role, password_hash, created_at, disabled, failed_attempts,"
    " locked_until FROM account ";
constexpr std::string_view kPushTokenColumns =
    "SELECT id, source, label, token_hash, created_at, revoked_at, last_used_at FROM push_token ";
constexpr std::string_view kSecretColumns = "SELECT name, sealed, set_at, set_by FROM secret ";

Account ReadAccount(const SqliteStatement& row) {
  return {.id = {static_cast<std::uint64_t>(row.Number(0))},
          .name = row.Text(1),
          .display_name = row.Text(2),
          .role = row.Text(3),
          .password_hash = row.Text(4),
          .created_at = row.Moment(5),
          .disabled = row.Number(6) != 0,
          .failed_attempts = static_cast<std::uint32_t>(row.Number(7)),
          .locked_until = row.OptionalMoment(8)};
}

PushToken ReadPushToken(const SqliteStatement& row) {
  return {.id = {static_cast<std::uint64_t>(row.Number(0))},
          .source = row.Text(1),
          .label = row.Text(2),
          .token_hash = row.Text(3),
          .created_at = row.Moment(4),
          .revoked_at = row.OptionalMoment(5),
          .last_used_at = row.OptionalMoment(6)};
}

SealedSecret ReadSecret(const SqliteStatement& row) {
  return {
      .name = row.Text(0), .sealed = row.Text(1), .set_at = row.Moment(2), .set_by = row.Text(3)};
}

AuditRecord ReadAuditRecord(const SqliteStatement& row) {
  return {.number = static_cast<std::uint64_t>(row.Number(0)),
          .event = {.at = row.Moment(1),
                    .who = row.Text(2),
                    .from = row.Text(3),
                    .what = row.Text(4),
                    .on = row.Text(5),
                    .outcome = row.Text(6),
                    .detail = row.Text(7)},
          .hash = row.Text(8)};
}

/// Turns "no row was changed" into kNotFound.
Status ExpectOne(Result<int> changed, std::string_view thing) {
  if (!changed.ok()) return std::move(changed).error();
  if (*changed == 0) return NoSuch(thing);
  return {};
}

class SqliteMetaStore final : public MetaStore {
 public:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  using Handle = std::unique_ptr<sqlite3, Close>;

  explicit SqliteMetaStore(Handle database) : database_(std::move(database)) {}

  Result<AccountId> AddAccount(const Account& account) override;
  Result<std::optional<Account>> FindAccount(AccountId id) override;
  Result<std::optional<Account>> FindAccountByName(const std::string& name) override;
  Result<std::vector<Account>> ListAccounts() override;
  Status UpdateAccount(const Account& account) override;
  Result<Attempt> TakeAttempt(AccountId id, const AttemptLimit& limit, Timestamp now) override;
  Status ClearAttempts(AccountId id) override;
  Status AddSession(const Session& session) override;
  Result<std::vector<Session>> ListSessions() override;
  Status TouchSession(const std::string& token_hash, Timestamp seen_at) override;
  Status RemoveSession(const std::string& token_hash) override;
  Status RemoveSessionsOf(AccountId account) override;
  Result<PushTokenId> AddPushToken(const PushToken& token) override;
  Result<std::optional<PushToken>> FindPushToken(const std::string& token_hash) override;
  Result<std::vector<PushToken>> ListPushTokens(const std::string& source) override;
  Status RevokePushToken(PushTokenId id, Timestamp at) override;
  Status TouchPushToken(PushTokenId id, Timestamp used_at) override;
  Status PutSecret(const SealedSecret& secret) override;
  Result<std::optional<SealedSecret>> FindSecret(const std::string& name) override;
  Result<std::vector<SealedSecret>> ListSecrets() override;
  Status RemoveSecret(const std::string& name) override;
  Result<std::optional<SetUpState>> FindSetUp() override;
  Status PutSetUp(const SetUpState& state) override;
  Result<AccountId> CompleteSetUp(const std::string& token_hash,
                                  const Account& administrator) override;
  Result<AuditRecord> AppendAudit(const AuditEvent& event, const AuditSeal& seal) override;
  Result<std::vector<AuditRecord>> ReadAudit(std::uint64_t first, std::size_t limit) override;
  Result<AuditHead> GetAuditHead() override;

 private:
  SqliteStatement Prepare(std::string_view sql) { return {database_.get(), sql}; }

  // The following expect mutex_ to be held.
  Result<AccountId> InsertAccount(const Account& account);
  Result<std::optional<Account>> SelectAccount(SqliteStatement statement);
  Result<std::optional<SetUpState>> SelectSetUp();
  Result<AuditHead> SelectAuditHead();
  Status InsertAudit(const AuditRecord& record);

  std::mutex mutex_;
  Handle database_;  // guarded by mutex_
};

Result<AccountId> SqliteMetaStore::InsertAccount(const Account& account) {
  auto existing = Prepare("SELECT 1 FROM account WHERE name = ?");
  existing.Bind(account.name);
  FANSIPAN_ASSIGN_OR_RETURN(const bool taken, existing.Step());
  if (taken) return NameTaken(account.name);
  auto insert = Prepare(
      "INSERT INTO account (name, display_name, role, password_hash, created_at, disabled)"
      " VALUES (?, ?, ?, ?, ?, ?)");
  insert.Bind(account.name).Bind(account.display_name).Bind(account.role);
  insert.Bind(account.password_hash).Bind(account.created_at);
  insert.Bind(std::int64_t{account.disabled ? 1 : 0});
  FANSIPAN_RETURN_IF_ERROR(insert.Run());
  return AccountId{static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_.get()))};
}

Result<AccountId> SqliteMetaStore::AddAccount(const Account& account) {
  const std::lock_guard lock(mutex_);
  FANSIPAN_ASSIGN_OR_RETURN(auto transaction, SqliteTransaction::Begin(database_.get()));
  FANSIPAN_ASSIGN_OR_RETURN(const AccountId id, InsertAccount(account));
  FANSIPAN_RETURN_IF_ERROR(transaction.Commit());
  return id;
}

Result<std::optional<Account>> SqliteMetaStore::SelectAccount(SqliteStatement statement) {
  FANSIPAN_ASSIGN_OR_RETURN(const bool found, statement.Step());
  if (!found) return std::optional<Account>();
  return std::optional<Account>(ReadAccount(statement));
}

Result<std::optional<Account>> SqliteMetaStore::FindAccount(AccountId id) {
  const std::lock_guard lock(mutex_);
  auto select = Prepare(fmt::format("{} WHERE id = ?", kAccountColumns));
  select.Bind(id.value);
  return SelectAccount(std::move(select));
}

Result<std::optional<Account>> SqliteMetaStore::FindAccountByName(const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto select = Prepare(fmt::format("{} WHERE name = ?", kAccountColumns));
  select.Bind(name);
  return SelectAccount(std::move(select));
}

Result<std::vector<Account>> SqliteMetaStore::ListAccounts() {
  const std::lock_guard lock(mutex_);
  auto select = Prepare(fmt::format("{} ORDER BY name", kAccountColumns));
  std::vector<Account> accounts;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return accounts;
    accounts.push_back(ReadAccount(select));
  }
}

Status SqliteMetaStore::UpdateAccount(const Account& account) {
  const std::lock_guard lock(mutex_);
  auto update = Prepare(
      "UPDATE account SET display_name = ?, role = ?, password_hash = ?, disabled = ? WHERE id = "
      "?");
  update.Bind(account.display_name).Bind(account.role).Bind(account.password_hash);
  update.Bind(std::int64_t{account.disabled ? 1 : 0}).Bind(account.id.value);
  return ExpectOne(update.Run(), "account");
}

Result<Attempt> SqliteMetaStore::TakeAttempt(AccountId id, const AttemptLimit& limit,
                                             Timestamp now) {
  const std::lock_guard lock(mutex_);
  FANSIPAN_ASSIGN_OR_RETURN(auto transaction, SqliteTransaction::Begin(database_.get()));
  auto select = Prepare(fmt::format("{} WHERE id = ?", kAccountColumns));
  select.Bind(id.value);
  FANSIPAN_ASSIGN_OR_RETURN(std::optional<Account> account, SelectAccount(std::move(select)));
  if (!account) return NoSuch("account");
  if (!CountAttempt(*account, limit, now)) return Attempt{false, account->locked_until};
  auto update = Prepare("UPDATE account SET failed_attempts = ?, locked_until = ? WHERE id = ?");
  update.Bind(std::int64_t{account->failed_attempts}).Bind(account->locked_until).Bind(id.value);
  FANSIPAN_RETURN_IF_ERROR(update.Run());
  FANSIPAN_RETURN_IF_ERROR(transaction.Commit());
  return Attempt{true, account->locked_until};
}

Status SqliteMetaStore::ClearAttempts(AccountId id) {
  const std::lock_guard lock(mutex_);
  auto update = Prepare("UPDATE account SET failed_attempts = 0, locked_until = NULL WHERE id = ?");
  update.Bind(id.value);
  return ExpectOne(update.Run(), "account");
}

Status SqliteMetaStore::AddSession(const Session& session) {
  const std::lock_guard lock(mutex_);
  auto account = Prepare("SELECT 1 FROM account WHERE id = ?");
  account.Bind(session.account.value);
  FANSIPAN_ASSIGN_OR_RETURN(const bool found, account.Step());
  if (!found) return NoSuch("account");
  auto insert = Prepare("INSERT INTO session VALUES (?, ?, ?, ?, ?)");
  insert.Bind(session.token_hash).Bind(session.account.value).Bind(session.created_at);
  insert.Bind(session.last_seen_at).Bind(session.expires_at);
  FANSIPAN_RETURN_IF_ERROR(insert.Run());
  return {};
}

Result<std::vector<Session>> SqliteMetaStore::ListSessions() {
  const std::lock_guard lock(mutex_);
  auto select = Prepare(
      "SELECT token_hash, account, created_at, last_seen_at, expires_at FROM session"
      " ORDER BY token_hash");
  std::vector<Session> sessions;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return sessions;
    sessions.push_back({.token_hash = select.Text(0),
                        .account = {static_cast<std::uint64_t>(select.Number(1))},
                        .created_at = select.Moment(2),
                        .last_seen_at = select.Moment(3),
                        .expires_at = select.Moment(4)});
  }
}

Status SqliteMetaStore::TouchSession(const std::string& token_hash, Timestamp seen_at) {
  const std::lock_guard lock(mutex_);
  auto update = Prepare("UPDATE session SET last_seen_at = ? WHERE token_hash = ?");
  update.Bind(seen_at).Bind(token_hash);
  return ExpectOne(update.Run(), "session");
}

Status SqliteMetaStore::RemoveSession(const std::string& token_hash) {
  const std::lock_guard lock(mutex_);
  auto remove = Prepare("DELETE FROM session WHERE token_hash = ?");
  remove.Bind(token_hash);
  FANSIPAN_RETURN_IF_ERROR(remove.Run());
  return {};
}

Status SqliteMetaStore::RemoveSessionsOf(AccountId account) {
  const std::lock_guard lock(mutex_);
  auto remove = Prepare("DELETE FROM session WHERE account = ?");
  remove.Bind(account.value);
  FANSIPAN_RETURN_IF_ERROR(remove.Run());
  return {};
}

Result<PushTokenId> SqliteMetaStore::AddPushToken(const PushToken& token) {
  const std::lock_guard lock(mutex_);
  auto insert = Prepare(
      "INSERT INTO push_token (source, label, token_hash, created_at, revoked_at, last_used_at)"
      " VALUES (?, ?, ?, ?, ?, ?)");
  insert.Bind(token.source).Bind(token.label).Bind(token.token_hash).Bind(token.created_at);
  insert.Bind(token.revoked_at).Bind(token.last_used_at);
  FANSIPAN_RETURN_IF_ERROR(insert.Run());
  return PushTokenId{static_cast<std::uint64_t>(sqlite3_last_insert_rowid(database_.get()))};
}

Result<std::optional<PushToken>> SqliteMetaStore::FindPushToken(const std::string& token_hash) {
  const std::lock_guard lock(mutex_);
  auto select = Prepare(fmt::format("{} WHERE token_hash = ?", kPushTokenColumns));
  select.Bind(token_hash);
  FANSIPAN_ASSIGN_OR_RETURN(const bool found, select.Step());
  if (!found) return std::optional<PushToken>();
  return std::optional<PushToken>(ReadPushToken(select));
}

Result<std::vector<PushToken>> SqliteMetaStore::ListPushTokens(const std::string& source) {
  const std::lock_guard lock(mutex_);
  auto select = Prepare(fmt::format("{} WHERE ? IN ('', source) ORDER BY id", kPushTokenColumns));
  select.Bind(source);
  std::vector<PushToken> tokens;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return tokens;
    tokens.push_back(ReadPushToken(select));
  }
}

Status SqliteMetaStore::RevokePushToken(PushTokenId id, Timestamp at) {
  const std::lock_guard lock(mutex_);
  auto update = Prepare("UPDATE push_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL");
  update.Bind(at).Bind(id.value);
  FANSIPAN_ASSIGN_OR_RETURN(const int changed, update.Run());
  if (changed == 1) return {};
  auto select = Prepare("SELECT 1 FROM push_token WHERE id = ?");
  select.Bind(id.value);
  FANSIPAN_ASSIGN_OR_RETURN(const bool found, select.Step());
  if (!found) return NoSuch("push token");
  return AlreadyRevoked(id);
}

Status SqliteMetaStore::TouchPushToken(PushTokenId id, Timestamp used_at) {
  const std::lock_guard lock(mutex_);
  auto update = Prepare("UPDATE push_token SET last_used_at = ? WHERE id = ?");
  update.Bind(used_at).Bind(id.value);
  return ExpectOne(update.Run(), "push token");
}

Status SqliteMetaStore::PutSecret(const SealedSecret& secret) {
  const std::lock_guard lock(mutex_);
  auto put = Prepare("INSERT OR REPLACE INTO secret VALUES (?, ?, ?, ?)");
  put.Bind(secret.name).Bind(secret.sealed).Bind(secret.set_at).Bind(secret.set_by);
  FANSIPAN_RETURN_IF_ERROR(put.Run());
  return {};
}

Result<std::optional<SealedSecret>> SqliteMetaStore::FindSecret(const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto select = Prepare(fmt::format("{} WHERE name = ?", kSecretColumns));
  select.Bind(name);
  FANSIPAN_ASSIGN_OR_RETURN(const bool found, select.Step());
  if (!found) return std::optional<SealedSecret>();
  return std::optional(ReadSecret(select));
}

Result<std::vector<SealedSecret>> SqliteMetaStore::ListSecrets() {
  const std::lock_guard lock(mutex_);
  auto select = Prepare(fmt::format("{} ORDER BY name", kSecretColumns));
  std::vector<SealedSecret> secrets;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return secrets;
    secrets.push_back(ReadSecret(select));
  }
}

Status SqliteMetaStore::RemoveSecret(const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto remove = Prepare("DELETE FROM secret WHERE name = ?");
  remove.Bind(name);
  return ExpectOne(remove.Run(), "secret");
}

Result<std::optional<SetUpState>> SqliteMetaStore::SelectSetUp() {
  auto select = Prepare("SELECT token_hash, created_at, used_at FROM set_up");
  FANSIPAN_ASSIGN_OR_RETURN(const bool found, select.Step());
  if (!found) return std::optional<SetUpState>();
  return std::optional<SetUpState>(
      SetUpState{select.Text(0), select.Moment(1), select.OptionalMoment(2)});
}

Result<std::optional<SetUpState>> SqliteMetaStore::FindSetUp() {
  const std::lock_guard lock(mutex_);
  return SelectSetUp();
}

Status SqliteMetaStore::PutSetUp(const SetUpState& state) {
  const std::lock_guard lock(mutex_);
  FANSIPAN_ASSIGN_OR_RETURN(auto transaction, SqliteTransaction::Begin(database_.get()));
  FANSIPAN_ASSIGN_OR_RETURN(const std::optional<SetUpState> present, SelectSetUp());
  if (present && present->used_at) return AlreadySetUp();
  auto put = Prepare("INSERT OR REPLACE INTO set_up VALUES (1, ?, ?, ?)");
  put.Bind(state.token_hash).Bind(state.created_at).Bind(state.used_at);
  FANSIPAN_RETURN_IF_ERROR(put.Run());
  return transaction.Commit();
}

Result<AccountId> SqliteMetaStore::CompleteSetUp(const std::string& token_hash,
                                                 const Account& administrator) {
  const std::lock_guard lock(mutex_);
  FANSIPAN_ASSIGN_OR_RETURN(auto transaction, SqliteTransaction::Begin(database_.get()));
  FANSIPAN_ASSIGN_OR_RETURN(const std::optional<SetUpState> present, SelectSetUp());
  if (!present || present->token_hash != token_hash) return NoSuch("set-up link");
  if (present->used_at) return AlreadySetUp();
  FANSIPAN_ASSIGN_OR_RETURN(const AccountId id, InsertAccount(administrator));
  auto use = Prepare("UPDATE set_up SET used_at = ?");
  use.Bind(administrator.created_at);
  FANSIPAN_RETURN_IF_ERROR(use.Run());
  FANSIPAN_RETURN_IF_ERROR(transaction.Commit());
  return id;
}

Result<AuditHead> SqliteMetaStore::SelectAuditHead() {
  auto select = Prepare("SELECT number, hash, seal FROM audit_head");
  FANSIPAN_ASSIGN_OR_RETURN(const bool found, select.Step());
  if (!found) return AuditHead{};
  return AuditHead{static_cast<std::uint64_t>(select.Number(0)), select.Text(1), select.Text(2)};
}

Status SqliteMetaStore::InsertAudit(const AuditRecord& record) {
  auto insert = Prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const AuditEvent& event = record.event;
  insert.Bind(record.number).Bind(event.at).Bind(event.who).Bind(event.from).Bind(event.what);
  insert.Bind(event.on).Bind(event.outcome).Bind(event.detail).Bind(record.hash);
  FANSIPAN_RETURN_IF_ERROR(insert.Run());
  return {};
}

Result<AuditRecord> SqliteMetaStore::AppendAudit(const AuditEvent& event, const AuditSeal& seal) {
  const std::lock_guard lock(mutex_);
  FANSIPAN_ASSIGN_OR_RETURN(auto transaction, SqliteTransaction::Begin(database_.get()));
  FANSIPAN_ASSIGN_OR_RETURN(const AuditHead head, SelectAuditHead());
  const std::uint64_t number = head.number + 1;
  AuditRecord record{number, event, AuditHash(head.hash, number, event)};
  FANSIPAN_RETURN_IF_ERROR(InsertAudit(record));
  auto put = Prepare("INSERT OR REPLACE INTO audit_head VALUES (1, ?, ?, ?)");
  put.Bind(number).Bind(record.hash).Bind(seal(number, record.hash));
  FANSIPAN_RETURN_IF_ERROR(put.Run());
  FANSIPAN_RETURN_IF_ERROR(transaction.Commit());
  return record;
}

Result<std::vector<AuditRecord>> SqliteMetaStore::ReadAudit(std::uint64_t first,
                                                            std::size_t limit) {
  const std::lock_guard lock(mutex_);
  auto select = Prepare(
      "SELECT number, at, who, origin, what, object, outcome, detail, hash FROM audit"
      " WHERE number >= ? ORDER BY number LIMIT ?");
  select.Bind(first).Bind(static_cast<std::int64_t>(std::min(limit, kMaxAuditPage)));
  std::vector<AuditRecord> records;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, select.Step());
    if (!more) return records;
    records.push_back(ReadAuditRecord(select));
  }
}

Result<AuditHead> SqliteMetaStore::GetAuditHead() {
  const std::lock_guard lock(mutex_);
  return SelectAuditHead();
}

base::Error FileError(const std::string& path, std::string_view what) {
  const int reason = errno;
  return {reason == ENOSPC ? ErrorCode::kStorageFull : ErrorCode::kIo, "",
          fmt::format("metadata store {}: {}: {}", path, what, std::strerror(reason))};
}

/// Makes the file before SQLite does, so that it is never readable by others, not for a moment; its
/// log files take over these rights.
Status MakePrivateFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return FileError(path, "cannot be opened");
  const bool narrowed = fchmod(file, 0600) == 0;
  Status status =
      narrowed ? Status() : FileError(path, "rights cannot be set to its owner's alone");
  close(file);
  FANSIPAN_RETURN_IF_ERROR(std::move(status));
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const int entries = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (entries < 0) return FileError(folder, "folder cannot be opened");
  const bool synced = fsync(entries) == 0;
  status = synced ? Status() : FileError(folder, "folder cannot be synced");
  close(entries);
  return status;
}

void Harden(sqlite3* database) {
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_busy_timeout(database, kBusyMilliseconds);
}

Status SetPragmas(sqlite3* database) {
  for (const std::string_view pragma :
       {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
        "PRAGMA secure_delete = ON", "PRAGMA cell_size_check = ON"}) {
    FANSIPAN_RETURN_IF_ERROR(SqliteStatement(database, pragma).Run());
  }
  SqliteStatement mode(database, "PRAGMA journal_mode");
  FANSIPAN_RETURN_IF_ERROR(mode.Step());
  if (mode.Text(0) != "wal") {
    return base::Error{ErrorCode::kIo, "",
                       "metadata store: the file system cannot hold a write-ahead log (shared "
                       "memory is missing); put the data folder on a local disk"};
  }
  return {};
}

Result<std::int64_t> ReadNumber(sqlite3* database, std::string_view sql) {
  SqliteStatement select(database, sql);
  FANSIPAN_RETURN_IF_ERROR(select.Step());
  return select.Number(0);
}

Status SetFormat(sqlite3* database) {
  FANSIPAN_RETURN_IF_ERROR(
      SqliteStatement(database, fmt::format("PRAGMA user_version = {}", kSqliteMetaStoreFormat))
          .Run());
  return {};
}

Status CreateSchema(sqlite3* database) {
  for (const std::string_view statement : kSchema) {
    FANSIPAN_RETURN_IF_ERROR(SqliteStatement(database, statement).Run());
  }
  FANSIPAN_RETURN_IF_ERROR(
      SqliteStatement(database, fmt::format("PRAGMA application_id = {}", kApplicationId)).Run());
  return SetFormat(database);
}

/// From format 1, which kept no secrets.
Status UpgradeSchema(sqlite3* database) {
  FANSIPAN_RETURN_IF_ERROR(SqliteStatement(database, kSecretTable).Run());
  return SetFormat(database);
}

/// Makes the schema in an empty file, or checks that the file is ours and not newer than we are.
Status PrepareSchema(sqlite3* database, const std::string& path) {
  FANSIPAN_ASSIGN_OR_RETURN(auto transaction, SqliteTransaction::Begin(database));
  FANSIPAN_ASSIGN_OR_RETURN(const std::int64_t objects,
                            ReadNumber(database, "SELECT count(*) FROM sqlite_schema"));
  FANSIPAN_ASSIGN_OR_RETURN(const std::int64_t format, ReadNumber(database, "PRAGMA user_version"));
  FANSIPAN_ASSIGN_OR_RETURN(const std::int64_t application,
                            ReadNumber(database, "PRAGMA application_id"));
  if (objects == 0 && format == 0) {
    FANSIPAN_RETURN_IF_ERROR(CreateSchema(database));
  } else if (application != kApplicationId || format < 1) {
    return base::Error{ErrorCode::kCorrupt, "",
                       fmt::format("{} is not a metadata store of this program", path)};
  } else if (format > kSqliteMetaStoreFormat) {
    return base::Error{ErrorCode::kUnsupported, "newer_format",
                       fmt::format("{} has format {}, this program reads up to {}; use the release "
                                   "that wrote it or a newer one",
                                   path, format, kSqliteMetaStoreFormat)};
  } else if (format < kSqliteMetaStoreFormat) {
    FANSIPAN_RETURN_IF_ERROR(UpgradeSchema(database));
  }
  return transaction.Commit();
}

}  // namespace

Result<std::unique_ptr<MetaStore>> OpenSqliteMetaStore(const std::string& path) {
  FANSIPAN_RETURN_IF_ERROR(MakePrivateFile(path));
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, nullptr);
  SqliteMetaStore::Handle database(opened);
  if (code != SQLITE_OK) {
    return base::Error{ErrorCode::kIo, "",
                       fmt::format("metadata store {}: {}", path, sqlite3_errstr(code))};
  }
  Harden(database.get());
  // First, so that a file which is not ours stays as it is.
  FANSIPAN_RETURN_IF_ERROR(PrepareSchema(database.get(), path));
  FANSIPAN_RETURN_IF_ERROR(SetPragmas(database.get()));
  return std::unique_ptr<MetaStore>(std::make_unique<SqliteMetaStore>(std::move(database)));
}

}  // namespace fansipan::store
