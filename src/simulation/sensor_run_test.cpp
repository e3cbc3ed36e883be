#include "simulation/sensor_run.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "simulation/testing/passing_waiter.h"

namespace fansipan::simulation {
namespace {

using std::chrono::seconds;

constexpr base::Timestamp kStart{seconds(1'000'000)};

/// Takes messages, but for those whose turn fails.
class ListPublisher final : public MessagePublisher {
 public:
  ListPublisher(std::vector<SensorMessage>& taken, int& failures)
      : taken_(taken), failures_(failures) {}
  base::Status Publish(const SensorMessage& message) override {
    if (failures_ > 0) {
      --failures_;
      return base::Error{base::ErrorCode::kUnavailable, "no_connection", "no broker"};
    }
    taken_.push_back(message);
    return {};
  }

 private:
  std::vector<SensorMessage>& taken_;
  int& failures_;
};

class SensorRunTest : public ::testing::Test {
 protected:
  SensorRunTest() {
    options_.center_folder = FANSIPAN_SAMPLE_CENTER;
    options_.network.stations = 3;
    options_.duration = seconds(60);
  }
  base::Status Run() {
    base::PosixFileSystem files;
    const SensorWorld world{files, clock_, waiter_, [this](const BrokerAccess&) {
                              return base::Result<std::unique_ptr<MessagePublisher>>(
                                  std::make_unique<ListPublisher>(taken_, failures_));
                            }};
    return RunSensorNetwork(options_, world, std::stop_token());
  }

  base::VirtualClock clock_{kStart};
  PassingWaiter waiter_{clock_};
  SensorRunOptions options_;
  std::vector<SensorMessage> taken_;
  int failures_ = 0;
};

TEST_F(SensorRunTest, SendsARoundAtEachInterval) {
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(taken_.size(), 6U * 5) << "six rounds of five readings in a minute";
  EXPECT_EQ(clock_.Now(), kStart + seconds(60));
}

TEST_F(SensorRunTest, SendsTheHistoryFirstWithoutWaiting) {
  options_.history = seconds(600);
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(taken_.size(), 66U * 5);
  EXPECT_EQ(waiter_.waits().size(), 6U);
}

TEST_F(SensorRunTest, ABrokerThatIsAwayLosesNoMessage) {
  failures_ = 3;
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(taken_.size(), 6U * 5);
  ASSERT_GE(waiter_.waits().size(), 3U);
  EXPECT_EQ(waiter_.waits()[2], base::Duration(seconds(4)));
}

TEST_F(SensorRunTest, OnlyThisMachineUnlessAllowed) {
  options_.broker.url = "mqtt://broker.example.vn:1883";
  const base::Status refused = Run();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "wrong_option");
  EXPECT_TRUE(taken_.empty());
  options_.allow_remote = true;
  EXPECT_TRUE(Run().ok());
}

TEST_F(SensorRunTest, OptionsAreRefusedOutsideTheirLimits) {
  const auto is_refused = [this](auto change) {
    SensorRunOptions options = options_;
    change(options);
    return !CheckSensorOptions(options).ok();
  };
  EXPECT_FALSE(is_refused([](auto&) {}));
  EXPECT_TRUE(is_refused([](auto& options) { options.network.stations = 0; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.network.interval = seconds(0); }));
  EXPECT_TRUE(is_refused([](auto& options) { options.network.faults.late = 1.5; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.network.faults.silent = 4; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.broker.url = "http://127.0.0.1"; }));
  EXPECT_TRUE(is_refused([](auto& options) { options.broker.url = "mqtt://u:p@127.0.0.1"; }));
}

}  // namespace
}  // namespace fansipan::simulation
