#include "store/embedded/duckdb_fact_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <future>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"
#include "base/thread_priority.h"
#include "base/turns.h"
#include "store/embedded/internal/duckdb_connection.h"
#include "store/embedded/internal/duckdb_functions.h"
#include "store/embedded/internal/duckdb_sql_rendering.h"
#include "store/embedded/internal/entry_writer.h"
#include "store/embedded/internal/fact_catalogue.h"
#include "store/embedded/internal/fact_rows.h"
#include "store/embedded/internal/ordered_bytes.h"
#include "store/embedded/internal/records/record_pager.h"
#include "store/embedded/internal/watchdog.h"

namespace fansipan::store {
namespace {

using internal::DuckDbConnection;
using internal::DuckDbRows;
using internal::DuckDbStatement;
using internal::FactCatalogue;
using internal::PhysicalColumn;
using internal::PhysicalDataset;
using internal::SqlParameters;

constexpr std::string_view kReading = "reading from the fact store";
constexpr std::string_view kWriting = "writing to the fact store";
constexpr std::size_t kMaxList = 1'000;
/// The oldest format that this program takes up.
constexpr std::uint64_t kOldestFormat = 2;

internal::DuckDb::Settings SettingsOf(const DuckDbFactStoreOptions& options) {
  return {{"threads", "2"},
          {"memory_limit", fmt::format("{}B", options.memory_bytes)},
          {"temp_directory", options.folder + "/temporary"},
          {"max_temp_directory_size", fmt::format("{}B", options.temporary_bytes)},
          {"checkpoint_threshold", "64MB"},
          {"autoload_known_extensions", "false"},
          {"autoinstall_known_extensions", "false"},
          {"allow_community_extensions", "false"},
          {"allow_unsigned_extensions", "false"},
          {"enable_external_access", "false"},
          {"lock_configuration", "true"}};
}

/// The engine's own threads inherit from the one that opens it: they go after what is answered from
/// memory.
base::Result<std::unique_ptr<internal::DuckDb>> OpenLowered(const DuckDbFactStoreOptions& options) {
  return std::async(std::launch::async,
                    [&] {
                      base::LowerThread(base::Priority::kQuestions);
                      return internal::DuckDb::Open(options.folder + "/facts.duckdb",
                                                    SettingsOf(options));
                    })
      .get();
}

base::Result<std::uint64_t> GetMeta(DuckDbConnection& connection, std::string_view name) {
  FANSIPAN_ASSIGN_OR_RETURN(
      DuckDbStatement select,
      connection.Prepare("SELECT number FROM meta WHERE name = $1::VARCHAR", kReading));
  select.BindText(1, name);
  FANSIPAN_ASSIGN_OR_RETURN(DuckDbRows rows, select.Run(kReading));
  if (!rows.Next()) {
    return base::Error{base::ErrorCode::kCorrupt, "",
                       fmt::format("the fact store does not have its number '{}'", name)};
  }
  return rows.Unsigned(0);
}

base::Status SetMeta(DuckDbConnection& connection, std::string_view name, std::uint64_t number) {
  FANSIPAN_ASSIGN_OR_RETURN(
      DuckDbStatement update,
      connection.Prepare("UPDATE meta SET number = $1::UBIGINT WHERE name = $2::VARCHAR",
                         kWriting));
  update.BindUnsigned(1, number);
  update.BindText(2, name);
  FANSIPAN_RETURN_IF_ERROR(update.Run(kWriting));
  return {};
}

/// All of `work` in one transaction, or nothing of it.
base::Status InTransaction(DuckDbConnection& connection,
                           const std::function<base::Status()>& work) {
  FANSIPAN_RETURN_IF_ERROR(connection.Run("BEGIN TRANSACTION", kWriting));
  base::Status status = work();
  if (status.ok()) status = connection.Run("COMMIT", kWriting);
  if (status.ok()) return status;
  // After a failed commit the engine has rolled back already and refuses to do it again.
  const base::Status undone = connection.Run("ROLLBACK", kWriting);
  if (!undone.ok()) base::LogInfo("{} (after: {})", undone.error().message, status.error().message);
  return status;
}

base::Status CreateSchema(DuckDbConnection& connection) {
  return InTransaction(connection, [&]() -> base::Status {
    FANSIPAN_RETURN_IF_ERROR(FactCatalogue::CreateTables(connection));
    FANSIPAN_RETURN_IF_ERROR(internal::EntryWriter::CreateTables(connection));
    return connection.Run(
        fmt::format("CREATE TABLE meta (name VARCHAR NOT NULL, number UBIGINT NOT NULL); INSERT "
                    "INTO meta VALUES ('format', {}), ('applied', 0), ('next_quarantine', 1)",
                    DuckDbFactStore::kFormat),
        kWriting);
  });
}

base::Result<bool> HasSchema(DuckDbConnection& connection) {
  FANSIPAN_ASSIGN_OR_RETURN(
      DuckDbStatement select,
      connection.Prepare("SELECT count(*)::BIGINT FROM duckdb_tables() WHERE table_name = 'meta'",
                         kReading));
  FANSIPAN_ASSIGN_OR_RETURN(DuckDbRows rows, select.Run(kReading));
  return rows.Next() && rows.Number(0) > 0;
}

/// What format `format` lacked of the next one.
base::Status AddWhatCameAfter(std::uint64_t format, DuckDbConnection& connection) {
  switch (format) {
    case 2:  // did not say of a delivery how many of its rows named their place by an old code
      return connection.Run(
          "ALTER TABLE deliveries ADD COLUMN old_codes UBIGINT; ALTER TABLE deliveries ADD COLUMN "
          "codes_ended DATE",
          kWriting);
    case 3:  // knew of no decisions about quarantined rows
      return internal::EntryWriter::CreateDecisions(connection);
    default:  // 4: did not say of a delivery what it showed of its source's contract
      return connection.Run("ALTER TABLE deliveries ADD COLUMN contract BLOB", kWriting);
  }
}

/// Takes a store of an earlier format up to that of this program, in one step or not at all.
base::Status UpgradeFormat(DuckDbConnection& connection) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t found, GetMeta(connection, "format"));
  if (found < kOldestFormat || found >= DuckDbFactStore::kFormat) return {};
  return InTransaction(connection, [&]() -> base::Status {
    for (std::uint64_t format = found; format < DuckDbFactStore::kFormat; ++format) {
      FANSIPAN_RETURN_IF_ERROR(AddWhatCameAfter(format, connection));
    }
    return connection.Run(
        fmt::format("UPDATE meta SET number = {} WHERE name = 'format'", DuckDbFactStore::kFormat),
        kWriting);
  });
}

