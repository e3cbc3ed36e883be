#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "sources/internal/processes/file_handle.h"

namespace fansipan::sources::internal {

/// A DuckDB that reads one Parquet file, in a process of its own (conversion_task.cpp): opened
/// before the process is confined, it reads the file after that. One thread.
class ParquetReader {
 public:
  /// Files other than `path` cannot be opened by it. Error kInternal.
  static base::Result<std::unique_ptr<ParquetReader>> Open(const std::string& path,
                                                           std::uint64_t memory_bytes);
  ~ParquetReader();

  /// Writes the file as CSV after RFC 4180 with a header, in the order of its rows: the columns
  /// that `columns` encodes (EncodeParquetColumns); of none all, which must be plain. Numbers and
  /// moments are written as mappings get them. Errors kInvalidArgument: parquet_unreadable,
  /// wrong_columns, parquet_out_of_memory; kTooLarge.
  base::Status Write(const std::string& columns, const FileHandle& output);

 private:
  struct Handles;
  ParquetReader();

  std::string path_;
  std::unique_ptr<Handles> handles_;
};

}  // namespace fansipan::sources::internal
