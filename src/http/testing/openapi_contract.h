#pragma once

#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace fansipan::http::testing {

/// An answer as it is held against the description.
struct DescribedAnswer {
  std::string method;  ///< lower case
  std::string path;    ///< as the description writes it, with {names}
  int status = 0;
  std::string content_type;
  std::map<std::string, std::string> fields;  ///< lower-case names
  std::string body;
};

/// The interface's description (OpenAPI 3.1, YAML), against which answers are checked: status,
/// media type, headers, and every member of the body by the keywords that the description uses
/// ($ref, type, required, properties, additionalProperties, propertyNames, items, minItems,
/// maxItems, uniqueItems, enum, const, oneOf, allOf, pattern, minLength, maxLength, minimum,
/// maximum, and format date-time). Immutable.
class OpenApiContract {
 public:
  static base::Result<OpenApiContract> Parse(const std::string& yaml);

  /// Everything in which the answer departs from its description; empty when nothing does. A
  /// problem with a status that any route may give needs no mention of its own.
  std::vector<std::string> Check(const DescribedAnswer& answer) const;
  /// The same for a value and a schema of components/schemas, e.g. "LiveChange".
  std::vector<std::string> CheckValue(std::string_view schema, const std::string& json) const;
  /// (method, path) of everything described.
  std::vector<std::pair<std::string, std::string>> Operations() const;

 private:
  explicit OpenApiContract(std::shared_ptr<const nlohmann::json> document)
      : document_(std::move(document)) {}

  std::shared_ptr<const nlohmann::json> document_;
};

}  // namespace fansipan::http::testing
