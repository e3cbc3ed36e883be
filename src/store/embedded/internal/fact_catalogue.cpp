#include "store/embedded/internal/fact_catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "store/embedded/internal/duckdb_sql_rendering.h"
#include "store/embedded/internal/fact_rows.h"
#include "store/embedded/internal/ordered_bytes.h"
#include "store/embedded/internal/table_writer.h"

namespace fansipan::store::internal {
namespace {

constexpr std::string_view kDoing = "declaring datasets in the fact store";

std::string JoinIds(const std::vector<std::uint64_t>& ids) {
  return fmt::format("{}", fmt::join(ids, ","));
}

base::Result<std::vector<std::uint64_t>> ParseIds(const std::string& text) {
  std::vector<std::uint64_t> ids;
  const char* next = text.data();
  const char* end = text.data() + text.size();
  while (next != end) {
    std::uint64_t id = 0;
    const auto [stopped, error] = std::from_chars(next, end, id);
    if (error != std::errc() || (stopped != end && *stopped != ',')) {
      return base::Error{base::ErrorCode::kCorrupt, "", "the fact store's list of keys is damaged"};
    }
    ids.push_back(id);
    next = stopped == end ? end : stopped + 1;
  }
  return ids;
}

void BindOptional(DuckDbStatement& statement, idx_t index, std::optional<std::uint64_t> number) {
  if (number) {
    statement.BindUnsigned(index, *number);
  } else {
    statement.BindNull(index);
  }
}

base::Status SaveDataset(DuckDbConnection& connection, const PhysicalDataset& dataset) {
  FANSIPAN_RETURN_IF_ERROR(
      connection.Run(fmt::format("DELETE FROM datasets WHERE id = {}", dataset.id), kDoing));
  FANSIPAN_ASSIGN_OR_RETURN(
      DuckDbStatement insert,
      connection.Prepare("INSERT INTO datasets VALUES ($1::UBIGINT, $2::BLOB, $3::BOOLEAN, "
                         "$4::VARCHAR, $5::UBIGINT, $6::UBIGINT)",
                         kDoing));
  insert.BindUnsigned(1, dataset.id);
  insert.BindBytes(2, dataset.name);
  insert.BindBoolean(3, dataset.declared);
  insert.BindText(4, JoinIds(dataset.key));
  BindOptional(insert, 5, dataset.order);
  BindOptional(insert, 6, dataset.relink_after);
  FANSIPAN_RETURN_IF_ERROR(insert.Run(kDoing));
  return {};
}

base::Status SaveColumns(DuckDbConnection& connection, const PhysicalDataset& dataset) {
  FANSIPAN_RETURN_IF_ERROR(
      connection.Run(fmt::format("DELETE FROM columns WHERE dataset = {}", dataset.id), kDoing));
  FANSIPAN_ASSIGN_OR_RETURN(
      DuckDbStatement insert,
      connection.Prepare("INSERT INTO columns VALUES ($1::UBIGINT, $2::UBIGINT, $3::BLOB, "
                         "$4::BIGINT, $5::UBIGINT)",
                         kDoing));
  for (const PhysicalColumn& column : dataset.columns) {
    insert.BindUnsigned(1, dataset.id);
    insert.BindUnsigned(2, column.id);
    insert.BindBytes(3, column.name);
    insert.BindNumber(4, static_cast<std::int64_t>(column.type));
    BindOptional(insert, 5, column.position);
    FANSIPAN_RETURN_IF_ERROR(insert.Run(kDoing));
  }
  return {};
}

/// Fills the temporary table with key and precedence of every version of the dataset.
base::Status FillKeys(DuckDbConnection& connection, const PhysicalDataset& dataset) {
  std::vector<const PhysicalColumn*> columns;
  for (const std::uint64_t id : dataset.key) columns.push_back(dataset.FindColumnById(id));
  if (dataset.order) columns.push_back(dataset.FindColumnById(*dataset.order));
  FANSIPAN_ASSIGN_OR_RETURN(
      DuckDbStatement select,
      connection.Prepare(
          fmt::format("SELECT {} FROM {}", VersionSelection("", columns), dataset.SqlTable()),
          kDoing));
  FANSIPAN_ASSIGN_OR_RETURN(DuckDbRows rows, select.Run(kDoing));
  FANSIPAN_ASSIGN_OR_RETURN(TableWriter writer,
                            TableWriter::Open(connection, "new_keys",
                                              {Physical::kUnsigned, Physical::kUnsigned32,
                                               Physical::kBytes, Physical::kBytes}));
  while (rows.Next()) {
    model::Version version = ReadVersion(rows, dataset.name, columns);
    model::Value order;
    if (dataset.order) {
      order = std::move(version.values.back());
      version.values.pop_back();
    }
    const std::string key = OrderedBytes(version.values);
    writer.Unsigned(version.sequence.value);
    writer.Unsigned32(KeyHash(key));
    writer.Bytes(key);
    writer.Bytes(PrecedenceBytes(version, dataset.order ? &order : nullptr));
    FANSIPAN_RETURN_IF_ERROR(writer.EndRow());
  }
  return writer.Finish();
}

/// Key and precedence of every version, and from them what each displaced: of the versions of its
/// key that were recorded before it, the one that stood highest, unless that one stands above it.
base::Status ComputeKeys(DuckDbConnection& connection, const PhysicalDataset& dataset) {
  FANSIPAN_RETURN_IF_ERROR(
      connection.Run("CREATE OR REPLACE TEMP TABLE new_keys (sequence UBIGINT, key_hash UINTEGER, "
                     "record_key BLOB, precedence BLOB)",
                     kDoing));
  FANSIPAN_RETURN_IF_ERROR(FillKeys(connection, dataset));
  FANSIPAN_RETURN_IF_ERROR(connection.Run(
      fmt::format(
          "UPDATE {0} SET key_hash = known.key_hash, record_key = known.record_key, "
          "precedence = known.precedence, displaced = CASE WHEN highest IS NULL THEN 0 WHEN "
          "highest < known.precedence THEN highest_sequence END FROM (SELECT *, "
          "max(precedence) OVER earlier AS highest, arg_max(sequence, precedence) OVER "
          "earlier AS highest_sequence FROM new_keys WINDOW earlier AS (PARTITION BY "
          "record_key ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) "
          "AS known WHERE {0}.sequence = known.sequence",
          dataset.SqlTable()),
      kDoing));
  return connection.Run("DROP TABLE new_keys", kDoing);
}

}  // namespace

std::string PhysicalColumn::SqlName() const { return fmt::format("\"c{}\"", id); }

std::string PhysicalDataset::SqlTable() const { return fmt::format("\"d{}\"", id); }

const PhysicalColumn* PhysicalDataset::FindColumn(const std::string& column,
                                                  model::ColumnType type) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& candidate) {
    return candidate.type == type && candidate.name == column;
  });
  return found == columns.end() ? nullptr : &*found;
}

