#include "sources/decoding.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "sources/testing/collected_rows.h"

namespace fansipan::sources {
namespace {

using testing::Cells;
using testing::Rows;

center::Source CsvSource() {
  center::Source source;
  source.name = "cases";
  source.format = center::Format::kCsv;
  return source;
}

center::Source JsonSource(center::Format format, const std::vector<std::string>& columns) {
  center::Source source;
  source.name = "cases";
  source.format = format;
  for (const std::string& column : columns) source.json.columns.push_back({column, ""});
  return source;
}

std::string ReasonOf(std::string_view payload, const center::Source& source) {
  Rows rows;
  const auto decoded = Decode(payload, source, rows);
  return decoded.ok() ? "" : decoded.error().reason;
}

TEST(Csv, ReadsQuotedCellsWithDelimitersQuotesAndNewlines) {
  Rows rows;
  const auto decoded =
      Decode("a,b\r\n\"1,5\",\"say \"\"no\"\"\"\r\n\"two\nlines\",x\n", CsvSource(), rows);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1,5", "say \"no\""}, {"two\nlines", "x"}}));
}

TEST(Csv, GivesEachRowItsPlace) {
  Rows rows;
  const std::string text = "a,b\n1,2\n\"x\ny\",3\n4,5";
  const auto decoded = Decode(text, CsvSource(), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->rows.size(), 3U);
  const RawRowSpan& second = decoded->rows[1];
  EXPECT_EQ(text.substr(second.offset, second.length), "\"x\ny\",3");
  EXPECT_EQ(second.line, 3U);
  EXPECT_EQ(decoded->rows[2].line, 5U);
  EXPECT_EQ(text.substr(decoded->rows[2].offset, decoded->rows[2].length), "4,5");
}

TEST(Csv, TakesEmptyAndDeclaredCellsAsMissing) {
  center::Source source = CsvSource();
  source.csv.null_texts = {".."};
  Rows rows;
  ASSERT_TRUE(Decode("a,b,c\n..,,\"\"\n", source, rows).ok());
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{std::nullopt, std::nullopt, std::nullopt}}));
}

TEST(Csv, RefusesRowsWithMoreOrFewerColumnsAndKeepsTheOthers) {
  Rows rows;
  const auto decoded = Decode("a,b\n1\n1,2,3\n4,5\n", CsvSource(), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 2U);
  EXPECT_EQ(decoded->refused[0].reason, "too_few_columns");
  EXPECT_EQ(decoded->refused[1].reason, "too_many_columns");
  EXPECT_EQ(decoded->refused[1].raw_row, 2U);
  EXPECT_EQ(decoded->refused[1].byte_offset, 6U);
  EXPECT_EQ(rows.numbers, (std::vector<std::uint32_t>{3}));
}

TEST(Csv, RefusesRowsThatAreNotText) {
  Rows rows;
  const auto decoded =
      Decode(std::string("a,b\n\xC3\x28,1\nx\0y,2\ntốt,3\n", 22), CsvSource(), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 2U);
  EXPECT_EQ(decoded->refused[0].reason, "invalid_utf8");
  EXPECT_EQ(decoded->refused[1].reason, "invalid_utf8");
  ASSERT_EQ(rows.cells.size(), 1U);
  EXPECT_EQ(rows.cells[0][0], "tốt");
}

TEST(Csv, RefusesRowsWithStrayQuotes) {
  Rows rows;
  const auto decoded = Decode("a,b\n5\" pipe,1\n\"x\"y,2\n\"ok\",3\n", CsvSource(), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 2U);
  EXPECT_EQ(decoded->refused[0].reason, "bad_quoting");
  EXPECT_EQ(rows.numbers, (std::vector<std::uint32_t>{3}));
}

TEST(Csv, RefusesTheWholeWhenAQuoteNeverCloses) {
  EXPECT_EQ(ReasonOf("a,b\n1,2\n\"3,4\n", CsvSource()), "cut_off");
}

