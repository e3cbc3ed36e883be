#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sources/internal/xml/xml_encoding.h"

namespace fansipan::sources::internal {

/// Finds the tags of XML that comes in pieces, and nothing else of it: no text, no entity but the
/// predefined ones and numbers in attributes, no document type. UTF-8, and UTF-16 as its first
/// bytes show; names and values are given in UTF-8. One thread.
class TagScanner {
 public:
  /// A start tag (or an empty one), or an end tag without attributes. Prefixes are left off.
  struct Tag {
    std::string name;
    bool ends = false;
    std::map<std::string, std::string> attributes;
  };
  using Take = std::function<base::Status(const Tag&)>;

  explicit TagScanner(Take take) : take_(std::move(take)) {}

  /// Errors: workbook_unreadable (a document type, a tag of more than 64 kB), or what `take` says.
  base::Status Feed(std::string_view piece);

 private:
  base::Status FeedUtf16(std::string_view piece);
  base::Status FeedBytes(std::string_view piece);
  base::Status Add(char c);
  base::Status End();

  Take take_;
  std::optional<XmlUnits> units_;  ///< nothing: too few bytes have come to tell
  std::string waiting_;            ///< bytes of a character, or of the begin, that is not whole yet
  std::string tag_;                ///< what stands after `<` so far
  bool in_tag_ = false;
  char quote_ = '\0';  ///< the one that is open in the tag
};

}  // namespace fansipan::sources::internal
