#include "simulation/message_publisher.h"

#include <MQTTClient.h>
#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <utility>

namespace fansipan::simulation {
namespace {

constexpr int kConnectSeconds = 10;
constexpr std::chrono::seconds kConfirmation{10};
constexpr int kAtLeastOnce = 1;
constexpr int kLeaveMilliseconds = 1'000;
// Answers to the attempt to connect, MQTT 3.1.1, table 3.1.
constexpr int kBadUser = 4;
constexpr int kNotAuthorised = 5;

class PahoPublisher final : public MessagePublisher {
 public:
  /// The library's own wait for a confirmation looks every tenth of a second; this one is told.
  PahoPublisher(MQTTClient client, BrokerAccess access)
      : client_(client), access_(std::move(access)) {
    MQTTClient_setCallbacks(client_, this, nullptr, Ignore, NoteConfirmed);
  }
  ~PahoPublisher() override {
    MQTTClient_disconnect(client_, kLeaveMilliseconds);
    MQTTClient_destroy(&client_);
  }
  PahoPublisher(const PahoPublisher&) = delete;
  PahoPublisher& operator=(const PahoPublisher&) = delete;

  base::Status Publish(const SensorMessage& message) override {
    if (MQTTClient_isConnected(client_) == 0) FANSIPAN_RETURN_IF_ERROR(Connect());
    MQTTClient_deliveryToken token = 0;
    const int code =
        MQTTClient_publish(client_, message.topic.c_str(), static_cast<int>(message.payload.size()),
                           message.payload.data(), kAtLeastOnce, 0, &token);
    if (code == MQTTCLIENT_SUCCESS && WaitUntilConfirmed(token)) return {};
    MQTTClient_disconnect(client_, 0);
    return base::Error{
        base::ErrorCode::kUnavailable, "no_confirmation",
        fmt::format("the broker at {} did not confirm a message (code {})", access_.url, code)};
  }

 private:
  static int Ignore(void* /*publisher*/, char* topic, int /*length*/, MQTTClient_message* message) {
    MQTTClient_freeMessage(&message);
    MQTTClient_free(topic);
    return 1;
  }
  static void NoteConfirmed(void* publisher, MQTTClient_deliveryToken token) {
    auto& self = *static_cast<PahoPublisher*>(publisher);
    const std::lock_guard lock(self.mutex_);
    self.confirmed_.insert(token);
    self.told_.notify_all();
  }

  bool WaitUntilConfirmed(MQTTClient_deliveryToken token) {
    std::unique_lock lock(mutex_);
    const bool confirmed =
        told_.wait_for(lock, kConfirmation, [&] { return confirmed_.contains(token); });
    confirmed_.clear();
    return confirmed;
  }

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
  std::mutex mutex_;
  std::condition_variable told_;
  std::set<MQTTClient_deliveryToken> confirmed_;  ///< guarded by mutex_
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
