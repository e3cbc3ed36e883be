#include "indicators/source_log.h"

#include <gtest/gtest.h>

#include <chrono>

namespace fansipan::indicators {
namespace {

using std::chrono_literals::operator""h;

constexpr base::Timestamp kStart{std::chrono::seconds(1'767'225'600)};
constexpr model::Date kEnded{std::chrono::days(20'270)};

model::Delivery Delivered(std::uint64_t sequence, std::uint64_t old_rows = 0) {
  model::Delivery delivery;
  delivery.sequence = {sequence};
  delivery.source = "desk";
  delivery.outcome = "accepted";
  delivery.received_at = kStart + std::chrono::hours(sequence);
  if (old_rows > 0) delivery.old_codes = model::OldCodes{old_rows, kEnded};
  return delivery;
}

/// Read again later, by a mapping that leaves so many old codes.
model::Delivery Replay(const model::Delivery& original, std::uint64_t sequence,
                       std::uint64_t old_rows = 0) {
  model::Delivery delivery = Delivered(sequence, old_rows);
  delivery.received_at = original.received_at;
  delivery.replay_of = original.sequence;
  return delivery;
}

TEST(SourceLog, AReplayByAMendedMappingEndsOldCodesAtOnce) {
  SourceLog log;
  const model::Delivery first = Delivered(1, 5);
  log.AddDelivery(first, kStart + 1h);
  ASSERT_TRUE(log.OldCodesAt("desk", kStart + 1h));
  log.AddDelivery(Replay(first, 2), kStart + 3h);
  EXPECT_FALSE(log.OldCodesAt("desk", kStart + 3h));
  EXPECT_TRUE(log.OldCodesAt("desk", kStart + 2h)) << "then they were there";
}

TEST(SourceLog, OldCodesOfOtherDeliveriesStay) {
  SourceLog log;
  const model::Delivery first = Delivered(1, 5);
  const model::Delivery second = Delivered(2, 7);
  log.AddDelivery(first, kStart + 1h);
  log.AddDelivery(second, kStart + 2h);
  log.AddDelivery(Replay(first, 3), kStart + 3h);
  EXPECT_EQ(log.OldCodesAt("desk", kStart + 3h).value().delivery, second.sequence);
  log.AddDelivery(Replay(second, 4, 1), kStart + 4h);
  const auto left = log.OldCodesAt("desk", kStart + 4h);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->delivery, second.sequence) << "the original one";
  EXPECT_EQ(left->codes.rows, 1U);
  log.AddDelivery(Delivered(5), kStart + 5h);
  EXPECT_TRUE(log.OldCodesAt("desk", kStart + 5h)) << "one without says nothing of those before";
  log.AddDelivery(Replay(second, 6), kStart + 6h);
  EXPECT_FALSE(log.OldCodesAt("desk", kStart + 6h));
}

}  // namespace
}  // namespace fansipan::indicators