base::Status CheckFormat(DuckDbConnection& connection) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t format, GetMeta(connection, "format"));
  if (format == DuckDbFactStore::kFormat) return {};
  return base::Error{base::ErrorCode::kUnsupported, "format",
                     fmt::format("the fact store has format {}, this program knows format {}; use "
                                 "the program that wrote it, or a newer one",
                                 format, DuckDbFactStore::kFormat)};
}

base::Error UnknownDataset(const std::string& dataset) {
  return {base::ErrorCode::kNotFound, "unknown_dataset",
          fmt::format("the fact store has no dataset '{}'; a center must declare it", dataset)};
}

base::Status CheckListLimit(std::size_t limit) {
  if (limit >= 1 && limit <= kMaxList) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, "bad_limit",
                     fmt::format("a list has 1 to {} entries, not {}", kMaxList, limit)};
}

base::Status CheckRowsAskedFor(const QuarantineQuery& query) {
  if (query.rows.size() <= kMaxRowsAskedFor) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, "too_many_rows",
                     fmt::format("one question is about at most {} rows of quarantine, not {}",
                                 kMaxRowsAskedFor, query.rows.size())};
}

/// What the engine says when it was interrupted or had no memory left, for whoever asked.
base::Status Explained(base::Status status, const base::Patience& patience) {
  if (status.ok()) return status;
  if (status.error().code == base::ErrorCode::kDeadlineExceeded) {
    base::Status over = patience.Check();
    return over.ok() ? status : over;
  }
  if (status.error().reason != "memory") return status;
  base::LogWarning("{}", status.error().message);
  return base::Error{base::ErrorCode::kUnavailable, "question_too_large",
                     "answering this takes more memory than there is for it; ask for less at once "
                     "(a shorter period, one unit), or again when there is less to do"};
}

