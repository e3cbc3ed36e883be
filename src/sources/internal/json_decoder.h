#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "center/center.h"
#include "sources/internal/json_reader.h"
#include "sources/internal/row_collector.h"

namespace fansipan::sources::internal {

/// A JSON text whose declared array holds one raw row per element. The whole text is checked, also
/// what no column takes.
base::Status DecodeJson(std::string_view payload, const center::JsonShape& shape,
                        std::uint32_t depth_limit, RowCollector& rows);

/// Takes the declared members of an object as the cells of a started row: text of a string, numbers
/// and nested values as they were written, null and what is absent as missing. One for a payload.
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
  base::Status ReadMember(JsonReader& reader);
  base::Status ReadCell(JsonReader& reader, std::size_t column);

  RowCollector& rows_;
  std::unordered_map<std::string_view, std::size_t> columns_;
  std::vector<std::string_view> names_;
  std::optional<Refusal> refusal_;
};

}  // namespace fansipan::sources::internal
