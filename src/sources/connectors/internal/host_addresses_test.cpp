#include "sources/connectors/internal/host_addresses.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace fansipan::sources::internal {
namespace {

using std::chrono_literals::operator""s;
using Texts = std::vector<std::string>;

const center::Reach kPrivate{"db.example.vn", 5432, center::Network::kPrivate};

/// A name server that says nothing until it is released.
struct Silence {
  std::promise<void> asked;
  std::promise<void> release;
  std::shared_future<void> released{release.get_future().share()};

  NameService service() {
    return [this, until = released](const std::string&) {
      asked.set_value();
      until.wait();
      return Texts{"10.0.0.1"};
    };
  }
};

TEST(HostAddresses, AStopDoesNotWaitForTheNameServer) {
  Silence silence;
  std::stop_source stop;
  std::promise<base::Result<Texts>> result;
  std::jthread asking(
      [&] { result.set_value(AddressesOf(kPrivate, stop.get_token(), silence.service())); });
  silence.asked.get_future().wait();
  auto ended = result.get_future();
  stop.request_stop();
  // Before the name server says anything.
  ASSERT_EQ(ended.wait_for(10s), std::future_status::ready);
  const auto addresses = ended.get();
  ASSERT_FALSE(addresses.ok());
  EXPECT_EQ(addresses.error().reason, "connector_stopped");
  silence.release.set_value();
}

TEST(HostAddresses, ThoseOfOtherNetworksAreLeftOut) {
  const auto addresses = AddressesOf(kPrivate, {}, [](const std::string&) {
    return Texts{"8.8.8.8", "10.0.0.2", "127.0.0.1", "10.0.0.2", "10.0.0.3"};
  });
  ASSERT_TRUE(addresses.ok());
  EXPECT_EQ(*addresses, (Texts{"10.0.0.2", "10.0.0.3"}));
  const auto outside =
      AddressesOf(kPrivate, {}, [](const std::string&) { return Texts{"127.0.0.1"}; });
  ASSERT_FALSE(outside.ok());
  EXPECT_EQ(outside.error().reason, "address_not_allowed");
}

TEST(HostAddresses, ANameThatNobodyKnowsIsTold) {
  const auto addresses = AddressesOf(kPrivate, {}, [](const std::string&) { return Texts{}; });
  ASSERT_FALSE(addresses.ok());
  EXPECT_EQ(addresses.error().reason, "host_unknown");
}

TEST(HostAddresses, AnAddressIsNotLookedUp) {
  const auto never = [](const std::string&) {
    ADD_FAILURE();
    return Texts{};
  };
  const auto addresses = AddressesOf({"127.0.0.1", 1883, center::Network::kLoopback}, {}, never);
  ASSERT_TRUE(addresses.ok());
  EXPECT_EQ(*addresses, Texts{"127.0.0.1"});
}

TEST(HostAddresses, TheMachineKnowsItself) {
  EXPECT_TRUE(AddressesOf({"localhost", 1883, center::Network::kLoopback}, {}).ok());
}

}  // namespace
}  // namespace fansipan::sources::internal
