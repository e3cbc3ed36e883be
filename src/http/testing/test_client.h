#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace fansipan::http::testing {

/// One answer as it came.
struct Answer {
  int status = 0;                             ///< 0: the connection ended before an answer
  std::map<std::string, std::string> fields;  ///< lower-case names
  std::string body;
};

/// A peer that sends any bytes, on a plain socket. Reading gives up after 30 s.
class TestClient {
 public:
  /// `receive_buffer`: bytes the kernel may hold for a peer that does not read; 0: as usual.
  explicit TestClient(std::uint16_t port, int receive_buffer = 0);
  explicit TestClient(const std::string& socket_path);
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  /// False when the peer does not take more.
  bool Send(std::string_view bytes);
  Answer Read(bool without_body = false);
  /// A whole request; `fields` are lines that end with CRLF.
  Answer Ask(std::string_view method, std::string_view target, std::string_view fields = "",
             std::string_view body = "");
  /// The next event of a stream, "" at its end. Its head must have been read.
  std::string ReadEvent();
  /// Only status line and fields.
  Answer ReadHead();
  /// True when the peer closes within the time for reading.
  bool IsClosedByPeer();

 private:
  bool Fill();
  std::string TakeUntil(std::string_view end);

  int socket_ = -1;
  std::string buffer_;
};

}  // namespace fansipan::http::testing
