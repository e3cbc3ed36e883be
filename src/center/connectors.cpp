#include "center/connectors.h"

#include <algorithm>
#include <array>

#include "center/connectors/database_source.h"
#include "center/connectors/exchange.h"
#include "center/connectors/file_fetch.h"
#include "center/connectors/http_pull.h"
#include "center/connectors/mqtt.h"
#include "center/connectors/push_signature.h"

namespace fansipan::center {
namespace {

constexpr std::array kHttpPullOptions{
    ConnectorOption{"url", "what is asked, without query; https, or http inside a closed network"},
    ConnectorOption{"query", "query parameters; {since} and {secret:name} are filled in"},
    ConnectorOption{"headers", "request headers, X-Road's too; {secret:name} is filled in"},
    ConnectorOption{"every", "from the end of one asking to the next"},
    ConnectorOption{"paging", "how pages follow each other"},
    ConnectorOption{"since", "what moves the position on from asking to asking"},
    ConnectorOption{"sign_in", "bearer token, basic, or OAuth 2 client credentials"},
    ConnectorOption{"content_types", "media types that are taken"},
    ConnectorOption{"same_origin_redirects", "at most three within the same host and port"},
    ConnectorOption{"requests_per_minute", "at most so many requests in any minute"},
    ConnectorOption{"timeout", "of one request, from its first to its last byte"},
};

constexpr std::array kFileFetchOptions{
    ConnectorOption{"url", "folder or file: sftp, ftps, https, or http inside a closed network"},
    ConnectorOption{"files", "pattern of the names in a folder, such as *.csv"},
    ConnectorOption{"every", "from the end of one asking to the next"},
    ConnectorOption{"sign_in", "user with a kept password or private key; http: token"},
    ConnectorOption{"host_key", "sftp: SHA-256 fingerprint of the server's key"},
    ConnectorOption{"authorities", "ftps, https: certificates trusted instead of the machine's"},
    ConnectorOption{"tls", "ftps: explicit (port 21), or implicit (port 990)"},
    ConnectorOption{"ready", "what says that a file is finished, when not two equal looks"},
    ConnectorOption{"after", "keep, delete, or move to a folder once its records are durable"},
    ConnectorOption{"max_files", "at most so many files in one asking"},
    ConnectorOption{"timeout", "of one file, from its first to its last byte"},
    ConnectorOption{"stall", "longest time without a byte"},
};

constexpr std::array kExchangeOptions{
    ConnectorOption{"every", "from the end of one asking to the next"},
    ConnectorOption{"headers", "of all requests, X-Road's too; {secret:name} is filled in"},
    ConnectorOption{"list", "the request for what waits, and where the ids stand in its answer"},
    ConnectorOption{"fetch", "the request for one document, and where it stands in its answer"},
    ConnectorOption{"report", "the request that tells what became of a document"},
    ConnectorOption{"content_types", "media types that are taken of documents that are answers"},
    ConnectorOption{"max_documents", "of one asking; more wait for the next one"},
    ConnectorOption{"sign_in", "bearer token, basic, or OAuth 2 client credentials"},
    ConnectorOption{"same_origin_redirects", "at most three within the same host and port"},
    ConnectorOption{"requests_per_minute", "at most so many requests in any minute"},
    ConnectorOption{"timeout", "of one request, from its first to its last byte"},
};

constexpr std::array kMqttOptions{
    ConnectorOption{"host", "the broker's name or address"},
    ConnectorOption{"port", "the broker's port"},
    ConnectorOption{"tls", "the connection is encrypted and the broker's certificate checked"},
    ConnectorOption{"version", "of the protocol: 3.1.1 or 5"},
    ConnectorOption{"client_id", "the name under which the broker keeps messages for the center"},
    ConnectorOption{"topics", "what is listened to; + and # are wildcards"},
    ConnectorOption{"payload", "what a message is: json or text"},
    ConnectorOption{"sign_in", "user and kept secret"},
    ConnectorOption{"session_expiry", "how long the broker keeps messages for the center"},
    ConnectorOption{"keep_alive", "silence after which the connection is given up"},
    ConnectorOption{"heartbeat", "distance of signs of life while no message comes"},
    ConnectorOption{"batch", "how many messages, from how long, become one delivery"},
    ConnectorOption{"message_limit", "of one message; what is larger is refused"},
};

constexpr std::array kPostgresOptions{
    ConnectorOption{"host", "name or address; with the port a place of reach"},
    ConnectorOption{"port", "5432 unless declared"},
    ConnectorOption{"database", "the database's name"},
    ConnectorOption{"tls", "how the server shows who it is: verify-full, or less where it may"},
    ConnectorOption{"ca_file", "the authority's certificate, a file on this machine"},
    ConnectorOption{"query", "file of the system with one SELECT, below queries/"},
    ConnectorOption{"every", "from the end of one asking to the next"},
    ConnectorOption{"since", "column and key by which new rows are found"},
    ConnectorOption{"piece", "with since: most rows of one delivery"},
    ConnectorOption{"sign_in", "user, and the kept secret with the password"},
    ConnectorOption{"timeout", "of one statement, from its sending to its last row"},
};

constexpr std::array kOdbcOptions{
    ConnectorOption{"driver", "name under which the driver is installed"},
    ConnectorOption{"attributes", "of the connection, such as Server and Database"},
    ConnectorOption{"query", "file of the system with one SELECT, below queries/"},
    ConnectorOption{"every", "from the end of one asking to the next"},
    ConnectorOption{"since", "column and key by which new rows are found"},
    ConnectorOption{"piece", "with since: most rows of one delivery"},
    ConnectorOption{"sign_in", "user, and the kept secret with the password"},
    ConnectorOption{"timeout", "of one statement, from its sending to its last row"},
};

constexpr std::array kConnectors{
    ConnectorKind{"push", ConnectorStatus::kStable, "the source sends over HTTP with a token", {}},
    ConnectorKind{"file_drop", ConnectorStatus::kStable, "files laid into a watched folder", {}},
    ConnectorKind{"http_pull", ConnectorStatus::kTrial, "a REST source is asked", kHttpPullOptions},
    ConnectorKind{"file_fetch", ConnectorStatus::kTrial,
                  "files are fetched over SFTP, FTPS or HTTP", kFileFetchOptions},
    ConnectorKind{"exchange", ConnectorStatus::kTrial,
                  "an exchange is asked what waits, for each document, and told what became of it",
                  kExchangeOptions},
    ConnectorKind{"mqtt", ConnectorStatus::kTrial, "topics of an MQTT broker", kMqttOptions},
    ConnectorKind{"postgres", ConnectorStatus::kStable, "a PostgreSQL database is asked",
                  kPostgresOptions},
    ConnectorKind{"odbc", ConnectorStatus::kTrial, "a database is asked over ODBC", kOdbcOptions},
};

}  // namespace

std::string_view NameOf(ConnectorStatus status) {
  return status == ConnectorStatus::kStable ? "stable" : "trial";
}

std::vector<std::string_view> ConnectorKind::Keys() const {
  std::vector<std::string_view> keys;
  for (const ConnectorOption& option : options) keys.push_back(option.key);
  return keys;
}

std::span<const ConnectorKind> Connectors() { return kConnectors; }

const ConnectorKind* FindConnector(std::string_view name) {
  const auto found = std::ranges::find(kConnectors, name, &ConnectorKind::name);
  return found == kConnectors.end() ? nullptr : &*found;
}

std::vector<std::string_view> ConnectorsOf(const Source& source) {
  std::vector<std::string_view> names;
  if (source.push) names.emplace_back("push");
  if (source.folder) names.emplace_back("file_drop");
  if (const std::string_view asking = AskingConnectorOf(source); !asking.empty()) {
    names.push_back(asking);
  }
  return names;
}

std::string_view AskingConnectorOf(const Source& source) {
  if (source.http_pull) return "http_pull";
  if (source.file_fetch) return "file_fetch";
  if (source.exchange) return "exchange";
  if (source.mqtt) return "mqtt";
  if (source.postgres) return "postgres";
  if (source.odbc) return "odbc";
  return "";
}

std::optional<base::Duration> AskedEvery(const Source& source) {
  if (source.http_pull) return source.http_pull->every;
  if (source.file_fetch) return source.file_fetch->every;
  if (source.exchange) return source.exchange->every;
  if (source.postgres) return source.postgres->query.every;
  if (source.odbc) return source.odbc->query.every;
  return std::nullopt;
}

std::set<std::string> SecretsOf(const Source& source) {
  std::set<std::string> names;
  if (source.push_signature) names.insert(source.push_signature->secret);
  if (source.http_pull) names.merge(SecretsOf(*source.http_pull));
  if (source.file_fetch) names.merge(SecretsOf(*source.file_fetch));
  if (source.exchange) names.merge(SecretsOf(*source.exchange));
  if (source.mqtt) names.merge(SecretsOf(*source.mqtt));
  if (source.postgres) names.insert(source.postgres->query.secret);
  if (source.odbc) names.insert(source.odbc->query.secret);
  return names;
}

}  // namespace fansipan::center
