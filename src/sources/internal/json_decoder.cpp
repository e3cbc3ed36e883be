#include "sources/internal/json_decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sources/internal/utf8.h"

namespace fansipan::sources::internal {
namespace {

base::Error WrongShape(std::string message) {
  return {base::ErrorCode::kInvalidArgument, "wrong_shape", std::move(message)};
}

/// The parts of a JSON pointer (RFC 6901), unescaped.
std::vector<std::string> PartsOf(std::string_view pointer) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', at + 1), pointer.size());
    std::string part;
    for (std::size_t i = at + 1; i < end; ++i) {
      const bool escape = pointer[i] == '~' && i + 1 < end;
      if (escape) ++i;
      part += !escape ? pointer[i] : pointer[i] == '1' ? '/' : '~';
    }
    parts.push_back(std::move(part));
    at = end;
  }
  return parts;
}

class JsonWalk {
 public:
  JsonWalk(std::string_view payload, const center::JsonShape& shape, std::uint32_t depth_limit,
           RowCollector& rows)
      : reader_(payload, depth_limit),
        shape_(shape),
        parts_(PartsOf(shape.records_at)),
        rows_(rows),
        record_(shape, rows) {}

  base::Status Run() {
    FANSIPAN_RETURN_IF_ERROR(Descend(0));
    return reader_.ExpectEnd();
  }

 private:
  /// Goes down to the declared array, checking everything beside the way.
  base::Status Descend(std::size_t part) {
    FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader_.Peek());
    if (part == parts_.size()) return ReadRecords(kind);
    if (kind != JsonKind::kObject && kind != JsonKind::kArray) return NoRecords();
    bool first = true;
    bool found = false;
    std::size_t index = 0;
    FANSIPAN_RETURN_IF_ERROR(reader_.Enter());
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader_.NextItem(first));
      if (!more) break;
      FANSIPAN_ASSIGN_OR_RETURN(const bool wanted, IsWanted(kind, index++, parts_[part]));
      if (!wanted) {
        FANSIPAN_RETURN_IF_ERROR(reader_.SkipValue());
        continue;
      }
      if (found) {
        return base::Error{base::ErrorCode::kInvalidArgument, "duplicate_member",
                           fmt::format("line {}: the member '{}' on the way to the records is "
                                       "there twice",
                                       reader_.line(), parts_[part])};
      }
      found = true;
      FANSIPAN_RETURN_IF_ERROR(Descend(part + 1));
    }
    return found ? base::Status() : NoRecords();
  }

  base::Result<bool> IsWanted(JsonKind kind, std::size_t index, const std::string& part) {
    if (kind == JsonKind::kArray) return part == std::to_string(index);
    FANSIPAN_ASSIGN_OR_RETURN(const std::string_view name, reader_.ReadName(scratch_));
    return name == part;
  }

  base::Status NoRecords() const {
    return WrongShape(fmt::format("the text has no array at '{}', where the records should be",
                                  shape_.records_at));
  }

  base::Status ReadRecords(JsonKind kind) {
    if (kind != JsonKind::kArray) return NoRecords();
    FANSIPAN_RETURN_IF_ERROR(reader_.Enter());
    bool first = true;
    while (true) {
      FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader_.NextItem(first));
      if (!more) return {};
      FANSIPAN_RETURN_IF_ERROR(ReadRecord());
    }
  }

  base::Status ReadRecord() {
    const std::size_t start = reader_.position();
    FANSIPAN_RETURN_IF_ERROR(rows_.StartRow(start, reader_.line()));
    FANSIPAN_ASSIGN_OR_RETURN(auto refusal, record_.Read(reader_));
    const std::size_t length = reader_.position_after() - start;
    if (!refusal) return rows_.EndRow(length);
    return rows_.RefuseRow(length, refusal->reason, std::move(refusal->message), refusal->column);
  }

  JsonReader reader_;
  const center::JsonShape& shape_;
  std::vector<std::string> parts_;
  RowCollector& rows_;
  JsonRecord record_;
  std::string scratch_;
};

}  // namespace

JsonRecord::JsonRecord(const center::JsonShape& shape, RowCollector& rows) : rows_(rows) {
  for (std::size_t i = 0; i < shape.columns.size(); ++i) columns_.emplace(shape.columns[i], i);
}

base::Result<std::optional<JsonRecord::Refusal>> JsonRecord::Read(JsonReader& reader) {
  refusal_.reset();
  names_.clear();
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  if (kind != JsonKind::kObject) {
    FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
    return std::optional<Refusal>(Refusal{"not_an_object", "", "a record must be an object"});
  }
  FANSIPAN_RETURN_IF_ERROR(reader.Enter());
  bool first = true;
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader.NextItem(first));
    if (!more) break;
    FANSIPAN_RETURN_IF_ERROR(ReadMember(reader));
  }
  std::sort(names_.begin(), names_.end());
  const auto twice = std::adjacent_find(names_.begin(), names_.end());
  if (twice != names_.end()) {
    const std::string name(CutUtf8(*twice, 100));
    refusal_ =
        Refusal{"duplicate_member", name, fmt::format("the member '{}' is there twice", name)};
  }
  return std::exchange(refusal_, std::nullopt);
}

base::Status JsonRecord::ReadMember(JsonReader& reader) {
  std::string scratch;
  FANSIPAN_ASSIGN_OR_RETURN(std::string_view name, reader.ReadName(scratch));
  if (name.data() == scratch.data()) name = rows_.Keep(std::move(scratch));
  names_.push_back(name);
  const auto column = columns_.find(name);
  if (column == columns_.end()) return reader.SkipValue();
  return ReadCell(reader, column->second);
}

base::Status JsonRecord::ReadCell(JsonReader& reader, std::size_t column) {
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  const std::size_t start = reader.position();
  if (kind != JsonKind::kString) {
    FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
    if (kind != JsonKind::kNull) {
      rows_.SetCell(column, reader.Slice(start, reader.position_after()));
    }
    return {};
  }
  std::string scratch;
  bool is_text = true;
  FANSIPAN_ASSIGN_OR_RETURN(std::string_view text, reader.ReadString(scratch, is_text));
  if (!is_text && !refusal_) {
    refusal_ = Refusal{"invalid_utf8", "", "a string holds a NUL or half of a surrogate pair"};
  }
  if (text.data() == scratch.data()) text = rows_.Keep(std::move(scratch));
  rows_.SetCell(column, text);
  return {};
}

base::Status DecodeJson(std::string_view payload, const center::JsonShape& shape,
                        std::uint32_t depth_limit, RowCollector& rows) {
  if (!IsUtf8(payload)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "not_utf8", "the JSON text is not UTF-8"};
  }
  FANSIPAN_RETURN_IF_ERROR(rows.Begin(shape.columns));
  return JsonWalk(payload, shape, depth_limit, rows).Run();
}

}  // namespace fansipan::sources::internal
