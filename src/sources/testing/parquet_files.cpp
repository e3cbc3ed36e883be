#include "sources/testing/parquet_files.h"

#include <duckdb.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace fansipan::sources::testing {

std::string ParquetOf(const std::string& select) {
  std::string folder = (std::filesystem::temp_directory_path() / "parquet-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return {};
  const std::string path = folder + "/made.parquet";
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;
  duckdb_result result{};
  const std::string sql = fmt::format("COPY ({}) TO '{}' (FORMAT parquet)", select, path);
  const bool made = duckdb_open(nullptr, &database) == DuckDBSuccess &&
                    duckdb_connect(database, &connection) == DuckDBSuccess &&
                    duckdb_query(connection, sql.c_str(), &result) == DuckDBSuccess;
  duckdb_destroy_result(&result);
  if (connection != nullptr) duckdb_disconnect(&connection);
  if (database != nullptr) duckdb_close(&database);
  std::string bytes;
  if (made) {
    std::ifstream file(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  std::filesystem::remove_all(folder);
  return bytes;
}

}  // namespace fansipan::sources::testing
