#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace fansipan::base {

/// A number that cannot be mistaken for another kind of number. `Tag` is an empty type.
template <typename Tag, typename Number = std::uint64_t>
struct StrongId {
  Number value = 0;
  auto operator<=>(const StrongId&) const = default;
};

}  // namespace fansipan::base

template <typename Tag, typename Number>
struct std::hash<fansipan::base::StrongId<Tag, Number>> {
  std::size_t operator()(const fansipan::base::StrongId<Tag, Number>& id) const noexcept {
    return std::hash<Number>{}(id.value);
  }
};
