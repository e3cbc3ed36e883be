#include "http/target.h"

#include <cstdint>
#include <optional>

namespace fansipan::http {
namespace {

constexpr std::size_t kMaxParameters = 64;
constexpr std::size_t kMaxSegments = 16;

base::Error UnknownRoute() {
  return {base::ErrorCode::kNotFound, "unknown_route",
          "there is nothing at this path; paths are written in their normal form"};
}

base::Error BadQuery(std::string_view why) {
  return {base::ErrorCode::kInvalidArgument, "bad_query",
          "the query cannot be read: " + std::string(why)};
}

bool IsUnreserved(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool IsControl(unsigned char c) { return c < 0x20 || c == 0x7F; }

std::optional<unsigned> HexDigit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

/// The byte that "%XY" at `at` stands for.
std::optional<unsigned char> DecodedByte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size()) return std::nullopt;
  const auto high = HexDigit(text[at + 1]);
  const auto low = HexDigit(text[at + 2]);
  if (!high || !low) return std::nullopt;
  return static_cast<unsigned char>(*high * 16 + *low);
}

/// Characters of a path segment that need no encoding (RFC 3986), without ";".
bool IsPathCharacter(unsigned char c) {
  return IsUnreserved(c) ||
         std::string_view("!$&'()*+,=:@").find(static_cast<char>(c)) != std::string_view::npos;
}

std::optional<std::string> DecodeSegment(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!IsPathCharacter(static_cast<unsigned char>(text[i]))) return std::nullopt;
      decoded.push_back(text[i]);
      continue;
    }
    const auto byte = DecodedByte(text, i);
    if (!byte || IsUnreserved(*byte) || IsControl(*byte) || *byte == '/' || *byte == '\\' ||
        *byte == ';' || *byte == '%') {
      return std::nullopt;
    }
    decoded.push_back(static_cast<char>(*byte));
    i += 2;
  }
  if (decoded.empty() || decoded == "." || decoded == ".." || !IsUtf8(decoded)) return std::nullopt;
  return decoded;
}

std::optional<std::string> DecodeQueryText(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = static_cast<unsigned char>(text[i]);
    if (text[i] == '+') {
      byte = ' ';
    } else if (text[i] == '%') {
      const auto encoded = DecodedByte(text, i);
      if (!encoded) return std::nullopt;
      byte = *encoded;
      i += 2;
    }
    if (IsControl(byte)) return std::nullopt;
    decoded.push_back(static_cast<char>(byte));
  }
  if (!IsUtf8(decoded)) return std::nullopt;
  return decoded;
}

base::Status ParsePath(std::string_view path, Target& target) {
  if (path == "/") return {};
  path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    auto segment = DecodeSegment(path.substr(0, slash));
    if (!segment || target.segments.size() == kMaxSegments) return UnknownRoute();
    target.segments.push_back(*std::move(segment));
    if (slash == std::string_view::npos) return {};
    path.remove_prefix(slash + 1);
  }
}

base::Status ParseQuery(std::string_view query, Target& target) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = DecodeQueryText(pair.substr(0, equals));
    auto value = DecodeQueryText(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!name || !value || name->empty()) return BadQuery("it is not percent-encoded UTF-8 text");
    if (target.query.size() == kMaxParameters) return BadQuery("it has more than 64 parameters");
    target.query.emplace_back(*std::move(name), *std::move(value));
  }
  return {};
}

/// Length of the sequence that a lead byte begins, and the least code point that needs it.
std::pair<std::size_t, std::uint32_t> SequenceOf(unsigned char lead) {
  if (lead < 0x80) return {1, 0};
  if (lead >= 0xC2 && lead <= 0xDF) return {2, 0x80};
  if (lead >= 0xE0 && lead <= 0xEF) return {3, 0x800};
  if (lead >= 0xF0 && lead <= 0xF4) return {4, 0x10000};
  return {0, 0};
}

}  // namespace

bool IsUtf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    const auto [length, least] = SequenceOf(lead);
    if (length == 0 || i + length > bytes.size()) return false;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t j = 1; j < length; ++j) {
      const auto next = static_cast<unsigned char>(bytes[i + j]);
      if ((next & 0xC0U) != 0x80U) return false;
      point = (point << 6U) | (next & 0x3FU);
    }
    if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    i += length;
  }
  return true;
}

base::Result<Target> ParseTarget(std::string_view text) {
  if (text.empty() || text.front() != '/') return UnknownRoute();
  Target target;
  const std::size_t question = text.find('?');
  FANSIPAN_RETURN_IF_ERROR(ParsePath(text.substr(0, question), target));
  if (question != std::string_view::npos) {
    FANSIPAN_RETURN_IF_ERROR(ParseQuery(text.substr(question + 1), target));
  }
  return target;
}

std::string EncodeComponent(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (IsUnreserved(byte)) {
      encoded.push_back(c);
    } else {
      encoded.append({'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]});
    }
  }
  return encoded;
}

}  // namespace fansipan::http
