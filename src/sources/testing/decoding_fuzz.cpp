// Feeds arbitrary bytes to each decoder. The first byte chooses format and dialect, of a text the
// second one its encoding and what bounds its table.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sources/decoding.h"
#include "sources/testing/fuzzed_decoding.h"

namespace {

using namespace fansipan;

center::Source SourceFor(std::uint8_t choice) {
  center::Source source;
  constexpr center::Format kFormats[] = {center::Format::kCsv, center::Format::kJson,
                                         center::Format::kNdjson, center::Format::kWorkbook};
  source.format = kFormats[choice % 4];
  source.workbook.range = (choice & 4U) != 0 ? "B2:C9" : "";
  source.workbook.header_rows = choice / 8U % 4U;
  source.workbook.header_has = (choice & 32U) != 0 ? "a" : "";
  source.workbook.ends_at = (choice & 64U) != 0 ? "b" : "";
  source.workbook.columns = {"a", "b"};
  source.csv.delimiter = (choice & 64U) != 0 ? ';' : ',';
  source.csv.header = (choice & 8U) == 0;
  if (!source.csv.header) source.csv.columns = {"a", "b"};
  source.csv.byte_order_mark = (choice & 16U) != 0;
  source.json.records_at = (choice & 32U) != 0 ? "/a/0" : "";
  source.json.columns = {{"a", ""}, {"b", ""}};
  source.limits.depth = 8;
  return source;
}

void ChooseText(std::uint8_t choice, center::Source& source) {
  source.encoding = static_cast<center::Encoding>(choice % 5);
  if ((choice & 32U) != 0 && source.csv.header) source.csv.header_has = "m\u00E3";
  if ((choice & 64U) != 0) source.csv.ends_at = "t\u1ED5ng";
  if ((choice & 128U) != 0) source.csv.quote = '\0';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view payload(reinterpret_cast<const char*>(data + 2), size - 2);
  center::Source source = SourceFor(data[0]);
  if (source.format != center::Format::kJson) ChooseText(data[1], source);
  sources::testing::DecodeFuzzed(payload, source);
  return 0;
}
