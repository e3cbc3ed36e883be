#include "sources/testing/workbooks.h"

#include <fmt/format.h>
#include <zlib.h>

#include <cstdint>

namespace fansipan::sources::testing {
namespace {

constexpr const char* kXml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
constexpr const char* kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr const char* kRelations =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr const char* kPackage = "http://schemas.openxmlformats.org/package/2006/";

void Put(std::string& bytes, std::uint64_t number, int count) {
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(number >> (8 * i));
}

std::string Deflated(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

/// What local and central head have in common.
std::string Head(const std::string& text, std::size_t packed, std::size_t name, bool deflated) {
  std::string head;
  Put(head, 20, 2);
  Put(head, 0, 2);
  Put(head, deflated ? 8 : 0, 2);
  Put(head, 0x5A000000, 4);
  Put(head, crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())),
      4);
  Put(head, packed, 4);
  Put(head, text.size(), 4);
  Put(head, name, 2);
  Put(head, 0, 2);
  return head;
}

std::string ContentTypes(std::size_t sheets) {
  std::string text = fmt::format(
      "{}<Types xmlns=\"{}content-types\"><Default Extension=\"rels\" "
      "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default "
      "Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" "
      "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
      "<Override PartName=\"/xl/styles.xml\" ContentType=\"application/"
      "vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>",
      kXml, kPackage);
  for (std::size_t i = 1; i <= sheets; ++i) {
    text += fmt::format(
        "<Override PartName=\"/xl/worksheets/sheet{}.xml\" ContentType=\"application/"
        "vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>",
        i);
  }
  return text + "</Types>";
}

constexpr const char* kStyles =
    "<numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/></numFmts>"
    "<fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill/></fills><borders count=\"1\">"
    "<border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"4\">"
    "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf "
    "numFmtId=\"164\"/></cellXfs>";

}  // namespace

std::string Zip(const ZipMembers& members, bool deflated) {
  std::string bytes;
  std::string central;
  for (const auto& [name, text] : members) {
    const std::string packed = deflated ? Deflated(text) : text;
    const std::string head = Head(text, packed.size(), name.size(), deflated);
    central += "PK\x01\x02";
    Put(central, 20, 2);
    central += head;
    central.append(10, char{0});
    Put(central, bytes.size(), 4);
    central += name;
    bytes += "PK\x03\x04";
    bytes += head;
    bytes += name;
    bytes += packed;
  }
  const std::size_t start = bytes.size();
  bytes += central;
  bytes += "PK\x05\x06";
  Put(bytes, 0, 4);
  Put(bytes, members.size(), 2);
  Put(bytes, members.size(), 2);
  Put(bytes, central.size(), 4);
  Put(bytes, start, 4);
  Put(bytes, 0, 2);
  return bytes;
}

std::string Xlsx(const std::vector<XlsxTable>& tables, bool counts_from_1904) {
  std::string list;
  std::string relations;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const std::string state =
        tables[i].state.empty() ? "" : fmt::format(" state=\"{}\"", tables[i].state);
    list += fmt::format("<sheet name=\"{}\" sheetId=\"{}\"{} r:id=\"rId{}\"/>", tables[i].name,
                        i + 1, state, i + 1);
    relations += fmt::format(
        "<Relationship Id=\"rId{}\" Type=\"{}/worksheet\" Target=\"worksheets/sheet{}.xml\"/>",
        i + 1, kRelations, i + 1);
  }
  relations +=
      fmt::format("<Relationship Id=\"st\" Type=\"{}/styles\" Target=\"styles.xml\"/>", kRelations);
  ZipMembers members = {
      {"[Content_Types].xml", ContentTypes(tables.size())},
      {"_rels/.rels",
       fmt::format("{}<Relationships xmlns=\"{}relationships\"><Relationship Id=\"r\" "
                   "Type=\"{}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
                   kXml, kPackage, kRelations)},
      {"xl/workbook.xml",
       fmt::format("{}<workbook xmlns=\"{}\" xmlns:r=\"{}\">{}<sheets>{}</sheets></workbook>", kXml,
                   kMain, kRelations, counts_from_1904 ? "<workbookPr date1904=\"1\"/>" : "",
                   list)},
      {"xl/_rels/workbook.xml.rels",
       fmt::format("{}<Relationships xmlns=\"{}relationships\">{}</Relationships>", kXml, kPackage,
                   relations)},
      {"xl/styles.xml",
       fmt::format("{}<styleSheet xmlns=\"{}\">{}</styleSheet>", kXml, kMain, kStyles)}};
  for (std::size_t i = 0; i < tables.size(); ++i) {
    members.emplace_back(fmt::format("xl/worksheets/sheet{}.xml", i + 1),
                         fmt::format("{}<worksheet xmlns=\"{}\"><sheetData>{}</worksheet>", kXml,
                                     kMain, tables[i].rows));
  }
  return Zip(members);
}

std::string TextCell(const std::string& reference, const std::string& text) {
  return fmt::format("<c r=\"{}\" t=\"inlineStr\"><is><t>{}</t></is></c>", reference, text);
}

std::string Ods(const std::string& name, const std::string& rows) {
  constexpr const char* kNames = "urn:oasis:names:tc:opendocument:xmlns:";
  return Zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
              {"content.xml",
               fmt::format("{0}<office:document-content xmlns:office=\"{1}office:1.0\" "
                           "xmlns:table=\"{1}table:1.0\" xmlns:text=\"{1}text:1.0\"><office:body>"
                           "<office:spreadsheet><table:table table:name=\"{2}\">{3}</table:table>"
                           "</office:spreadsheet></office:body></office:document-content>",
                           kXml, kNames, name, rows)}},
             false);
}

}  // namespace fansipan::sources::testing
