#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/source_contract.h"
#include "sources/decoding.h"

namespace fansipan::sources {

/// What a source told beside its rows, as it wrote it.
struct ToldTotals {
  /// One for each of center::PlacesOf, in order; nothing where nothing stands, or the place is not
  /// in the payload.
  std::vector<std::optional<std::string>> texts;
  std::vector<std::string> keys;
  bool keys_told = false;
  /// On a replay: what was told when the payload came, for places that are not in it.
  std::optional<model::ControlTotals> before;
  bool operator==(const ToldTotals&) const = default;
};
/// No longer text is a total.
inline constexpr std::size_t kMaxToldText = 1000;
/// More keys are not compared.
inline constexpr std::size_t kMaxToldKeys = 1'000'000;

/// Looks up the declared places in a payload that could be decoded; `decoded` has its footer. What
/// is not there is not told; that is no error. Reads the first MiB of the file again for lines of
/// it, and the whole of JSON and XML. In the worker.
ToldTotals ReadToldTotals(std::string_view payload, const center::Source& source,
                          const DecodedPayload& decoded);

/// The number within a told text: behind `place.after`, up to where no digit, sign, mark or blank
/// (broken or not) stands any more, as digits with a point. Nothing when there is none, or when it
/// goes on with a power of ten.
std::optional<std::string> NumberWithin(std::string_view text, const center::ControlPlace& place,
                                        char decimal_mark);

}  // namespace fansipan::sources
