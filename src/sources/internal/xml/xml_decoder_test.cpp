#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sources/decoding.h"
#include "sources/testing/collected_rows.h"

namespace fansipan::sources {
namespace {

using testing::Cells;
using testing::Rows;

center::Source XmlSource(std::vector<center::RawColumn> columns) {
  center::Source source;
  source.name = "cases";
  source.format = center::Format::kXml;
  source.xml.records_at = "/list/case";
  source.xml.namespaces = {{"h", "urn:h"}};
  source.xml.columns = std::move(columns);
  return source;
}

std::string ReasonOf(std::string_view payload, const center::Source& source) {
  Rows rows;
  const auto decoded = Decode(payload, source, rows);
  return decoded.ok() ? "" : decoded.error().reason;
}

std::string ReasonOf(std::string_view payload) {
  return ReasonOf(payload, XmlSource({{"a", "a"}}));
}

/// The ASCII text in UTF-16 with a byte order mark.
std::string Utf16(std::string_view ascii, bool big) {
  std::string bytes = big ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : ascii) {
    if (big) bytes += '\0';
    bytes += c;
    if (!big) bytes += '\0';
  }
  return bytes;
}

TEST(Xml, TakesElementsAttributesAndOwnTextByPath) {
  Rows rows;
  const auto decoded = Decode(
      R"(<?xml version="1.0"?><list><case id="K1">
           <from kind="unit"><name> Sở Y tế </name></from>open
           <note><![CDATA[a < b & c]]> &amp; &#x1ea1;</note></case><case id=""/></list>)",
      XmlSource({{"id", "@id"},
                 {"name", "from/name"},
                 {"kind", "from/@kind"},
                 {"own", "."},
                 {"note", "note"},
                 {"none", "none/at/all"}}),
      rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.cells,
            (std::vector<Cells>{{"K1", "Sở Y tế", "unit", "open", "a < b & c & ạ", std::nullopt},
                                Cells(6)}));
}

TEST(Xml, TellsNamespacesApartUnlessAnyIsAskedFor) {
  const std::string text =
      R"(<list xmlns:x="urn:h" xmlns="urn:other"><case xmlns=""><x:a>1</x:a><a>2</a><b x:k="3" k="4"/>
         <a xmlns="urn:h">5</a></case></list>)";
  Rows rows;
  center::Source source = XmlSource({{"h", "h:a"}, {"none", "a"}, {"all", "*:a"}, {"k", "b/@h:k"}});
  source.xml.records_at = "/*:list/case";
  source.xml.join = "|";
  const auto decoded = Decode(text, source, rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1|5", "2", "1|2|5", "3"}}));
  source.xml.records_at = "/list/case";
  EXPECT_EQ(ReasonOf(text, source), "wrong_shape");
}

TEST(Xml, GivesEachRecordItsPlaceInBytes) {
  const std::string text =
      "<list>\n  <case><a>một</a></case>\n  <other/><case a='1'/>\r\n<case\n>x</case\n></list>";
  Rows rows;
  const auto decoded = Decode(text, XmlSource({{"a", "a"}}), rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  ASSERT_EQ(decoded->rows.size(), 3U);
  const auto bytes = [&](std::size_t i) {
    return text.substr(decoded->rows[i].offset, decoded->rows[i].length);
  };
  EXPECT_EQ(bytes(0), "<case><a>một</a></case>");
  EXPECT_EQ(bytes(1), "<case a='1'/>");
  EXPECT_EQ(bytes(2), "<case\n>x</case\n>");
  EXPECT_EQ(decoded->rows[0].line, 2U);
  EXPECT_EQ(decoded->rows[2].line, 4U);
}

TEST(Xml, FindsPlacesInUtf16AsWell) {
  const std::string text = Utf16("<list>\n<case><a>1</a></case><case/></list>", false);
  Rows rows;
  const auto decoded = Decode(text, XmlSource({{"a", "a"}}), rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  ASSERT_EQ(decoded->rows.size(), 2U);
  EXPECT_EQ(rows.cells[0], Cells{"1"});
  EXPECT_EQ("\xFF\xFE" + text.substr(decoded->rows[0].offset, decoded->rows[0].length),
            Utf16("<case><a>1</a></case>", false));
  EXPECT_EQ("\xFF\xFE" + text.substr(decoded->rows[1].offset, decoded->rows[1].length),
            Utf16("<case/>", false));
  EXPECT_EQ(ReadableText(text, decoded->rows[0], XmlSource({})), "<case><a>1</a></case>");
  const std::string big = Utf16("<list><case a='x'/></list>", true);
  ASSERT_TRUE(Decode(big, XmlSource({{"a", "@a"}}), rows).ok());
  EXPECT_EQ(ReadableText(big, {.offset = 2 + 2 * 6, .length = 2 * 13}, XmlSource({})),
            "<case a='x'/>");
}

TEST(Xml, ReadsLegacyVietnameseAndComposesIt) {
  // "Việt" as windows-1258 writes it: e with circumflex, then the dot below.
  const std::string text =
      "<?xml version='1.0' encoding='windows-1258'?><list><case><a>Vi\xEA\xF2t "
      "\xD0</a></case></list>";
  Rows rows;
  const auto decoded = Decode(text, XmlSource({{"a", "a"}}), rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.cells[0], Cells{"Việt Đ"});
  EXPECT_EQ(ReadableText(text, decoded->rows[0], XmlSource({})), "<case><a>Việt Đ</a></case>");
  const std::string latin = "<?xml version=\"1.0\" encoding = \"ISO-8859-1\" ?><list>\xE9</list>";
  EXPECT_EQ(ReadableText(latin, {.offset = 0, .length = latin.size()}, XmlSource({})),
            "<?xml version=\"1.0\" encoding = \"ISO-8859-1\" ?><list>é</list>");
  const std::string plain = "<list>\xC3\xA9\xE9</list>";
  EXPECT_EQ(ReadableText(plain, {.offset = 6, .length = 3}, XmlSource({})), "é\uFFFD");
}

TEST(Xml, NeverLosesRepeatedElementsSilently) {
  const std::string text = "<list><case><a>1</a><a/><a>2</a></case><case><a>3</a></case></list>";
  Rows rows;
  const auto decoded = Decode(text, XmlSource({{"a", "a"}}), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 1U);
  EXPECT_EQ(decoded->refused[0].reason, "repeated_element");
  EXPECT_EQ(decoded->refused[0].column, "a");
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"3"}}));

  Rows joined;
  center::Source source = XmlSource({{"a", "a"}, {"first", "a[1]"}});
  source.xml.join = "; ";
  ASSERT_TRUE(Decode(text, source, joined).ok());
  EXPECT_EQ(joined.cells, (std::vector<Cells>{{"1; 2", "1"}, {"3", "3"}}));
}

