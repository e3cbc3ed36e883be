#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/dataset.h"
#include "store/embedded/internal/duckdb_connection.h"
#include "store/journal.h"

namespace fansipan::store::internal {

/// One physical column `c<id>` of the table `d<dataset's id>`.
struct PhysicalColumn {
  std::uint64_t id = 0;
  std::string name;  ///< as declared
  model::ColumnType type = model::ColumnType::kText;
  std::optional<std::size_t> position;  ///< in the dataset as last declared

  std::string SqlName() const;
};

struct PhysicalDataset {
  std::uint64_t id = 0;
  std::string name;                     ///< as declared
  bool declared = false;                ///< false: known from entries alone, without a key
  std::vector<PhysicalColumn> columns;  ///< in the order of the table
  std::vector<std::uint64_t> key;       ///< ids of columns
  std::optional<std::uint64_t> order;   ///< id of a column
  /// Entries up to this number were recorded under another key or order and are still to come: what
  /// versions displaced is computed anew when they are there.
  std::optional<std::uint64_t> relink_after;

  std::string SqlTable() const;
  const PhysicalColumn* FindColumn(const std::string& column, model::ColumnType type) const;
  const PhysicalColumn* FindColumnById(std::uint64_t column) const;
  const PhysicalColumn* FindAt(std::size_t position) const;
  /// The columns as last declared, in that order.
  std::vector<const PhysicalColumn*> InOrder() const;
};

/// Which physical table and column stands for which declared name and type. Names that were
/// declared are content of the tables `datasets` and `columns`, never part of a statement. A value;
/// changes write through to the connection's open transaction.
class FactCatalogue {
 public:
  static base::Status CreateTables(DuckDbConnection& connection);
  static base::Result<FactCatalogue> Load(DuckDbConnection& connection);

  const PhysicalDataset* FindDataset(const std::string& name) const;
  const std::vector<PhysicalDataset>& datasets() const { return datasets_; }

  /// Makes tables and columns that are missing and sets positions. Keys and orders stay as they
  /// are.
  base::Status DeclareColumns(DuckDbConnection& connection, const model::Dataset& dataset);
  /// The same from an entry, for a dataset that no center has declared; for one that has been, only
  /// makes room for columns that it does not have.
  base::Status DeclareColumns(DuckDbConnection& connection, const DatasetColumns& columns);
  /// Sets the key and the order, and computes both anew for the versions that are there, with what
  /// they displaced. `applied` is the last entry that is there. False: both are as they were.
  base::Result<bool> DeclareKey(DuckDbConnection& connection, const model::Dataset& dataset,
                                std::uint64_t applied, std::uint64_t recorded_through);
  /// True when Relink has work once the entry `applied` is there.
  bool NeedsRelink(std::uint64_t applied) const;
  /// Computes anew what versions displaced where the entries for it have come.
  base::Status Relink(DuckDbConnection& connection, std::uint64_t applied);

 private:
  struct Wanted {
    const std::string* name;
    model::ColumnType type;
  };
  base::Result<PhysicalDataset*> GetOrCreate(DuckDbConnection& connection, const std::string& name);
  base::Status AddMissing(DuckDbConnection& connection, PhysicalDataset& dataset,
                          const std::vector<Wanted>& wanted, bool set_positions);

  std::vector<PhysicalDataset> datasets_;
};

}  // namespace fansipan::store::internal
