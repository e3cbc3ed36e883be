#include "sources/internal/ndjson_decoder.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "sources/internal/json_decoder.h"
#include "sources/internal/json_reader.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

/// Reads one line into the started row; the refusal, if it is no record.
std::optional<JsonRecord::Refusal> ReadLine(std::string_view line, std::uint32_t depth_limit,
                                            JsonRecord& record) {
  if (!IsUtf8(line)) return JsonRecord::Refusal{"invalid_utf8", "", "the row is not UTF-8 text"};
  JsonReader reader(line, depth_limit);
  auto refusal = record.Read(reader);
  base::Status end = refusal.ok() ? reader.ExpectEnd() : base::Status();
  if (refusal.ok() && end.ok()) return std::move(refusal).value();
  const base::Error& error = refusal.ok() ? end.error() : refusal.error();
  return JsonRecord::Refusal{error.reason == "too_deep" ? "too_deep" : "not_json", "",
                             "the line is no JSON value: " + error.message};
}

}  // namespace

base::Status DecodeNdjson(std::string_view payload, const center::JsonShape& shape,
                          std::uint32_t depth_limit, RowCollector& rows) {
  FANSIPAN_RETURN_IF_ERROR(rows.Begin(shape.columns));
  JsonRecord record(shape, rows);
  std::uint32_t number = 0;
  for (std::size_t start = 0; start < payload.size();) {
    const std::size_t end = std::min(payload.find('\n', start), payload.size());
    std::string_view line = payload.substr(start, end - start);
    const std::size_t offset = std::exchange(start, end + 1);
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    FANSIPAN_RETURN_IF_ERROR(rows.StartRow(offset, number));
    auto refusal = ReadLine(line, depth_limit, record);
    FANSIPAN_RETURN_IF_ERROR(!refusal
                                 ? rows.EndRow(line.size())
                                 : rows.RefuseRow(line.size(), refusal->reason,
                                                  std::move(refusal->message), refusal->column));
  }
  return {};
}

}  // namespace fansipan::sources::internal
