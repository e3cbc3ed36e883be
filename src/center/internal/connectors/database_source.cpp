#include "center/internal/connectors/database_source.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "center/connectors.h"
#include "center/connectors/query_text.h"
#include "center/internal/text_checks.h"
#include "center/network.h"
#include "model/spelling/ascii.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxText = 255;
constexpr std::size_t kMaxAttributes = 50;
constexpr std::size_t kMaxQueryBytes = 256U << 10U;
constexpr std::int64_t kMaxPort = 65'535;
constexpr std::int64_t kMaxTimeout = 3'600;
constexpr std::int64_t kMaxPiece = 1'000'000;
constexpr std::int64_t kPiece = 10'000;

bool IsPlain(std::string_view text) {
  return !FindBadByte(text) && text.size() <= kMaxText &&
         text.find_first_of("\t\r\n") == std::string_view::npos;
}

// Below queries/, ending in .sql, without a component that is empty or begins with a dot.
bool IsQueryPath(std::string_view path) {
  return path.starts_with("queries/") && path.ends_with(".sql") && path.size() > 12 &&
         path.find("//") == std::string_view::npos && path.find("/.") == std::string_view::npos;
}

/// What both kinds of databases are asked.
class QueryReader {
 public:
  QueryReader(Draft& draft, const YamlMap& map, const Source& read)
      : draft_(draft), map_(map), read_(read) {}

  DatabaseQuery Read() {
    if (read_.format != Format::kNdjson) {
      map_.scope().Report(map_.at(),
                          map_.what() + " needs the format ndjson, in which its rows are kept");
    }
    if (const auto every = map_.Duration("every")) {
      query_.every = *every;
    } else if (!map_.Has("every")) {
      map_.ReportMissing("every", "such as 15m");
    }
    ReadSince();
    ReadText();
    ReadSignIn();
    query_.piece_rows = static_cast<std::uint32_t>(map_.Integer("piece", {1, kMaxPiece}, kPiece));
    if (map_.Has("piece") && !query_.since) {
      map_.Report(*map_.Find("piece"), "is for a query with 'since'; without, it is one delivery");
    }
    ReadTimeout();
    return std::move(query_);
  }

 private:
  void ReadText() {
    const YamlNode* path = map_.FindText("query", Need::kRequired);
    if (path == nullptr) return;
    if (!IsQueryPath(path->text)) {
      map_.Report(*path, "is '" + path->text +
                             "'; allowed: a file of this system such as queries/cases.sql");
      return;
    }
    query_.file = "systems/" + read_.system + "/" + path->text;
    draft_.used_files.insert(query_.file);
    const auto found = draft_.center.files.find(query_.file);
    if (found == draft_.center.files.end()) {
      map_.Report(*path, "names " + query_.file + ", which does not exist");
      return;
    }
    query_.sql = found->second;
    CheckText(draft_.ScopeOf(query_.file));
  }

  void CheckText(const FileScope& file) const {
    if (const auto bad = FindBadByte(query_.sql)) {
      return file.Report(PositionAt(query_.sql, *bad), "not UTF-8 text, or a control character");
    }
    if (query_.sql.size() > kMaxQueryBytes) {
      return file.Report({}, "larger than " + std::to_string(kMaxQueryBytes >> 10U) + " KB");
    }
    QueryFault fault;
    const auto text = ReadQueryText(query_.sql, fault);
    if (!text.ok()) {
      return file.Report(PositionAt(query_.sql, fault.offset), "the query " + fault.message);
    }
    if (text->since_count() > 0 && (!query_.since || !query_.since->start)) {
      file.Report({}, "the query has $since, for which the source must declare since with 'start'");
    }
  }

  void ReadSince() {
    const YamlNode* node = map_.Find("since");
    if (node == nullptr) return;
    const YamlMap map(*node, map_.scope(), map_.what() + ": 'since'");
    map.Allow({"column", "key", "start", "overlap"});
    DatabaseSince since;
    since.column = ReadPlain(map, "column", Need::kRequired);
    since.key = ReadPlain(map, "key", Need::kRequired);
    if (map.Has("start")) since.start = ReadPlain(map, "start", Need::kRequired);
    if (!since.key.empty() && since.key == since.column) {
      map.Report(*map.Find("key"), "must be another column, which tells apart rows that share '" +
                                       since.column + "'");
    }
    ReadOverlap(map, since);
    query_.since = std::move(since);
  }