TEST(Xml, TakesTheFirstOfEachParent) {
  Rows rows;
  center::Source source = XmlSource({{"n", "p/n[1]"}, {"first", "p[1]/n"}});
  source.xml.join = ",";
  ASSERT_TRUE(
      Decode("<list><case><p><n>1</n><n>2</n></p><p><n>3</n></p></case></list>", source, rows)
          .ok());
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1,3", "1,2"}}));
}

TEST(Xml, RefusesWhatIsNotWellFormedWithItsPlace) {
  Rows rows;
  const auto decoded = Decode("<list>\n<case><a>1</a></case>\n<case><b></case></list>",
                              XmlSource({{"a", "a"}}), rows);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().reason, "not_xml");
  EXPECT_NE(decoded.error().message.find("line 3, column 12"), std::string::npos)
      << decoded.error().message;
  EXPECT_EQ(ReasonOf("a,b\n1,2\n"), "not_xml");
  EXPECT_EQ(ReasonOf("{\"a\": 1}"), "not_xml");
  EXPECT_EQ(ReasonOf("<list/><list/>"), "not_xml");
  EXPECT_EQ(ReasonOf("<list><case a='1' a='2'/></list>"), "not_xml");
  EXPECT_EQ(ReasonOf("<list><x:case/></list>"), "not_xml");
  EXPECT_EQ(ReasonOf("<list>&nbsp;</list>"), "not_xml");
  EXPECT_EQ(ReasonOf("<list>&#0;</list>"), "not_xml");
  EXPECT_EQ(ReasonOf("<list>&#xD800;</list>"), "not_xml");
  EXPECT_EQ(ReasonOf(std::string("<list>\0</list>", 14)), "not_xml");
  EXPECT_EQ(ReasonOf("<list>\xC3\x28</list>"), "not_xml");
  EXPECT_EQ(ReasonOf("<list>\xED\xA0\x80</list>"), "not_xml") << "a surrogate in UTF-8";
}

TEST(Xml, RefusesTextsThatEndEarly) {
  const std::string whole = "<list><case><a>1</a></case><!-- x --><case/></list>";
  EXPECT_EQ(ReasonOf(whole), "");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(ReasonOf(whole.substr(0, length)), "cut_off") << length;
  }
}

