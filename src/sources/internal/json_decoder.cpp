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

class JsonWalk {
 public:
  JsonWalk(std::string_view payload, const center::JsonShape& shape, std::uint32_t depth_limit,
           const JsonEnvelope& envelope, RowCollector& rows)
      : reader_(payload, depth_limit),
        shape_(shape),
        envelope_(envelope),
        parts_(PointerParts(shape.records_at)),
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
    envelope_.SetCells(rows_);
    FANSIPAN_ASSIGN_OR_RETURN(auto refusal, record_.Read(reader_));
    const std::size_t length = reader_.position_after() - start;
    if (!refusal) return rows_.EndRow(length);
    return rows_.RefuseRow(length, refusal->reason, std::move(refusal->message), refusal->column);
  }

  JsonReader reader_;
  const center::JsonShape& shape_;
  const JsonEnvelope& envelope_;
  std::vector<std::string> parts_;
  RowCollector& rows_;
  JsonRecord record_;
  std::string scratch_;
};

}  // namespace

std::vector<std::string> PointerParts(std::string_view pointer) {
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

std::vector<std::string> NamesOf(const std::vector<center::RawColumn>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const center::RawColumn& column : columns) names.push_back(column.name);
  return names;
}

JsonRecord::JsonRecord(const center::JsonShape& shape, RowCollector& rows)
    : rows_(rows), places_(1) {
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    const center::RawColumn& column = shape.columns[i];
    if (column.path.starts_with('$')) continue;
    AddColumn(column.path.empty() ? std::vector{column.name} : PointerParts(column.path), i);
  }
  for (const auto& [name, place] : places_[kNoPlace].below) members_.emplace(name, place);
}

void JsonRecord::AddColumn(const std::vector<std::string>& parts, std::size_t column) {
  std::size_t at = 0;
  for (const std::string& part : parts) at = PlaceBelow(at, part);
  places_[at].columns.push_back(column);
}

std::size_t JsonRecord::PlaceBelow(std::size_t parent, const std::string& part) {
  const auto [entry, added] = places_[parent].below.try_emplace(part, places_.size());
  const std::size_t place = entry->second;
  if (added) places_.emplace_back();
  return place;
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
  RefuseTwice(names_);
  return std::exchange(refusal_, std::nullopt);
}

void JsonRecord::RefuseTwice(std::vector<std::string_view>& names) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return;
  const std::string name(CutUtf8(*twice, 100));
  refusal_ = Refusal{"duplicate_member", name, fmt::format("the member '{}' is there twice", name)};
}

/// A name that lives as long as the row.
base::Result<std::string_view> JsonRecord::ReadName(JsonReader& reader) {
  std::string scratch;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string_view name, reader.ReadName(scratch));
  if (name.data() != scratch.data()) return name;
  return rows_.Keep(std::move(scratch));
}

base::Status JsonRecord::ReadMember(JsonReader& reader) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string_view name, ReadName(reader));
  names_.push_back(name);
  const auto member = members_.find(name);
  if (member == members_.end()) return reader.SkipValue();
  return ReadPlace(reader, places_[member->second]);
}

base::Status JsonRecord::ReadPlace(JsonReader& reader, const Place& place) {
  FANSIPAN_ASSIGN_OR_RETURN(const JsonKind kind, reader.Peek());
  if (kind == JsonKind::kString) return ReadString(reader, place);
  const std::size_t start = reader.position();
  const bool goes_on = !place.below.empty();
  if (goes_on && kind == JsonKind::kObject) {
    FANSIPAN_RETURN_IF_ERROR(ReadObject(reader, place));
  } else if (goes_on && kind == JsonKind::kArray) {
    FANSIPAN_RETURN_IF_ERROR(ReadArray(reader, place));
  } else {
    FANSIPAN_RETURN_IF_ERROR(reader.SkipValue());
  }
  if (kind == JsonKind::kNull) return {};
  const std::string_view written = reader.Slice(start, reader.position_after());
  for (const std::size_t column : place.columns) rows_.SetCell(column, written);
  return {};
}

