// Feeds arbitrary bytes to the decoders whose rows are found by paths: XML, edXML, SDMX-JSON, and
// JSON by pointers; and to those of converted files. The first byte chooses the format.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sources/testing/fuzzed_decoding.h"

namespace {

using namespace fansipan;

center::Source SourceFor(std::uint8_t choice) {
  using center::Format;
  constexpr Format kFormats[] = {Format::kXml, Format::kSdmxJson, Format::kJson, Format::kNdjson};
  center::Source source;
  source.format = kFormats[choice % 4];
  if ((choice & 128U) != 0) {
    source.format = (choice & 1U) != 0 ? Format::kParquet : Format::kGeopackage;
    source.geodata.crs = (choice & 2U) != 0 ? "VN-2000" : "";
    source.geodata.geometry.push_back(center::GeometryPart::kBox);
    return source;
  }
  source.limits.depth = 8;
  source.xml.records_at = (choice & 4U) != 0 ? "/*:a" : "/a/*:b";
  source.xml.namespaces = {{"n", "u"}};
  source.xml.columns = {{"c", "n:c"}, {"d", "*:d[1]/c"}, {"own", "."}, {"k", "*:d/@*:k"}};
  if ((choice & 8U) != 0) source.xml.join = ";";
  if (source.format == Format::kSdmxJson) {
    source.json.columns = {{"A", ""}, {"OBS_VALUE", ""}};
    return source;
  }
  source.json.columns = {{"a", ""}, {"b", "/b/c"}, {"d", "/b"}, {"e", "/l/1"}};
  if (source.format == Format::kJson && (choice & 16U) != 0) {
    source.json.records_at = "/r";
    source.json.columns.push_back({"page", "$/p/q"});
  }
  return source;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view payload(reinterpret_cast<const char*>(data + 1), size - 1);
  sources::testing::DecodeFuzzed(payload, SourceFor(data[0]));
  return 0;
}
