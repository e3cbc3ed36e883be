// Workbooks all the way: written here, converted by GDAL in its confined process, decoded, mapped.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sources/internal/conversion/conversion_task_words.h"
#include "sources/process_mapping_worker.h"
#include "sources/testing/workbooks.h"

namespace fansipan::sources {
namespace {

using testing::TextCell;
using testing::Xlsx;

/// One row of the mapped columns a to f.
using Texts = std::vector<std::optional<std::string>>;

/// A source of workbooks whose first six columns are mapped as they are.
class Workbook : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(internal::kTextProgram)) GTEST_SKIP() << "gdal-bin is not here";
    worker_ = std::make_unique<ProcessMappingWorker>(
        ProcessMappingWorker::Options{.program = SOURCES_WORKER_PROBE, .processes = 2});
    model::Dataset dataset;
    dataset.name = "row";
    std::string sql = "SELECT _row";
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
      dataset.columns.push_back({.name = name, .optional = true});
      source_.workbook.columns.emplace_back(name);
      sql += std::string(", ") + name;
    }
    center_.datasets.push_back(dataset);
    center_.revision = "one";
    center_.time_zone = *base::TimeZone::Find("Asia/Ho_Chi_Minh");
    source_.name = "budget";
    source_.format = center::Format::kWorkbook;
    source_.workbook.header_rows = 0;
    source_.limits.worker_memory_bytes = 256ULL << 20U;
    source_.limits.worker_seconds = 60;
    source_.mappings = {{.dataset = "row", .file = "x.sql", .sql = sql + " FROM raw"}};
  }

  MappingJob JobOf(std::string payload) const {
    return {.source = &source_, .center = &center_, .payload = std::move(payload)};
  }

  std::vector<Texts> RowsOf(std::string payload) {
    mapped_ = worker_->Map(JobOf(std::move(payload)));
    std::vector<Texts> rows;
    if (!mapped_->ok()) {
      ADD_FAILURE() << mapped_->error().message;
      return rows;
    }
    for (const Candidate& row : (*mapped_)->datasets[0].rows) {
      Texts& texts = rows.emplace_back();
      for (const auto& text : row.texts) {
        texts.push_back(text ? std::optional(std::string(*text)) : std::nullopt);
      }
    }
    return rows;
  }

  base::Error ErrorOf(std::string payload) {
    const auto mapped = worker_->Map(JobOf(std::move(payload)));
    return mapped.ok() ? base::Error{} : mapped.error();
  }

  std::unique_ptr<ProcessMappingWorker> worker_;
  std::optional<base::Result<MappedDelivery>> mapped_;
  center::Center center_;
  center::Source source_;
};

const std::string kSmall = "<row r=\"1\">" + TextCell("A1", "x") + "</row></sheetData>";

TEST_F(Workbook, CellsOfAnXlsxComeAsText) {
  const std::string rows =
      "<row r=\"3\">" + TextCell("A3", "Lào Cai") + TextCell("B3", "0012") +
      "<c r=\"C3\" s=\"1\"><v>42800</v></c><c r=\"D3\" s=\"2\"><v>42800.5</v></c>"
      "<c r=\"E3\"><f>1+1</f><v>2.5</v></c><c r=\"F3\"><v>0.25</v></c></row>"
      "<row r=\"7\"><c r=\"B7\"><v>12345678901234567</v></c>"
      "<c r=\"C7\" s=\"3\"><v>61</v></c><c r=\"E7\" t=\"e\"><v>#DIV/0!</v></c></row></sheetData>";
  const auto read = RowsOf(Xlsx({{"Bảng 1", rows}}));
  EXPECT_EQ(read, (std::vector<Texts>{
                      {"Lào Cai", "0012", "2017/03/06", "2017/03/06 12:00:00", "2.5", "0.25"},
                      {std::nullopt, "12345678901234567", "1900/03/01", std::nullopt, "#DIV/0!",
                       std::nullopt}}));
  ASSERT_TRUE(mapped_->ok());
  EXPECT_EQ((*mapped_)->sheet, "Bảng 1");
  EXPECT_EQ((*mapped_)->offsets, (std::vector<std::uint64_t>{3, 7})) << "rows of the sheet";
}

