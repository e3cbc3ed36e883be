#include "center/connectors.h"

#include <algorithm>
#include <array>

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

}  // namespace fansipan::center
