#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/time_zone.h"
#include "model/unit.h"
#include "store/fact_store.h"

namespace fansipan::indicators {

/// Which unit a raw place code means on a day. A code that is not valid on the day means what it
/// means on the nearest later day on which it is, or failing that, the nearest earlier one: a
/// record dated shortly before its unit was founded is not lost. Immutable; safe from any thread.
class PlaceResolver {
 public:
  PlaceResolver(const model::UnitTree& tree, std::string_view code_system);

  /// Nothing when the code is not known on any day.
  std::optional<model::UnitId> Resolve(std::string_view code, model::Date day) const;
  /// The codes, and when, that mean `unit` or a unit below it.
  std::vector<store::CodeSpan> SpansWithin(model::UnitId unit, const base::TimeZone& zone) const;
  /// The same of some units, by id, without those below them.
  std::vector<store::CodeSpan> SpansOf(const std::vector<bool>& units,
                                       const base::TimeZone& zone) const;

 private:
  struct Span {
    std::optional<model::Date> from;   ///< nothing: since ever
    std::optional<model::Date> until;  ///< excluded; nothing: for ever
    model::UnitId unit;
  };

  const model::UnitTree* tree_;
  std::unordered_map<std::string, std::vector<Span>, base::TextHash, std::equal_to<>> spans_;
};

}  // namespace fansipan::indicators