TEST(Csv, RefusesTheWholeWhenDeclaredColumnsAreMissing) {
  center::Source source = CsvSource();
  source.csv.columns = {"a", "due"};
  Rows rows;
  const auto decoded = Decode("a,b\n1,2\n", source, rows);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().reason, "wrong_columns");
  EXPECT_NE(decoded.error().message.find("'due'"), std::string::npos);
  EXPECT_EQ(ReasonOf("", CsvSource()), "wrong_columns");
  EXPECT_EQ(ReasonOf("a,A\n1,2\n", CsvSource()), "wrong_columns");
}

TEST(Csv, SkipsDeclaredLinesAndEmptyOnes) {
  center::Source source = CsvSource();
  source.csv.skip = 2;
  source.csv.delimiter = ';';
  Rows rows;
  const auto decoded = Decode("a title; \"unclosed\n\nx;y\n\n1;2\n\r\n", source, rows);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1", "2"}}));
  EXPECT_EQ(decoded->rows[0].line, 5U);
}

TEST(Csv, JoinsTheRowsOfAHeaderAndCarriesWiderTermsOn) {
  center::Source source = CsvSource();
  source.csv.header_rows = 2;
  Rows rows;
  const auto decoded =
      Decode("unit,2014,,2015,\n,Male,Female,Male,Female\nA,1,2,3,4\n", source, rows);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"unit", "2014 Male", "2014 Female", "2015 Male",
                                                    "2015 Female"}));
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"A", "1", "2", "3", "4"}}));
  EXPECT_EQ(ReasonOf("unit,2014\nA\n", source), "wrong_columns");
  EXPECT_EQ(ReasonOf("unit,2014\n", source), "wrong_columns");
}

TEST(Csv, ComposesTheNamesOfItsHeaderAndLeavesCellsAndPlacesAsTheyAre) {
  center::Source source = CsvSource();
  source.csv.columns = {"Tên đơn vị", "Số"};
  source.csv.header_has = "Số";
  Rows rows;
  const std::string header = "Te\u0302n \u0111o\u031bn vi\u0323,So\u0302\u0301\n";
  const auto decoded = Decode(header + "Ba\u0301t,2\n", source, rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"Tên đơn vị", "Số"}));
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"Ba\u0301t", "2"}})) << "a cell is as it was sent";
  EXPECT_EQ(decoded->rows[0].offset, header.size());
  EXPECT_EQ(ReasonOf("Số,So\u0302\u0301\n1,2\n", CsvSource()), "wrong_columns") << "there twice";
}

TEST(Csv, TakesAByteOrderMarkOnlyWhenDeclared) {
  center::Source source = CsvSource();
  EXPECT_EQ(ReasonOf("\xEF\xBB\xBF"
                     "a\n1\n",
                     source),
            "byte_order_mark");
  source.csv.byte_order_mark = true;
  Rows rows;
  const auto decoded = Decode(
      "\xEF\xBB\xBF"
      "a\n1\n",
      source, rows);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"a"}));
  EXPECT_EQ(decoded->rows[0].offset, 5U);
}

TEST(Csv, NamesColumnsByDeclarationWithoutAHeader) {
  center::Source source = CsvSource();
  source.csv.header = false;
  source.csv.columns = {"a", "b"};
  Rows rows;
  ASSERT_TRUE(Decode("1,2\n", source, rows).ok());
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1", "2"}}));
}

TEST(Csv, HandsOverManyRowsInBatches) {
  std::string text = "a,b\n";
  for (int i = 0; i < 5000; ++i)
    text += std::to_string(i) + ",\"q\"\"" + std::to_string(i) + "\"\n";
  Rows rows;
  ASSERT_TRUE(Decode(text, CsvSource(), rows).ok());
  ASSERT_EQ(rows.cells.size(), 5000U);
  EXPECT_EQ(rows.cells[4999], (Cells{"4999", "q\"4999"}));
  EXPECT_EQ(rows.numbers.back(), 5000U);
}

TEST(Csv, TakesNoRowFromBlanksAndDelimitersAndNoCellBehindTheLastColumn) {
  Rows rows;
  const auto decoded = Decode("a,b\n,,\n \t \n1,2,,,\n,\n3,,\n", CsvSource(), rows);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1", "2"}, {"3", std::nullopt}}));
  EXPECT_EQ(decoded->rows[1].line, 6U);
  EXPECT_TRUE(decoded->refused.empty());
}

