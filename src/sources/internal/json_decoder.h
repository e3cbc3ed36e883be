#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "center/center.h"
#include "sources/internal/json_reader.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// A JSON text whose declared array holds one raw row per element. The whole text is checked, also
/// what no column takes.
base::Status DecodeJson(std::string_view payload, const center::JsonShape& shape,
                        std::uint32_t depth_limit, RowCollector& rows);

/// The parts of a JSON pointer (RFC 6901), unescaped.
std::vector<std::string> PointerParts(std::string_view pointer);

std::vector<std::string> NamesOf(const std::vector<center::RawColumn>& columns);

/// Takes what the pointers of columns lead to in an object as the cells of a started row: text of a
/// string, numbers and whole objects and arrays as they were written, null and what is absent as
/// missing. One for a payload. Columns whose path begins with `$` are left alone.
class JsonRecord {
 public:
  JsonRecord(const center::JsonShape& shape, RowCollector& rows);

  /// Why a well-formed value is no raw row.
  struct Refusal {
    std::string_view reason;
    std::string column;
    std::string message;
  };
  /// Reads the value that stands next. Errors are those of the reader.
  base::Result<std::optional<Refusal>> Read(JsonReader& reader);

 private:
  /// A value that columns take, or that holds such values.
  struct Place {
    std::vector<std::size_t> columns;                       ///< that take the value as a whole
    std::map<std::string, std::size_t, std::less<>> below;  ///< member or index → place
  };
  static constexpr std::size_t kNoPlace = 0;

  void AddColumn(const std::vector<std::string>& parts, std::size_t column);
  std::size_t PlaceBelow(std::size_t parent, const std::string& part);
  base::Status ReadMember(JsonReader& reader);
  base::Status ReadPlace(JsonReader& reader, const Place& place);
  base::Status ReadObject(JsonReader& reader, const Place& place);
  base::Status ReadArray(JsonReader& reader, const Place& place);
  base::Status ReadString(JsonReader& reader, const Place& place);
  void RefuseTwice(std::vector<std::string_view>& names);
  base::Result<std::string_view> ReadName(JsonReader& reader);

  RowCollector& rows_;
  std::unordered_map<std::string, std::size_t, base::TextHash, std::equal_to<>> members_;
  std::deque<Place> places_;  ///< the first is the record itself, and no place of a member
  std::vector<std::string_view> names_;
  std::optional<Refusal> refusal_;
};

/// Columns whose values stand beside the records, in the text that holds them: those of the shape
/// whose path begins with `$`. Belongs to one payload.
class JsonEnvelope final : public RawRowConsumer {
 public:
  explicit JsonEnvelope(const center::JsonShape& shape);

  /// Reads the text once for its own sake, before any record. Errors: wrong_shape when it is no
  /// object, and those of JsonRecord and JsonReader.
  base::Status Read(std::string_view payload, std::uint32_t depth_limit);
  /// Sets them in a started row.
  void SetCells(RowCollector& rows) const;
  /// One for each of the columns, in their order, once the text was read; nothing where none is.
  const std::vector<std::optional<std::string>>& texts() const { return texts_; }

  base::Status Begin(const std::vector<std::string>&) override { return {}; }
  base::Status Take(const RawBatch& batch) override;

 private:
  std::vector<std::size_t> columns_;
  center::JsonShape shape_;
  std::vector<std::optional<std::string>> texts_;
};

}  // namespace fansipan::sources::internal
