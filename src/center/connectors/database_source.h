#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace fansipan::center {

/// By which columns of a query its new rows are found. Rows are read in the order of both columns,
/// from behind the last one that was taken.
struct DatabaseSince {
  std::string column;  ///< grows with every change of a row; a moment or a whole number, never null
  std::string key;     ///< tells rows apart that share it; never null
  std::optional<std::string> start;  ///< rows before it are not wanted; nothing: all are
  /// So far before the last row everything is read again, for rows that were committed late.
  /// `overlap_moment` when the column is a moment, `overlap_number` when it is a whole number;
  /// none: rows never come late.
  std::optional<base::Duration> overlap_moment;
  std::optional<std::int64_t> overlap_number;
  bool operator==(const DatabaseSince&) const = default;
};

/// What every database is asked, whichever way leads to it.
struct DatabaseQuery {
  std::string file;        ///< path inside the center
  std::string sql;         ///< one SELECT; $since in it stands for the lower bound of what is read
  base::Duration every{};  ///< from the end of one asking to the next
  std::optional<DatabaseSince> since;  ///< nothing: the whole query each time
  std::uint32_t piece_rows = 10'000;   ///< since: most rows of one delivery
  std::string user;
  std::string secret;                  ///< name of the kept secret: the password
  std::uint32_t timeout_seconds = 60;  ///< of one statement, from its sending to its last row
  bool operator==(const DatabaseQuery&) const = default;
};

/// How a PostgreSQL server must show who it is.
enum class TlsMode {
  kVerifyFull,  ///< a certificate of a trusted authority for its name
  kVerifyCa,    ///< of a trusted authority
  kRequire,     ///< encrypted, to whomever
  kDisable      ///< neither
};
std::string_view NameOf(TlsMode mode);

/// A PostgreSQL server that is asked.
struct PostgresSource {
  DatabaseQuery query;
  std::string host;  ///< with the port a place of the source's reach
  std::uint16_t port = 5432;
  std::string database;
  TlsMode tls = TlsMode::kVerifyFull;
  std::string ca_file;  ///< on this machine; empty: the authorities that the machine trusts
  bool operator==(const PostgresSource&) const = default;
};

/// Any database with an ODBC driver.
struct OdbcSource {
  DatabaseQuery query;
  std::string driver;                             ///< name under which it is installed
  std::map<std::string, std::string> attributes;  ///< of its connection
  bool operator==(const OdbcSource&) const = default;
};

}  // namespace fansipan::center