TEST(Csv, FindsItsHeaderBehindTitlesOfAnyQuotes) {
  center::Source source = CsvSource();
  source.csv.delimiter = ';';
  source.csv.header_has = "Mã hồ sơ";
  Rows rows;
  const std::string text =
      "SỞ \"NỘI VỤ;;\n\"Báo cáo tháng 3\n(đơn vị: hồ sơ)\";;\n;;\nkèm theo \"\n"
      "\"Số\nthứ tự\"; Mã hồ sơ ;Phí\n1;K1;5\n";
  const auto decoded = Decode(text, source, rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"Số\nthứ tự", " Mã hồ sơ ", "Phí"}));
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1", "K1", "5"}}));
  EXPECT_EQ(decoded->rows[0].line, 8U);
  source.csv.header_has = "Mã";
  EXPECT_EQ(ReasonOf(text, source), "wrong_columns");
  EXPECT_EQ(ReasonOf(std::string(1001, '\n') + "Mã\n1\n", source), "wrong_columns");
  EXPECT_EQ(ReasonOf(std::string(1000, '\n') + "Mã\n1\n", source), "");
}

TEST(Csv, EndsWhereItsFooterBegins) {
  center::Source source = CsvSource();
  source.csv.ends_at = "Tổng cộng";
  Rows rows;
  const auto decoded =
      Decode("a,b\n1,2\nx,Tổng cộng\n ,\"Tổng cộng: 7,\n\"unclosed, \xFF\n", source, rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1", "2"}, {"x", "Tổng cộng"}}));
  EXPECT_EQ(ReasonOf("a,b\n1,2\n", source), "cut_off") << "the footer is promised";
  for (const char* between : {"\n", " ,\n", "\r\n\r\n"}) {
    Rows spaced;
    const auto ended = Decode(
        std::string("a,b\n1,2\n") + between + "Tổng cộng xã,3\nTổng cộng tỉnh,4\n", source, spaced);
    ASSERT_TRUE(ended.ok()) << ended.error().message;
    EXPECT_EQ(spaced.cells, (std::vector<Cells>{{"1", "2"}}));
  }
  EXPECT_EQ(ReasonOf("a,b\nTổng cộng", source), "");
}

TEST(Csv, ComparesExcelsSeparatorLineWithTheDeclaredDelimiter) {
  center::Source source = CsvSource();
  source.csv.delimiter = ';';
  Rows rows;
  ASSERT_TRUE(Decode("SEP=;\r\na;b\r\n1;2\r\n", source, rows).ok());
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(ReasonOf("sep=,\na;b\n1;2\n", source), "wrong_columns");
  source.csv.skip = 1;
  Rows skipped;
  ASSERT_TRUE(Decode("sep=;\na;b\n1;2\n", source, skipped).ok());
  EXPECT_EQ(skipped.cells.size(), 1U) << "it is the line that is skipped";
}

TEST(Csv, RefusesCarriageReturnsThatEndLinesAlone) {
  EXPECT_EQ(ReasonOf("a,b\r1,2\r3,4\r", CsvSource()), "wrong_shape");
  EXPECT_EQ(ReasonOf("a,b\r1,2\n", CsvSource()), "wrong_shape");
  Rows rows;
  const auto decoded = Decode("a\n1\r2\n\"3\r4\"\r\n", CsvSource(), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 1U);
  EXPECT_EQ(decoded->refused[0].reason, "bad_quoting");
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"3\r4"}}));
}

TEST(Csv, TakesQuotesAsTextWhereNoneAreDeclared) {
  center::Source source = CsvSource();
  source.csv.quote = '\0';
  Rows rows;
  ASSERT_TRUE(Decode("a,b\n\"x,5\"\n", source, rows).ok());
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"\"x", "5\""}}));
}

