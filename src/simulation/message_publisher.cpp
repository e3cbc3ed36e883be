#include "simulation/message_publisher.h"

#include <MQTTClient.h>
#include <fmt/format.h>

#include <utility>

namespace fansipan::simulation {
namespace {

constexpr int kConnectSeconds = 10;
constexpr unsigned long kConfirmMilliseconds = 10'000;
constexpr int kAtLeastOnce = 1;
constexpr int kLeaveMilliseconds = 1'000;
// Answers to the attempt to connect, MQTT 3.1.1, table 3.1.
constexpr int kBadUser = 4;
constexpr int kNotAuthorised = 5;

class PahoPublisher final : public MessagePublisher {
 public:
  PahoPublisher(MQTTClient client, BrokerAccess access)
      : client_(client), access_(std::move(access)) {}
  ~PahoPublisher() override {
    MQTTClient_disconnect(client_, kLeaveMilliseconds);
    MQTTClient_destroy(&client_);
  }
  PahoPublisher(const PahoPublisher&) = delete;
  PahoPublisher& operator=(const PahoPublisher&) = delete;

  base::Status Publish(const SensorMessage& message) override {
    if (MQTTClient_isConnected(client_) == 0) FANSIPAN_RETURN_IF_ERROR(Connect());
    MQTTClient_deliveryToken token = 0;
    int code = MQTTClient_publish(client_, message.topic.c_str(),
                                  static_cast<int>(message.payload.size()), message.payload.data(),
                                  kAtLeastOnce, 0, &token);
    if (code == MQTTCLIENT_SUCCESS) {
      code = MQTTClient_waitForCompletion(client_, token, kConfirmMilliseconds);
    }
    if (code == MQTTCLIENT_SUCCESS) return {};
    MQTTClient_disconnect(client_, 0);
    return base::Error{base::ErrorCode::kUnavailable, "no_confirmation",
                       fmt::format("the broker at {} did not confirm a message (code {})",
                                   access_.url, code)};
  }

 private:
  base::Status Connect() {
    MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
    options.cleansession = 1;
    options.connectTimeout = kConnectSeconds;
    options.MQTTVersion = MQTTVERSION_3_1_1;
    if (!access_.user.empty()) {
      options.username = access_.user.c_str();
      options.password = access_.password.c_str();
    }
    const int code = MQTTClient_connect(client_, &options);
    if (code == MQTTCLIENT_SUCCESS) return {};
    if (code == kBadUser || code == kNotAuthorised) {
      return base::Error{base::ErrorCode::kUnauthenticated, "sign_in_refused",
                         "the broker at " + access_.url +
                             " refuses the sign-in; check --user and --password-file"};
    }
    return base::Error{
        base::ErrorCode::kUnavailable, "no_connection",
        fmt::format("the broker at {} takes no connection (code {})", access_.url, code)};
  }

  MQTTClient client_;
  const BrokerAccess access_;
};

}  // namespace

base::Result<std::unique_ptr<MessagePublisher>> OpenMessagePublisher(const BrokerAccess& access) {
  const std::string address = "tcp" + access.url.substr(access.url.find(':'));
  MQTTClient client = nullptr;
  const int code = MQTTClient_create(&client, address.c_str(), access.client_id.c_str(),
                                     MQTTCLIENT_PERSISTENCE_NONE, nullptr);
  if (code != MQTTCLIENT_SUCCESS) {
    return base::Error{base::ErrorCode::kInvalidArgument, "wrong_option",
                       fmt::format("--url {}: no address of a broker (code {})", access.url, code)};
  }
  return std::unique_ptr<MessagePublisher>(std::make_unique<PahoPublisher>(client, access));
}

}  // namespace fansipan::simulation
