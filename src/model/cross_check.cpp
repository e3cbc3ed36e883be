#include "model/cross_check.h"

#include <algorithm>

namespace fansipan::model {
namespace {

constexpr std::int64_t kPercent = 100;

Decimal Magnitude(const Decimal& value) {
  return value.unscaled() < 0 ? Decimal(-value.unscaled(), value.scale()) : value;
}

/// Half a unit of the last shown decimal, so many times.
std::optional<Decimal> RoundingOf(const ComparedNumbers& numbers) {
  return Multiply(Decimal(5, numbers.decimals + 1),
                  Decimal::FromInteger(static_cast<std::int64_t>(numbers.count)));
}

}  // namespace

std::string_view NameOf(Agreement agreement) {
  switch (agreement) {
    case Agreement::kAgrees:
      return "agrees";
    case Agreement::kContradicts:
      return "contradicts";
    case Agreement::kNotComparable:
      return "not_comparable";
  }
  return "";
}

std::optional<Decimal> AllowedBy(const Tolerance& tolerance, const Decimal& value,
                                 const ComparedNumbers& numbers) {
  Decimal allowed = tolerance.absolute.value_or(Decimal());
  if (tolerance.percent) {
    const auto product = Multiply(Magnitude(value), *tolerance.percent);
    const auto share = product
                           ? Divide(*product, Decimal::FromInteger(kPercent), Decimal::kMaxScale)
                           : std::nullopt;
    if (!share) return std::nullopt;
    allowed = std::max(allowed, *share);
  }
  if (tolerance.rounding) {
    const auto rounding = RoundingOf(numbers);
    if (!rounding) return std::nullopt;
    allowed = std::max(allowed, *rounding);
  }
  return allowed.Normalized();
}

void Judge(const Tolerance& tolerance, const ComparedNumbers& numbers, Comparison& comparison) {
  const auto cannot = [&](std::string_view reason) {
    comparison.agreement = Agreement::kNotComparable;
    comparison.reason = reason;
  };
  if (!comparison.value) return cannot("no_value");
  if (!comparison.other) return cannot("no_other_value");
  comparison.difference = Subtract(*comparison.value, *comparison.other);
  comparison.allowed = AllowedBy(tolerance, *comparison.value, numbers);
  if (!comparison.difference || !comparison.allowed) return cannot("overflow");
  comparison.difference = comparison.difference->Normalized();
  comparison.agreement = Magnitude(*comparison.difference) <= *comparison.allowed
                             ? Agreement::kAgrees
                             : Agreement::kContradicts;
}

}  // namespace fansipan::model
