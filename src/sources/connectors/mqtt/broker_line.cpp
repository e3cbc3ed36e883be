#include "sources/connectors/mqtt/broker_line.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "center/network.h"
#include "sources/connectors/connector.h"
#include "sources/connectors/internal/host_addresses.h"

namespace fansipan::sources::mqtt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{15};  // for a connection, a handshake, the way of a write
constexpr milliseconds kPollSlice{250};
constexpr std::size_t kChunk = 16U << 10U;

using TlsContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Tls = std::unique_ptr<SSL, decltype(&SSL_free)>;

base::Error Unavailable(const char* reason, std::string message) {
  return {base::ErrorCode::kUnavailable, reason, std::move(message)};
}

std::string PlaceOf(const center::Reach& reach) {
  return reach.host + ", port " + std::to_string(reach.port);
}

base::Error Lost(const center::Reach& reach) {
  return Unavailable("connection_lost", "the connection to " + PlaceOf(reach) +
                                            " broke off; it is made again by itself");
}

Instant Soon() { return std::chrono::steady_clock::now() + kPatience; }

/// A connected socket, or none.
class Socket final : public BrokerLine {
 public:
  Socket(int handle, center::Reach reach) : handle_(handle), reach_(std::move(reach)) {}
  ~Socket() override {
    if (handle_ >= 0) close(handle_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  base::Result<std::string> Read(Instant until, const std::stop_token& stop) override;
  base::Status Write(std::string_view bytes) override;
  base::Status FinishConnecting(const std::stop_token& stop) const;
  const center::Reach& reach() const { return reach_; }

 private:
  /// False when nothing happened until then.
  base::Result<bool> WaitFor(short events, Instant until, const std::stop_token& stop) const;

  const int handle_;
  const center::Reach reach_;
};

base::Result<bool> Socket::WaitFor(short events, Instant until, const std::stop_token& stop) const {
  for (;;) {
    if (stop.stop_requested()) return ConnectorStopped();
    const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
    pollfd waiting{handle_, events, 0};
    const auto slice = std::clamp(left, milliseconds(0), kPollSlice);
    const int ready = poll(&waiting, 1, static_cast<int>(slice.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return Lost(reach_);
    if (left <= milliseconds(0)) return false;
  }
}

base::Result<std::string> Socket::Read(Instant until, const std::stop_token& stop) {
  std::string bytes(kChunk, '\0');
  for (;;) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool ready, WaitFor(POLLIN, until, stop));
    if (!ready) return std::string();
    const ssize_t length = recv(handle_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (length > 0) {
      bytes.resize(static_cast<std::size_t>(length));
      return bytes;
    }
    if (length == 0 || (errno != EAGAIN && errno != EINTR)) return Lost(reach_);
  }
}

base::Status Socket::Write(std::string_view bytes) {
  const Instant until = Soon();
  while (!bytes.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool ready, WaitFor(POLLOUT, until, {}));
    if (!ready) return Lost(reach_);
    const ssize_t sent = send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return Lost(reach_);
  }
  return {};
}

base::Status Socket::FinishConnecting(const std::stop_token& stop) const {
  FANSIPAN_ASSIGN_OR_RETURN(const bool ready, WaitFor(POLLOUT, Soon(), stop));
  int fault = 0;
  socklen_t size = sizeof(fault);
  if (ready && getsockopt(handle_, SOL_SOCKET, SO_ERROR, &fault, &size) == 0 && fault == 0) {
    return {};
  }
  return Unavailable("no_connection",
                     PlaceOf(reach_) + " takes no connection; check the line and the firewall");
}

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

/// Of an address as a text, which needs no look-up.
std::optional<SocketAddress> SocketAddressOf(const std::string& text, std::uint16_t port) {
  SocketAddress address;
  sockaddr_in four{};
  sockaddr_in6 six{};
  if (inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    address.size = sizeof(four);
    std::memcpy(&address.bytes, &four, sizeof(four));
  } else if (inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    address.size = sizeof(six);
    std::memcpy(&address.bytes, &six, sizeof(six));
  } else {
    return std::nullopt;
  }
  return address;
}

/// One address that was looked at, and no other.
base::Result<std::unique_ptr<Socket>> ConnectTo(const std::string& text, const center::Reach& reach,
                                                const std::stop_token& stop) {
  const auto address = SocketAddressOf(text, reach.port);
  if (!address) return Unavailable("no_connection", PlaceOf(reach) + " has no usable address");
  const int handle =
      socket(address->bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  auto connected = std::make_unique<Socket>(handle, reach);
  if (handle < 0) return Unavailable("no_connection", "this machine gives no socket");
  const int at_once = 1;
  setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
  const auto* place = reinterpret_cast<const sockaddr*>(&address->bytes);  // NOLINT: the interface
  if (connect(handle, place, address->size) != 0 && errno != EINPROGRESS) {
    return Unavailable("no_connection", PlaceOf(reach) + ": " + std::strerror(errno));
  }
  FANSIPAN_RETURN_IF_ERROR(connected->FinishConnecting(stop));
  return connected;
}

base::Result<std::unique_ptr<Socket>> Connect(const center::Reach& reach,
                                              const std::stop_token& stop) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> addresses,
                            internal::AddressesOf(reach, stop));
  base::Error last = Unavailable("no_connection", PlaceOf(reach) + " has no usable address");
  for (const std::string& address : addresses) {
    auto socket = ConnectTo(address, reach, stop);
    if (socket.ok() || stop.stop_requested()) return socket;
    last = std::move(socket).error();
  }
  return last;
}

/// TLS over a socket. The library works on memory; bytes go in and out by the socket's own reads
/// and writes, which know deadlines and raise no signal.
class TlsLine final : public BrokerLine {
 public:
  TlsLine(std::unique_ptr<Socket> socket, TlsContext context)
      : socket_(std::move(socket)),
        context_(std::move(context)),
        tls_(SSL_new(context_.get()), SSL_free) {}

