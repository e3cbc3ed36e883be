#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::center {

/// A name that an element or attribute must have.
struct XmlName {
  std::optional<std::string> uri;  ///< nothing: of any namespace; empty: of none
  std::string local;
  bool first = false;  ///< only the first such element within its parent
  bool operator==(const XmlName&) const = default;
};

/// Where something stands in an XML document, from the root or from a record. With an attribute, it
/// is that one's value; else the own text of the last element, and of the record without elements.
struct XmlPath {
  std::vector<XmlName> elements;
  std::optional<XmlName> attribute;
  bool operator==(const XmlPath&) const = default;
};

inline constexpr std::size_t kMaxXmlSteps = 32;

/// Reads paths such as `/h:list/h:case` (records: from the root, elements alone). `*:name` is a
/// name in any namespace, `name` one in none, `p:name` one in the namespace that `namespaces` has
/// for p. Errors are kInvalidArgument and say what is wrong with which step.
base::Result<XmlPath> ParseXmlRecordPath(std::string_view text,
                                         const std::map<std::string, std::string>& namespaces);

/// Reads paths such as `h:sender/h:name`, `h:code/@kind`, `@id`, `.` and `h:phone[1]` (a column:
/// from the record). The prefix xml is known.
base::Result<XmlPath> ParseXmlColumnPath(std::string_view text,
                                         const std::map<std::string, std::string>& namespaces);

/// True for a name without prefix: letters, digits, `_`, `-`, `.` and anything beyond ASCII, not
/// beginning with a digit, `-` or `.`.
bool IsXmlName(std::string_view text);

}  // namespace fansipan::center