TEST(Csv, NamesTheByteThatIsNoText) {
  Rows rows;
  const auto decoded = Decode(std::string("a,b\n1,\xC3\x28\nx\0,2\n", 14), CsvSource(), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 2U);
  EXPECT_NE(decoded->refused[0].message.find("0xC3 at offset 6"), std::string::npos)
      << decoded->refused[0].message;
  EXPECT_NE(decoded->refused[1].message.find("at offset 10"), std::string::npos)
      << decoded->refused[1].message;
}

TEST(Csv, BoundsColumnsAndCells) {
  const std::string million(1'000'000, ',');
  EXPECT_EQ(ReasonOf(million + "\n", CsvSource()), "wrong_columns");
  EXPECT_EQ(ReasonOf("a" + million + "b\n1\n", CsvSource()), "wrong_columns");
  Rows rows;
  const auto decoded = Decode("a,b\n1,2" + million + "3\n1,2" + million + "\n\"" +
                                  std::string(17U << 20U, 'x') + "\",2\n7,8\n",
                              CsvSource(), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 2U);
  EXPECT_EQ(decoded->refused[0].reason, "too_many_columns");
  EXPECT_NE(decoded->refused[0].message.find("1000002"), std::string::npos);
  EXPECT_EQ(decoded->refused[1].reason, "cell_too_large");
  EXPECT_EQ(decoded->refused[1].column, "a");
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1", "2"}, {"7", "8"}}));
}

TEST(Encoding, RefusesTheRowsOfBytesThatMeanNothing) {
  center::Source source = CsvSource();
  source.encoding = center::Encoding::kTcvn3;
  Rows rows;
  const std::string text = "m\xB7,b\nK\x81,1\nH\xED,2\n";
  const auto decoded = Decode(text, source, rows);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"mã", "b"}));
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"Hớ", "2"}}));
  ASSERT_EQ(decoded->refused.size(), 1U);
  EXPECT_EQ(decoded->refused[0].reason, "wrong_encoding");
  EXPECT_EQ(decoded->refused[0].byte_offset, 5U);
  EXPECT_EQ(decoded->refused[0].message,
            "line 2: the byte 0x81 at offset 6 means nothing in tcvn3 where it stands");
  EXPECT_EQ(ReadableText(text, decoded->rows[0], source), "K\uFFFD,1");
}

TEST(Encoding, RefusesTheWholeWhenTheHeaderCannotBeRead) {
  center::Source source = CsvSource();
  source.encoding = center::Encoding::kVni;
  Rows rows;
  const auto decoded = Decode("x\ny,\xFF\n1,2\n", source, rows);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->refused.size(), 2U);
  const auto refused = Decode("a,\xFF\n1,2\n", source, rows);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().reason, "wrong_encoding");
  EXPECT_NE(refused.error().message.find("0xFF at offset 2"), std::string::npos);
}

TEST(Encoding, IsUndoneForNdjsonToo) {
  center::Source source = JsonSource(center::Format::kNdjson, {"a"});
  source.encoding = center::Encoding::kUtf16;
  std::string text;
  for (const char c : std::string("\xFF\xFE{\"a\":1}\r\n{\"a\":2}")) {
    text += c;
    if (static_cast<unsigned char>(c) < 0x80) text += '\0';
  }
  Rows rows;
  const auto decoded = Decode(text, source, rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1"}, {"2"}}));
  EXPECT_EQ(decoded->rows[0].offset, 2U);
  EXPECT_EQ(decoded->rows[0].length, 14U);
  EXPECT_EQ(decoded->rows[1].offset, 20U);
  EXPECT_EQ(ReadableText(text, decoded->rows[1], source), "{\"a\":2}");
  EXPECT_EQ(ReasonOf(text + "x", source), "cut_off");
  source.encoding = center::Encoding::kTcvn3;
  EXPECT_EQ(ReasonOf("\x81\n", source), "wrong_encoding");
}

TEST(Limits, RefusePayloadsThatAreTooLongOrHaveTooManyRows) {
  center::Source source = CsvSource();
  source.limits.rows = 2;
  EXPECT_EQ(ReasonOf("a\n1\n2\n", source), "");
  EXPECT_EQ(ReasonOf("a\n1\n2\n3\n", source), "too_many_rows");
  source.limits.payload_bytes = 3;
  EXPECT_EQ(ReasonOf("a\n1\n", source), "payload_too_large");
}

TEST(Json, KeepsNumbersAndNestedValuesAsWritten) {
  Rows rows;
  const std::string text = R"( [ {"n": 1.50e+0, "s": "a\u1ea1\n", "o": {"k": [1, 2]}, "z": null},
    {"b": true, "n": 12345678901234567890123} ] )";
  const auto decoded =
      Decode(text, JsonSource(center::Format::kJson, {"n", "s", "o", "b", "z"}), rows);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(rows.cells[0],
            (Cells{"1.50e+0", "aạ\n", "{\"k\": [1, 2]}", std::nullopt, std::nullopt}));
  EXPECT_EQ(rows.cells[1],
            (Cells{"12345678901234567890123", std::nullopt, std::nullopt, "true", std::nullopt}));
  const RawRowSpan& second = decoded->rows[1];
  EXPECT_EQ(second.line, 2U);
  EXPECT_EQ(text.substr(second.offset, second.length),
            R"({"b": true, "n": 12345678901234567890123})");
}

