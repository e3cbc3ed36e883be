#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "model/decimal.h"
#include "model/text.h"

namespace fansipan::http {

/// Writes one JSON value straight into text, without a tree in between. The caller keeps the order
/// of Begin, members and End. Bytes that are not UTF-8 become U+FFFD.
class JsonWriter {
 public:
  void BeginObject();
  void BeginObject(std::string_view name);
  void EndObject();
  void BeginArray();
  void BeginArray(std::string_view name);
  void EndArray();

  void Text(std::string_view name, std::string_view value);
  /// Null when the text is empty.
  void TextOrNull(std::string_view name, std::string_view value);
  void Integer(std::string_view name, std::int64_t value);
  void Integer(std::string_view name, std::optional<std::int64_t> value);
  void Number(std::string_view name, std::optional<double> value);
  void Flag(std::string_view name, bool value);
  void Null(std::string_view name);
  /// A string of plain digits.
  void Decimal(std::string_view name, const std::optional<model::Decimal>& value);
  void Moment(std::string_view name, base::Timestamp value);
  void Moment(std::string_view name, const std::optional<base::Timestamp>& value);
  void Localized(std::string_view name, const model::LocalizedText& value);
  /// `json` is a JSON value already.
  void Raw(std::string_view name, std::string_view json);

  void TextItem(std::string_view value);
  void IntegerItem(std::int64_t value);
  void RawItem(std::string_view json);

  std::string Take() { return std::move(text_); }

 private:
  void Separate();
  void Name(std::string_view name);
  void Quote(std::string_view value);

  std::string text_;
};

}  // namespace fansipan::http
