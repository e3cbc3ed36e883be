#include "simulation/faults.h"

#include <gtest/gtest.h>

namespace fansipan::simulation {
namespace {

TEST(Faults, AreSetByNameAndShare) {
  FaultRates rates;
  EXPECT_TRUE(SetFault("late=0.25", rates).ok());
  EXPECT_TRUE(SetFault("truncated=1", rates).ok());
  EXPECT_EQ(rates.Of(Fault::kLate), 0.25);
  EXPECT_EQ(rates.Of(Fault::kTruncated), 1.0);
  EXPECT_EQ(rates.Of(Fault::kSilent), 0.0);
}

TEST(Faults, WhatIsNoShareOfAFaultIsRefused) {
  FaultRates rates;
  for (const auto* text :
       {"", "late", "late=", "late=x", "late=2", "late=-1", "late=nan", "soon=0.1", "late=0.1x"}) {
    EXPECT_FALSE(SetFault(text, rates).ok()) << text;
  }
  EXPECT_EQ(rates.Of(Fault::kLate), 0.0);
}

}  // namespace
}  // namespace fansipan::simulation
