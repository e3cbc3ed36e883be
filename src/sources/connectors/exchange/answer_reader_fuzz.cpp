#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sources/connectors/exchange/answer_reader.h"

/// Answers of an exchange, of any bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace sources = fansipan::sources;
  using fansipan::center::AnswerKind;
  const std::string_view answer(reinterpret_cast<const char*>(data), size);
  const auto json = sources::ReadIds(
      answer,
      {.answer = AnswerKind::kJson, .ids_at = "/items", .id_at = "/id", .most = 100, .depth = 32});
  if (json.ok() && json->size() > 100) __builtin_trap();
  const auto xml = sources::ReadIds(answer, {.answer = AnswerKind::kXml,
                                             .ids_at = "/*:Envelope/*:Body/*:id",
                                             .id_at = "",
                                             .most = 100,
                                             .depth = 32});
  if (xml.ok() && xml->size() > 100) __builtin_trap();
  (void)sources::ReadTextAt(answer, AnswerKind::kJson, "/content", 32);
  const auto element = sources::ReadElementAt(answer, "/*:Envelope/*:Body", 32);
  if (element.ok() && *element && (*element)->size() > size) __builtin_trap();
  return 0;
}