TEST(Xml, RefusesHalvesOfSurrogatePairsInUtf16) {
  const std::string head = Utf16("<list>", true);
  const std::string tail = Utf16("</list>", true).substr(2);
  EXPECT_EQ(ReasonOf(head + tail), "");
  EXPECT_EQ(ReasonOf(head + std::string("\xD8\x3D\xDE\x00", 4) + tail), "");
  EXPECT_EQ(ReasonOf(head + std::string("\xD8\x3D\x00\x41", 4) + tail), "not_xml");
  EXPECT_EQ(ReasonOf(head + std::string("\xDE\x00", 2) + tail), "not_xml");
}

constexpr std::string_view kLaughs =
    "<!DOCTYPE list [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
    "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><list><case><a>&c;</a></case></list>";

TEST(XmlHostile, RefusesEveryDocumentTypeInEveryEncoding) {
  for (const std::string& document :
       {std::string(kLaughs), std::string("<!DOCTYPE list SYSTEM 'file:///etc/passwd'><list/>"),
        std::string("<!DOCTYPE list [<!ENTITY % p SYSTEM 'http://127.0.0.1/x'> %p;]><list/>"),
        std::string("<!-- x -->\n<!DOCTYPE list><list/>")}) {
    EXPECT_EQ(ReasonOf(document), "has_doctype") << document;
    EXPECT_EQ(ReasonOf("\xEF\xBB\xBF" + document), "has_doctype") << document;
    EXPECT_EQ(ReasonOf(Utf16(document, false)), "has_doctype") << document;
    EXPECT_EQ(ReasonOf(Utf16(document, true)), "has_doctype") << document;
    EXPECT_EQ(ReasonOf(Utf16(document, true).substr(2)), "has_doctype") << document;
    for (const std::string encoding : {"windows-1258", "windows-1252", "iso-8859-1", "us-ascii"}) {
      EXPECT_EQ(ReasonOf("<?xml version='1.0' encoding='" + encoding + "'?>" + document),
                "has_doctype")
          << encoding << document;
    }
  }
}

TEST(XmlHostile, RefusesEncodingsThatAreNotWhatTheySay) {
  for (const std::string encoding : {"utf-7", "utf-16", "ucs-4", "tcvn3", "ebcdic-cp-us", "x"}) {
    EXPECT_EQ(ReasonOf("<?xml version='1.0' encoding='" + encoding + "'?><list/>"),
              "unknown_encoding")
        << encoding;
  }
  EXPECT_NE(ReasonOf(std::string("\0\0\xFE\xFF\0\0\0<", 8)), "");
  EXPECT_NE(ReasonOf("\x4C\x6F\xA7\x94"), "") << "EBCDIC";
  EXPECT_NE(ReasonOf("+ADw-list/+AD4-"), "") << "UTF-7";
}

TEST(XmlHostile, BoundsDepthAndAttributes) {
  center::Source source = XmlSource({{"a", "a"}});
  source.limits.depth = 4;
  EXPECT_EQ(ReasonOf("<list><case><a><b/></a></case></list>", source), "");
  EXPECT_EQ(ReasonOf("<list><case><a><b><c/></b></a></case></list>", source), "too_deep");
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "<a>";
  EXPECT_EQ(ReasonOf(deep), "too_deep");
  const auto with_attributes = [](int count) {
    std::string text = "<list><case";
    for (int i = 0; i < count; ++i) text += " a" + std::to_string(i) + "=''";
    return text + "/></list>";
  };
  EXPECT_EQ(ReasonOf(with_attributes(1000)), "");
  EXPECT_EQ(ReasonOf(with_attributes(1001)), "too_many_attributes");
  EXPECT_EQ(ReasonOf(with_attributes(1'000'000)), "too_many_attributes");
}

TEST(XmlHostile, ReadsLongTextsInOnePass) {
  const std::string text(100U << 20U, 'x');
  const std::string cell = text.substr(0, 16U << 20U);
  Rows rows;
  const auto decoded = Decode("<list><case><a>" + cell + "</a></case><case><a>" + text +
                                  "</a></case><case><a>y</a></case></list>",
                              XmlSource({{"a", "a"}}), rows);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(rows.cells[0][0]->size(), cell.size());
  EXPECT_EQ(rows.cells[1][0], "y");
  ASSERT_EQ(decoded->refused.size(), 1U);
  EXPECT_EQ(decoded->refused[0].reason, "cell_too_large");
  EXPECT_EQ(ReasonOf("<list><case a='" + text + "'/></list>"), "");
  EXPECT_EQ(ReasonOf("<list><!--" + text + "--></list>"), "");
  EXPECT_EQ(ReasonOf("<list><" + text), "cut_off");
}

}  // namespace
}  // namespace fansipan::sources
