#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "http/caller.h"
#include "http/lanes.h"
#include "http/resources/routes.h"
#include "http/services.h"
#include "live/hub.h"

namespace fansipan::http {

/// What a connection may cost.
struct ServerLimits {
  std::size_t header_bytes = 16U << 10U;
  std::size_t header_fields = 100;
  std::uint64_t body_memory = 512ULL << 20U;  ///< of all bodies that are being held, together
  std::size_t connections = 16'384;
  std::size_t connections_per_address = 1'024;
  std::chrono::milliseconds idle{75'000};    ///< between two requests
  std::chrono::milliseconds header{10'000};  ///< from a head's first byte to its last
  std::chrono::milliseconds body_grace{10'000};
  std::uint64_t body_bytes_per_second = 16U << 10U;  ///< least, over the whole body
  std::chrono::milliseconds write_grace{30'000};
  std::uint64_t write_bytes_per_second = 64U << 10U;
  std::chrono::milliseconds lane_patience{10'000};  ///< longest wait for a thread
  /// From a request's first byte to the end of its handler, in the lane of figures and in that of
  /// heavy questions. Other lanes have their own limits, or what they do is not to be broken off.
  std::chrono::milliseconds figures_deadline{10'000};
  std::chrono::milliseconds heavy_deadline{20'000};
  std::chrono::milliseconds stop_grace{5'000};  ///< for requests under way
  int stream_send_buffer = 64 << 10;            ///< bytes the kernel may hold for a viewer
};

struct ServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;   ///< 0: any that is free, see port()
  std::string socket_path;  ///< of the program's own socket; empty: none
  std::size_t io_threads = 2;
  ServerLimits limits;
  Lanes::Settings lanes = Lanes::DefaultSettings();
  live::Hub::Settings live;
};

/// The HTTP server: listens on an address and on a socket that its owner alone may open. Threads:
/// `io_threads` that read and write connections, the lanes' that run handlers, and one that renders
/// live streams. Destroying it stops it.
class HttpServer {
 public:
  /// Listens when it returns. kIo when the address or the socket cannot be had.
  static base::Result<std::unique_ptr<HttpServer>> Start(const ServerSettings& settings,
                                                         const Services& services,
                                                         const RouteContent& content);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  /// A newer state was published; live streams will show it. Quick; from any thread.
  void Publish(base::Timestamp tick);
  /// Takes no more connections, ends streams, lets requests under way finish for the grace time.
  void Stop();

 private:
  struct Running;
  explicit HttpServer(std::unique_ptr<Running> running);

  std::unique_ptr<Running> running_;
};

}  // namespace fansipan::http
