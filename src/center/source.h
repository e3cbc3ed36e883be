#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/text.h"

namespace fansipan::center {

enum class Format { kCsv, kJson, kNdjson, kXml, kEdxml, kWorkbook };
std::string_view NameOf(Format format);

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
  std::string path;  ///< JSON pointer, or path of elements; relative to the record
  bool operator==(const RawColumn&) const = default;
};

/// What a JSON delivery looks like: an array of objects, or an object with such an array.
struct JsonShape {
  std::string records_at;  ///< JSON pointer to the array ("" when it is the whole text)
  std::vector<std::string>
      columns;  ///< members that become raw columns; other members: kept in no column
};

/// What an XML delivery looks like: elements of one path, each a record. A step of a path is a name
/// with its declared prefix; the last one of a column may be `@attribute`, and `.` is the record's
/// own text.
struct XmlShape {
  std::string records_at;                         ///< path from the root, such as /h:list/h:case
  std::map<std::string, std::string> namespaces;  ///< prefix → URI
  std::vector<RawColumn> columns;
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

/// How the pages of a REST answer follow each other.
enum class Paging { kNone, kPage, kOffset, kCursor, kLink };

/// A REST source that is asked.
struct HttpPull {
  std::string url;                             ///< https, or http where the host is declared so
  std::map<std::string, std::string> query;    ///< `{since}` stands for the last position
  std::map<std::string, std::string> headers;  ///< `{secret:name}` stands for a kept secret
  base::Duration every{};                      ///< from the end of one asking to the next
  Paging paging = Paging::kNone;
  std::string page_parameter;  ///< page, offset, cursor: the query parameter
  std::string size_parameter;  ///< page, offset: empty when the server knows
  std::uint32_t page_size = 100;
  std::string next_at;     ///< cursor: JSON pointer in the answer; missing or null: the end
  std::string records_at;  ///< page, offset: JSON pointer to what must not be empty to go on
  std::uint32_t max_pages = 10'000;
  std::string since;        ///< "dataset.column": its largest value is the next position
  std::string since_start;  ///< position of the first asking
  std::string token_url;    ///< OAuth 2 client credentials; empty: none
  std::string client_id;
  std::string client_secret;  ///< name of a kept secret
  std::string scope;
  std::uint32_t requests_per_minute = 60;
  std::uint32_t timeout_seconds = 60;  ///< of one request
};

/// A place that data comes from, with what it promises.
struct Source {
  /// Of the mapping to this dataset; 1 when there is none.
  std::uint32_t MappingRevisionOf(std::string_view dataset) const;

  std::string name;
  std::string system;
  model::LocalizedText title;
  model::LocalizedText owner;
  bool push = false;  ///< may be pushed to over HTTP with a token
  std::optional<std::string>
      folder;  ///< file drop: watched folder, below the data folder's `drop/`
  std::optional<HttpPull> http_pull;
  std::set<std::string> reach;  ///< "host:port" outside that it may call, `private` ones included
  Format format = Format::kCsv;
  Encoding encoding = Encoding::kUtf8;  ///< of CSV and NDJSON; JSON and XML say theirs
  CsvDialect csv;
  JsonShape json;
  XmlShape xml;
  bool keep_bodies = false;  ///< edXML: attachments are archived, too, not only their hashes
  WorkbookShape workbook;
  std::vector<Mapping> mappings;
  std::string skip_rows;  ///< optional: SQL condition over `raw` of rows left out by declaration
                          ///< (worker only)
  std::string working_calendar;                ///< name; empty: every moment counts
  std::optional<base::Duration> silent_after;  ///< working time without a sign of life
  std::optional<base::Duration> late_after;    ///< working time the youngest data may be old
  std::string data_as_of;  ///< "dataset.column" whose maximum says how far the data reaches
  bool simulated = false;  ///< everything from it carries the mark
  Limits limits;
};

}  // namespace fansipan::center
