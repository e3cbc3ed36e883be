#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/decimal.h"
#include "model/period.h"
#include "model/text.h"
#include "model/unit.h"

namespace fansipan::model {

/// By how much two statements of one quantity may differ. The widest of what is declared holds;
/// without any, they must be equal.
struct Tolerance {
  std::optional<Decimal> absolute;
  std::optional<Decimal> percent;  ///< of the checked value's magnitude
  bool rounding = false;           ///< half a unit of the last shown decimal for each number
};

/// What the sum of parts means when one of them is not known.
enum class MissingParts {
  kNotComparable,  ///< then nothing can be said
  kNothing         ///< the source leaves out parts that have none of it
};

/// A declaration that one quantity is known twice, and by how much the two may differ.
struct CrossCheck {
  enum class Kind {
    kParts,  ///< a node's value against the sum of its parts' values
    kPair    ///< an indicator against another one, at every node
  };
  std::string name;
  LocalizedText title;
  std::string system;
  Kind kind = Kind::kParts;
  std::string indicator;  ///< kParts: the one that is added; kPair: the checked one
  std::string against;    ///< kPair: the other one
  std::string grouping;   ///< kParts: groups that have a unit of their own; empty: the units below
  MissingParts missing = MissingParts::kNotComparable;
  std::size_t at_least = 1;  ///< kParts: so many parts with a value make a sum
  Tolerance tolerance;
};

enum class Agreement { kAgrees, kContradicts, kNotComparable };
std::string_view NameOf(Agreement agreement);  ///< agrees, contradicts, not_comparable

/// One check at one node and period.
struct Comparison {
  std::string check;
  TreeKind tree = TreeKind::kTerritory;
  UnitId unit;  ///< the whole, or the node of both
  Period period;
  Agreement agreement = Agreement::kNotComparable;
  std::string reason;  ///< kNotComparable: no_value, no_other_value, parts_missing, too_few_parts,
                       ///< overflow
  std::optional<Decimal> value;       ///< of the checked indicator
  std::optional<Decimal> other;       ///< the sum of the parts, or the other indicator's value
  std::optional<Decimal> difference;  ///< value less other
  std::optional<Decimal> allowed;     ///< by the tolerance
  std::size_t parts = 0;              ///< that were added
  std::vector<UnitId> missing;        ///< parts without a value
};

/// The numbers that a comparison's two sides are made of, and the decimals each is shown with.
struct ComparedNumbers {
  std::size_t count = 2;
  int decimals = 0;
};

/// What the tolerance allows between `value` and the other side. Nothing: it does not fit into a
/// decimal.
std::optional<Decimal> AllowedBy(const Tolerance& tolerance, const Decimal& value,
                                 const ComparedNumbers& numbers);

/// Fills in agreement, difference and what is allowed from value and other.
void Judge(const Tolerance& tolerance, const ComparedNumbers& numbers, Comparison& comparison);

}  // namespace fansipan::model