base::Status JsonRecord::ReadObject(JsonReader& reader, const Place& place) {
  std::vector<std::string_view> names;
  bool first = true;
  FANSIPAN_RETURN_IF_ERROR(reader.Enter());
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader.NextItem(first));
    if (!more) break;
    FANSIPAN_ASSIGN_OR_RETURN(const std::string_view name, ReadName(reader));
    names.push_back(name);
    const auto below = place.below.find(name);
    FANSIPAN_RETURN_IF_ERROR(below == place.below.end()
                                 ? reader.SkipValue()
                                 : ReadPlace(reader, places_[below->second]));
  }
  RefuseTwice(names);
  return {};
}

base::Status JsonRecord::ReadArray(JsonReader& reader, const Place& place) {
  bool first = true;
  FANSIPAN_RETURN_IF_ERROR(reader.Enter());
  for (std::size_t index = 0;; ++index) {
    FANSIPAN_ASSIGN_OR_RETURN(const bool more, reader.NextItem(first));
    if (!more) return {};
    const auto below = place.below.find(std::to_string(index));
    FANSIPAN_RETURN_IF_ERROR(below == place.below.end()
                                 ? reader.SkipValue()
                                 : ReadPlace(reader, places_[below->second]));
  }
}

base::Status JsonRecord::ReadString(JsonReader& reader, const Place& place) {
  std::string scratch;
  bool is_text = true;
  FANSIPAN_ASSIGN_OR_RETURN(std::string_view text, reader.ReadString(scratch, is_text));
  if (place.columns.empty()) return {};
  if (!is_text && !refusal_) {
    refusal_ = Refusal{"invalid_utf8", "", "a string holds a NUL or half of a surrogate pair"};
  }
  if (text.data() == scratch.data()) text = rows_.Keep(std::move(scratch));
  for (const std::size_t column : place.columns) rows_.SetCell(column, text);
  return {};
}

JsonEnvelope::JsonEnvelope(const center::JsonShape& shape) {
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    const center::RawColumn& column = shape.columns[i];
    if (!column.path.starts_with('$')) continue;
    columns_.push_back(i);
    shape_.columns.push_back({column.name, column.path.substr(1)});
  }
}

base::Status JsonEnvelope::Read(std::string_view payload, std::uint32_t depth_limit) {
  if (columns_.empty()) return {};
  RowCollector rows(1, *this);
  FANSIPAN_RETURN_IF_ERROR(rows.Begin(NamesOf(shape_.columns)));
  FANSIPAN_RETURN_IF_ERROR(rows.StartRow(0, 1));
  JsonReader reader(payload, depth_limit);
  JsonRecord record(shape_, rows);
  FANSIPAN_ASSIGN_OR_RETURN(const auto refusal, record.Read(reader));
  if (refusal) {
    return base::Error{
        base::ErrorCode::kInvalidArgument,
        refusal->reason == "not_an_object" ? "wrong_shape" : std::string(refusal->reason),
        "beside the records: " + refusal->message};
  }
  FANSIPAN_RETURN_IF_ERROR(reader.ExpectEnd());
  FANSIPAN_RETURN_IF_ERROR(rows.EndRow(payload.size()));
  const auto done = rows.Finish();
  if (!done.ok()) return done.error();
  if (done->refused.empty()) return {};
  return base::Error{base::ErrorCode::kInvalidArgument, done->refused.front().reason,
                     "beside the records: " + done->refused.front().message};
}

void JsonEnvelope::SetCells(RowCollector& rows) const {
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    if (texts_[i]) rows.SetCell(columns_[i], *texts_[i]);
  }
}

base::Status JsonEnvelope::Take(const RawBatch& batch) {
  for (const RawCell& cell : batch.cells) {
    texts_.push_back(cell.missing ? std::nullopt : std::optional(std::string(cell.text)));
  }
  return {};
}

base::Status DecodeJson(std::string_view payload, const center::JsonShape& shape,
                        std::uint32_t depth_limit, RowCollector& rows) {
  if (!IsUtf8(payload)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "not_utf8", "the JSON text is not UTF-8"};
  }
  JsonEnvelope envelope(shape);
  FANSIPAN_RETURN_IF_ERROR(envelope.Read(payload, depth_limit));
  FANSIPAN_RETURN_IF_ERROR(rows.Begin(NamesOf(shape.columns)));
  FANSIPAN_RETURN_IF_ERROR(JsonWalk(payload, shape, depth_limit, envelope, rows).Run());
  return rows.Flush();  // the envelope's texts end here
}

}  // namespace fansipan::sources::internal
