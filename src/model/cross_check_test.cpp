#include "model/cross_check.h"

#include <gtest/gtest.h>

namespace fansipan::model {
namespace {

Decimal Number(std::string_view text) { return *Decimal::Parse(text); }

Comparison Judged(const Tolerance& tolerance, std::string_view value, std::string_view other,
                  ComparedNumbers numbers = {}) {
  Comparison comparison;
  comparison.value = Number(value);
  comparison.other = Number(other);
  Judge(tolerance, numbers, comparison);
  return comparison;
}

TEST(CrossCheck, WithoutToleranceOnlyEqualNumbersAgree) {
  EXPECT_EQ(Judged({}, "10.0", "10").agreement, Agreement::kAgrees);
  EXPECT_EQ(Judged({}, "10.0", "10.1").agreement, Agreement::kContradicts);
  EXPECT_EQ(Judged({}, "10.0", "10.1").difference, Number("-0.1"));
}

TEST(CrossCheck, AnAbsoluteToleranceIncludesItsLimit) {
  const Tolerance tolerance{Number("0.5"), std::nullopt, false};
  EXPECT_EQ(Judged(tolerance, "10", "10.5").agreement, Agreement::kAgrees);
  EXPECT_EQ(Judged(tolerance, "10", "9.49").agreement, Agreement::kContradicts);
}

TEST(CrossCheck, PercentIsOfTheCheckedValuesMagnitude) {
  const Tolerance tolerance{std::nullopt, Number("1"), false};
  EXPECT_EQ(Judged(tolerance, "-200", "-202").agreement, Agreement::kAgrees);
  EXPECT_EQ(Judged(tolerance, "200", "197.9").agreement, Agreement::kContradicts);
  EXPECT_EQ(Judged(tolerance, "0", "0.1").agreement, Agreement::kContradicts);
}

TEST(CrossCheck, RoundingIsHalfOfTheLastPlaceForEachNumber) {
  const Tolerance tolerance{std::nullopt, std::nullopt, true};
  // Eleven provinces and their region, shown with one decimal.
  EXPECT_EQ(Judged(tolerance, "100.0", "100.6", {12, 1}).agreement, Agreement::kAgrees);
  EXPECT_EQ(Judged(tolerance, "100.0", "100.7", {12, 1}).agreement, Agreement::kContradicts);
  EXPECT_EQ(Judged(tolerance, "100", "106", {12, 0}).allowed, Number("6"));
}

TEST(CrossCheck, TheWidestToleranceHolds) {
  const Tolerance tolerance{Number("2"), Number("1"), true};
  EXPECT_EQ(Judged(tolerance, "100", "102").allowed, Number("2"));
  EXPECT_EQ(Judged(tolerance, "500", "505").allowed, Number("5"));
}

TEST(CrossCheck, WhatIsNotKnownContradictsNothing) {
  Comparison comparison;
  comparison.value = Number("1");
  Judge({}, {}, comparison);
  EXPECT_EQ(comparison.agreement, Agreement::kNotComparable);
  EXPECT_EQ(comparison.reason, "no_other_value");
}

}  // namespace
}  // namespace fansipan::model