std::string Where(const std::vector<std::string>& pieces) {
  return pieces.empty() ? "" : fmt::format(" WHERE {}", fmt::join(pieces, " AND "));
}

}  // namespace

/// The open database, its one writing connection and the catalogue as last committed.
class DuckDbFactStore::Engine {
 public:
  Engine(std::unique_ptr<internal::DuckDb> database, DuckDbConnection writer,
         std::chrono::milliseconds read_deadline)
      : database_(std::move(database)), writer_(std::move(writer)), read_deadline_(read_deadline) {}

  base::Status Start() {
    FANSIPAN_RETURN_IF_ERROR(internal::RegisterFunctions(writer_));
    FANSIPAN_RETURN_IF_ERROR(internal::RegisterDisplaced(writer_, in_use_));
    FANSIPAN_ASSIGN_OR_RETURN(const bool exists, HasSchema(writer_));
    if (!exists) FANSIPAN_RETURN_IF_ERROR(CreateSchema(writer_));
    FANSIPAN_RETURN_IF_ERROR(UpgradeFormat(writer_));
    FANSIPAN_RETURN_IF_ERROR(CheckFormat(writer_));
    FANSIPAN_ASSIGN_OR_RETURN(applied_, GetMeta(writer_, "applied"));
    FANSIPAN_ASSIGN_OR_RETURN(next_quarantine_, GetMeta(writer_, "next_quarantine"));
    FANSIPAN_ASSIGN_OR_RETURN(FactCatalogue catalogue, FactCatalogue::Load(writer_));
    catalogue_ = std::make_shared<const FactCatalogue>(std::move(catalogue));
    return {};
  }

  /// A change of the catalogue and the tables, seen by readers once it is committed.
  base::Status ChangeCatalogue(const std::function<base::Status(FactCatalogue&)>& change) {
    FactCatalogue next = *catalogue();
    FANSIPAN_RETURN_IF_ERROR(InTransaction(writer_, [&] { return change(next); }));
    const std::lock_guard lock(catalogue_mutex_);
    catalogue_ = std::make_shared<const FactCatalogue>(std::move(next));
    return {};
  }

  /// Keys change in a transaction of their own: the engine updates no table that it has altered in
  /// the same one. After a stop between the two, the next Declare does the second.
  base::Status Declare(const std::vector<model::Dataset>& datasets,
                       std::uint64_t recorded_through) {
    base::Status declared = ChangeCatalogue([&](FactCatalogue& next) -> base::Status {
      for (const model::Dataset& dataset : datasets) {
        FANSIPAN_RETURN_IF_ERROR(next.DeclareColumns(writer_, dataset));
      }
      return {};
    });
    if (!declared.ok()) return declared;
    bool has_new_keys = false;
    base::Status keyed = ChangeCatalogue([&](FactCatalogue& next) -> base::Status {
      for (const model::Dataset& dataset : datasets) {
        FANSIPAN_ASSIGN_OR_RETURN(const bool is_new,
                                  next.DeclareKey(writer_, dataset, applied_, recorded_through));
        has_new_keys = has_new_keys || is_new;
      }
      return {};
    });
    if (has_new_keys) displaced_.Reset();
    return keyed;
  }

