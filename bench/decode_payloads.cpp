#include "bench/decode_payloads.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "sources/testing/parquet_files.h"
#include "sources/testing/workbooks.h"

namespace fansipan::bench {
namespace {

/// A name in each encoding that is no UTF-16.
struct Name {
  std::string_view utf8;
  std::string_view windows_1258;
  std::string_view tcvn3;
  std::string_view vni;
};
constexpr Name kNames[] = {
    {"Nguyễn Văn Đức",
     "Nguy\xEA\xDEn V\xE3n \xD0\xFD\xEC"
     "c",
     "Nguy\xD4n V\xA8n \xA7\xF8"
     "c",
     "Nguye\xE3n Va\xEAn \xD1\xF6\xF9"
     "c"},
    {"Trần Thị Hồng", "Tr\xE2\xCCn Thi\xF2 H\xF4\xCCng", "Tr\xC7n Th\xDE H\xE5ng",
     "Tra\xE0n Th\xF2 Ho\xE0ng"},
    {"Giàng A Páo", "Gi\xE0ng A P\xE1o", "Gi\xB5ng A P\xB8o", "Gia\xF8ng A Pa\xF9o"},
    {"Lù Thị Mẩy", "L\xF9 Thi\xF2 M\xE2\xD2y", "L\xEF Th\xDE M\xC8y", "Lu\xF8 Th\xF2 Ma\xE5y"}};

std::string_view NameIn(center::Encoding encoding, std::size_t row) {
  const Name& name = kNames[row % std::size(kNames)];
  if (encoding == center::Encoding::kWindows1258) return name.windows_1258;
  if (encoding == center::Encoding::kTcvn3) return name.tcvn3;
  return encoding == center::Encoding::kVni ? name.vni : name.utf8;
}

std::string NumberOf(std::size_t row) { return fmt::format("000.00.15.H38-{:07}", row); }

std::string MomentOf(std::size_t row) {
  return fmt::format("2026-{:02}-{:02}T08:{:02}:00Z", row % 12 + 1, row % 28 + 1, row % 60);
}

std::size_t FeeOf(std::size_t row) { return row % 100'000; }
bool HasQuotes(std::size_t row) { return row % 10 == 0; }

std::string ToUtf16(std::string_view utf8) {
  std::string text = "\xFF\xFE";
  for (std::size_t i = 0; i < utf8.size();) {
    const auto at = [&](std::size_t n) { return static_cast<unsigned char>(utf8[i + n]); };
    unsigned unit = at(0);
    if (unit >= 0xE0) {
      unit = ((unit & 0xFU) << 12U) | ((at(1) & 0x3FU) << 6U) | (at(2) & 0x3FU);
      i += 3;
    } else if (unit >= 0xC0) {
      unit = ((unit & 0x1FU) << 6U) | (at(1) & 0x3FU);
      i += 2;
    } else {
      ++i;
    }
    text += static_cast<char>(unit & 0xFFU);
    text += static_cast<char>(unit >> 8U);
  }
  return text;
}

std::string JsonRecord(std::size_t row) {
  return fmt::format(R"({{"number":"{}","name":"{}","received_at":"{}","fee":{},"note":"{}"}})",
                     NumberOf(row), NameIn(center::Encoding::kUtf8, row), MomentOf(row), FeeOf(row),
                     HasQuotes(row) ? R"(sent, by \"post\")" : "counter");
}

/// The texts of a row, in their order, as `cell` writes one.
std::string Cells(std::size_t row,
                  const std::function<std::string(std::size_t, std::string_view)>& cell) {
  return cell(0, NumberOf(row)) + cell(1, NameIn(center::Encoding::kUtf8, row)) +
         cell(2, MomentOf(row)) + cell(3, std::to_string(FeeOf(row))) +
         cell(4, HasQuotes(row) ? "sent, by \"post\"" : "counter");
}

}  // namespace

std::string MakeCsv(std::size_t rows, center::Encoding encoding) {
  std::string text = fmt::format("{}\n", fmt::join(kDecodedColumns, ","));
  for (std::size_t i = 0; i < rows; ++i) {
    text += fmt::format("{},{},{},{},{}\n", NumberOf(i), NameIn(encoding, i), MomentOf(i), FeeOf(i),
                        HasQuotes(i) ? "\"sent, by \"\"post\"\"\"" : "counter");
  }
  return encoding == center::Encoding::kUtf16 ? ToUtf16(text) : text;
}

std::string MakeNdjson(std::size_t rows) {
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) text += JsonRecord(i) + '\n';
  return text;
}

std::string MakeJson(std::size_t rows) {
  std::string text = "[";
  for (std::size_t i = 0; i < rows; ++i) text += (i == 0 ? "" : ",") + JsonRecord(i);
  return text + ']';
}

std::string MakeXml(std::size_t rows) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<cases>\n";
  for (std::size_t i = 0; i < rows; ++i) {
    text += "<case>";
    text += Cells(i, [](std::size_t column, std::string_view cell) {
      return fmt::format("<{0}>{1}</{0}>", kDecodedColumns[column], cell);
    });
    text += "</case>\n";
  }
  return text + "</cases>\n";
}

