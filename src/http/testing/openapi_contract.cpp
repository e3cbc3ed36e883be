#include "http/testing/openapi_contract.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

namespace fansipan::http::testing {
namespace {

using nlohmann::json;

constexpr std::array kAnyRoute = {400, 404, 405, 408, 413, 417, 421, 429, 431, 503};

json FromYaml(const YAML::Node& node) {
  if (node.IsSequence()) {
    json list = json::array();
    for (const auto& item : node) list.push_back(FromYaml(item));
    return list;
  }
  if (node.IsMap()) {
    json object = json::object();
    for (const auto& item : node) object[item.first.as<std::string>()] = FromYaml(item.second);
    return object;
  }
  if (node.IsNull()) return nullptr;
  const std::string text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "null" || text == "~") return nullptr;
  if (text == "true" || text == "false") return text == "true";
  const json number = json::parse(text, nullptr, false);
  return number.is_number() ? number : json(text);
}

bool IsOfType(const json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_boolean();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

/// Holds values against schemas, collecting what is wrong with where it stands.
class SchemaCheck {
 public:
  explicit SchemaCheck(const json& document) : document_(document) {}

  const json& Resolve(const json& schema) const {
    const auto reference = schema.find("$ref");
    if (reference == schema.end()) return schema;
    return Resolve(document_.at(json::json_pointer(reference->get<std::string>().substr(1))));
  }

  void Check(const json& referring, const json& value, const std::string& at) {
    const json& schema = Resolve(referring);
    CheckType(schema, value, at);
    CheckChoices(schema, value, at);
    if (value.is_object()) CheckObject(schema, value, at);
    if (value.is_array()) CheckArray(schema, value, at);
    if (value.is_string()) CheckText(schema, value.get<std::string>(), at);
    if (value.is_number()) CheckNumber(schema, value, at);
  }

  std::vector<std::string> Take() { return std::move(wrong_); }

 private:
  void Say(const std::string& at, const std::string& what) { wrong_.push_back(at + ": " + what); }

  void CheckType(const json& schema, const json& value, const std::string& at) {
    const auto type = schema.find("type");
    if (type == schema.end()) return;
    const bool fits =
        type->is_array()
            ? std::any_of(type->begin(), type->end(),
                          [&](const json& one) { return IsOfType(value, one.get<std::string>()); })
            : IsOfType(value, type->get<std::string>());
    if (!fits) Say(at, value.dump() + " is not of type " + type->dump());
  }

  void CheckChoices(const json& schema, const json& value, const std::string& at) {
    const auto choices = schema.find("enum");
    if (choices != schema.end() &&
        std::find(choices->begin(), choices->end(), value) == choices->end()) {
      Say(at, value.dump() + " is not one of " + choices->dump());
    }
    const auto constant = schema.find("const");
    if (constant != schema.end() && *constant != value) {
      Say(at, value.dump() + " is not " + constant->dump());
    }
    if (const auto all = schema.find("allOf"); all != schema.end()) {
      for (const json& one : *all) Check(one, value, at);
    }
    if (const auto one_of = schema.find("oneOf"); one_of != schema.end()) {
      const auto fitting = std::count_if(one_of->begin(), one_of->end(), [&](const json& one) {
        SchemaCheck inner(document_);
        inner.Check(one, value, at);
        return inner.wrong_.empty();
      });
      if (fitting != 1) Say(at, value.dump() + " fits not exactly one of the alternatives");
    }
  }

  void CheckObject(const json& schema, const json& value, const std::string& at) {
    const json none = json::object();
    const json& properties = schema.contains("properties") ? schema.at("properties") : none;
    for (const json& name : schema.value("required", json::array())) {
      if (!value.contains(name.get<std::string>())) {
        Say(at, "member " + name.dump() + " is missing");
      }
    }
    for (const auto& [name, member] : value.items()) {
      const std::string inner = at + "/" + name;
      if (schema.contains("propertyNames")) Check(schema.at("propertyNames"), name, inner);
      if (properties.contains(name)) {
        Check(properties.at(name), member, inner);
        continue;
      }
      const auto others = schema.find("additionalProperties");
      if (others == schema.end()) continue;
      if (others->is_object()) Check(*others, member, inner);
      if (*others == false) Say(inner, "is not described");
    }
  }

  void CheckArray(const json& schema, const json& value, const std::string& at) {
    if (value.size() < schema.value("minItems", std::size_t{0})) Say(at, "has too few items");
    if (value.size() > schema.value("maxItems", value.size())) Say(at, "has too many items");
    if (schema.value("uniqueItems", false) &&
        std::set<json>(value.begin(), value.end()).size() != value.size()) {
      Say(at, "has equal items");
    }
    if (!schema.contains("items")) return;
    for (std::size_t i = 0; i < value.size(); ++i) {
      Check(schema.at("items"), value[i], at + "/" + std::to_string(i));
    }
  }

  void CheckText(const json& schema, const std::string& value, const std::string& at) {
    if (value.size() < schema.value("minLength", std::size_t{0})) Say(at, "is too short");
    if (schema.contains("maxLength") &&
        value.size() > 4 * schema.at("maxLength").get<std::size_t>()) {
      Say(at, "is too long");
    }
    if (schema.contains("pattern") &&
        !std::regex_search(value, std::regex(schema.at("pattern").get<std::string>()))) {
      Say(at, "'" + value + "' does not match " + schema.at("pattern").get<std::string>());
    }
    static const std::regex kMoment(R"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$)");
    if (schema.value("format", "") == "date-time" && !std::regex_match(value, kMoment)) {
      Say(at, "'" + value + "' is not a moment in UTC");
    }
  }

  void CheckNumber(const json& schema, const json& value, const std::string& at) {
    const auto number = value.get<double>();
    if (number < schema.value("minimum", number)) Say(at, value.dump() + " is too small");
    if (number > schema.value("maximum", number)) Say(at, value.dump() + " is too large");
  }

  const json& document_;
  std::vector<std::string> wrong_;
};

std::string Bare(const std::string& content_type) {
  return content_type.substr(0, content_type.find(';'));
}

bool IsJson(const std::string& media_type) {
  return media_type == "application/json" || media_type == "application/problem+json";
}

void CheckFields(const SchemaCheck& schemas, const json& response, const DescribedAnswer& answer,
                 std::vector<std::string>& wrong) {
  const json fields = response.value("headers", json::object());
  for (const auto& [name, field] : fields.items()) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    const bool required = schemas.Resolve(field).value("required", false);
    if (required && !answer.fields.contains(lower))
      wrong.push_back("header " + name + " is missing");
  }
}

}  // namespace