TEST(Json, FindsTheDeclaredArray) {
  center::Source source = JsonSource(center::Format::kJson, {"a"});
  source.json.records_at = "/data/1/ca~1ses";
  Rows rows;
  ASSERT_TRUE(
      Decode(R"({"x":[1],"data":[0,{"ca/ses":[{"a":"1"}],"n":2}],"y":{}})", source, rows).ok());
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1"}}));
  EXPECT_EQ(ReasonOf(R"({"data":[]})", source), "wrong_shape");
  EXPECT_EQ(ReasonOf(R"({"data":[0,{"ca/ses":{}}]})", source), "wrong_shape");
  EXPECT_EQ(ReasonOf(R"({"data":[0,{"ca/ses":[]}],"data":[]})", source), "duplicate_member");
}

TEST(Json, FollowsPointersIntoARecordAndBesideTheRecords) {
  center::Source source = JsonSource(center::Format::kJson, {"id"});
  source.json.records_at = "/items";
  source.json.columns = {{"id", ""},           {"name", "/from/na~1me"},  {"from", "/from"},
                         {"second", "/l/1/k"}, {"page", "$/page/number"}, {"whole", "$/page"}};
  Rows rows;
  ASSERT_TRUE(
      Decode(R"({"items": [{"id": 1, "from": {"x": [], "na/me": "a\u1ea1"}, "l": [0, {"k": true}]},
                                   {"id": 2, "from": null, "l": {"1": {"k": 3}}}, {"from": "text"}],
                         "page": {"number": 7.0}})",
             source, rows)
          .ok());
  const Cells envelope = {"7.0", R"({"number": 7.0})"};
  ASSERT_EQ(rows.cells.size(), 3U);
  EXPECT_EQ(rows.cells[0], (Cells{"1", "aạ", R"({"x": [], "na/me": "a\u1ea1"})", "true",
                                  envelope[0], envelope[1]}));
  EXPECT_EQ(rows.cells[1], (Cells{"2", std::nullopt, std::nullopt, "3", envelope[0], envelope[1]}));
  EXPECT_EQ(rows.cells[2],
            (Cells{std::nullopt, std::nullopt, "text", std::nullopt, envelope[0], envelope[1]}));
  EXPECT_EQ(ReasonOf(R"({"items": [], "page": {"number": 1, "number": 2}})", source),
            "duplicate_member");
}

TEST(Json, RefusesARecordThatSaysAMemberOnAPathTwice) {
  center::Source source = JsonSource(center::Format::kJson, {});
  source.json.columns = {{"a", "/o/a"}};
  Rows rows;
  const auto decoded =
      Decode(R"([{"o": {"a": 1, "a": 2}}, {"o": {"a": "\ud800"}}, {"o": {"a": 3}}])", source, rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 2U);
  EXPECT_EQ(decoded->refused[0].reason, "duplicate_member");
  EXPECT_EQ(decoded->refused[1].reason, "invalid_utf8");
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"3"}}));
}

