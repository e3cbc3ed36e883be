#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace fansipan::indicators::internal {

/// A hash table from keys that lie elsewhere to their record's number: eight bytes a place, probed
/// in line. The caller compares keys. One thread.
class KeyTable {
 public:
  /// The record whose hash is `hash` and for which `is_same` says so.
  template <typename IsSame>
  std::optional<std::uint32_t> Find(std::uint32_t hash, IsSame is_same) const {
    if (places_.empty()) return std::nullopt;
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      const Place& place = places_[at];
      if (place.record == kNone) return std::nullopt;
      if (place.hash == hash && is_same(place.record)) return place.record;
    }
  }
  /// `record` must not be there yet.
  void Add(std::uint32_t hash, std::uint32_t record) {
    if ((size_ + 1) * 4 > places_.size() * 3) Grow();
    ++size_;
    Put({hash, record});
  }
  void Remove(std::uint32_t hash, std::uint32_t record) {
    std::size_t gap = hash & mask();
    while (places_[gap].record != record) gap = (gap + 1) & mask();
    places_[gap] = {};
    --size_;
    // What stood behind the gap because of it moves up.
    for (std::size_t at = (gap + 1) & mask(); places_[at].record != kNone; at = (at + 1) & mask()) {
      const Place moved = std::exchange(places_[at], {});
      Put(moved);
    }
  }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Place {
    std::uint32_t hash = 0;
    std::uint32_t record = kNone;
  };

  std::size_t mask() const { return places_.size() - 1; }
  void Put(const Place& place) {
    std::size_t at = place.hash & mask();
    while (places_[at].record != kNone) at = (at + 1) & mask();
    places_[at] = place;
  }
  void Grow() {
    constexpr std::size_t kFirst = 16;
    const auto old =
        std::exchange(places_, std::vector<Place>(places_.empty() ? kFirst : places_.size() * 2));
    for (const Place& place : old) {
      if (place.record != kNone) Put(place);
    }
  }

  std::vector<Place> places_;  ///< a power of two
  std::size_t size_ = 0;
};

}  // namespace fansipan::indicators::internal
