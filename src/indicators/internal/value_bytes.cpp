#include "indicators/internal/value_bytes.h"

#include <limits>
#include <string>
#include <type_traits>
#include <variant>

namespace fansipan::indicators::internal {

void WriteValue(const model::Value& value, ByteWriter& writer) {
  writer.Byte(static_cast<std::uint8_t>(value.index()));
  std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) {
          writer.Text(held);
        } else if constexpr (std::is_same_v<Held, std::int64_t>) {
          writer.Signed(held);
        } else if constexpr (std::is_same_v<Held, model::Decimal>) {
          writer.Byte(static_cast<std::uint8_t>(held.scale()));
          writer.Wide(held.unscaled());
        } else if constexpr (std::is_same_v<Held, bool>) {
          writer.Byte(held ? 1 : 0);
        } else if constexpr (!std::is_same_v<Held, std::monostate>) {
          writer.Signed(held.time_since_epoch().count());
        }
      },
      value);
}

model::Value ReadValue(ByteReader& reader) {
  switch (reader.Byte()) {
    case 0:
      return {};
    case 1:
      return reader.Text();
    case 2:
      return reader.Signed();
    case 3: {
      const auto scale = static_cast<int>(reader.UpTo(model::Decimal::kMaxScale));
      return model::Decimal(reader.Wide(), scale);
    }
    case 4:
      return reader.UpTo(1) == 1;
    case 5: {
      const auto days = reader.SignedUpTo(std::numeric_limits<std::int32_t>::max());
      return model::Date(std::chrono::days(days));
    }
    case 6:
      return base::Timestamp(base::Duration(reader.Signed()));
    default:
      reader.Fail();
      return {};
  }
}

void SkipValue(ByteReader& reader) {
  switch (reader.Byte()) {
    case 0:
      return;
    case 1:
      reader.TextView();
      return;
    case 3:
      reader.Byte();
      reader.Wide();
      return;
    case 2:
    case 5:
    case 6:
      reader.Signed();
      return;
    case 4:
      reader.Byte();
      return;
    default:
      reader.Fail();
  }
}

}  // namespace fansipan::indicators::internal
