#include "center/internal/connectors/connector_fields.h"

#include "center/connectors/database_source.h"
#include "center/connectors/exchange.h"
#include "center/connectors/file_fetch.h"
#include "center/connectors/http_pull.h"
#include "center/connectors/mqtt.h"
#include "center/connectors/push_signature.h"

namespace fansipan::center {
namespace {

using center::TextOf;  // beside those below

std::string TextOf(const std::map<std::string, std::string>& pairs) {
  std::string text;
  for (const auto& [key, value] : pairs) text += Joined({key, value});
  return text;
}

void AppendAccess(const std::string& of, const HttpAccess& access, Fields& fields) {
  fields.emplace_back(of + ".sign_in", Joined({std::string(NameOf(access.sign_in)), access.user,
                                               access.secret, access.token_url, access.scope}));
  fields.emplace_back(of + ".same_origin_redirects", access.same_origin_redirects ? "1" : "0");
  fields.emplace_back(of + ".requests_per_minute", std::to_string(access.requests_per_minute));
  fields.emplace_back(of + ".timeout", std::to_string(access.timeout_seconds));
}

void AppendHttpPull(const HttpPull& pull, Fields& fields) {
  fields.emplace_back("http_pull.url", pull.url);
  fields.emplace_back("http_pull.query", TextOf(pull.query));
  fields.emplace_back("http_pull.headers", TextOf(pull.headers));
  fields.emplace_back("http_pull.every", std::to_string(pull.every.count()));
  fields.emplace_back("http_pull.paging",
                      Joined({std::string(NameOf(pull.paging)), pull.parameter, pull.size_parameter,
                              std::to_string(pull.page_size), std::to_string(pull.first_page),
                              pull.next_at, std::to_string(pull.max_pages)}));
  fields.emplace_back("http_pull.since",
                      Joined({pull.since_asked ? "clock" : "record", pull.since_at,
                              pull.since_start, std::to_string(pull.since_overlap.count())}));
  fields.emplace_back("http_pull.content_types", TextOf(pull.content_types));
  AppendAccess("http_pull", pull, fields);
}

std::string TextOf(const ExchangeRequest& request) {
  return Joined({request.url, request.post ? "post" : "get", TextOf(request.query),
                 TextOf(request.headers), request.body, std::string(NameOf(request.body_kind)),
                 std::string(NameOf(request.answer)), request.success_at, request.success_is});
}

void AppendExchange(const Exchange& exchange, Fields& fields) {
  fields.emplace_back("exchange.every", std::to_string(exchange.every.count()));
  fields.emplace_back("exchange.headers", TextOf(exchange.headers));
  fields.emplace_back("exchange.list", Joined({TextOf(exchange.list), exchange.ids_at,
                                               exchange.id_at, std::to_string(exchange.max_ids)}));
  fields.emplace_back(
      "exchange.fetch",
      Joined({TextOf(exchange.fetch), std::string(NameOf(exchange.form)), exchange.document_at}));
  fields.emplace_back("exchange.report",
                      Joined({TextOf(exchange.report), exchange.received, exchange.refused}));
  fields.emplace_back("exchange.content_types", TextOf(exchange.content_types));
  fields.emplace_back("exchange.max_documents", std::to_string(exchange.max_documents));
  AppendAccess("exchange", exchange, fields);
}

void AppendFileFetch(const FileFetch& fetch, Fields& fields) {
  fields.emplace_back("file_fetch.url", fetch.url);
  fields.emplace_back("file_fetch.files", fetch.files);
  fields.emplace_back("file_fetch.every", std::to_string(fetch.every.count()));
  fields.emplace_back("file_fetch.sign_in", Joined({fetch.user, fetch.secret, fetch.key}));
  fields.emplace_back("file_fetch.host_key", fetch.host_key);
  fields.emplace_back("file_fetch.authorities", fetch.authorities);
  fields.emplace_back("file_fetch.tls", fetch.implicit_tls ? "implicit" : "explicit");
  fields.emplace_back("file_fetch.ready", fetch.marker);
  fields.emplace_back("file_fetch.after",
                      Joined({std::string(NameOf(fetch.after)), fetch.move_to}));
  fields.emplace_back("file_fetch.max_files", std::to_string(fetch.max_files));
  fields.emplace_back("file_fetch.timeout", std::to_string(fetch.timeout_seconds));
  fields.emplace_back("file_fetch.stall", std::to_string(fetch.stall_seconds));
}

void AppendPushSignature(const Source& source, Fields& fields) {
  if (!source.push_signature) return;
  const PushSignature& signature = *source.push_signature;
  fields.emplace_back("push.signed",
                      Joined({signature.secret, signature.header, signature.timestamp_header,
                              std::to_string(signature.tolerance.count())}));
}

void AppendMqtt(const Mqtt& mqtt, Fields& fields) {
  fields.emplace_back("mqtt.host", mqtt.host);
  fields.emplace_back("mqtt.port", std::to_string(mqtt.port));
  fields.emplace_back("mqtt.tls", mqtt.tls ? "1" : "0");
  fields.emplace_back("mqtt.version", std::string(NameOf(mqtt.version)));
  fields.emplace_back("mqtt.client_id", mqtt.client_id);
  fields.emplace_back("mqtt.topics", TextOf(mqtt.topics));
  fields.emplace_back("mqtt.payload", std::string(NameOf(mqtt.payload)));
  fields.emplace_back("mqtt.sign_in", Joined({mqtt.user, mqtt.secret}));
  fields.emplace_back("mqtt.session_expiry", std::to_string(mqtt.session_expiry.count()));
  fields.emplace_back("mqtt.keep_alive", std::to_string(mqtt.keep_alive_seconds));
  fields.emplace_back("mqtt.heartbeat", std::to_string(mqtt.heartbeat.count()));
  fields.emplace_back("mqtt.batch", Joined({std::to_string(mqtt.batch_messages),
                                            std::to_string(mqtt.batch_within.count())}));
  fields.emplace_back("mqtt.message_limit", std::to_string(mqtt.message_bytes));
}

void AppendQuery(const std::string& connector, const DatabaseQuery& query, Fields& fields) {
  const DatabaseSince since = query.since.value_or(DatabaseSince());
  const std::string overlap = since.overlap_moment   ? TextOf(*since.overlap_moment) + "us"
                              : since.overlap_number ? std::to_string(*since.overlap_number)
                                                     : "none";
  fields.emplace_back(connector + ".query", Joined({query.file, query.sql}));
  fields.emplace_back(connector + ".every", TextOf(query.every));
  fields.emplace_back(
      connector + ".since",
      query.since ? Joined({since.column, since.key, TextOf(since.start), overlap}) : "");
  fields.emplace_back(connector + ".piece", std::to_string(query.piece_rows));
  fields.emplace_back(connector + ".sign_in", Joined({query.user, query.secret}));
  fields.emplace_back(connector + ".timeout", std::to_string(query.timeout_seconds));
}

void AppendPostgres(const PostgresSource& postgres, Fields& fields) {
  fields.emplace_back("postgres.host", postgres.host);
  fields.emplace_back("postgres.port", std::to_string(postgres.port));
  fields.emplace_back("postgres.database", postgres.database);
  fields.emplace_back("postgres.tls", std::string(NameOf(postgres.tls)));
  fields.emplace_back("postgres.ca_file", postgres.ca_file);
  AppendQuery("postgres", postgres.query, fields);
}

void AppendOdbc(const OdbcSource& odbc, Fields& fields) {
  fields.emplace_back("odbc.driver", odbc.driver);
  fields.emplace_back("odbc.attributes", TextOf(odbc.attributes));
  AppendQuery("odbc", odbc.query, fields);
}

}  // namespace

void AppendConnectors(const Source& source, Fields& fields) {
  AppendPushSignature(source, fields);
  std::string reach;
  for (const Reach& place : source.reach) {
    reach += Joined({place.host, std::to_string(place.port), std::string(NameOf(place.network))});
  }
  if (!reach.empty()) fields.emplace_back("reach", reach);
  if (source.http_pull) AppendHttpPull(*source.http_pull, fields);
  if (source.file_fetch) AppendFileFetch(*source.file_fetch, fields);
  if (source.exchange) AppendExchange(*source.exchange, fields);
  if (source.mqtt) AppendMqtt(*source.mqtt, fields);
  if (source.postgres) AppendPostgres(*source.postgres, fields);
  if (source.odbc) AppendOdbc(*source.odbc, fields);
}

}  // namespace fansipan::center