  base::Status Append(const std::vector<JournalEntry>& entries) {
    std::uint64_t number = applied_;
    for (const JournalEntry& entry : entries) {
      if (entry.number == ++number) continue;
      return base::Error{
          base::ErrorCode::kConflict, "number",
          fmt::format("the fact store needs journal entry {} next, not {}", number, entry.number)};
    }
    if (entries.empty()) return {};
    FANSIPAN_RETURN_IF_ERROR(DeclareFrom(entries));
    const auto known = catalogue();
    internal::EntryWriter entry_writer(writer_, *known, next_quarantine_);
    FANSIPAN_RETURN_IF_ERROR(InTransaction(writer_, [&]() -> base::Status {
      base::Status written = WriteAll(entry_writer, entries);
      // Closing a batch writes what waits in it; that must not happen after the roll-back.
      if (!written.ok()) entry_writer.Abandon();
      return written;
    }));
    applied_ = number;
    next_quarantine_ = entry_writer.next_quarantine();
    displaced_.Add(entries);
    return RelinkIfNeeded();
  }

  /// Which versions were displaced, and the hashes of all keys, before the first page or the first
  /// question about a record asks for them: the hashes of fifty million versions take half a second
  /// from the disk, and then a tenth of it.
  base::Status Prepare() {
    if (displaced_.Take().set) return {};
    const auto known = catalogue();
    FANSIPAN_ASSIGN_OR_RETURN(DuckDbConnection connection, Connect());
    FANSIPAN_RETURN_IF_ERROR(connection.Run("BEGIN TRANSACTION READ ONLY", kReading));
    FANSIPAN_RETURN_IF_ERROR(displaced_.Prepare(connection, *known));
    for (const PhysicalDataset& dataset : known->datasets()) {
      FANSIPAN_RETURN_IF_ERROR(connection.Run(
          fmt::format("SELECT count(*) FROM {} WHERE key_hash = 0", dataset.SqlTable()), kReading));
    }
    return {};
  }

  base::Result<DuckDbConnection> Connect() { return database_->Connect(); }
  std::shared_ptr<const FactCatalogue> catalogue() {
    const std::lock_guard lock(catalogue_mutex_);
    return catalogue_;
  }
  std::mutex& write_mutex() { return write_mutex_; }

  /// Runs one statement, no longer than the patience and the store's own deadline allow, and gives
  /// its rows to `visit`.
  base::Status Read(const std::string& sql, const SqlParameters& parameters,
                    const base::Patience& patience,
                    const std::function<void(const DuckDbRows&)>& visit) {
    const base::Patience limited = patience.AtMost(read_deadline_);
    FANSIPAN_RETURN_IF_ERROR(limited.Check());
    FANSIPAN_ASSIGN_OR_RETURN(DuckDbConnection connection, Connect());
    const auto watch = watchdog_.Guard(connection, limited);
    return Explained(internal::ReadRows(connection, sql, parameters, kReading, visit), limited);
  }

  /// A page over many records: one at a time, in one transaction.
  base::Result<RecordPage> ReadPage(const RecordQuery& query, const base::Patience& patience) {
    const auto known = catalogue();
    const PhysicalDataset* dataset = known->FindDataset(query.dataset);
    if (dataset == nullptr || !dataset->declared) return UnknownDataset(query.dataset);
    FANSIPAN_ASSIGN_OR_RETURN(const auto turn, scans_.Take(patience));
    const base::Patience limited = patience.AtMost(read_deadline_);
    FANSIPAN_RETURN_IF_ERROR(limited.Check());
    FANSIPAN_ASSIGN_OR_RETURN(DuckDbConnection connection, Connect());
    const auto watch = watchdog_.Guard(connection, limited);
    auto page =
        internal::RecordPager({connection, *known, displaced_, in_use_}, query, *dataset).Read();
    if (page.ok()) return page;
    return Explained(page.error(), limited).error();
  }

