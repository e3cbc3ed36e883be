#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fansipan::sources::internal {

inline constexpr std::string_view kDroppedNamespace = "urn:fansipan:dropped";

/// An edXML document without its bodies and attachments. In the place of each stands
/// `<dropped xmlns="urn:fansipan:dropped" of="file" sha256="…" bytes="…"/>`: hash and length of the
/// file that its base64 held, or (`of="text"`) of the bytes as they stood. Dropped is what
/// elements `ContentTransferEncoded` hold, wherever they stand; within `AttachmentEncoded` all but
/// what names an attachment (its name, type, id and description); within `edXMLBody` all but the
/// manifest. Everything else stays byte for byte. Errors are those of XmlReader.
base::Result<std::string> DropBodies(std::string_view payload, std::uint32_t depth_limit);

}  // namespace fansipan::sources::internal
