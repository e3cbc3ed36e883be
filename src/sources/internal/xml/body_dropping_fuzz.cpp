// Feeds arbitrary documents to the dropping of bodies: what it gives must be XML again, and hold no
// byte of an attachment that stands in the place of one.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sources/internal/xml/body_dropping.h"

namespace {
using fansipan::sources::internal::DropBodies;
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  const auto kept = DropBodies(payload, 16);
  const std::string secret = "c2VjcmV0";
  const std::string whole = "<edXML><AttachmentEncoded><Attachment><ContentTransferEncoded>" +
                            secret +
                            "</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>";
  if (!kept.ok()) return 0;
  // One level more: a mark may stand in the deepest element.
  if (!DropBodies(*kept, 17).ok()) std::abort();
  if (size > 64) return 0;
  const auto without = DropBodies(whole, 16);
  if (!without.ok() || without->find(secret) != std::string::npos) std::abort();
  return 0;
}
