#include "sources/internal/xml/body_dropping.h"

#include <gtest/gtest.h>

#include <string>

#include "base/hash.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::uint32_t kDepth = 32;

std::string Mark(const std::string& of, const std::string& hashed) {
  return "<dropped xmlns=\"urn:fansipan:dropped\" of=\"" + of + "\" sha256=\"" +
         base::ToHex(base::Sha256(hashed)) + "\" bytes=\"" + std::to_string(hashed.size()) + "\"/>";
}

std::string Without(std::string_view payload) {
  const auto kept = DropBodies(payload, kDepth);
  return kept.ok() ? *kept : kept.error().reason;
}

/// What surrounds an attachment of a gateway's document.
std::string Document(const std::string& attachments) {
  return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<edXML xmlns=\"urn:e\">\n"
         "  <e:edXMLEnvelope xmlns:e=\"urn:e\"><e:Subject>Về việc &amp; họp</e:Subject>\n"
         "    <e:edXMLBody><e:edXMLManifest><e:Reference/></e:edXMLManifest></e:edXMLBody>\n"
         "  </e:edXMLEnvelope>\n  <AttachmentEncoded>" +
         attachments + "</AttachmentEncoded>\n</edXML>\n";
}

std::string Attachment(const std::string& content) {
  return "\n<Attachment><AttachmentName>công văn.pdf</AttachmentName>"
         "<ContentTransferEncoded>" +
         content + "</ContentTransferEncoded></Attachment>\n";
}

TEST(BodyDropping, LeavesHashAndLengthOfTheFileInItsPlace) {
  EXPECT_EQ(Without(Document(Attachment("JVBERi0x\r\nLjQ="))),
            Document(Attachment(Mark("file", "%PDF-1.4"))));
  EXPECT_EQ(Without(Document(Attachment("TQ==") + Attachment("TWE=") + Attachment("TWFu"))),
            Document(Attachment(Mark("file", "M")) + Attachment(Mark("file", "Ma")) +
                     Attachment(Mark("file", "Man"))));
}

TEST(BodyDropping, HashesWhatIsNoBase64AsItStands) {
  EXPECT_EQ(Without(Document(Attachment("họ tên"))), Document(Attachment(Mark("text", "họ tên"))));
  EXPECT_EQ(Without(Document(Attachment("<a>TWFu</a>"))),
            Document(Attachment(Mark("text", "<a>TWFu</a>"))));
  EXPECT_EQ(Without(Document(Attachment("TWF=u"))), Document(Attachment(Mark("text", "TWF=u"))));
  EXPECT_EQ(Without(Document(Attachment("TWFuT"))), Document(Attachment(Mark("text", "TWFuT"))));
  EXPECT_EQ(Without(Document(Attachment("<![CDATA[TWFu]]>"))),
            Document(Attachment(Mark("file", "Man"))));
}

TEST(BodyDropping, KeepsTheRestByteForByte) {
  for (const std::string& text :
       {Document(""), Document(Attachment("")), Document(Attachment(" \n ")),
        std::string("<a b = 'c'  >\r\n<!-- x --><?p q?>&#x41;<![CDATA[<]]></a >\n")}) {
    EXPECT_EQ(Without(text), text);
  }
}

TEST(BodyDropping, DropsEverythingThatDoesNotNameAnAttachment) {
  EXPECT_EQ(Without(Document("<Attachment>TWFu</Attachment>")),
            Document("<Attachment>" + Mark("text", "TWFu") + "</Attachment>"));
  EXPECT_EQ(Without(Document("<Attachment><Data><b>x</b></Data></Attachment>")),
            Document("<Attachment><Data>" + Mark("text", "<b>x</b>") + "</Data></Attachment>"));
  EXPECT_EQ(Without(Document("<Attachment><!-- secret --></Attachment>")),
            Document("<Attachment>" + Mark("text", "<!-- secret -->") + "</Attachment>"));
  EXPECT_EQ(Without("<edXML><edXMLBody>secret<Text>x</Text><edXMLManifest>m</edXMLManifest>"
                    "</edXMLBody></edXML>"),
            "<edXML><edXMLBody>" + Mark("text", "secret") + "<Text>" + Mark("text", "x") +
                "</Text><edXMLManifest>m</edXMLManifest></edXMLBody></edXML>");
}

TEST(BodyDropping, FindsContentWhereverItStandsAndWhateverItsNamespace) {
  EXPECT_EQ(Without("<a><x:ContentTransferEncoded xmlns:x='u' k='v'>TWFu</x:ContentTransferEncoded>"
                    "</a>"),
            "<a><x:ContentTransferEncoded xmlns:x='u' k='v'>" + Mark("file", "Man") +
                "</x:ContentTransferEncoded></a>");
  EXPECT_EQ(Without("<edXMLManifest><ContentTransferEncoded>TWFu</ContentTransferEncoded>"
                    "</edXMLManifest>"),
            "<edXMLManifest><ContentTransferEncoded>" + Mark("file", "Man") +
                "</ContentTransferEncoded></edXMLManifest>");
}

std::string Utf16(std::string_view ascii) {
  std::string bytes;
  for (const char c : ascii) bytes += {c, '\0'};
  return bytes;
}

TEST(BodyDropping, WritesTheMarkInTheDocumentsEncoding) {
  const std::string before = "<a><ContentTransferEncoded>";
  const std::string after = "</ContentTransferEncoded></a>";
  EXPECT_EQ(Without("\xFF\xFE" + Utf16(before + "TWFu" + after)),
            "\xFF\xFE" + Utf16(before + Mark("file", "Man") + after));
}

TEST(BodyDropping, RefusesWhatIsNoSoundXml) {
  EXPECT_EQ(Without("<a><ContentTransferEncoded>TWFu"), "cut_off");
  EXPECT_EQ(Without("<!DOCTYPE a><a/>"), "has_doctype");
  EXPECT_EQ(Without("no xml"), "not_xml");
}

TEST(BodyDropping, GivesTheSameForTheSameAndSoundXml) {
  const std::string once = Without(Document(Attachment("TWFu")));
  EXPECT_EQ(Without(Document(Attachment("TWFu"))), once);
  EXPECT_TRUE(DropBodies(once, kDepth).ok());
}

}  // namespace
}  // namespace fansipan::sources::internal
