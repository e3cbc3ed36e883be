#include "sources/internal/xml/xml_encoding.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

namespace fansipan::sources::internal {
namespace {

struct SurrogateHalves {
  static bool IsHigh(unsigned unit) { return unit >= 0xD800U && unit <= 0xDBFFU; }
  static bool IsLow(unsigned unit) { return unit >= 0xDC00U && unit <= 0xDFFFU; }
};

constexpr std::size_t kLatin = 128;

/// What differs from ISO-8859-1 in the upper half of an encoding.
struct Difference {
  int byte;
  int point;  ///< -1: no character
};

/// 0x80 to 0x9F as both Windows encodings have them, but for the few that 1258 lacks.
constexpr std::array<int, 32> kWindowsSigns = {
    0x20AC, -1,     0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, -1,     0x017D, -1,     -1,     0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, -1,     0x017E, 0x0178};

constexpr std::array<Difference, 18> kVietnamese = {{{0x8A, -1},
                                                     {0x8E, -1},
                                                     {0x9A, -1},
                                                     {0x9E, -1},
                                                     {0xC3, 0x0102},
                                                     {0xCC, 0x0300},
                                                     {0xD0, 0x0110},
                                                     {0xD2, 0x0309},
                                                     {0xD5, 0x01A0},
                                                     {0xDD, 0x01AF},
                                                     {0xDE, 0x0303},
                                                     {0xE3, 0x0103},
                                                     {0xEC, 0x0301},
                                                     {0xF0, 0x0111},
                                                     {0xF2, 0x0323},
                                                     {0xF5, 0x01A1},
                                                     {0xFD, 0x01B0},
                                                     {0xFE, 0x20AB}}};

using CodePoints = std::array<int, 256>;

constexpr CodePoints Windows1252() {
  CodePoints points{};
  for (std::size_t byte = 0; byte < points.size(); ++byte) points[byte] = static_cast<int>(byte);
  for (std::size_t i = 0; i < kWindowsSigns.size(); ++i) points[kLatin + i] = kWindowsSigns[i];
  return points;
}

constexpr CodePoints Windows1258() {
  CodePoints points = Windows1252();
  for (const Difference& difference : kVietnamese) {
    points[static_cast<std::size_t>(difference.byte)] = difference.point;
  }
  return points;
}

constexpr CodePoints kWindows1252 = Windows1252();
constexpr CodePoints kWindows1258 = Windows1258();

unsigned UnitAt(std::string_view text, std::size_t offset, XmlUnits units) {
  const auto first = static_cast<unsigned char>(text[offset]);
  const auto second = static_cast<unsigned char>(text[offset + 1]);
  return units == XmlUnits::kUtf16Big ? (unsigned{first} << 8U) | second
                                      : (unsigned{second} << 8U) | first;
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
  for (std::size_t at = 0; at + 1 < payload.size(); at += 2) {
    const unsigned unit = UnitAt(payload, at, units);
    if (SurrogateHalves::IsLow(unit)) return at;
    if (!SurrogateHalves::IsHigh(unit)) continue;
    const bool paired =
        at + 3 < payload.size() && SurrogateHalves::IsLow(UnitAt(payload, at + 2, units));
    if (!paired) return at;
    at += 2;
  }
  return std::nullopt;
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
  std::string name(encoding);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (name == "windows-1252" || name == "cp1252") return kWindows1252.data();
  if (name == "windows-1258" || name == "cp1258") return kWindows1258.data();
  return nullptr;
}

std::string Composed(std::string_view utf8) {
  if (std::all_of(utf8.begin(), utf8.end(), [](char c) { return c >= 0; })) {
    return std::string(utf8);
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFCInstance(status);
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  if (U_FAILURE(status)) return std::string(utf8);
  const icu::UnicodeString composed = normalizer->normalize(text, status);
  if (U_FAILURE(status)) return std::string(utf8);
  std::string bytes;
  composed.toUTF8String(bytes);
  return bytes;
}

}  // namespace fansipan::sources::internal