base::Result<OpenApiContract> OpenApiContract::Parse(const std::string& yaml) {
  try {
    return OpenApiContract(std::make_shared<const json>(FromYaml(YAML::Load(yaml))));
  } catch (const std::exception& error) {
    return base::Error{base::ErrorCode::kInvalidArgument, "not_yaml", error.what()};
  }
}

std::vector<std::string> OpenApiContract::Check(const DescribedAnswer& answer) const {
  const std::string place = answer.method + " " + answer.path + " " + std::to_string(answer.status);
  const json& paths = document_->at("paths");
  if (!paths.contains(answer.path) || !paths.at(answer.path).contains(answer.method)) {
    return {place + ": is not described"};
  }
  SchemaCheck schemas(*document_);
  const json& responses = paths.at(answer.path).at(answer.method).at("responses");
  const auto described = responses.find(std::to_string(answer.status));
  const json problem = {{"$ref", "#/components/schemas/Problem"}};
  if (described == responses.end()) {
    if (std::find(kAnyRoute.begin(), kAnyRoute.end(), answer.status) == kAnyRoute.end()) {
      return {place + ": the status is not described"};
    }
    schemas.Check(problem, json::parse(answer.body, nullptr, false), place);
    return schemas.Take();
  }
  const json& response = schemas.Resolve(*described);
  std::vector<std::string> wrong;
  CheckFields(schemas, response, answer, wrong);
  const json content = response.value("content", json::object());
  const std::string media_type = Bare(answer.content_type);
  if (content.empty()) {
    if (!answer.body.empty()) wrong.push_back(place + ": has a body that is not described");
    return wrong;
  }
  if (!content.contains(media_type)) {
    return {place + ": media type '" + media_type + "' is not described"};
  }
  if (IsJson(media_type)) {
    const json body = json::parse(answer.body, nullptr, false);
    if (body.is_discarded()) return {place + ": the body is not JSON: " + answer.body};
    schemas.Check(content.at(media_type).at("schema"), body, place);
  }
  for (std::string& one : schemas.Take()) wrong.push_back(std::move(one));
  return wrong;
}

std::vector<std::string> OpenApiContract::CheckValue(std::string_view schema,
                                                     const std::string& text) const {
  SchemaCheck schemas(*document_);
  const json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return {"not JSON: " + text};
  schemas.Check(document_->at("components").at("schemas").at(std::string(schema)), value,
                std::string(schema));
  return schemas.Take();
}

std::vector<std::pair<std::string, std::string>> OpenApiContract::Operations() const {
  std::vector<std::pair<std::string, std::string>> operations;
  for (const auto& [path, methods] : document_->at("paths").items()) {
    for (const auto& [method, operation] : methods.items()) {
      if (method != "parameters") operations.emplace_back(method, path);
    }
  }
  return operations;
}

}  // namespace fansipan::http::testing