const PhysicalColumn* PhysicalDataset::FindColumnById(std::uint64_t column) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const auto& candidate) { return candidate.id == column; });
  return found == columns.end() ? nullptr : &*found;
}

const PhysicalColumn* PhysicalDataset::FindAt(std::size_t position) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& candidate) {
    return candidate.position == position;
  });
  return found == columns.end() ? nullptr : &*found;
}

std::vector<const PhysicalColumn*> PhysicalDataset::InOrder() const {
  std::vector<const PhysicalColumn*> ordered;
  for (const PhysicalColumn& column : columns) {
    if (column.position) ordered.push_back(&column);
  }
  std::sort(ordered.begin(), ordered.end(),
            [](const auto* left, const auto* right) { return *left->position < *right->position; });
  return ordered;
}

base::Status FactCatalogue::CreateTables(DuckDbConnection& connection) {
  return connection.Run(
      "CREATE TABLE datasets (id UBIGINT NOT NULL, name BLOB NOT NULL, declared BOOLEAN NOT NULL, "
      "key_columns VARCHAR NOT NULL, order_column UBIGINT, relink_after UBIGINT);"
      "CREATE TABLE columns (dataset UBIGINT NOT NULL, id UBIGINT NOT NULL, name BLOB NOT NULL, "
      "type BIGINT NOT NULL, position UBIGINT)",
      kDoing);
}

