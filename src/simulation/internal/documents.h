#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace fansipan::simulation::internal {

/// Invented electronic documents between invented offices of the province Sông Bạc, which does not
/// exist. Each is a pure function of the seed and its number.
std::string DocumentId(std::uint64_t seed, std::size_t number);
/// The number of the document of that id; nothing when there is none below `count`.
std::optional<std::size_t> NumberOf(std::uint64_t seed, const std::string& id, std::size_t count);
/// The whole document: envelope, and an attachment in base64.
std::string Edxml(std::uint64_t seed, std::size_t number);

/// `text` fit for XML, in texts and attributes.
std::string EscapeXml(const std::string& text);
/// Padded, in one line.
std::string ToBase64(const std::string& bytes);

}  // namespace fansipan::simulation::internal
