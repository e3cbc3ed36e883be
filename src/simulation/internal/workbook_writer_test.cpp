#include "simulation/internal/workbook_writer.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fansipan::simulation::internal {
namespace {

std::size_t NumberAt(std::string_view bytes, std::size_t at, std::size_t width) {
  std::size_t number = 0;
  for (std::size_t i = width; i-- > 0;) {
    number = number * 256 + static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

std::string Inflated(std::string_view packed, std::size_t size) {
  std::string plain(size, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, -15), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return plain;
}

/// The files of a ZIP, by name.
std::map<std::string, std::string> FilesOf(const std::string& bytes) {
  std::map<std::string, std::string> files;
  const std::string_view entry("PK\x01\x02", 4);  // of the directory at the end
  for (std::size_t at = bytes.find(entry); at != std::string::npos;
       at = bytes.find(entry, at + 46)) {
    const std::size_t packed = NumberAt(bytes, at + 20, 4);
    const std::string name = bytes.substr(at + 46, NumberAt(bytes, at + 28, 2));
    const std::size_t local = NumberAt(bytes, at + 42, 4);
    const std::size_t begin =
        local + 30 + NumberAt(bytes, local + 26, 2) + NumberAt(bytes, local + 28, 2);
    files[name] =
        Inflated(std::string_view(bytes).substr(begin, packed), NumberAt(bytes, at + 24, 4));
  }
  return files;
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::vector<WorkbookSheet> Report() {
  WorkbookSheet sheet;
  sheet.name = "Báo cáo";
  sheet.rows = {{"BÁO CÁO THÁNG 6", "below the title"},
                {},
                {"Xã", {}, "Số thu"},
                {"Cốc San", {}, 12.5},
                {"Bát Xát & Y Tý", {}, 1234567890123.0}};
  sheet.merged = {"A1:C1", "A3:B3"};
  return {sheet, {"Ghi chú", {{"Đơn vị: triệu đồng"}}, {}}};
}

TEST(WorkbookWriter, WritesSheetsTextsAndNumbers) {
  const base::Result<std::string> bytes = WriteWorkbook(Report());
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  std::map<std::string, std::string> files = FilesOf(*bytes);
  EXPECT_TRUE(Has(files["xl/workbook.xml"], "name=\"Báo cáo\""));
  EXPECT_TRUE(Has(files["xl/workbook.xml"], "name=\"Ghi chú\""));
  EXPECT_TRUE(Has(files["xl/sharedStrings.xml"], "Bát Xát &amp; Y Tý"));
  const std::string& sheet = files["xl/worksheets/sheet1.xml"];
  EXPECT_TRUE(Has(sheet, "<c r=\"C4\"><v>12.5</v></c>"));
  EXPECT_TRUE(Has(sheet, "<c r=\"C5\"><v>1234567890123</v></c>"));
  EXPECT_FALSE(Has(sheet, "r=\"A2\""));
}

TEST(WorkbookWriter, ShowsTheFirstCellOfAMergedRangeAlone) {
  const base::Result<std::string> bytes = WriteWorkbook(Report());
  ASSERT_TRUE(bytes.ok()) << bytes.error().message;
  std::map<std::string, std::string> files = FilesOf(*bytes);
  const std::string& sheet = files["xl/worksheets/sheet1.xml"];
  EXPECT_TRUE(Has(sheet, "<mergeCell ref=\"A1:C1\"/>"));
  EXPECT_TRUE(Has(sheet, "<mergeCell ref=\"A3:B3\"/>"));
  EXPECT_TRUE(Has(files["xl/sharedStrings.xml"], "BÁO CÁO THÁNG 6"));
  EXPECT_FALSE(Has(files["xl/sharedStrings.xml"], "below the title"));
  EXPECT_FALSE(Has(sheet, "r=\"B1\""));
}

TEST(WorkbookWriter, GivesTheSameBytesForTheSameSheets) {
  const base::Result<std::string> first = WriteWorkbook(Report());
  const base::Result<std::string> second = WriteWorkbook(Report());
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(*first, *second);
  EXPECT_TRUE(Has(FilesOf(*first)["docProps/core.xml"], "2025-01-01T00:00:00Z"));
  std::vector<WorkbookSheet> other = Report();
  other[0].rows[3][2] = 12.6;
  const base::Result<std::string> third = WriteWorkbook(other);
  ASSERT_TRUE(third.ok());
  EXPECT_NE(*first, *third);
}

TEST(WorkbookWriter, RefusesWhatNoWorkbookCanHold) {
  const std::vector<WorkbookCell> row = {"x"};
  const std::vector<std::vector<WorkbookSheet>> refused = {
      {},
      {{"", {row}, {}}},
      {{"a/b", {row}, {}}},
      {{"same", {row}, {}}, {"Same", {row}, {}}},
      {{"sheet", {row}, {"A1"}}},
      {{"sheet", {row}, {"A1:A1"}}},
      {{"sheet", {row}, {"B1:A1"}}},
      {{"sheet", {row}, {"A0:B1"}}},
      {{"sheet", {row}, {"A1:ZZZZ1"}}},
      {{"sheet", {row}, {"A1:B2", "B2:C3"}}},
      {{"sheet", {{std::numeric_limits<double>::infinity()}}, {}}},
      {{"sheet", {{std::string(40000, 'x')}}, {}}}};
  for (std::size_t i = 0; i < refused.size(); ++i) {
    const base::Result<std::string> written = WriteWorkbook(refused[i]);
    ASSERT_FALSE(written.ok()) << i;
    EXPECT_EQ(written.error().code, base::ErrorCode::kInvalidArgument) << i;
  }
}

}  // namespace
}  // namespace fansipan::simulation::internal