TEST_F(Workbook, CellsOfAnOdsComeAsText) {
  const std::string rows =
      "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell "
      "table:number-columns-repeated=\"3\"/></table:table-row><table:table-row>"
      "<table:table-cell office:value-type=\"string\"><text:p>Lào Cai</text:p></table:table-cell>"
      "<table:table-cell office:value-type=\"date\" office:date-value=\"2017-03-06\"><text:p>06/03"
      "</text:p></table:table-cell><table:table-cell table:formula=\"of:=1+1\" "
      "office:value-type=\"float\" office:value=\"0.25\"><text:p>0,25</text:p></table:table-cell>"
      "</table:table-row>";
  EXPECT_EQ(RowsOf(testing::Ods("Bảng", rows)),
            (std::vector<Texts>{
                {"Lào Cai", "2017-03-06", "0.25", std::nullopt, std::nullopt, std::nullopt}}));
  ASSERT_TRUE(mapped_->ok());
  EXPECT_EQ((*mapped_)->offsets, (std::vector<std::uint64_t>{3}));
}

TEST_F(Workbook, TheSheetIsFoundByNameOrPattern) {
  const auto named = [](const std::string& text) {
    return "<row r=\"1\">" + TextCell("A1", text) + "</row></sheetData>";
  };
  const std::string book =
      Xlsx({{"M01", named("1")}, {"M09 +", named("9")}, {"Ẩn", named("h"), "hidden"}});
  source_.workbook.sheet = "M09*";
  EXPECT_EQ(RowsOf(book).at(0)[0], "9");
  source_.workbook.sheet = "Ẩn";
  EXPECT_EQ(RowsOf(book).at(0)[0], "h");
  source_.workbook.sheet = "M*";
  EXPECT_EQ(ErrorOf(book).reason, "several_sheets");
  EXPECT_NE(ErrorOf(book).message.find("'M01', 'M09 +'"), std::string::npos);
  source_.workbook.sheet = "*n";
  EXPECT_EQ(ErrorOf(book).reason, "no_sheet") << "a pattern means no hidden sheet";
  source_.workbook.sheet = "";
  EXPECT_EQ(ErrorOf(book).reason, "several_sheets");
  EXPECT_EQ(RowsOf(Xlsx({{"S", named("s")}, {"T", named("t"), "veryHidden"}})).at(0)[0], "s");
}

TEST_F(Workbook, MergedCellsAreFilledWhereThatIsDeclared) {
  const std::string rows = "<row r=\"1\">" + TextCell("A1", "m") + TextCell("B1", "1") +
                           "</row><row r=\"2\">" + TextCell("B2", "2") +
                           "</row></sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:A2\"/>"
                           "</mergeCells>";
  EXPECT_EQ(RowsOf(Xlsx({{"S", rows}})).at(1)[0], std::nullopt);
  source_.workbook.fill_merged = true;
  EXPECT_EQ(RowsOf(Xlsx({{"S", rows}})).at(1)[0], "m");
  EXPECT_EQ(ErrorOf(testing::Ods("S", "")).reason, "merged_unknown");
}

TEST_F(Workbook, RowsAreLocatedInTheirSheet) {
  const std::string rows = "<row r=\"2\">" + TextCell("A2", "x") + "</row><row r=\"4\">" +
                           TextCell("A4", "y,z") + "</row></sheetData>";
  const auto located = worker_->Locate(JobOf(Xlsx({{"S", rows}})), {2});
  ASSERT_TRUE(located.ok()) << located.error().message;
  EXPECT_EQ(located->sheet, "S");
  EXPECT_EQ(located->spans.at(0).line, 4U);
  EXPECT_EQ(located->text.substr(located->spans[0].offset, located->spans[0].length), "\"y,z\"");
}

TEST_F(Workbook, WhatWouldBeReadWronglyIsRefused) {
  EXPECT_EQ(ErrorOf(Xlsx({{"S", kSmall}}, true)).reason, "workbook_epoch");
  const std::string far =
      "<row r=\"1\">" + TextCell("A1", "x") +
      "</row><row r=\"1048576\"><c r=\"A1048576\"><v>5</v></c></row></sheetData>";
  EXPECT_EQ(ErrorOf(Xlsx({{"S", far}})).reason, "workbook_unreadable")
      << "its reader leaves such rows out";
  const std::string wide =
      "<row r=\"1\">" + TextCell("A1", "x") + TextCell("XFD1", "y") + "</row></sheetData>";
  EXPECT_EQ(ErrorOf(Xlsx({{"S", wide}})).reason, "workbook_unreadable");
  EXPECT_EQ(ErrorOf(Xlsx({{"-sql", kSmall}})).reason, "no_sheet");
}

