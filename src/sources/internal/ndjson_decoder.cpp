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

/// Reads one line into the started row; the refusal, if it is no record. Its reason is that of the
/// text as a whole: not_utf8, not_json, cut_off or too_deep when the line is no JSON.
std::optional<JsonRecord::Refusal> ReadLine(std::string_view line, std::uint32_t depth_limit,
                                            JsonRecord& record) {
  if (!IsUtf8(line)) return JsonRecord::Refusal{"not_utf8", "", "the row is not UTF-8 text"};
  JsonReader reader(line, depth_limit);
  auto refusal = record.Read(reader);
  base::Status end = refusal.ok() ? reader.ExpectEnd() : base::Status();
  if (refusal.ok() && end.ok()) return std::move(refusal).value();
  const base::Error& error = refusal.ok() ? end.error() : refusal.error();
  std::string_view reason = "not_json";
  for (const std::string_view known : {"too_deep", "cut_off"}) {
    if (error.reason == known) reason = known;
  }
  return JsonRecord::Refusal{reason, "", "the line is no JSON value: " + error.message};
}

/// Why the row is refused whose line alone is no JSON; empty for any other reason.
std::string_view RowReason(std::string_view reason) {
  if (reason == "not_utf8") return "invalid_utf8";
  if (reason == "cut_off") return "not_json";
  return reason == "not_json" || reason == "too_deep" ? reason : std::string_view();
}

base::Error WholeRefused(std::string_view reason, std::uint32_t line, std::string_view why) {
  std::string message = "line " + std::to_string(line) + ": ";
  return {base::ErrorCode::kInvalidArgument, std::string(reason), message.append(why)};
}

}  // namespace

base::Status DecodeNdjson(std::string_view payload, const center::JsonShape& shape,
                          std::uint32_t depth_limit, RowCollector& rows) {
  FANSIPAN_RETURN_IF_ERROR(rows.Begin(NamesOf(shape.columns)));
  JsonRecord record(shape, rows);
  std::uint32_t number = 0;
  bool any_json = false;
  std::optional<base::Error> first_fault;
  for (std::size_t start = 0; start < payload.size();) {
    const std::size_t end = std::min(payload.find('\n', start), payload.size());
    std::string_view line = payload.substr(start, end - start);
    const bool unfinished = end == payload.size();
    const std::size_t offset = std::exchange(start, end + 1);
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    FANSIPAN_RETURN_IF_ERROR(rows.StartRow(offset, number));
    auto refusal = ReadLine(line, depth_limit, record);
    if (unfinished && refusal && refusal->reason == "cut_off") {
      return WholeRefused("cut_off", number, "the text ends within it");
    }
    const std::string_view row_reason = refusal ? RowReason(refusal->reason) : std::string_view();
    if (row_reason.empty()) {
      any_json = true;
    } else if (!first_fault) {
      if (refusal->reason == "not_utf8") rows.NoteUnreadable(offset);
      first_fault = WholeRefused(refusal->reason == "cut_off" ? "not_json" : refusal->reason,
                                 number, "no line of the text is JSON, nor is this, the first");
    }
    if (!row_reason.empty()) refusal->reason = row_reason;
    FANSIPAN_RETURN_IF_ERROR(!refusal
                                 ? rows.EndRow(line.size())
                                 : rows.RefuseRow(line.size(), refusal->reason,
                                                  std::move(refusal->message), refusal->column));
  }
  if (!any_json && first_fault) return *std::move(first_fault);
  return {};
}

}  // namespace fansipan::sources::internal
