#include "sources/internal/xml/body_dropping.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "base/hash.h"
#include "sources/internal/base64.h"
#include "sources/internal/xml/xml_reader.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

template <std::size_t kCount>
bool IsOneOf(const std::array<std::string_view, kCount>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What stands inside an element, by its name and its parent's.
enum class Holding {
  kOther,        ///< nothing that is dropped, but for what elements within hold
  kKept,         ///< all of it stays
  kAttachments,  ///< attachments, and what names them
  kBody,         ///< a body, and its manifest
  kDropped       ///< what must not be kept
};

Holding HoldingOf(std::string_view name, Holding parent) {
  constexpr std::array<std::string_view, 5> kNaming = {"AttachmentName", "ContentType", "ContentId",
                                                       "Description", "ContentEncoding"};
  constexpr std::array<std::string_view, 2> kManifests = {"edXMLManifest", "Manifest"};
  if (parent == Holding::kDropped) return Holding::kDropped;
  if (name == "ContentTransferEncoded") return Holding::kDropped;
  if (name == "AttachmentEncoded") return Holding::kAttachments;
  if (name == "edXMLBody") return Holding::kBody;
  if (parent == Holding::kAttachments) {
    if (name == "Attachment") return Holding::kAttachments;
    return IsOneOf(kNaming, name) ? Holding::kKept : Holding::kDropped;
  }
  if (parent == Holding::kBody) {
    return IsOneOf(kManifests, name) ? Holding::kKept : Holding::kDropped;
  }
  return parent;
}

class BodyDropping final : public XmlConsumer {
 public:
  BodyDropping(std::string_view payload, XmlUnits units) : payload_(payload), units_(units) {}

  base::Status Begin(const XmlTag& tag) override {
    DropGap(tag.offset);
    if (dropping_ > 0) {
      ++dropping_;
      plain_ = false;
      return {};
    }
    const Holding parent = open_.empty() ? Holding::kOther : open_.back();
    open_.push_back(HoldingOf(tag.name.local, parent));
    if (open_.back() == Holding::kDropped) {
      dropping_ = 1;
      dropped_from_ = tag.end;
      plain_ = true;
      text_.clear();
    }
    last_end_ = tag.end;
    return {};
  }

  base::Status End(const XmlTag& tag) override {
    DropGap(tag.offset);
    if (dropping_ > 0 && --dropping_ > 0) return {};
    if (open_.back() == Holding::kDropped) Drop(dropped_from_, tag.offset);
    open_.pop_back();
    last_end_ = tag.end;
    return {};
  }

  void Text(std::string_view piece) override { text_.append(piece); }
  bool WantsText() const override { return dropping_ == 1 && plain_; }

  std::string Finish() {
    kept_.append(payload_.substr(copied_));
    return std::move(kept_);
  }

 private:
  /// Text that stands between the elements of what holds bodies or attachments.
  void DropGap(std::uint64_t end) {
    const bool holds =
        !open_.empty() && (open_.back() == Holding::kAttachments || open_.back() == Holding::kBody);
    if (dropping_ > 0 || !holds || last_end_ >= end) return;
    plain_ = false;
    Drop(last_end_, end);
  }

  bool IsSpace(std::string_view bytes) const {
    return std::all_of(bytes.begin(), bytes.end(), [&](char c) {
      return kSpace.find(c) != std::string_view::npos || (c == '\0' && units_ != XmlUnits::kBytes);
    });
  }

  void Drop(std::uint64_t from, std::uint64_t to) {
    if (from >= to) return;
    const std::string_view bytes = payload_.substr(from, to - from);
    if (IsSpace(bytes)) return;
    const auto file = plain_ ? FromBase64(text_) : std::nullopt;
    const std::string_view hashed = file ? std::string_view(*file) : bytes;
    kept_.append(payload_.substr(copied_, from - copied_));
    kept_.append(Written(fmt::format("<dropped xmlns=\"{}\" of=\"{}\" sha256=\"{}\" bytes=\"{}\"/>",
                                     kDroppedNamespace, file ? "file" : "text",
                                     base::ToHex(base::Sha256(hashed)), hashed.size()),
                         units_));
    copied_ = to;
    text_.clear();
  }

  std::string_view payload_;
  XmlUnits units_;
  std::vector<Holding> open_;
  std::size_t dropping_ = 0;        ///< elements open within what is dropped, itself included
  std::uint64_t dropped_from_ = 0;  ///< end of the tag that began it
  bool plain_ = false;              ///< it has held no element so far
  std::string text_;
  std::uint64_t last_end_ = 0;  ///< of the last tag
  std::uint64_t copied_ = 0;    ///< bytes of the payload that are kept or dropped already
  std::string kept_;
};

}  // namespace

base::Result<std::string> DropBodies(std::string_view payload, std::uint32_t depth_limit) {
  XmlReader reader(payload, depth_limit);
  BodyDropping dropping(payload, reader.units());
  FANSIPAN_RETURN_IF_ERROR(reader.Read(dropping));
  return dropping.Finish();
}

}  // namespace fansipan::sources::internal
