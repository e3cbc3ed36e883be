#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::bench {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// A connection that is kept, to a port of loopback or to a socket file. Blocking, one request at a
/// time, one thread. Reads answers with a length or in chunks.
class HttpClient {
 public:
  static base::Result<std::unique_ptr<HttpClient>> ToPort(std::uint16_t port);
  static base::Result<std::unique_ptr<HttpClient>> ToSocket(const std::string& path);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  base::Result<HttpAnswer> Get(const std::string& target) { return Send("GET", target, "", ""); }
  /// `fields`: whole header lines, each with its line end.
  base::Result<HttpAnswer> Post(const std::string& target, std::string_view fields,
                                std::string_view body) {
    return Send("POST", target, fields, body);
  }

 private:
  HttpClient(int socket, std::string host) : socket_(socket), host_(std::move(host)) {}
  base::Result<HttpAnswer> Send(std::string_view method, const std::string& target,
                                std::string_view fields, std::string_view body);
  base::Status Write(std::string_view bytes);
  /// Reads more into the buffer.
  base::Status Fill();
  base::Result<std::string> ReadChunks();

  int socket_;
  std::string host_;
  std::string buffer_;
};

/// Connects to 127.0.0.1; `from` is the own address as a number below 2^16 in 127.0.0.0, 0: any.
/// -1 when it cannot.
int ConnectToPort(std::uint16_t port, std::uint16_t from);

/// The member of a flat place in a JSON text; nlohmann is too slow to be in a measured way.
std::uint64_t FindNumber(std::string_view json, std::string_view name);
std::string EncodeQuery(std::string_view text);

}  // namespace fansipan::bench
