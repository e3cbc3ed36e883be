#include "sources/internal/xml/xml_encoding.h"

#include <algorithm>
#include <array>

#include "model/spelling/ascii.h"
#include "model/spelling/composing.h"
#include "sources/internal/encodings/byte_encodings.h"
#include "sources/internal/encodings/payload_text.h"
#include "sources/internal/encodings/utf16.h"
#include "sources/internal/encodings/utf8_writer.h"
#include "sources/internal/encodings/vietnamese_letters.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::size_t kLatin = 128;

/// 0x80 to 0x9F.
constexpr std::array<int, 32> kWindowsSigns = {
    0x20AC, -1,     0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, -1,     0x017D, -1,     -1,     0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, -1,     0x017E, 0x0178};

using CodePoints = std::array<int, 256>;

constexpr CodePoints Windows1252() {
  CodePoints points{};
  for (std::size_t byte = 0; byte < points.size(); ++byte) points[byte] = static_cast<int>(byte);
  for (std::size_t i = 0; i < kWindowsSigns.size(); ++i) points[kLatin + i] = kWindowsSigns[i];
  return points;
}

constexpr CodePoints kWindows1252 = Windows1252();

/// As texts in that encoding are read, a tone being a combining character of its own.
CodePoints Windows1258() {
  const ByteEncoding& encoding = ByteEncodingOf(center::Encoding::kWindows1258);
  CodePoints points = Windows1252();
  for (std::size_t i = 0; i < encoding.upper.size(); ++i) {
    const auto& [character, mark] = encoding.upper[i];
    const char16_t point = mark.any() ? CombiningCharacter(mark.tone) : character;
    points[kLatin + i] = point == 0 ? -1 : point;
  }
  return points;
}

/// What the XML declaration says; empty when it says nothing.
std::string_view DeclaredEncoding(std::string_view payload) {
  if (payload.starts_with("\xEF\xBB\xBF")) payload.remove_prefix(3);
  if (!payload.starts_with("<?xml")) return {};
  const std::string_view declaration = payload.substr(0, payload.find("?>"));
  const std::size_t name = declaration.find("encoding");
  const std::size_t begin =
      name == std::string_view::npos ? name : declaration.find_first_of("\"'", name);
  if (begin == std::string_view::npos) return {};
  const std::size_t end = declaration.find(declaration[begin], begin + 1);
  if (end == std::string_view::npos) return {};
  return declaration.substr(begin + 1, end - begin - 1);
}

}  // namespace

XmlUnits UnitsOf(std::string_view payload) {
  const std::string_view begin = payload.substr(0, 2);
  if (begin == "\xFF\xFE" || begin == std::string_view("<\0", 2)) return XmlUnits::kUtf16Little;
  if (begin == "\xFE\xFF" || begin == std::string_view("\0<", 2)) return XmlUnits::kUtf16Big;
  return XmlUnits::kBytes;
}

std::optional<std::size_t> FindLoneSurrogate(std::string_view payload, XmlUnits units) {
  if (units == XmlUnits::kBytes) return std::nullopt;
  const std::string_view whole = payload.substr(0, payload.size() / 2 * 2);
  return FindLoneSurrogate(Utf16Text{.bytes = whole, .big_endian = units == XmlUnits::kUtf16Big});
}

std::string Written(std::string_view ascii, XmlUnits units) {
  std::string written;
  for (const char c : ascii) {
    if (units == XmlUnits::kUtf16Big) written += '\0';
    written += c;
    if (units == XmlUnits::kUtf16Little) written += '\0';
  }
  return written;
}

const int* CodePointsOf(std::string_view encoding) {
  static const CodePoints kWindows1258 = Windows1258();
  const std::string name = model::LowerAscii(std::string(encoding));
  if (name == "windows-1252" || name == "cp1252") return kWindows1252.data();
  if (name == "windows-1258" || name == "cp1258") return kWindows1258.data();
  return nullptr;
}

std::string ReadableXml(std::string_view payload, std::string_view bytes) {
  const XmlUnits units = UnitsOf(payload);
  if (units != XmlUnits::kBytes) {
    return ReadableBytes(bytes, center::Encoding::kUtf16, units == XmlUnits::kUtf16Big);
  }
  const std::string_view encoding = DeclaredEncoding(payload);
  const int* points = CodePointsOf(encoding);
  const bool is_latin = model::LowerAscii(std::string(encoding)) == "iso-8859-1";
  if (points == nullptr && !is_latin) return ReadableBytes(bytes, center::Encoding::kUtf8, false);
  constexpr char32_t kMeaningless = 0xFFFD;
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const int point = is_latin ? byte : points[byte];
    AppendUtf8(point < 0 ? kMeaningless : static_cast<char32_t>(point), text);
  }
  return model::Compose(text);
}

}  // namespace fansipan::sources::internal
