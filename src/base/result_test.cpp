#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace fansipan::base {
namespace {

Result<int> Halve(int number) {
  if (number % 2 != 0) return Error{ErrorCode::kInvalidArgument, "odd", "cannot halve"};
  return number / 2;
}

Result<int> Quarter(int number) {
  FANSIPAN_ASSIGN_OR_RETURN(const int half, Halve(number));
  FANSIPAN_ASSIGN_OR_RETURN(int quarter, Halve(half));
  return quarter;
}

Status CheckQuarter(int number) {
  FANSIPAN_RETURN_IF_ERROR(Quarter(number));
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> good = Halve(4);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*good, 2);
  const Result<int> bad = Halve(3);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(bad.error().reason, "odd");
}

TEST(Result, ReturnsTheFirstErrorToTheCaller) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(Quarter(6).error().reason, "odd");
  EXPECT_TRUE(CheckQuarter(8).ok());
  EXPECT_EQ(CheckQuarter(6).error().reason, "odd");
}

TEST(Result, GivesAwayAValueThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 5);
}

TEST(Error, KeepsItsCodeAndReasonWhenAnnotated) {
  const Error error = Annotate(Halve(3).error(), "row 7");
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error.reason, "odd");
  EXPECT_EQ(error.message, "row 7: cannot halve");
}

TEST(ErrorCode, HasANameOfItsOwnForEachCode) {
  std::set<std::string_view> names;
  const int last = static_cast<int>(ErrorCode::kInternal);
  for (int code = 0; code <= last; ++code) names.insert(NameOf(static_cast<ErrorCode>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_EQ(NameOf(ErrorCode::kStorageFull), "storage_full");
}

}  // namespace
}  // namespace fansipan::base