TEST(Ndjson, FollowsPointers) {
  center::Source source = JsonSource(center::Format::kNdjson, {});
  source.json.columns = {{"a", "/o/a"}};
  Rows rows;
  ASSERT_TRUE(Decode("{\"o\":{\"a\":1}}\n{\"o\":{}}\n", source, rows).ok());
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1"}, {std::nullopt}}));
}

TEST(Json, RefusesRecordsThatAreNoObjectsOrSayAMemberTwice) {
  Rows rows;
  const auto decoded = Decode(R"([1, {"a":1,"a":2}, {"x":1,"\u0078":2}, {"a":"\ud800"}, {"a":3}])",
                              JsonSource(center::Format::kJson, {"a"}), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 4U);
  EXPECT_EQ(decoded->refused[0].reason, "not_an_object");
  EXPECT_EQ(decoded->refused[1].reason, "duplicate_member");
  EXPECT_EQ(decoded->refused[2].reason, "duplicate_member");
  EXPECT_EQ(decoded->refused[3].reason, "invalid_utf8");
  EXPECT_EQ(rows.numbers, (std::vector<std::uint32_t>{5}));
}

TEST(Json, RefusesTheWholeTextForAnyFault) {
  center::Source source = JsonSource(center::Format::kJson, {"a"});
  source.limits.depth = 3;
  EXPECT_EQ(ReasonOf(R"([{"a":1},{"a":)", source), "cut_off");
  EXPECT_EQ(ReasonOf(R"([{"a":1}] x)", source), "not_json");
  EXPECT_EQ(ReasonOf(R"([{"a":[[1]]}])", source), "too_deep");
  EXPECT_EQ(ReasonOf("[{\"a\":\"\xFF\"}]", source), "not_utf8");
  EXPECT_EQ(ReasonOf(R"([{"a":[1]}])", source), "");
}

TEST(Ndjson, RefusesABadLineAloneAndIgnoresBlankOnes) {
  Rows rows;
  const std::string text = "{\"a\":1}\n\n{\"a\":\n \t\r\n\xFF\n{\"a\":2} 3\r\n{\"a\":4}";
  const auto decoded = Decode(text, JsonSource(center::Format::kNdjson, {"a"}), rows);
  ASSERT_TRUE(decoded.ok());
  ASSERT_EQ(decoded->refused.size(), 3U);
  EXPECT_EQ(decoded->refused[0].reason, "not_json");
  EXPECT_EQ(decoded->refused[1].reason, "invalid_utf8");
  EXPECT_EQ(decoded->refused[2].reason, "not_json");
  EXPECT_EQ(rows.numbers, (std::vector<std::uint32_t>{1, 5}));
  EXPECT_EQ(rows.cells, (std::vector<Cells>{{"1"}, {"4"}}));
  EXPECT_EQ(decoded->rows[4].line, 7U);
  EXPECT_EQ(text.substr(decoded->rows[4].offset, decoded->rows[4].length), "{\"a\":4}");
}

TEST(Ndjson, RefusesTheWholeTextWhenItIsCutOffOrNoLineIsJson) {
  const center::Source source = JsonSource(center::Format::kNdjson, {"a"});
  EXPECT_EQ(ReasonOf("{\"a\":1}\n{\"a\":", source), "cut_off");
  EXPECT_EQ(ReasonOf("{\"a\":1}\n{\"a\":\n", source), "");
  EXPECT_EQ(ReasonOf("a,b\n1 2,3\n", source), "not_json");
  EXPECT_EQ(ReasonOf("\xFF\n", source), "not_utf8");
  EXPECT_EQ(ReasonOf(std::string(1000, '[') + "\n", source), "too_deep");
  EXPECT_EQ(ReasonOf("{\"a\":\n", source), "not_json");
  EXPECT_EQ(ReasonOf("7\n", source), "");
  EXPECT_EQ(ReasonOf("{\"a\":\"\\ud800\"}\n", source), "");
  EXPECT_EQ(ReasonOf("", source), "");
}

}  // namespace
}  // namespace fansipan::sources
