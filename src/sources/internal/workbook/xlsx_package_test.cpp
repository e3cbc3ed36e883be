#include "sources/internal/workbook/xlsx_package.h"

#include <gtest/gtest.h>

#include <string>

#include "sources/internal/workbook/conversion.h"
#include "sources/internal/workbook/sheet_text.h"
#include "sources/internal/workbook/tag_scanner.h"
#include "sources/internal/workbook/zip_reader.h"
#include "sources/internal/xml/xml_encoding.h"
#include "sources/testing/workbooks.h"

namespace fansipan::sources::internal {
namespace {

using testing::Xlsx;
using namespace std::string_literals;

TEST(XlsxPackage, TellsSheetsStatesAndEpoch) {
  const auto package = ReadXlsxPackage(
      Xlsx({{"Một &amp; hai", "</sheetData>"}, {"&#x1EA8;n", "</sheetData>", "veryHidden"}}, true));
  ASSERT_TRUE(package.ok()) << package.error().message;
  EXPECT_TRUE(package->counts_from_1904);
  ASSERT_EQ(package->sheets.size(), 2U);
  EXPECT_EQ(package->sheets[0].name, "Một & hai");
  EXPECT_FALSE(package->sheets[0].hidden);
  EXPECT_EQ(package->sheets[1].name, "Ẩn");
  EXPECT_TRUE(package->sheets[1].hidden);
  EXPECT_EQ(package->sheets[1].member, "xl/worksheets/sheet2.xml");
}

TEST(XlsxPackage, ReadsMarkupInUtf16) {
  const std::string list =
      "<?xml version=\"1.0\" encoding=\"UTF-16\"?><workbook><workbookPr date1904=\"1\"/><sheets>"
      "<sheet name=\"M01\" r:id=\"r1\"/><sheet name=\"&#x1EA8;n\" state=\"hidden\" r:id=\"r2\"/>"
      "</sheets></workbook>";
  const std::string relations =
      "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
  for (const XmlUnits units : {XmlUnits::kUtf16Little, XmlUnits::kUtf16Big}) {
    const std::string mark = units == XmlUnits::kUtf16Big ? "\xFE\xFF" : "\xFF\xFE";
    for (const std::string& begin : {mark, std::string()}) {
      const auto package =
          ReadXlsxPackage(testing::Zip({{"xl/workbook.xml", begin + Written(list, units)},
                                        {"xl/_rels/workbook.xml.rels", relations}}));
      ASSERT_TRUE(package.ok()) << package.error().message;
      EXPECT_TRUE(package->counts_from_1904);
      ASSERT_EQ(package->sheets.size(), 2U);
      EXPECT_EQ(package->sheets[0].member, "xl/worksheets/sheet1.xml");
      EXPECT_EQ(package->sheets[1].name, "Ẩn");
      EXPECT_TRUE(package->sheets[1].hidden);
    }
  }
}

TEST(TagScanner, TakesUtf16InPiecesOfAnySize) {
  // <a n="😀"/> and <b/>, the pair of surrogates cut by every size.
  const std::string text = Written("<a n=\"", XmlUnits::kUtf16Little) + "\x3D\xD8\x00\xDE"s +
                           Written("\"/><b/>", XmlUnits::kUtf16Little);
  for (std::size_t size = 1; size <= text.size(); ++size) {
    std::string seen;
    TagScanner scanner([&](const TagScanner::Tag& tag) -> base::Status {
      seen += tag.name;
      for (const auto& [name, value] : tag.attributes) seen += value;
      return {};
    });
    for (std::size_t at = 0; at < text.size(); at += size) {
      ASSERT_TRUE(scanner.Feed(std::string_view(text).substr(at, size)).ok());
    }
    EXPECT_EQ(seen, "a\U0001F600b") << size;
  }
}

TEST(XlsxPackage, TellsMergedCellsAndNothingOfComments) {
  const std::string bytes = Xlsx(
      {{"S",
        "</sheetData><!-- <mergeCell ref=\"X1:X2\"/> - > --><![CDATA[<mergeCell ref=\"Y1:Y2\"/>"
        "]]><mergeCells><mergeCell ref='A1:B2'/><x:mergeCell y=\">\" ref=\"C3:C9\"></x:mergeCell>"
        "<mergeCell ref=\"D4\"/></mergeCells>"}});
  const auto merged = ReadMergedCells(bytes, "xl/worksheets/sheet1.xml");
  ASSERT_TRUE(merged.ok()) << merged.error().message;
  EXPECT_EQ(*merged, (std::vector<center::CellRange>{{1, 2, 1, 2}, {3, 9, 3, 3}}));
  EXPECT_EQ(ReadMergedCells(bytes, "xl/none.xml").error().reason, "workbook_unreadable");
}

TEST(XlsxPackage, TooManyMergedCellsAreRefused) {
  std::string rows = "</sheetData>";
  for (std::size_t i = 0; i <= kMaxMerged; ++i) rows += "<mergeCell ref=\"A1:B2\"/>";
  const auto merged = ReadMergedCells(Xlsx({{"S", rows}}), "xl/worksheets/sheet1.xml");
  EXPECT_EQ(merged.error().code, base::ErrorCode::kTooLarge);
}

TEST(XlsxPackage, ComesBackFromItsText) {
  const XlsxPackage package{true, {{"a b", false, "x"}, {"hidden c", true, "y"}}};
  const auto decoded = DecodeXlsxPackage(EncodeXlsxPackage(package, {{1, 2, 3, 4}}));
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(decoded->package.counts_from_1904);
  ASSERT_EQ(decoded->package.sheets.size(), 2U);
  EXPECT_EQ(decoded->package.sheets[1].name, "hidden c");
  EXPECT_TRUE(decoded->package.sheets[1].hidden);
  EXPECT_EQ(decoded->merged, (std::vector<center::CellRange>{{1, 2, 3, 4}}));
  EXPECT_FALSE(DecodeXlsxPackage("1900\nshown a\n").ok());
  EXPECT_FALSE(DecodeXlsxPackage("1901\nmerged \n").ok());
}

TEST(XlsxPackage, NoCutIsReadAndNoByteMakesItCrash) {
  const std::string whole = Xlsx({{"S", "</sheetData>"}});
  for (std::size_t kept = 0; kept < whole.size(); kept += 7) {
    EXPECT_FALSE(ReadXlsxPackage(whole.substr(0, kept)).ok()) << kept;
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    static_cast<void>(ReadXlsxPackage(damaged));
  }
}

TEST(ZipReader, AMemberUnpacksUpToItsLimit) {
  const std::string bytes = testing::Zip({{"a", std::string(1'000'000, 'x')}});
  const auto zip = ZipReader::Open(bytes);
  ASSERT_TRUE(zip.ok());
  std::size_t got = 0;
  const auto count = [&](std::string_view piece) -> base::Status {
    got += piece.size();
    return {};
  };
  EXPECT_TRUE(zip->Read("a", 1'000'000, count).ok());
  EXPECT_EQ(got, 1'000'000U);
  EXPECT_EQ(zip->Read("a", 999'999, count).error().code, base::ErrorCode::kTooLarge);
  EXPECT_FALSE(zip->Read("b", 10, count).ok());
}

TEST(SheetList, IsReadOnlyFromTheRightReader) {
  const std::string list =
      "INFO: Open of `/tmp/x.xls'\n      using driver `XLS' successful.\n1: M 01 (R) (None)\n2: "
      "M02 (None)\n";
  EXPECT_EQ(*ParseSheetList(list, "XLS"), (std::vector<std::string>{"M 01 (R)", "M02"}));
  EXPECT_FALSE(ParseSheetList(list, "XLSX").ok());
  EXPECT_FALSE(ParseSheetList(list + "line break (None)\n", "XLS").ok());
  EXPECT_FALSE(ParseSheetList(list + "3: (None)\n", "XLS").ok()) << "one blank is not two";
  EXPECT_EQ(*ParseSheetList(list + "3:  (None)\n", "XLS"),
            (std::vector<std::string>{"M 01 (R)", "M02", ""}));
}

TEST(ChosenSheet, IsTheOneThatIsMeant) {
  const std::vector<std::string> sheets = {"M01", "M09+", "Ghi chú"};
  EXPECT_EQ(*ChooseSheet(sheets, {}, "M*+"), "M09+");
  EXPECT_EQ(*ChooseSheet(sheets, {}, "*0*1"), "M01");
  EXPECT_EQ(*ChooseSheet(sheets, {"M01", "M09+"}, ""), "Ghi chú");
  EXPECT_EQ(*ChooseSheet(sheets, {"M01"}, "M01"), "M01");
  EXPECT_EQ(ChooseSheet(sheets, {"M01"}, "M0*1").error().reason, "no_sheet");
  EXPECT_EQ(ChooseSheet(sheets, {}, "M").error().reason, "no_sheet");
  EXPECT_EQ(ChooseSheet(sheets, {}, "**").error().reason, "several_sheets");
}

}  // namespace
}  // namespace fansipan::sources::internal
