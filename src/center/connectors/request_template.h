#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fansipan::center {

/// How a text that is sent is written, and so how what is filled into it is escaped.
enum class TemplateKind {
  kJson,
  kXml,
  kForm,  ///< application/x-www-form-urlencoded
  kUrl,
  kPlain  ///< as it is: what is encoded as a whole afterwards
};
std::string_view NameOf(TemplateKind kind);

/// The names of the places in a template, in order: `id`, `status`, `reason` and `secret:name` of
/// `{id}`, `{status}`, `{reason}` and `{secret:name}`. Other braces are the text's own.
std::vector<std::string> PlacesIn(std::string_view text);

/// Places only where what is filled in can be escaped: in JSON within quotes, in XML in texts and
/// quoted attributes, of a document without comments and the like. kInvalidArgument says what to
/// mend.
base::Status CheckTemplate(std::string_view text, TemplateKind kind);

/// The text with its places filled, escaped for where they stand, in one pass: what is filled in is
/// not looked at again. A place without a value stays empty.
std::string FillTemplate(std::string_view text, TemplateKind kind,
                         const std::map<std::string, std::string>& values);

}  // namespace fansipan::center
