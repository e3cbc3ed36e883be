// Any bytes as a payload in which a source tells its totals, and as the text of one. The first byte
// chooses the format and the place.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "sources/contract/told_totals.h"

namespace {

using namespace fansipan;
using center::ControlPlace;

center::Source SourceOf(std::uint8_t choice) {
  constexpr std::array kFormats = {center::Format::kCsv, center::Format::kJson,
                                   center::Format::kXml, center::Format::kWorkbook};
  center::Source source;
  source.format = kFormats[choice % kFormats.size()];
  source.encoding = (choice & 0x80U) != 0 ? center::Encoding::kUtf16 : center::Encoding::kUtf8;
  ControlPlace place;
  const bool tree = source.format == center::Format::kJson || source.format == center::Format::kXml;
  place.kind = tree ? ControlPlace::Kind::kAt : ControlPlace::Kind::kLine;
  place.at = "/list/total";
  place.line = choice / 4U % 8U + 1;
  place.cell = 2;
  center::SourceContract contract;
  center::ControlTotals& totals = contract.control_totals.emplace();
  totals.rows = place;
  if (tree) totals.keys_at = "/list/key";
  source.contract = std::make_shared<const center::SourceContract>(contract);
  return source;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const center::Source source = SourceOf(data[0]);
  const std::string_view payload(reinterpret_cast<const char*>(data + 1), size - 1);
  sources::DecodedPayload decoded;
  decoded.footer = {"", std::string(payload)};
  const sources::ToldTotals told = sources::ReadToldTotals(payload, source, decoded);
  if (told.texts.size() != 1) std::abort();
  ControlPlace place;
  place.after = (data[0] & 0x40U) != 0 ? ":" : "";
  for (const char mark : {'.', ','}) {
    const auto number = sources::NumberWithin(payload, place, mark);
    if (number && number->find_first_not_of("-0123456789.") != std::string::npos) std::abort();
  }
  return 0;
}
