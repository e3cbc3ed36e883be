#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/call.h"
#include "model/value.h"

namespace fansipan::http {

/// Degrees of WGS 84. A box whose west lies east of its east crosses the antimeridian.
struct MapBox {
  double west = 0;
  double south = 0;
  double east = 0;
  double north = 0;

  bool Holds(double longitude, double latitude) const;
};

/// Days, both included; nothing: open.
struct DaySpan {
  std::optional<model::Date> from;
  std::optional<model::Date> to;
};

/// What features of a layer are asked for.
struct MapQuestion {
  std::optional<MapBox> box;
  std::optional<DaySpan> days;
  std::size_t limit = 10;
  std::string cursor;
};

inline constexpr std::size_t kMaxFeatures = 1'000;

/// Parameters bbox, datetime, limit and cursor; a limit beyond kMaxFeatures becomes that, as OGC
/// API – Features asks. kInvalidArgument with reason invalid_parameter.
base::Result<MapQuestion> ParseMapQuestion(const Call& call);
/// Four numbers, or six of which the heights are not looked at.
base::Result<MapBox> ParseMapBox(std::string_view text);
/// A moment or day, or two with "/" between, of which one may be "..".
base::Result<DaySpan> ParseDaySpan(std::string_view text, const center::Center& center);

}  // namespace fansipan::http