  /// Versions of all datasets whose `column` (sequence or delivery) has the number.
  base::Result<std::vector<model::Version>> VersionsWhere(std::string_view column,
                                                          model::Sequence sequence,
                                                          const base::Patience& patience) {
    const auto known = catalogue();
    std::vector<model::Version> versions;
    const base::Patience limited = patience.AtMost(read_deadline_);
    FANSIPAN_RETURN_IF_ERROR(limited.Check());
    FANSIPAN_ASSIGN_OR_RETURN(DuckDbConnection connection, Connect());
    const auto watch = watchdog_.Guard(connection, limited);
    // One transaction, so that all tables are seen at the same entry's end.
    FANSIPAN_RETURN_IF_ERROR(connection.Run("BEGIN TRANSACTION READ ONLY", kReading));
    for (const PhysicalDataset& dataset : known->datasets()) {
      const auto columns = dataset.InOrder();
      SqlParameters parameters;
      const std::string number = parameters.AddUnsigned(sequence.value);
      base::Status read = internal::ReadRows(
          connection,
          fmt::format("SELECT {} FROM {} WHERE {} = {}", internal::VersionSelection("", columns),
                      dataset.SqlTable(), column, number),
          parameters, kReading, [&](const DuckDbRows& rows) {
            versions.push_back(internal::ReadVersion(rows, dataset.name, columns));
          });
      FANSIPAN_RETURN_IF_ERROR(Explained(std::move(read), limited));
    }
    return versions;
  }

 private:
  /// Entries of other declarations are there now. After a stop before this, the next Append does
  /// it.
  base::Status RelinkIfNeeded() {
    if (!catalogue()->NeedsRelink(applied_)) return {};
    base::Status linked =
        ChangeCatalogue([&](FactCatalogue& next) { return next.Relink(writer_, applied_); });
    displaced_.Reset();
    return linked;
  }

  base::Status DeclareFrom(const std::vector<JournalEntry>& entries) {
    const auto known = catalogue();
    for (const JournalEntry& entry : entries) {
      for (const DatasetColumns& columns : entry.datasets) {
        if (HasAll(*known, columns)) continue;
        return ChangeCatalogue(
            [&](FactCatalogue& next) -> base::Status { return DeclareAll(next, entries); });
      }
    }
    return {};
  }

  static bool HasAll(const FactCatalogue& catalogue, const DatasetColumns& columns) {
    const PhysicalDataset* dataset = catalogue.FindDataset(columns.dataset);
    if (dataset == nullptr || columns.names.size() != columns.types.size()) return false;
    for (std::size_t index = 0; index < columns.names.size(); ++index) {
      const PhysicalColumn* column =
          dataset->FindColumn(columns.names[index], columns.types[index]);
      if (column == nullptr) return false;
      if (!dataset->declared && column->position != index) return false;
    }
    return true;
  }

  base::Status DeclareAll(FactCatalogue& next, const std::vector<JournalEntry>& entries) {
    for (const JournalEntry& entry : entries) {
      for (const DatasetColumns& columns : entry.datasets) {
        FANSIPAN_RETURN_IF_ERROR(next.DeclareColumns(writer_, columns));
      }
    }
    return {};
  }

  base::Status WriteAll(internal::EntryWriter& entry_writer,
                        const std::vector<JournalEntry>& entries) {
    for (const JournalEntry& entry : entries) {
      FANSIPAN_RETURN_IF_ERROR(entry_writer.Write(entry));
    }
    FANSIPAN_RETURN_IF_ERROR(entry_writer.Finish());
    FANSIPAN_RETURN_IF_ERROR(SetMeta(writer_, "applied", entries.back().number));
    return SetMeta(writer_, "next_quarantine", entry_writer.next_quarantine());
  }

  // Members go from the last to the first: the watchdog before connections, these before the
  // database, this before what its functions ask.
  internal::DisplacedInUse in_use_;
  internal::DisplacedVersions displaced_;
  std::unique_ptr<internal::DuckDb> database_;
  DuckDbConnection writer_;
  std::chrono::milliseconds read_deadline_;
  std::mutex write_mutex_;
  std::uint64_t applied_ = 0;
  std::uint64_t next_quarantine_ = 1;
  std::mutex catalogue_mutex_;
  std::shared_ptr<const FactCatalogue> catalogue_;
  base::Turns scans_;  // the engine limits the memory of all questions together, not of each
  internal::Watchdog watchdog_;
};

