#include "http/resources/raw_rows.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/hash.h"
#include "http/rendering/json_writer.h"
#include "sources/decoding.h"
#include "sources/mapping_worker.h"

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxRawRows = 200;
constexpr std::size_t kMaxRawText = 64U << 10U;
constexpr std::size_t kMaxRawBytes = 512;

/// The rows asked for with `context` rows around each, in order.
std::vector<std::uint32_t> RowsAround(const RawRowsQuestion& question) {
  std::set<std::uint32_t> rows;
  const std::uint64_t last = question.delivery->counts.raw_rows;
  const std::uint64_t context = question.context;
  for (const std::uint32_t row : question.own) {
    const std::uint64_t from = row > context ? row - context : 1;
    for (std::uint64_t i = from; i <= row + context && (i <= row || i <= last); ++i) {
      rows.insert(static_cast<std::uint32_t>(i));
    }
  }
  return {rows.begin(), rows.end()};
}

struct RawRow {
  std::uint32_t row = 0;
  sources::RawRowSpan span;
  bool is_own = false;
};

/// True when some of it is not shown.
bool WriteRawRow(JsonWriter& json, const RawRow& row, std::string_view text,
                 const center::Source& source, bool with_bytes) {
  const std::size_t length = std::min<std::size_t>(row.span.length, kMaxRawText);
  json.BeginObject();
  json.Integer("row", row.row);
  json.Integer("line", row.span.line);
  json.Integer("offset", static_cast<std::int64_t>(row.span.offset));
  json.Integer("length", static_cast<std::int64_t>(row.span.length));
  json.Text("text",
            sources::ReadableText(text, {.offset = row.span.offset, .length = length}, source));
  json.Flag("of_version", row.is_own);
  if (with_bytes && row.is_own && row.span.offset <= text.size()) {
    const std::size_t shown = std::min<std::size_t>(row.span.length, kMaxRawBytes);
    json.Text("bytes", base::ToHex(text.substr(row.span.offset, shown)));
  }
  json.EndObject();
  return length < row.span.length;
}

}  // namespace

base::Result<Response> AnswerRawRows(Call& call, const RawRowsQuestion& question) {
  const model::Delivery& delivery = *question.delivery;
  FANSIPAN_ASSIGN_OR_RETURN(const auto* source, call.GetSource(delivery.source));
  FANSIPAN_ASSIGN_OR_RETURN(std::string payload, call.running->archive->Get(delivery.archive_id));
  std::vector<std::uint32_t> rows = RowsAround(question);
  bool truncated = rows.size() > kMaxRawRows;
  if (truncated) rows.resize(kMaxRawRows);
  const sources::MappingJob job{
      source, &call.center(), std::move(payload), delivery.received_at, {}};
  FANSIPAN_ASSIGN_OR_RETURN(const auto located, call.running->worker->Locate(job, rows));
  const bool converted = center::IsConverted(source->format);
  const std::string_view text = converted ? located.text : job.payload;
  JsonWriter json;
  json.BeginObject();
  json.BeginArray("rows");
  for (std::size_t i = 0; i < located.spans.size(); ++i) {
    const bool is_own = std::ranges::find(question.own, rows[i]) != question.own.end();
    const RawRow row{rows[i], located.spans[i], is_own};
    // A row of a converted file has no bytes of its own.
    truncated |= WriteRawRow(json, row, text, *source, question.with_bytes && !converted);
  }
  json.EndArray();
  json.Flag("truncated", truncated);
  if (source->format == center::Format::kWorkbook) json.Text("sheet", located.sheet);
  if (center::IsGeodata(source->format)) json.Text("layer", located.sheet);
  json.EndObject();
  return Response::Json(200, json.Take());
}

}  // namespace fansipan::http