  base::Status Begin(const std::stop_token& stop);
  base::Result<std::string> Read(Instant until, const std::stop_token& stop) override;
  base::Status Write(std::string_view bytes) override;

 private:
  bool ExpectHost();
  base::Status Flush();
  /// False when nothing came until then.
  base::Result<bool> Fill(Instant until, const std::stop_token& stop);

  const std::unique_ptr<Socket> socket_;
  const TlsContext context_;
  const Tls tls_;
};

/// The certificate must be for the declared name or address.
bool TlsLine::ExpectHost() {
  const std::string& host = socket_->reach().host;
  if (center::ParseAddress(host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_.get()), host.c_str()) == 1;
  }
  return SSL_set_tlsext_host_name(tls_.get(), host.c_str()) == 1 &&
         SSL_set1_host(tls_.get(), host.c_str()) == 1;
}

base::Status TlsLine::Begin(const std::stop_token& stop) {
  BIO* incoming = BIO_new(BIO_s_mem());
  BIO* outgoing = BIO_new(BIO_s_mem());
  if (!tls_ || incoming == nullptr || outgoing == nullptr) {
    BIO_free(incoming);
    BIO_free(outgoing);
    return base::Error{base::ErrorCode::kInternal, "", "the TLS library could not be started"};
  }
  SSL_set_bio(tls_.get(), incoming, outgoing);  // it owns them now
  if (!ExpectHost()) return base::Error{base::ErrorCode::kInternal, "", "no TLS name can be set"};
  const Instant until = Soon();
  for (;;) {
    const int done = SSL_connect(tls_.get());
    const int fault = SSL_get_error(tls_.get(), done);
    FANSIPAN_RETURN_IF_ERROR(Flush());
    if (done == 1) return {};
    if (fault != SSL_ERROR_WANT_READ) break;
    FANSIPAN_ASSIGN_OR_RETURN(const bool came, Fill(until, stop));
    if (!came) return Lost(socket_->reach());
  }
  return Unavailable("certificate_refused",
                     PlaceOf(socket_->reach()) +
                         " shows no certificate that this machine trusts, or none for its name; "
                         "install its authority's certificate");
}

base::Status TlsLine::Flush() {
  std::array<char, kChunk> chunk{};
  for (;;) {
    const int length =
        BIO_read(SSL_get_wbio(tls_.get()), chunk.data(), static_cast<int>(chunk.size()));
    if (length <= 0) return {};
    FANSIPAN_RETURN_IF_ERROR(
        socket_->Write(std::string_view(chunk.data(), static_cast<std::size_t>(length))));
  }
}

base::Result<bool> TlsLine::Fill(Instant until, const std::stop_token& stop) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string bytes, socket_->Read(until, stop));
  if (bytes.empty()) return false;
  const int taken =
      BIO_write(SSL_get_rbio(tls_.get()), bytes.data(), static_cast<int>(bytes.size()));
  if (taken != static_cast<int>(bytes.size())) return Lost(socket_->reach());
  return true;
}

base::Result<std::string> TlsLine::Read(Instant until, const std::stop_token& stop) {
  std::string bytes(kChunk, '\0');
  for (;;) {
    const int length = SSL_read(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (length > 0) {
      bytes.resize(static_cast<std::size_t>(length));
      return bytes;
    }
    const int fault = SSL_get_error(tls_.get(), length);
    FANSIPAN_RETURN_IF_ERROR(Flush());
    if (fault != SSL_ERROR_WANT_READ) return Lost(socket_->reach());
    FANSIPAN_ASSIGN_OR_RETURN(const bool came, Fill(until, stop));
    if (!came) return std::string();
  }
}

base::Status TlsLine::Write(std::string_view bytes) {
  if (bytes.empty()) return {};
  const int written = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (written != static_cast<int>(bytes.size())) return Lost(socket_->reach());
  return Flush();
}

base::Result<TlsContext> MakeTlsContext() {
  TlsContext context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!context || SSL_CTX_set_default_verify_paths(context.get()) != 1 ||
      SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) {
    return base::Error{base::ErrorCode::kInternal, "", "the TLS library could not be started"};
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

}  // namespace

base::Result<std::unique_ptr<BrokerLine>> OpenBrokerLine(const center::Reach& reach, bool tls,
                                                         const std::stop_token& stop) {
  FANSIPAN_ASSIGN_OR_RETURN(auto socket, Connect(reach, stop));
  if (!tls) return std::unique_ptr<BrokerLine>(std::move(socket));
  FANSIPAN_ASSIGN_OR_RETURN(auto context, MakeTlsContext());
  auto line = std::make_unique<TlsLine>(std::move(socket), std::move(context));
  FANSIPAN_RETURN_IF_ERROR(line->Begin(stop));
  return std::unique_ptr<BrokerLine>(std::move(line));
}

}  // namespace fansipan::sources::mqtt
