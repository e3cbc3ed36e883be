#include "sources/connectors/http/page_reader.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "base/time_zone.h"
#include "model/spelling/ascii.h"
#include "model/value.h"
#include "sources/connectors/http/json_place.h"
#include "sources/connectors/http/pull_position.h"
#include "sources/internal/json_decoder.h"
#include "sources/internal/json_reader.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources {
namespace {

using internal::JsonKind;
using internal::JsonReader;

constexpr std::size_t kMaxMarker = 2'000;

base::Error NotFound(const std::string& pointer, std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "records_not_found",
          "the answer has no " + std::string(what) + " at '" + pointer +
              "'; compare the declaration with what the source sends"};
}

/// A string or number at the steps, as text; empty when there is none, or null.
base::Result<std::string> MarkerAt(std::string_view text, const std::vector<std::string>& steps,
                                   std::uint32_t depth) {
  FANSIPAN_ASSIGN_OR_RETURN(auto marker, ScalarAt(text, steps, depth));
  if (!marker || marker->size() <= kMaxMarker) return std::move(marker).value_or("");
  return base::Error{base::ErrorCode::kTooLarge, "marker_too_long",
                     "the source sends a cursor or position of more than 2,000 bytes"};
}

bool LiesBehind(const std::string& marker, base::Timestamp latest) {
  if (latest == base::Timestamp::max()) return false;
  for (const auto type : {model::ColumnType::kTimestamp, model::ColumnType::kDate}) {
    const auto value = model::ParseValue(marker, type, 0, base::TimeZone::Utc());
    if (!value.ok()) continue;
    if (const auto* moment = std::get_if<base::Timestamp>(&*value)) return *moment > latest;
    if (const auto* day = std::get_if<model::Date>(&*value)) return base::Timestamp(*day) > latest;
  }
  return false;
}

base::Status ReadRecords(std::string_view page, const PageShape& shape, PageFacts& facts) {
  JsonReader reader(page, shape.depth);
  FANSIPAN_ASSIGN_OR_RETURN(const bool found,
                            EnterAt(reader, internal::PointerParts(shape.records_at)));
  if (!found) return NotFound(shape.records_at, "array of records");
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  if (kind != JsonKind::kArray) return NotFound(shape.records_at, "array of records");
  const auto since = internal::PointerParts(shape.since_at);
  FANSIPAN_RETURN_IF_ERROR(reader.Enter());
  for (bool first = true;;) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader.NextItem(first));
    if (!more) return {};
    ++facts.records;
    const std::size_t from = reader.position();
    FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
    if (since.empty()) continue;
    FANSIPAN_ASSIGN_OR_RETURN(
        std::string marker,
        MarkerAt(reader.Slice(from, reader.position_after()), since, shape.depth));
    if (!IsBefore(facts.largest, marker)) continue;
    if (LiesBehind(marker, shape.latest)) {
      if (facts.future.empty()) facts.future = std::move(marker);
    } else {
      facts.largest = std::move(marker);
    }
  }
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Up to the next `end` that stands outside quotes.
std::string_view TakeUntil(std::string_view& text, char end) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\' && quoted) {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (text[at] == end && !quoted) {
      break;
    }
  }
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return Trim(taken);
}

bool IsSame(std::string_view left, std::string_view right) {
  return model::LowerAscii(std::string(left)) == model::LowerAscii(std::string(right));
}

/// Whether the parameters of one link say rel=next, among other relations perhaps.
bool IsNext(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = TakeUntil(parameters, ';');
    const std::string_view name = TakeUntil(parameter, '=');
    if (!IsSame(name, "rel")) continue;
    std::string_view relations = Trim(parameter);
    if (relations.size() >= 2 && relations.front() == '"' && relations.back() == '"') {
      relations = relations.substr(1, relations.size() - 2);
    }
    while (!relations.empty()) {
      if (IsSame(TakeUntil(relations, ' '), "next")) return true;
    }
    return false;  // a second rel is to be ignored
  }
  return false;
}

base::Status CheckWhole(std::string_view text, std::uint32_t depth) {
  const auto not_json = [](const std::string& message) {
    return base::Error{base::ErrorCode::kInvalidArgument, "body_not_json",
                       "the source's answer is not JSON: " + message};
  };
  if (!internal::IsUtf8(text)) return not_json("it is not UTF-8");
  const auto whole = internal::CheckJson(text, depth);
  return whole.ok() ? base::Status() : base::Status(not_json(whole.error().message));
}

}  // namespace

base::Result<std::string> ReadScalar(std::string_view text, std::string_view pointer,
                                     std::uint32_t depth) {
  FANSIPAN_RETURN_IF_ERROR(CheckWhole(text, depth));
  FANSIPAN_ASSIGN_OR_RETURN(auto scalar, ScalarAt(text, internal::PointerParts(pointer), depth));
  return std::move(scalar).value_or("");
}

base::Result<PageFacts> ReadPage(std::string_view page, const PageShape& shape) {
  FANSIPAN_RETURN_IF_ERROR(CheckWhole(page, shape.depth));
  PageFacts facts;
  FANSIPAN_RETURN_IF_ERROR(ReadRecords(page, shape, facts));
  if (!shape.next_at.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(facts.next,
                              MarkerAt(page, internal::PointerParts(shape.next_at), shape.depth));
  }
  return facts;
}

std::optional<std::string> NextLink(std::string_view header) {
  while (!header.empty()) {
    const std::size_t open = header.find('<');
    if (open == std::string_view::npos) return std::nullopt;
    const std::size_t close = header.find('>', open);
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view target = header.substr(open + 1, close - open - 1);
    header.remove_prefix(close + 1);
    std::string_view parameters = TakeUntil(header, ',');
    if (IsNext(parameters)) return std::string(target);
  }
  return std::nullopt;
}

}  // namespace fansipan::sources
