#include "live/event.h"

#include <cassert>
#include <charconv>

namespace fansipan::live {
namespace {

template <typename Number>
std::optional<Number> ParseNumber(std::string_view digits) {
  Number number = 0;
  if (digits.empty() || digits.front() == '-' || digits.front() == '+') return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string ToText(const StateId& id) {
  return std::to_string(id.sequence) + "." + std::to_string(id.tick);
}

std::optional<StateId> ParseStateId(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return std::nullopt;
  const auto sequence = ParseNumber<std::uint64_t>(text.substr(0, point));
  const auto tick = ParseNumber<std::int64_t>(text.substr(point + 1));
  if (!sequence || !tick) return std::nullopt;
  return StateId{*sequence, *tick};
}

std::string EncodeEvent(std::string_view name, const std::optional<StateId>& id,
                        std::string_view data) {
  assert(data.find_first_of("\r\n") == std::string_view::npos);
  std::string text;
  text.reserve(data.size() + name.size() + 64);
  text.append("event: ").append(name).append("\n");
  if (id) text.append("id: ").append(ToText(*id)).append("\n");
  text.append("data: ").append(data).append("\n\n");
  return text;
}

std::string EncodeRetry(std::uint64_t stream) {
  constexpr std::uint64_t kLeast = 1'000;
  constexpr std::uint64_t kSpread = 9'000;
  // Streams that follow each other differ by the golden section of the spread: any number of them
  // lie even.
  constexpr std::uint64_t kStep = 5'563;
  return "retry: " + std::to_string(kLeast + stream % kSpread * kStep % kSpread) + "\n\n";
}

}  // namespace fansipan::live
