#include "simulation/loopback_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>

namespace fansipan::simulation {
namespace {

/// A connection that sends bytes and takes what comes until the other end closes it.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Send(const std::string& bytes) const {
    send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  std::string Rest() const {
    std::string all;
    char bytes[4096];
    for (ssize_t got = recv(socket_, bytes, sizeof(bytes), 0); got > 0;
         got = recv(socket_, bytes, sizeof(bytes), 0)) {
      all.append(bytes, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  int socket_;
};

std::unique_ptr<LoopbackServer> Serve(LoopbackServer::Answering answering) {
  auto server = LoopbackServer::Start({.max_body = 100}, std::move(answering));
  EXPECT_TRUE(server.ok());
  return server.ok() ? *std::move(server) : nullptr;
}

TEST(LoopbackServer, ReadsTargetHeadersAndBody) {
  const auto request =
      ParseHead("POST /a/b%2Fc%20d/?q=x%26y+z&e HTTP/1.1\r\nX-One:  two \r\nHost: h\r\n\r\n");
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->method, "POST");
  EXPECT_EQ(request->path, (std::vector<std::string>{"a", "b/c d"}));
  EXPECT_EQ(request->Query("q"), "x&y z");
  EXPECT_EQ(request->Header("x-one"), "two");
  EXPECT_EQ(DecodePercent("%4"), "%4");
  EXPECT_EQ(DecodePercent("%zz%41"), "%zzA");
  for (const auto* head : {"", "GET\r\n\r\n", "GET a HTTP/1.1\r\n\r\n", "GET / FTP/1.1\r\n\r\n"}) {
    EXPECT_FALSE(ParseHead(head).has_value()) << head;
  }
}

TEST(LoopbackServer, AnswersOneRequestAfterAnotherOnAConnection) {
  const auto server = Serve([](const ServedRequest& request) {
    return ServedAnswer{.body = request.method + " " + request.body};
  });
  const Client client(server->port());
  client.Send("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\noneGET / HTTP/1.1\r\n");
  client.Send("Connection: close\r\n\r\n");
  const std::string all = client.Rest();
  EXPECT_NE(all.find("POST one"), std::string::npos) << all;
  EXPECT_TRUE(all.ends_with("GET ")) << all;
}

TEST(LoopbackServer, CutsAnAnswerShortOfTheLengthItAnnounced) {
  const auto server =
      Serve([](const ServedRequest&) { return ServedAnswer{.body = "0123456789", .cut_at = 4}; });
  const Client client(server->port());
  client.Send("GET / HTTP/1.1\r\n\r\n");
  const std::string all = client.Rest();
  EXPECT_NE(all.find("Content-Length: 10\r\n"), std::string::npos) << all;
  EXPECT_TRUE(all.ends_with("\r\n\r\n0123")) << all;
}

TEST(LoopbackServer, TakesNoMoreThanItsLimit) {
  std::atomic<int> asked = 0;
  const auto server = Serve([&](const ServedRequest&) {
    ++asked;
    return ServedAnswer{};
  });
  const Client large(server->port());
  large.Send("POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n");
  EXPECT_TRUE(large.Rest().starts_with("HTTP/1.1 413 "));
  const Client endless(server->port());
  endless.Send("GET /" + std::string(40'000, 'x'));
  EXPECT_EQ(endless.Rest(), "");
  EXPECT_EQ(asked, 0);
}

TEST(LoopbackServer, ASilentAnswerEndsWithTheServer) {
  auto server = Serve([](const ServedRequest&) { return ServedAnswer{.silent = true}; });
  const Client client(server->port());
  client.Send("GET / HTTP/1.1\r\n\r\n");
  server.reset();
  EXPECT_EQ(client.Rest(), "");
}

}  // namespace
}  // namespace fansipan::simulation
