#include "sources/connectors/http/json_place.h"

namespace fansipan::sources {
namespace {

using internal::JsonKind;
using internal::JsonReader;

/// Goes into the object that stands next, to the value of the named member. False: it has none.
base::Result<bool> EnterMember(JsonReader& reader, const std::string& name) {
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  if (kind != JsonKind::kObject) return false;
  FANSIPAN_RETURN_IF_ERROR(reader.Enter());
  std::string scratch;
  for (bool first = true;;) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader.NextItem(first));
    if (!more) return false;
    FANSIPAN_ASSIGN_OR_RETURN(const std::string_view found, reader.ReadName(scratch));
    if (found == name) return true;
    FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
  }
}

}  // namespace

base::Result<bool> EnterAt(JsonReader& reader, const std::vector<std::string>& steps) {
  for (const std::string& step : steps) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool found, EnterMember(reader, step));
    if (!found) return false;
  }
  return true;
}

base::Result<std::optional<std::string>> ScalarAt(std::string_view text,
                                                  const std::vector<std::string>& steps,
                                                  std::uint32_t depth) {
  JsonReader reader(text, depth);
  FANSIPAN_ASSIGN_OR_RETURN(const bool found, EnterAt(reader, steps));
  if (!found) return std::optional<std::string>();
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  if (kind == JsonKind::kString) {
    std::string scratch;
    bool is_text = true;
    FANSIPAN_ASSIGN_OR_RETURN(const std::string_view value, reader.ReadString(scratch, is_text));
    return std::optional(is_text ? std::string(value) : std::string());
  }
  if (kind != JsonKind::kNumber) return std::optional<std::string>();
  const std::size_t from = reader.position();
  FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
  return std::optional(std::string(reader.Slice(from, reader.position_after())));
}

}  // namespace fansipan::sources