  static void ReadOverlap(const YamlMap& map, DatabaseSince& since) {
    const YamlNode* node = map.FindText("overlap", Need::kRequired);
    if (node == nullptr || node->text == "none") return;
    const char* const end = node->text.data() + node->text.size();
    std::int64_t number = 0;
    const auto [at, error] = std::from_chars(node->text.data(), end, number);
    if (error == std::errc() && at == end && number > 0) {
      since.overlap_number = number;
    } else if (const auto duration = ParseDuration(node->text)) {
      since.overlap_moment = *duration;
    } else {
      map.Report(*node,
                 "must be a time such as 10m when the column is a moment, a number such as 1000 "
                 "when it is a whole number, or none when rows never come late");
    }
  }

  void ReadSignIn() {
    const YamlNode* node = map_.Find("sign_in", Need::kRequired);
    if (node == nullptr) return;
    const YamlMap map(*node, map_.scope(), map_.what() + ": 'sign_in'");
    map.Allow({"user", "secret"});
    query_.user = ReadPlain(map, "user", Need::kRequired);
    if (const YamlNode* secret = map.FindName("secret", Need::kRequired)) {
      query_.secret = secret->text;
    }
  }

  void ReadTimeout() {
    const auto timeout = map_.Duration("timeout");
    if (!timeout) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*timeout).count();
    if (seconds < 1 || seconds > kMaxTimeout) {
      map_.Report(*map_.Find("timeout"), "allowed: 1s to 1h");
    }
    query_.timeout_seconds =
        static_cast<std::uint32_t>(std::clamp(seconds, std::int64_t{1}, kMaxTimeout));
  }

  static std::string ReadPlain(const YamlMap& map, std::string_view key, Need need) {
    const YamlNode* node = map.FindText(key, need);
    if (node == nullptr) return "";
    if (!IsPlain(node->text)) {
      map.Report(*node, "must be one line of at most " + std::to_string(kMaxText) + " bytes");
    }
    return node->text;
  }

  Draft& draft_;
  const YamlMap& map_;
  const Source& read_;
  DatabaseQuery query_;
};

void ReadPlace(const YamlMap& map, const Source& read, PostgresSource& postgres) {
  postgres.port = static_cast<std::uint16_t>(map.Integer("port", {1, kMaxPort}, postgres.port));
  const YamlNode* host = map.FindText("host", Need::kRequired);
  if (host == nullptr) return;
  postgres.host = host->text;
  const Reach* reach = FindReach(read.reach, postgres.host, postgres.port);
  const auto tls =
      map.Choice("tls", {"verify-full", "verify-ca", "require", "disable"}, Need::kOptional);
  if (tls) postgres.tls = static_cast<TlsMode>(*tls);
  if (reach == nullptr) {
    map.Report(*host, "is " + postgres.host + ", port " + std::to_string(postgres.port) +
                          ", which the source's 'reach' does not name");
  } else if (reach->network == Network::kPublic && postgres.tls != TlsMode::kVerifyFull) {
    map.Report(*map.Find("tls"), "must be verify-full in the public network");
  }
}

void ReadAuthority(const YamlMap& map, PostgresSource& postgres) {
  const YamlNode* file = map.FindText("ca_file", Need::kOptional);
  if (file == nullptr) return;
  postgres.ca_file = file->text;
  if (!postgres.ca_file.starts_with('/') || !IsPlain(postgres.ca_file)) {
    map.Report(*file, "must be the full path of a file on the machine that the center runs on");
  }
  if (postgres.tls > TlsMode::kVerifyCa) {
    map.Report(*file, "is of no use with tls: " + std::string(NameOf(postgres.tls)));
  }
}

