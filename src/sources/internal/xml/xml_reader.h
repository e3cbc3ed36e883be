#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "sources/internal/xml/xml_encoding.h"

namespace fansipan::sources::internal {

/// A name in a document: "uri\nlocal", or "local" of a name in no namespace.
struct XmlExpandedName {
  std::string_view uri;
  std::string_view local;
};
XmlExpandedName SplitName(std::string_view name);

/// A tag as it stands in the payload. The texts live during the call alone.
struct XmlTag {
  XmlExpandedName name;
  /// Names and values in turn, UTF-8, ended by a null; of a tag that begins an element.
  const char* const* attributes = nullptr;
  std::uint64_t offset = 0;  ///< bytes before it
  std::uint64_t end = 0;     ///< bytes up to its end; of an element that is one tag both are this
};

/// Takes what stands in a document, in order. An error ends the reading and is what ReadXml
/// returns.
class XmlConsumer {
 public:
  virtual ~XmlConsumer() = default;
  virtual base::Status Begin(const XmlTag& tag) = 0;
  virtual base::Status End(const XmlTag& tag) = 0;
  /// A piece of character data, UTF-8, references resolved; only while WantsText.
  virtual void Text(std::string_view piece) = 0;
  virtual bool WantsText() const = 0;
};

/// Reads documents of one XML 1.0 (fifth edition) with namespaces, strictly and in one pass, with
/// no memory but for what is open. A document type declaration ends the reading where it begins, so
/// that there are no entities but the five and references to characters, and nothing outside is
/// ever asked for. At most kMaxXmlAttributes attributes a tag.
/// Errors, with line and column: not_xml, cut_off, has_doctype, too_deep, too_many_attributes,
/// unknown_encoding, worker_out_of_memory.
class XmlReader {
 public:
  XmlReader(std::string_view payload, std::uint32_t depth_limit);
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;

  /// Once for a reader.
  base::Status Read(XmlConsumer& consumer);

  XmlUnits units() const { return units_; }
  /// 1-based, of the tag that the consumer has been given.
  std::uint32_t line() const;
  /// True when the document is in a legacy encoding whose texts want composing.
  bool is_legacy() const { return legacy_; }

 private:
  struct Callbacks;
  base::Status Feed(XmlConsumer& consumer);
  base::Error Failure() const;
  base::Error At(std::string_view reason, std::string_view what, base::ErrorCode code) const;

  std::string_view payload_;
  std::uint32_t depth_limit_;
  XmlUnits units_;
  bool legacy_ = false;
  void* parser_ = nullptr;  ///< of the library; during Read alone
};

inline constexpr int kMaxXmlAttributes = 1000;

}  // namespace fansipan::sources::internal
