#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "center/geodata.h"
#include "model/text.h"

namespace fansipan::center {

enum class Format {
  kCsv,
  kJson,
  kNdjson,
  kXml,
  kEdxml,
  kWorkbook,
  kSdmxJson,
  kParquet,
  kGeopackage,
  kShapefile,
  kGeojson,
  kKml
};
std::string_view NameOf(Format format);
/// Features with geometry, which GDAL reads.
bool IsGeodata(Format format);
/// Read as text that a program of its own makes of the file, whose rows have no bytes in it.
bool IsConverted(Format format);

/// How the bytes of a text are to be read. UTF-16 says its byte order by its mark, or is declared
/// little endian; TCVN3 (ABC) and VNI are the legacy Vietnamese encodings of one and two bytes.
enum class Encoding { kUtf8, kUtf16, kWindows1258, kTcvn3, kVni };
std::string_view NameOf(Encoding encoding);

/// How a CSV file of a source is written. Everything is declared, nothing is guessed.
struct CsvDialect {
  char delimiter = ',';
  char quote = '"';               ///< NUL: cells have none
  bool header = true;             ///< the first row after `skip` names the columns
  std::uint32_t header_rows = 1;  ///< so many rows name them together, the wider terms first
  std::uint32_t skip = 0;         ///< lines before the header
  std::string header_has;  ///< a cell of the header's first row: lines before that row are skipped
  std::string ends_at;     ///< first written cell of a row so begun: a footer, which ends it
  std::vector<std::string> null_texts;  ///< cells that mean "missing"; an empty cell always does
  std::vector<std::string>
      columns;  ///< column names when there is no header; else the names that must be there
  bool byte_order_mark = false;  ///< an optional UTF-8 mark is accepted when true
};

/// A raw column and where its text stands in a record.
struct RawColumn {
  std::string name;
  /// JSON pointer, or path of elements; relative to the record. JSON: empty for the member of that
  /// name; one that begins with `$` starts at the whole text instead of the record.
  std::string path;
  bool operator==(const RawColumn&) const = default;
};

/// What a JSON delivery looks like: an array of objects, or an object with such an array. Of an
/// SDMX-JSON message the columns name its dimensions, attributes and measures.
struct JsonShape {
  std::string records_at;          ///< JSON pointer to the array ("" when it is the whole text)
  std::vector<RawColumn> columns;  ///< what else is in a record is kept in no column
};

/// What an XML delivery looks like: elements of one path, each a record. How paths are written
/// stands in center/xml_path.h.
struct XmlShape {
  std::string records_at;                         ///< path from the root, such as /h:list/h:case
  std::map<std::string, std::string> namespaces;  ///< prefix → URI
  std::vector<RawColumn> columns;
  /// Stands between the texts of a path that a record has several times; without it such a record
  /// is refused.
  std::optional<std::string> join;
};

/// Where the table of a workbook stands.
struct WorkbookShape {
  std::string sheet;       ///< its name, or a pattern with `*`; empty: the only one
  std::string range;       ///< such as B5:K80 or B5:; empty: all that is written
  std::string header_has;  ///< a cell of the header's first row: rows before it are skipped
  std::string ends_at;     ///< a row whose first written cell begins so ends the table
  std::uint32_t header_rows = 1;
  bool fill_merged = false;  ///< a cell merged over several gives its text to each of them
  std::vector<std::string> null_texts;
  std::vector<std::string> columns;  ///< names by place without a header; else those that must be
};

/// What a Parquet file is read for: a column's path leads to a field, /address/ward. Without
/// columns all of them are read, and each must be a plain one.
struct ParquetShape {
  std::vector<RawColumn> columns;
};

/// Mapping of raw rows of a source to a dataset: one SQL statement run in a sandboxed worker over
/// the table `raw` (text columns of the source, and `_row`, 1-based). Its result must have the
/// dataset's columns by name and `_row` (one raw row) or `_rows` (a list of them).
struct Mapping {
  std::string dataset;
  std::string file;            ///< path inside the center
  std::string sql;             ///< with the source's parameters filled in
  std::uint32_t revision = 1;  ///< set by the running center, see docs/decisions
};

struct Limits {
  std::uint64_t payload_bytes = 256ULL << 20U;  ///< unpacked
  std::uint64_t rows = 5'000'000;
  std::uint32_t depth = 32;  ///< JSON nesting
  std::uint64_t worker_memory_bytes = 2ULL << 30U;
  std::uint32_t worker_seconds = 120;
};

/// Kinds of networks that an address lies in. What may not be called at all (multicast, reserved)
/// has none.
enum class Network { kPublic, kPrivate, kLinkLocal, kLoopback };
std::string_view NameOf(Network network);

/// A place outside that a source may call: host by name or address, port, and the network in which
/// its address must lie when the call is made.
struct Reach {
  std::string host;  ///< lower case; an IPv6 address without brackets
  std::uint16_t port = 443;
  Network network = Network::kPublic;
  bool operator==(const Reach&) const = default;
};

struct Exchange;        // center/connectors/exchange.h
struct FileFetch;       // center/connectors/file_fetch.h
struct HttpPull;        // center/connectors/http_pull.h
struct Mqtt;            // center/connectors/mqtt.h
struct OdbcSource;      // center/connectors/database_source.h
struct PostgresSource;  // center/connectors/database_source.h
struct PushSignature;   // center/connectors/push_signature.h
struct SourceContract;  // center/source_contract.h

/// A place that data comes from, with what it promises.
struct Source {
  /// Of the mapping to this dataset; 1 when there is none.
  std::uint32_t MappingRevisionOf(std::string_view dataset) const;

  std::string name;
  std::string system;
  model::LocalizedText title;
  model::LocalizedText owner;
  bool push = false;                                    ///< may be pushed to over HTTP with a token
  std::shared_ptr<const PushSignature> push_signature;  ///< null: bodies are not signed
  std::optional<std::string>
      folder;  ///< file drop: watched folder, below the data folder's `drop/`
  /// At most one of these: how it is asked.
  std::shared_ptr<const HttpPull> http_pull;
  std::shared_ptr<const FileFetch> file_fetch;
  std::shared_ptr<const Exchange> exchange;
  std::shared_ptr<const Mqtt> mqtt;
  std::shared_ptr<const PostgresSource> postgres;
  std::shared_ptr<const OdbcSource> odbc;
  std::vector<Reach> reach;  ///< all that it may call
  Format format = Format::kCsv;
  Encoding encoding = Encoding::kUtf8;  ///< of CSV and NDJSON; JSON and XML say theirs
  CsvDialect csv;
  JsonShape json;
  XmlShape xml;
  bool keep_bodies = false;  ///< edXML: attachments are archived, too, not only their hashes
  WorkbookShape workbook;
  ParquetShape parquet;
  GeodataShape geodata;
  std::vector<Mapping> mappings;
  std::string skip_rows;  ///< optional: SQL condition over `raw` of rows left out by declaration
                          ///< (worker only)
  std::string working_calendar;                ///< name; empty: every moment counts
  std::optional<base::Duration> silent_after;  ///< working time without a sign of life
  std::optional<base::Duration> late_after;    ///< working time the youngest data may be old
  std::string data_as_of;  ///< "dataset.column" whose maximum says how far the data reaches
  /// How long it may go on naming places by codes that have ended.
  base::Duration old_codes_grace{};
  /// Null: nothing is agreed, see ContractOf.
  std::shared_ptr<const SourceContract> contract;
  bool simulated = false;  ///< everything from it carries the mark
  Limits limits;
};

}  // namespace fansipan::center