std::string MakeXlsx(std::size_t rows) {
  const auto row_of = [](std::size_t number, const std::string& cells) {
    return fmt::format("<row r=\"{}\">{}</row>", number, cells);
  };
  const auto cell_at = [](std::size_t number, std::size_t column, std::string_view cell) {
    const std::string place = fmt::format("{}{}", "ABCDE"[column], number);
    if (column == 3) return fmt::format("<c r=\"{}\"><v>{}</v></c>", place, cell);
    return sources::testing::TextCell(place, std::string(cell));
  };
  std::string head;
  for (std::size_t i = 0; i < std::size(kDecodedColumns); ++i) {
    head +=
        sources::testing::TextCell(fmt::format("{}1", "ABCDE"[i]), std::string(kDecodedColumns[i]));
  }
  std::string text = row_of(1, head);
  for (std::size_t i = 0; i < rows; ++i) {
    text += row_of(i + 2, Cells(i, [&](std::size_t column, std::string_view cell) {
                     return cell_at(i + 2, column, cell);
                   }));
  }
  return sources::testing::Xlsx({{"cases", text + "</sheetData>"}});
}

std::string MakeOds(std::size_t rows) {
  const auto cell_of = [](std::size_t /*column*/, std::string_view cell) {
    return fmt::format(
        "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
        cell);
  };
  std::string text = "<table:table-row>";
  for (const std::string_view column : kDecodedColumns) text += cell_of(0, column);
  text += "</table:table-row>";
  for (std::size_t i = 0; i < rows; ++i) {
    text += "<table:table-row>" + Cells(i, cell_of) + "</table:table-row>";
  }
  return sources::testing::Ods("cases", text);
}

std::string MakeParquet(std::size_t rows) {
  return sources::testing::ParquetOf(fmt::format(
      "SELECT 'HS' || range AS number, 'Nguyễn Văn ' || range AS name, TIMESTAMP '2026-01-01 "
      "00:00:00' + to_seconds(range) AS received_at, range * 1000 AS fee, 'ghi chú' AS note FROM "
      "range({})",
      rows));
}

std::string MakeGeojson(std::size_t rows) {
  std::string text = R"({"type":"FeatureCollection","features":[)";
  for (std::size_t i = 0; i < rows; ++i) {
    text +=
        fmt::format(R"({}{{"type":"Feature","properties":{},"geometry":{{"type":"Point",)"
                    R"("coordinates":[{:.6f},22.48]}}}})",
                    i == 0 ? "" : ",", JsonRecord(i), 103.0 + static_cast<double>(i % 1000) / 1e3);
  }
  return text + "]}";
}

std::string MakeSdmxJson(std::size_t rows) {
  const std::size_t times = std::min<std::size_t>(rows, 1'000);
  const auto values = [](std::size_t count, std::string_view prefix) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      text += fmt::format("{}{{\"id\":\"{}{}\"}}", i == 0 ? "" : ",", prefix, i);
    }
    return text;
  };
  std::string text = fmt::format(
      R"({{"data":{{"structures":[{{"dimensions":{{"series":[{{"id":"AREA","values":[{}]}}],)"
      R"("observation":[{{"id":"TIME_PERIOD","values":[{}]}}]}},)"
      R"("attributes":{{"observation":[{{"id":"OBS_STATUS","values":[{{"id":"A"}},{{"id":"P"}}]}}]}}}}],)"
      R"("dataSets":[{{"structure":0,"series":{{)",
      values((rows + times - 1) / times, "VN"), values(times, "T"));
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t time = i % times;
    if (time == 0) {
      text += fmt::format(R"({}"{}":{{"observations":{{)", i == 0 ? "" : "}},", i / times);
    }
    text += fmt::format(R"({}"{}":[{}.5,{}])", time == 0 ? "" : ",", time, FeeOf(i), i % 2);
  }
  return text + "}}}}]}}";
}

std::string MakeEdxml(std::size_t bytes) {
  constexpr std::size_t kAttachment = 1'000'000;
  std::string content;
  while (content.size() < kAttachment) content += "VGjDtG5nIGLDoW8gY+G7p2EgdOG7iW5o";
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><edXMLEnvelope><edXMLHeader>"
      "<MessageHeader><DocumentId>000.00.15.H38,2026/06/01,12/SYT-VP</DocumentId></MessageHeader>"
      "</edXMLHeader><edXMLBody/></edXMLEnvelope><AttachmentEncoded>";
  do {
    text += "<Attachment><AttachmentName>phụ lục</AttachmentName><ContentTransferEncoded>" +
            content + "</ContentTransferEncoded></Attachment>";
  } while (text.size() < bytes);
  return text + "</AttachmentEncoded></edXML>\n";
}

}  // namespace fansipan::bench
