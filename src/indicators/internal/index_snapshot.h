#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "indicators/cell_log_format.h"
#include "indicators/current_index.h"
#include "indicators/internal/version_history.h"

namespace fansipan::indicators {

// The bytes of an index snapshot, see docs/formats/index_snapshot.md. Safe from any thread.

inline constexpr FileFormat kIndexSnapshotFile{"index snapshot", "FSINDEXS", 2};

/// Which versions an index snapshot has. It is taken while more are recorded: all of the entries up
/// to `first_entry`, some of those behind it up to `last_entry`, none of later ones.
struct IndexSnapshotMark {
  std::uint64_t first_entry = 0;
  std::uint64_t last_entry = 0;
  std::uint64_t blocks = 0;   ///< of the cell log, which the entries up to `last_entry` made
  std::uint64_t records = 0;  ///< in the snapshot, of all datasets
  HistoryMark history;        ///< what of the version history they refer to
  bool operator==(const IndexSnapshotMark&) const = default;
};

/// Appends records of the index of dataset number `dataset`, from number `first` on, until there
/// are no more or `bytes` has grown by about `limit`. Returns the number of the next record.
CurrentIndex::RecordNumber AppendIndexRecords(std::size_t dataset, const CurrentIndex& index,
                                              CurrentIndex::RecordNumber first, std::size_t limit,
                                              std::string& bytes);
/// Records of one dataset's index, in order.
struct IndexRecords {
  std::size_t dataset = 0;
  std::uint64_t first = 0;
  std::vector<CurrentIndex::Loaded> records;
};
/// What AppendIndexRecords wrote, or kCorrupt. `indexes` are asked for nothing that changes.
base::Result<IndexRecords> ReadIndexRecords(std::string_view payload,
                                            const std::vector<CurrentIndex>& indexes);
/// Takes them into the indexes. kCorrupt: those are then of no use.
base::Status TakeIndexRecords(IndexRecords records, std::vector<CurrentIndex>& indexes);

std::string EncodeIndexEnd(const IndexSnapshotMark& mark);
/// kCorrupt.
base::Result<IndexSnapshotMark> DecodeIndexEnd(std::string_view payload);
/// Of all datasets.
std::uint64_t CountRecords(const std::vector<CurrentIndex>& indexes);

/// Fills the indexes, which must be empty; after an error they are of no use. kNotFound, kIo; as
/// CheckFileHeader; kCorrupt: the file is not whole.
base::Result<IndexSnapshotMark> LoadIndexSnapshot(base::FileSystem& files, const std::string& path,
                                                  const FileIdentity& identity,
                                                  std::vector<CurrentIndex>& indexes);

}  // namespace fansipan::indicators
