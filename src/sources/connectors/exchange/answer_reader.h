#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/connectors/exchange.h"

namespace fansipan::sources {

/// Where ids stand in the answer to a list.
struct IdPlace {
  center::AnswerKind answer = center::AnswerKind::kJson;
  std::string ids_at;    ///< JSON pointer to the array, "": the whole answer; or path of elements
  std::string id_at;     ///< within an item; "": the item itself
  std::size_t most = 0;  ///< those beyond are left out
  std::uint32_t depth = 32;
};

/// The ids of a list, in order, as they are written. The whole answer is checked. kInvalidArgument
/// with reason body_not_json, records_not_found (the list is not there, or an item has no id) or a
/// reason of XmlReader. Takes any bytes.
base::Result<std::vector<std::string>> ReadIds(std::string_view answer, const IdPlace& place);

/// The text at one place of an answer: JSON pointer, or path of elements from the root; nothing
/// when it is not there. Several: the first one. Takes any bytes; errors as those of ReadIds.
base::Result<std::optional<std::string>> ReadTextAt(std::string_view answer,
                                                    center::AnswerKind kind, const std::string& at,
                                                    std::uint32_t depth);

/// The bytes of the element at a path, from the start of its tag to the end of the one that closes
/// it.
base::Result<std::optional<std::string>> ReadElementAt(std::string_view answer,
                                                       const std::string& at, std::uint32_t depth);

}  // namespace fansipan::sources