TEST_F(Workbook, WhatIsNoWorkbookIsRefused) {
  EXPECT_EQ(ErrorOf("").reason, "not_a_workbook");
  EXPECT_EQ(ErrorOf("a,b\n1,2\n").reason, "not_a_workbook");
  EXPECT_EQ(ErrorOf("\xEF\xBB\xBF <html><table></table></html>").reason, "not_a_workbook");
  EXPECT_EQ(ErrorOf(testing::Zip({{"word/document.xml", "<x/>"}})).reason, "not_a_workbook");
  EXPECT_EQ(ErrorOf(testing::Zip({{"xl/workbook.bin", "x"}})).reason, "not_a_workbook");
  const std::string compound = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
  EXPECT_EQ(ErrorOf(compound + std::string(600, '\0')).reason, "workbook_unreadable");
  std::string encrypted = compound + std::string(600, '\0');
  for (const char c : std::string("EncryptedPackage")) {
    encrypted += c;
    encrypted += '\0';
  }
  EXPECT_EQ(ErrorOf(encrypted).reason, "workbook_encrypted");
}

TEST_F(Workbook, NoCutOfAWorkbookIsReadAsOne) {
  const std::string whole = Xlsx({{"S", kSmall}});
  ASSERT_EQ(RowsOf(whole).size(), 1U);
  for (std::size_t kept = 40; kept < whole.size(); kept += whole.size() / 12) {
    EXPECT_NE(ErrorOf(whole.substr(0, kept)).reason, "") << kept;
  }
}

TEST_F(Workbook, EntitiesAndDocumentTypesAreRefused) {
  const std::string book = testing::Zip(
      {{"xl/workbook.xml", "<!DOCTYPE w [<!ENTITY a \"b\">]><workbook><sheets/></workbook>"},
       {"xl/worksheets/sheet1.xml", "<worksheet/>"},
       {"xl/_rels/workbook.xml.rels", "<Relationships/>"}});
  EXPECT_EQ(ErrorOf(book).reason, "workbook_unreadable");
}

/// Much in little.
TEST_F(Workbook, ABombIsStoppedAtItsLimits) {
  std::string rows;
  const std::string cells = TextCell("A1", std::string(4000, 'x'));
  for (int i = 1; i <= 2000; ++i) {
    rows += "<row r=\"" + std::to_string(i) + "\">" + cells + cells + cells + cells + "</row>";
  }
  rows += "</sheetData>";
  const std::string bomb = Xlsx({{"S", rows}});
  ASSERT_LT(bomb.size(), 1U << 20U);
  source_.limits.payload_bytes = 2U << 20U;
  const base::Error error = ErrorOf(bomb);
  EXPECT_EQ(error.code, base::ErrorCode::kTooLarge) << error.message;
  source_.limits.payload_bytes = 256U << 20U;
  source_.limits.worker_memory_bytes = 64U << 20U;
  std::string many;
  for (int i = 0; i < 8; ++i) many += rows.substr(0, rows.size() - 12);
  EXPECT_NE(ErrorOf(Xlsx({{"S", many + "</sheetData>"}})).reason, "") << "a quarter of a gigabyte";
}

TEST_F(Workbook, ARealXlsIsReadAndItsHalfIsNot) {
  const char* external = std::getenv("FANSIPAN_EXTERNAL");
  const std::filesystem::path book =
      std::filesystem::path(external != nullptr ? external : FANSIPAN_SOURCE "/../shared/data") /
      "budget/Plan_2004.xls";
  if (!std::filesystem::exists(book)) GTEST_SKIP() << "the workbook is not at " << book;
  std::ifstream file(book, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  source_.workbook.range = "A8:F12";
  const auto rows = RowsOf(bytes);
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[2], (Texts{"1", "QUẢNG NINH", "3596880", "98", std::nullopt, "1084504"}));
  EXPECT_EQ(ErrorOf(bytes.substr(0, bytes.size() / 2)).reason, "workbook_unreadable");
}

int StatusOfAttempt(const std::string& kind, const std::string& what) {
  const int status =
      std::system((std::string(SOURCES_WORKER_PROBE) + " " + kind + " " + what).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(ConfinedProgram, CanDoNothingButReadItsOwnFiles) {
  for (const char* what : {"read_file", "write_file", "socket", "fork", "signal_parent"}) {
    EXPECT_EQ(StatusOfAttempt("confined", what), 0) << what;
    EXPECT_EQ(StatusOfAttempt("unbound", what), 1) << what;
  }
}

}  // namespace
}  // namespace fansipan::sources