base::Result<FactCatalogue> FactCatalogue::Load(DuckDbConnection& connection) {
  constexpr std::string_view kLoading = "loading the fact store's catalogue";
  FactCatalogue catalogue;
  FANSIPAN_ASSIGN_OR_RETURN(
      DuckDbStatement datasets,
      connection.Prepare("SELECT id, name, declared, key_columns::BLOB, order_column, "
                         "relink_after FROM datasets ORDER BY id",
                         kLoading));
  FANSIPAN_ASSIGN_OR_RETURN(DuckDbRows rows, datasets.Run(kLoading));
  while (rows.Next()) {
    PhysicalDataset dataset;
    dataset.id = rows.Unsigned(0);
    dataset.name = rows.Bytes(1);
    dataset.declared = rows.Boolean(2);
    FANSIPAN_ASSIGN_OR_RETURN(dataset.key, ParseIds(rows.Bytes(3)));
    if (!rows.IsNull(4)) dataset.order = rows.Unsigned(4);
    if (!rows.IsNull(5)) dataset.relink_after = rows.Unsigned(5);
    catalogue.datasets_.push_back(std::move(dataset));
  }
  FANSIPAN_ASSIGN_OR_RETURN(
      DuckDbStatement columns,
      connection.Prepare("SELECT id, name, type, position FROM columns WHERE dataset = $1::UBIGINT "
                         "ORDER BY id",
                         kLoading));
  for (PhysicalDataset& dataset : catalogue.datasets_) {
    columns.BindUnsigned(1, dataset.id);
    FANSIPAN_ASSIGN_OR_RETURN(DuckDbRows found, columns.Run(kLoading));
    while (found.Next()) {
      PhysicalColumn column;
      column.id = found.Unsigned(0);
      column.name = found.Bytes(1);
      column.type = static_cast<model::ColumnType>(found.Number(2));
      if (!found.IsNull(3)) column.position = found.Unsigned(3);
      dataset.columns.push_back(std::move(column));
    }
  }
  return catalogue;
}

const PhysicalDataset* FactCatalogue::FindDataset(const std::string& name) const {
  const auto found = std::find_if(datasets_.begin(), datasets_.end(),
                                  [&](const auto& dataset) { return dataset.name == name; });
  return found == datasets_.end() ? nullptr : &*found;
}

base::Result<PhysicalDataset*> FactCatalogue::GetOrCreate(DuckDbConnection& connection,
                                                          const std::string& name) {
  const auto found = std::find_if(datasets_.begin(), datasets_.end(),
                                  [&](const auto& dataset) { return dataset.name == name; });
  if (found != datasets_.end()) return &*found;
  PhysicalDataset created;
  created.id = datasets_.empty() ? 1 : datasets_.back().id + 1;
  created.name = name;
  FANSIPAN_RETURN_IF_ERROR(connection.Run(
      fmt::format(
          "CREATE TABLE {} (sequence UBIGINT NOT NULL, key_hash UINTEGER NOT NULL, record_key "
          "BLOB, "
          "precedence BLOB NOT NULL, displaced UBIGINT, delivery UBIGINT NOT NULL, "
          "mapping_revision UINTEGER NOT NULL, delivery_row UINTEGER NOT NULL, raw_rows UINTEGER[] "
          "NOT NULL, predecessor UBIGINT, withdrawn BOOLEAN NOT NULL, outranked BOOLEAN NOT NULL, "
          "entry UBIGINT NOT NULL)",
          created.SqlTable()),
      kDoing));
  FANSIPAN_RETURN_IF_ERROR(SaveDataset(connection, created));
  datasets_.push_back(std::move(created));
  return &datasets_.back();
}

