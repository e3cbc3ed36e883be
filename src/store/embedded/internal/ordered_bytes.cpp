#include "store/embedded/internal/ordered_bytes.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <variant>

#include "base/checksum.h"

namespace fansipan::store::internal {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

void AppendSigned(std::int64_t number, std::string& bytes) {
  AppendOrdered(static_cast<std::uint64_t>(number) ^ kSignBit, bytes);
}

/// A zero byte inside the text becomes 00 FF; 00 00 ends it, below every continuation.
void AppendText(std::string_view text, std::string& bytes) {
  for (const char letter : text) {
    bytes.push_back(letter);
    if (letter == '\0') bytes.push_back('\xFF');
  }
  bytes.append(2, '\0');
}

/// The number times 10^18 in 192 bits of two's complement, sign bit turned, highest first: every
/// Decimal fits, and equal numbers of different scales become equal.
void AppendDecimal(const model::Decimal& decimal, std::string& bytes) {
  std::uint64_t factor = 1;
  for (int scale = decimal.scale(); scale < model::Decimal::kMaxScale; ++scale) factor *= 10;
  const bool negative = decimal.unscaled() < 0;
  // Limbs of the magnitude, lowest first; negating in unsigned arithmetic is defined for all.
  std::uint64_t low = static_cast<std::uint64_t>(decimal.unscaled());
  std::uint64_t high = static_cast<std::uint64_t>(decimal.unscaled() >> 64);
  if (negative) {
    low = ~low + 1;
    high = ~high + (low == 0 ? 1 : 0);
  }
  __extension__ using Wide = unsigned __int128;
  const Wide first = static_cast<Wide>(low) * factor;
  const Wide second = static_cast<Wide>(high) * factor + static_cast<std::uint64_t>(first >> 64);
  std::array<std::uint64_t, 3> limbs = {static_cast<std::uint64_t>(first),
                                        static_cast<std::uint64_t>(second),
                                        static_cast<std::uint64_t>(second >> 64)};
  if (negative) {
    std::uint64_t carry = 1;
    for (std::uint64_t& limb : limbs) {
      limb = ~limb + carry;
      carry = (carry == 1 && limb == 0) ? 1 : 0;
    }
  }
  AppendOrdered(limbs[2] ^ kSignBit, bytes);
  AppendOrdered(limbs[1], bytes);
  AppendOrdered(limbs[0], bytes);
}

struct Appender {
  std::string& bytes;
  void operator()(std::monostate) const {}
  void operator()(const std::string& text) const { AppendText(text, bytes); }
  void operator()(std::int64_t number) const { AppendSigned(number, bytes); }
  void operator()(const model::Decimal& decimal) const { AppendDecimal(decimal, bytes); }
  void operator()(bool truth) const { bytes.push_back(truth ? '\1' : '\0'); }
  void operator()(model::Date date) const { AppendSigned(date.time_since_epoch().count(), bytes); }
  void operator()(base::Timestamp moment) const {
    AppendSigned(moment.time_since_epoch().count(), bytes);
  }
};

}  // namespace

void AppendOrdered(std::uint64_t number, std::string& bytes) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xFFU));
  }
}

void AppendOrdered(const model::Value& value, std::string& bytes) {
  bytes.push_back(static_cast<char>(value.index()));
  std::visit(Appender{bytes}, value);
}

std::string OrderedBytes(const model::Row& values) {
  std::string bytes;
  for (const model::Value& value : values) AppendOrdered(value, bytes);
  return bytes;
}

std::uint32_t KeyHash(std::string_view key) { return base::Crc32c(key); }

std::string PrecedenceBytes(const model::Version& version, const model::Value* order) {
  std::string bytes;
  if (order != nullptr) AppendOrdered(*order, bytes);
  AppendOrdered(version.delivery.value, bytes);
  AppendOrdered(std::uint64_t{version.mapping_revision.value}, bytes);
  AppendOrdered(std::uint64_t{version.row}, bytes);
  AppendOrdered(version.sequence.value, bytes);
  return bytes;
}

}  // namespace fansipan::store::internal
