#include "http/rendering/json_writer.h"

#include <fmt/format.h>

#include <cmath>

#include "http/target.h"
#include "model/value.h"

namespace fansipan::http {
namespace {

/// Length of the well-formed character at the start of `bytes`, 0 when there is none.
std::size_t CharacterAt(std::string_view bytes) {
  for (std::size_t length = 1; length <= 4 && length <= bytes.size(); ++length) {
    if (IsUtf8(bytes.substr(0, length))) return length;
  }
  return 0;
}

}  // namespace

void JsonWriter::Separate() {
  if (!text_.empty() && text_.back() != '{' && text_.back() != '[' && text_.back() != ':') {
    text_ += ',';
  }
}

void JsonWriter::Name(std::string_view name) {
  Separate();
  text_.append("\"").append(name).append("\":");
}

void JsonWriter::Quote(std::string_view value) {
  const bool well_formed = IsUtf8(value);
  text_ += '"';
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '"' || c == '\\') {
      text_ += '\\';
      text_ += c;
    } else if (c == '\n') {
      text_ += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      text_ += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else if (static_cast<unsigned char>(c) < 0x80 || well_formed) {
      text_ += c;
    } else if (const std::size_t length = CharacterAt(value.substr(i)); length > 0) {
      text_.append(value.substr(i, length));
      i += length - 1;
    } else {
      text_ += "\xEF\xBF\xBD";
    }
  }
  text_ += '"';
}

void JsonWriter::BeginObject() {
  Separate();
  text_ += '{';
}
void JsonWriter::BeginObject(std::string_view name) {
  Name(name);
  text_ += '{';
}
void JsonWriter::EndObject() { text_ += '}'; }
void JsonWriter::BeginArray() {
  Separate();
  text_ += '[';
}
void JsonWriter::BeginArray(std::string_view name) {
  Name(name);
  text_ += '[';
}
void JsonWriter::EndArray() { text_ += ']'; }

void JsonWriter::Text(std::string_view name, std::string_view value) {
  Name(name);
  Quote(value);
}

void JsonWriter::TextOrNull(std::string_view name, std::string_view value) {
  value.empty() ? Null(name) : Text(name, value);
}

void JsonWriter::Integer(std::string_view name, std::int64_t value) {
  Name(name);
  text_ += std::to_string(value);
}

void JsonWriter::Integer(std::string_view name, std::optional<std::int64_t> value) {
  value ? Integer(name, *value) : Null(name);
}

void JsonWriter::Number(std::string_view name, std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return Null(name);
  Name(name);
  text_ += fmt::format("{}", *value);
}

void JsonWriter::Flag(std::string_view name, bool value) {
  Name(name);
  text_ += value ? "true" : "false";
}

void JsonWriter::Null(std::string_view name) {
  Name(name);
  text_ += "null";
}

void JsonWriter::Decimal(std::string_view name, const std::optional<model::Decimal>& value) {
  value ? Text(name, value->ToText()) : Null(name);
}

void JsonWriter::Moment(std::string_view name, base::Timestamp value) {
  Text(name, model::ToText(model::Value(value)));
}

void JsonWriter::Moment(std::string_view name, const std::optional<base::Timestamp>& value) {
  value ? Moment(name, *value) : Null(name);
}

void JsonWriter::Localized(std::string_view name, const model::LocalizedText& value) {
  BeginObject(name);
  for (const auto& [language, text] : value) Text(language, text);
  EndObject();
}

void JsonWriter::Raw(std::string_view name, std::string_view json) {
  Name(name);
  text_ += json;
}

void JsonWriter::TextItem(std::string_view value) {
  Separate();
  Quote(value);
}

void JsonWriter::IntegerItem(std::int64_t value) {
  Separate();
  text_ += std::to_string(value);
}

void JsonWriter::RawItem(std::string_view json) {
  Separate();
  text_ += json;
}

}  // namespace fansipan::http
