#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fansipan::sources::internal {

/// How many bytes a character of markup takes, and in which order; anything that is not UTF-16
/// writes markup in ASCII.
enum class XmlUnits { kBytes, kUtf16Little, kUtf16Big };

/// By the byte order mark or the `<` that a document begins with, as XML 1.0 appendix F has it.
XmlUnits UnitsOf(std::string_view payload);

/// Byte offset of the first half of a surrogate pair that stands alone in UTF-16 text.
std::optional<std::size_t> FindLoneSurrogate(std::string_view payload, XmlUnits units);

/// ASCII text as the document writes it.
std::string Written(std::string_view ascii, XmlUnits units);

/// The code points of an encoding of one byte, -1 where there is none; null for an encoding that is
/// not read. Names without regard to capitals. UTF-8, UTF-16, US-ASCII and ISO-8859-1 are read
/// without a table.
const int* CodePointsOf(std::string_view encoding);

/// Bytes of a document for people to read: in UTF-8, by the encoding that the document's mark or
/// declaration names, with U+FFFD for what means nothing. `bytes` need not be whole lines.
std::string ReadableXml(std::string_view payload, std::string_view bytes);

}  // namespace fansipan::sources::internal
