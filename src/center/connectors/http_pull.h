#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "center/connectors/http_access.h"

namespace fansipan::center {

/// How the pages of a REST answer follow each other.
enum class Paging { kNone, kPage, kOffset, kCursor, kLink };
std::string_view NameOf(Paging paging);

/// A REST source that is asked. Texts of `query` and `headers` may hold `{secret:name}`, which
/// stands for a kept secret; those of `query` may hold `{since}`, the position reached.
struct HttpPull : HttpAccess {
  std::string url;  ///< https; http where the reached network is not the public one
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers;
  base::Duration every{};  ///< from the end of one asking to the next

  Paging paging = Paging::kNone;
  std::string parameter;       ///< page, offset, cursor: the query parameter
  std::string size_parameter;  ///< page, offset: empty when the server knows the size
  std::uint32_t page_size = 100;
  std::uint32_t first_page = 1;  ///< page: the number of the first
  std::string next_at;           ///< cursor: JSON pointer in the answer; missing or null: the end
  std::uint32_t max_pages = 10'000;  ///< of one asking; more is taken for a circle

  std::string since_at;      ///< JSON pointer within a record: its largest text is the position
  bool since_asked = false;  ///< the position is the moment when the last asking began
  std::string since_start;   ///< position of the first asking
  base::Duration since_overlap{};  ///< since_asked: asked again for so long before

  std::vector<std::string> content_types;  ///< accepted media types; empty: those of the format
  bool operator==(const HttpPull&) const = default;
};

/// Names of the kept secrets that it needs.
std::set<std::string> SecretsOf(const HttpPull& pull);

}  // namespace fansipan::center
