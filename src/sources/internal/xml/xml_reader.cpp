#include "sources/internal/xml/xml_reader.h"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <new>
#include <optional>

namespace fansipan::sources::internal {
namespace {

constexpr char kSeparator = '\n';
// Bytes given to the parser at once: what a token takes is looked at once, not piece by piece.
constexpr std::size_t kPiece = 1U << 30U;

base::Error OutOfMemory() {
  return {base::ErrorCode::kInvalidArgument, "worker_out_of_memory",
          "the delivery does not fit into the worker's memory"};
}

}  // namespace

XmlExpandedName SplitName(std::string_view name) {
  const std::size_t at = name.find(kSeparator);
  if (at == std::string_view::npos) return {{}, name};
  return {name.substr(0, at), name.substr(at + 1)};
}

/// What the library calls. It is C: nothing may be thrown through it.
struct XmlReader::Callbacks {
  XmlReader* reader;
  XmlConsumer* consumer;
  XML_Parser parser;
  std::uint32_t depth = 0;
  std::optional<base::Error> error;

  static Callbacks& Of(void* data) { return *static_cast<Callbacks*>(data); }

  void Stop(base::Error why) {
    if (!error) error = std::move(why);
    XML_StopParser(parser, XML_FALSE);
  }

  template <typename Work>
  void Guarded(Work work) {
    if (error) return;
    try {
      const base::Status status = work();
      if (!status.ok()) Stop(status.error());
    } catch (const std::bad_alloc&) {
      Stop(OutOfMemory());
    }
  }

  XmlTag TagNamed(const char* name) const {
    XmlTag tag;
    tag.name = SplitName(name);
    tag.offset = static_cast<std::uint64_t>(XML_GetCurrentByteIndex(parser));
    tag.end = tag.offset + static_cast<std::uint64_t>(XML_GetCurrentByteCount(parser));
    return tag;
  }

  base::Status Begin(const char* name, const char** attributes) {
    if (++depth > reader->depth_limit_) {
      return reader->At("too_deep",
                        fmt::format("nested deeper than the {} levels that the source's limit "
                                    "allows",
                                    reader->depth_limit_),
                        base::ErrorCode::kTooLarge);
    }
    if (XML_GetSpecifiedAttributeCount(parser) > 2 * kMaxXmlAttributes) {
      return reader->At("too_many_attributes",
                        fmt::format("a tag has more than {} attributes", kMaxXmlAttributes),
                        base::ErrorCode::kTooLarge);
    }
    XmlTag tag = TagNamed(name);
    tag.attributes = attributes;
    return consumer->Begin(tag);
  }

  static void OnBegin(void* data, const char* name, const char** attributes) {
    Callbacks& self = Of(data);
    self.Guarded([&] { return self.Begin(name, attributes); });
  }

  static void OnEnd(void* data, const char* name) {
    Callbacks& self = Of(data);
    --self.depth;
    self.Guarded([&] { return self.consumer->End(self.TagNamed(name)); });
  }

  static void OnText(void* data, const char* text, int length) {
    Callbacks& self = Of(data);
    if (!self.consumer->WantsText()) return;
    self.Guarded([&] {
      self.consumer->Text({text, static_cast<std::size_t>(length)});
      return base::Status();
    });
  }

  static void OnDoctype(void* data, const char*, const char*, const char*, int) {
    Callbacks& self = Of(data);
    self.Stop(self.reader->At("has_doctype",
                              "a document type declaration stands here; such documents are not "
                              "read, since it could make texts that the file does not hold. Have "
                              "the source leave it out",
                              base::ErrorCode::kInvalidArgument));
  }

  static int OnEncoding(void* data, const char* name, XML_Encoding* encoding) {
    const int* points = CodePointsOf(name);
    if (points == nullptr) return XML_STATUS_ERROR;
    static_cast<XmlReader*>(data)->legacy_ = true;
    std::copy(points, points + 256, encoding->map);
    encoding->data = nullptr;
    encoding->convert = nullptr;
    encoding->release = nullptr;
    return XML_STATUS_OK;
  }
};

XmlReader::XmlReader(std::string_view payload, std::uint32_t depth_limit)
    : payload_(payload), depth_limit_(depth_limit), units_(UnitsOf(payload)) {}

std::uint32_t XmlReader::line() const {
  return static_cast<std::uint32_t>(XML_GetCurrentLineNumber(static_cast<XML_Parser>(parser_)));
}

base::Status XmlReader::Read(XmlConsumer& consumer) {
  if (const auto lone = FindLoneSurrogate(payload_, units_)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "not_xml",
                       fmt::format("byte {}: half of a surrogate pair stands alone", *lone + 1)};
  }
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreateNS(nullptr, kSeparator), &XML_ParserFree);
  if (!parser) return OutOfMemory();
  parser_ = parser.get();
  base::Status read = Feed(consumer);
  parser_ = nullptr;
  return read;
}

base::Status XmlReader::Feed(XmlConsumer& consumer) {
  const auto parser = static_cast<XML_Parser>(parser_);
  Callbacks callbacks{this, &consumer, parser, 0, std::nullopt};
  XML_SetUserData(parser, &callbacks);
  XML_SetElementHandler(parser, &Callbacks::OnBegin, &Callbacks::OnEnd);
  XML_SetCharacterDataHandler(parser, &Callbacks::OnText);
  XML_SetStartDoctypeDeclHandler(parser, &Callbacks::OnDoctype);
  XML_SetUnknownEncodingHandler(parser, &Callbacks::OnEncoding, this);
  std::string_view rest = payload_;
  while (true) {
    const std::string_view piece = rest.substr(0, kPiece);
    rest.remove_prefix(piece.size());
    const XML_Status status =
        XML_Parse(parser, piece.data(), static_cast<int>(piece.size()), rest.empty());
    if (callbacks.error) return *std::move(callbacks.error);
    if (status != XML_STATUS_OK) return Failure();
    if (rest.empty()) return {};
  }
}

base::Error XmlReader::Failure() const {
  const auto parser = static_cast<XML_Parser>(parser_);
  const XML_Error code = XML_GetErrorCode(parser);
  switch (code) {
    case XML_ERROR_NO_ELEMENTS:
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR:
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
      return At("cut_off", "the text ends before its root element does",
                base::ErrorCode::kInvalidArgument);
    case XML_ERROR_NO_MEMORY:
      return OutOfMemory();
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING:
      return At("unknown_encoding",
                "the encoding that the document declares is not the one it is in, or is none of "
                "UTF-8, UTF-16, US-ASCII, ISO-8859-1, windows-1252, windows-1258",
                base::ErrorCode::kInvalidArgument);
    default:
      return At("not_xml", XML_ErrorString(code), base::ErrorCode::kInvalidArgument);
  }
}

base::Error XmlReader::At(std::string_view reason, std::string_view what,
                          base::ErrorCode code) const {
  const auto parser = static_cast<XML_Parser>(parser_);
  return {code, std::string(reason),
          fmt::format("line {}, column {}: {}", XML_GetCurrentLineNumber(parser),
                      XML_GetCurrentColumnNumber(parser) + 1, what)};
}

}  // namespace fansipan::sources::internal