/// Attributes that would name another driver or user than declared, or make the driver write files.
bool IsOwnAttribute(const std::string& key) {
  // Who signs in by what, and what would load code, run statements or write files beside the query.
  constexpr std::array<std::string_view, 22> kOwn = {
      "driver",  "dsn",          "filedsn",   "savefile", "uid",         "user",
      "userid",  "username",     "pwd",       "password", "token",       "authenticationtoken",
      "loadext", "connsettings", "pqopt",     "service",  "servicefile", "debug",
      "commlog", "trace",        "tracefile", "logfile"};
  std::string word;
  for (const char c : key) {
    if (c != ' ' && c != '_') word += model::LowerAscii(c);
  }
  return std::ranges::find(kOwn, word) != kOwn.end();
}

bool IsAttributeName(std::string_view key) {
  const auto letter = [](char c) {
    const char small = model::LowerAscii(c);
    return small >= 'a' && small <= 'z';
  };
  return !key.empty() && key.size() <= kMaxNameLength && letter(key[0]) && key.back() != ' ' &&
         std::ranges::all_of(key, [&](char c) {
           return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == ' ';
         });
}

void ReadAttributes(const YamlMap& map, OdbcSource& odbc) {
  const YamlNode* node = map.Find("attributes");
  if (node == nullptr) return;
  const YamlMap attributes(*node, map.scope(), map.what() + ": 'attributes'");
  if (attributes.entries().size() > kMaxAttributes) {
    map.Report(*node, "has more than " + std::to_string(kMaxAttributes) + " entries");
  }
  for (const YamlNode& entry : attributes.entries()) {
    const YamlNode* text = attributes.FindText(entry.key, Need::kRequired);
    if (text == nullptr) continue;
    if (IsOwnAttribute(entry.key)) {
      attributes.Report(*text,
                        "cannot be declared; driver, user and password have keys of their "
                        "own, and nothing may load code, run statements or write files");
    } else if (!IsAttributeName(entry.key)) {
      attributes.Report(*text, "is no attribute's name: letters, digits, _ and blanks");
    }
    if (!IsPlain(text->text)) {
      attributes.Report(*text,
                        "must be one line of at most " + std::to_string(kMaxText) + " bytes");
    }
    odbc.attributes[entry.key] = text->text;
  }
}

}  // namespace

std::shared_ptr<const PostgresSource> ReadPostgres(Draft& draft, const YamlMap& source,
                                                   const Source& read) {
  const YamlNode* node = source.Find("postgres");
  if (node == nullptr) return nullptr;
  const YamlMap map(*node, source.scope(), source.what() + ": 'postgres'");
  map.Allow(FindConnector("postgres")->Keys());
  auto postgres = std::make_shared<PostgresSource>();
  ReadPlace(map, read, *postgres);
  ReadAuthority(map, *postgres);
  const YamlNode* database = map.FindText("database", Need::kRequired);
  if (database != nullptr) postgres->database = database->text;
  if (database != nullptr && !IsPlain(database->text)) {
    map.Report(*database, "must be one line of at most " + std::to_string(kMaxText) + " bytes");
  }
  postgres->query = QueryReader(draft, map, read).Read();
  return postgres;
}

std::shared_ptr<const OdbcSource> ReadOdbc(Draft& draft, const YamlMap& source,
                                           const Source& read) {
  const YamlNode* node = source.Find("odbc");
  if (node == nullptr) return nullptr;
  const YamlMap map(*node, source.scope(), source.what() + ": 'odbc'");
  map.Allow(FindConnector("odbc")->Keys());
  auto odbc = std::make_shared<OdbcSource>();
  if (const YamlNode* driver = map.FindText("driver", Need::kRequired)) {
    odbc->driver = driver->text;
    // A path would load whatever library lies there.
    if (!IsPlain(odbc->driver) || odbc->driver.find_first_of("/\\{};=") != std::string::npos) {
      map.Report(*driver,
                 "must be the name under which a driver is installed, as 'odbcinst -q -d' "
                 "lists it");
    }
  }
  ReadAttributes(map, *odbc);
  odbc->query = QueryReader(draft, map, read).Read();
  return odbc;
}

}  // namespace fansipan::center