DuckDbFactStore::DuckDbFactStore(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

DuckDbFactStore::~DuckDbFactStore() = default;

base::Result<std::unique_ptr<DuckDbFactStore>> DuckDbFactStore::Open(
    const DuckDbFactStoreOptions& options, base::FileSystem& files) {
  FANSIPAN_RETURN_IF_ERROR(files.MakeFolder(options.folder));
  FANSIPAN_ASSIGN_OR_RETURN(auto database, OpenLowered(options));
  FANSIPAN_ASSIGN_OR_RETURN(DuckDbConnection writer, database->Connect());
  auto engine =
      std::make_unique<Engine>(std::move(database), std::move(writer), options.read_deadline);
  FANSIPAN_RETURN_IF_ERROR(engine->Start());
  return std::unique_ptr<DuckDbFactStore>(new DuckDbFactStore(std::move(engine)));
}

base::Status DuckDbFactStore::Declare(const std::vector<model::Dataset>& datasets,
                                      std::uint64_t recorded_through) {
  const std::lock_guard lock(engine_->write_mutex());
  return engine_->Declare(datasets, recorded_through);
}

base::Status DuckDbFactStore::Append(const std::vector<JournalEntry>& entries) {
  const std::lock_guard lock(engine_->write_mutex());
  return engine_->Append(entries);
}

base::Result<std::uint64_t> DuckDbFactStore::AppliedThrough() {
  std::uint64_t applied = 0;
  FANSIPAN_RETURN_IF_ERROR(
      engine_->Read("SELECT number FROM meta WHERE name = 'applied'", {}, {},
                    [&](const DuckDbRows& rows) { applied = rows.Unsigned(0); }));
  return applied;
}

base::Status DuckDbFactStore::Prepare() { return engine_->Prepare(); }

base::Result<RecordPage> DuckDbFactStore::PageRecords(const RecordQuery& query,
                                                      const base::Patience& patience) {
  return engine_->ReadPage(query, patience.AtMost(query.deadline));
}

base::Result<std::vector<model::Version>> DuckDbFactStore::VersionsOfKey(
    const std::string& dataset, const model::Row& key, model::Sequence as_of,
    const base::Patience& patience) {
  const auto catalogue = engine_->catalogue();
  const PhysicalDataset* physical = catalogue->FindDataset(dataset);
  if (physical == nullptr || !physical->declared) return UnknownDataset(dataset);
  if (key.size() != physical->key.size()) {
    return base::Error{base::ErrorCode::kInvalidArgument, "bad_key",
                       fmt::format("a key of dataset '{}' has {} values, not {}", dataset,
                                   physical->key.size(), key.size())};
  }
  const auto columns = physical->InOrder();
  SqlParameters parameters;
  const std::string bytes = internal::OrderedBytes(key);
  const std::string hash = parameters.AddUnsigned(internal::KeyHash(bytes));
  const std::string key_bytes = parameters.AddBytes(bytes);
  const std::string last = parameters.AddUnsigned(as_of.value);
  std::vector<model::Version> versions;
  FANSIPAN_RETURN_IF_ERROR(engine_->Read(
      fmt::format("SELECT {} FROM {} WHERE key_hash = {}::UINTEGER AND record_key = {} AND "
                  "sequence <= {} ORDER BY precedence DESC LIMIT {}",
                  internal::VersionSelection("", columns), physical->SqlTable(), hash, key_bytes,
                  last, kMaxVersionsOfKey),
      parameters, patience, [&](const DuckDbRows& rows) {
        versions.push_back(internal::ReadVersion(rows, dataset, columns));
      }));
  std::reverse(versions.begin(), versions.end());
  return versions;
}

base::Result<std::optional<model::Version>> DuckDbFactStore::FindVersion(
    model::Sequence sequence, const base::Patience& patience) {
  FANSIPAN_ASSIGN_OR_RETURN(auto versions, engine_->VersionsWhere("sequence", sequence, patience));
  if (versions.empty()) return std::optional<model::Version>();
  return std::optional(std::move(versions.front()));
}

base::Result<std::vector<model::Version>> DuckDbFactStore::VersionsOfDelivery(
    model::Sequence delivery, const base::Patience& patience) {
  FANSIPAN_ASSIGN_OR_RETURN(auto versions, engine_->VersionsWhere("delivery", delivery, patience));
  std::sort(versions.begin(), versions.end(),
            [](const auto& left, const auto& right) { return left.sequence < right.sequence; });
  return versions;
}

base::Result<std::vector<model::Delivery>> DuckDbFactStore::ListDeliveries(
    const DeliveryQuery& query, const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(CheckListLimit(query.limit));
  SqlParameters parameters;
  std::vector<std::string> pieces;
  if (!query.source.empty()) pieces.push_back("source = " + parameters.AddBytes(query.source));
  if (query.before) pieces.push_back("sequence < " + parameters.AddUnsigned(query.before->value));
  if (query.received_from) {
    pieces.push_back("received_at >= " + parameters.Add(model::Value(*query.received_from)));
  }
  if (query.received_before) {
    pieces.push_back("received_at < " + parameters.Add(model::Value(*query.received_before)));
  }
  if (query.originals_only) {
    pieces.push_back("replay_of IS NULL AND source <> " +
                     parameters.AddBytes(std::string(model::kCenterSource)));
  }
  std::vector<model::Delivery> deliveries;
  FANSIPAN_RETURN_IF_ERROR(engine_->Read(
      fmt::format("SELECT {} FROM deliveries{} ORDER BY sequence DESC LIMIT {}",
                  internal::kDeliverySelection, Where(pieces), query.limit),
      parameters, patience,
      [&](const DuckDbRows& rows) { deliveries.push_back(internal::ReadDelivery(rows)); }));
  return deliveries;
}

base::Result<std::optional<model::Delivery>> DuckDbFactStore::FindDelivery(
    model::Sequence sequence, const base::Patience& patience) {
  SqlParameters parameters;
  const std::string wanted = parameters.AddUnsigned(sequence.value);
  std::optional<model::Delivery> found;
  FANSIPAN_RETURN_IF_ERROR(engine_->Read(
      fmt::format("SELECT {} FROM deliveries WHERE sequence = {}", internal::kDeliverySelection,
                  wanted),
      parameters, patience, [&](const DuckDbRows& rows) { found = internal::ReadDelivery(rows); }));
  return found;
}

base::Result<std::vector<KeptQuarantine>> DuckDbFactStore::ListQuarantine(
    const QuarantineQuery& query, const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(CheckListLimit(query.limit));
  FANSIPAN_RETURN_IF_ERROR(CheckRowsAskedFor(query));
  SqlParameters parameters;
  std::vector<std::string> pieces = internal::QuarantinePieces(query, parameters);
  pieces.push_back("id > " + parameters.AddUnsigned(query.after));
  std::vector<KeptQuarantine> kept;
  FANSIPAN_RETURN_IF_ERROR(engine_->Read(
      fmt::format("SELECT {} FROM {}{} ORDER BY id LIMIT {}", internal::kQuarantineSelection,
                  internal::kDecidedQuarantine, Where(pieces), query.limit),
      parameters, patience,
      [&](const DuckDbRows& rows) { kept.push_back(internal::ReadQuarantine(rows)); }));
  return kept;
}

base::Result<std::vector<QuarantineGroup>> DuckDbFactStore::SummariseQuarantine(
    const QuarantineQuery& query, const base::Patience& patience) {
  FANSIPAN_RETURN_IF_ERROR(CheckListLimit(query.limit));
  FANSIPAN_RETURN_IF_ERROR(CheckRowsAskedFor(query));
  SqlParameters parameters;
  const std::vector<std::string> pieces = internal::QuarantinePieces(query, parameters);
  std::vector<QuarantineGroup> groups;
  FANSIPAN_RETURN_IF_ERROR(engine_->Read(
      fmt::format("SELECT {} FROM {}{} GROUP BY source, dataset, bad_column, reason ORDER BY 5 "
                  "DESC, 1, 2, 3, 4 LIMIT {}",
                  internal::kQuarantineGroupSelection, internal::kDecidedQuarantine, Where(pieces),
                  query.limit),
      parameters, patience,
      [&](const DuckDbRows& rows) { groups.push_back(internal::ReadQuarantineGroup(rows)); }));
  return groups;
}

}  // namespace fansipan::store