base::Status FactCatalogue::AddMissing(DuckDbConnection& connection, PhysicalDataset& dataset,
                                       const std::vector<Wanted>& wanted, bool set_positions) {
  const std::vector<PhysicalColumn> before = dataset.columns;
  if (set_positions) {
    for (PhysicalColumn& column : dataset.columns) column.position.reset();
  }
  bool changed = false;
  for (std::size_t position = 0; position < wanted.size(); ++position) {
    const Wanted& column = wanted[position];
    const PhysicalColumn* found = dataset.FindColumn(*column.name, column.type);
    if (found == nullptr) {
      PhysicalColumn created;
      created.id = dataset.columns.empty() ? 1 : dataset.columns.back().id + 1;
      created.name = *column.name;
      created.type = column.type;
      FANSIPAN_RETURN_IF_ERROR(
          connection.Run(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", dataset.SqlTable(),
                                     created.SqlName(), SqlTypeOf(created.type)),
                         kDoing));
      dataset.columns.push_back(std::move(created));
      found = &dataset.columns.back();
      changed = true;
    }
    if (set_positions) {
      dataset.columns[static_cast<std::size_t>(found - dataset.columns.data())].position = position;
    }
  }
  for (std::size_t index = 0; index < before.size(); ++index) {
    changed = changed || before[index].position != dataset.columns[index].position;
  }
  return changed ? SaveColumns(connection, dataset) : base::Status();
}

base::Status FactCatalogue::DeclareColumns(DuckDbConnection& connection,
                                           const model::Dataset& dataset) {
  FANSIPAN_ASSIGN_OR_RETURN(PhysicalDataset * physical, GetOrCreate(connection, dataset.name));
  std::vector<Wanted> wanted;
  for (const model::Column& column : dataset.columns) wanted.push_back({&column.name, column.type});
  return AddMissing(connection, *physical, wanted, /*set_positions=*/true);
}

base::Status FactCatalogue::DeclareColumns(DuckDbConnection& connection,
                                           const DatasetColumns& columns) {
  if (columns.names.size() != columns.types.size()) {
    return base::Error{base::ErrorCode::kInvalidArgument, "",
                       fmt::format("the entry's columns of dataset '{}' do not have a type each",
                                   columns.dataset)};
  }
  FANSIPAN_ASSIGN_OR_RETURN(PhysicalDataset * physical, GetOrCreate(connection, columns.dataset));
  std::vector<Wanted> wanted;
  for (std::size_t index = 0; index < columns.names.size(); ++index) {
    wanted.push_back({&columns.names[index], columns.types[index]});
  }
  return AddMissing(connection, *physical, wanted, /*set_positions=*/!physical->declared);
}

base::Result<bool> FactCatalogue::DeclareKey(DuckDbConnection& connection,
                                             const model::Dataset& dataset, std::uint64_t applied,
                                             std::uint64_t recorded_through) {
  FANSIPAN_ASSIGN_OR_RETURN(PhysicalDataset * physical, GetOrCreate(connection, dataset.name));
  const auto id_at = [&](std::size_t position) -> std::optional<std::uint64_t> {
    const PhysicalColumn* column = physical->FindAt(position);
    return column == nullptr ? std::nullopt : std::optional(column->id);
  };
  std::vector<std::uint64_t> key;
  for (const std::size_t position : dataset.key) {
    const auto id = id_at(position);
    if (!id) {
      return base::Error{base::ErrorCode::kInvalidArgument, "",
                         fmt::format("the key of dataset '{}' names column {}, which it does not "
                                     "have",
                                     dataset.name, position)};
    }
    key.push_back(*id);
  }
  const auto order = dataset.order ? id_at(*dataset.order) : std::nullopt;
  if (physical->declared && physical->key == key && physical->order == order) return false;
  physical->declared = true;
  physical->key = std::move(key);
  physical->order = order;
  if (recorded_through > applied) physical->relink_after = recorded_through;
  FANSIPAN_RETURN_IF_ERROR(ComputeKeys(connection, *physical));
  FANSIPAN_RETURN_IF_ERROR(SaveDataset(connection, *physical));
  return true;
}

bool FactCatalogue::NeedsRelink(std::uint64_t applied) const {
  return std::any_of(datasets_.begin(), datasets_.end(), [&](const PhysicalDataset& dataset) {
    return dataset.relink_after && *dataset.relink_after <= applied;
  });
}

base::Status FactCatalogue::Relink(DuckDbConnection& connection, std::uint64_t applied) {
  for (PhysicalDataset& dataset : datasets_) {
    if (!dataset.relink_after || *dataset.relink_after > applied) continue;
    dataset.relink_after.reset();
    FANSIPAN_RETURN_IF_ERROR(ComputeKeys(connection, dataset));
    FANSIPAN_RETURN_IF_ERROR(SaveDataset(connection, dataset));
  }
  return {};
}

}  // namespace fansipan::store::internal
