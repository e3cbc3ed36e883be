#include "sources/internal/workbook/workbook_kind.h"

#include <string>
#include <utility>

namespace fansipan::sources::internal {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kCompoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
// UTF-16, as a compound file writes the names of what it holds.
constexpr std::string_view kEncryptedPackage = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv;
constexpr std::string_view kOdsType = "mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
constexpr std::size_t kZipHeadBytes = 30;

base::Error NotAWorkbook(std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "not_a_workbook",
          "it must be a workbook (XLSX, XLS or ODS), but " + std::string(what)};
}

bool Has(std::string_view payload, std::string_view bytes) {
  return payload.find(bytes) != std::string_view::npos;
}

/// BIFF 2 to 4 stand in no compound file: a record that begins the file.
bool IsBareBiff(std::string_view payload) {
  if (payload.size() < 8 || payload[0] != '\x09') return false;
  return payload[1] == '\x00' || payload[1] == '\x02' || payload[1] == '\x04';
}

base::Result<WorkbookKind> RecogniseZip(std::string_view payload) {
  if (payload.substr(kZipHeadBytes, kOdsType.size()) == kOdsType) return WorkbookKind::kOds;
  if (Has(payload, "xl/workbook.bin")) {
    return NotAWorkbook("it is a binary workbook (XLSB); save it as XLSX");
  }
  if (Has(payload, "xl/worksheets/")) return WorkbookKind::kXlsx;
  return NotAWorkbook("it is a ZIP file without sheets");
}

}  // namespace

std::string_view ExtensionOf(WorkbookKind kind) {
  switch (kind) {
    case WorkbookKind::kXls:
      return "xls";
    case WorkbookKind::kXlsx:
      return "xlsx";
    case WorkbookKind::kOds:
      break;
  }
  return "ods";
}

std::string_view DriverOf(WorkbookKind kind) {
  switch (kind) {
    case WorkbookKind::kXls:
      return "XLS";
    case WorkbookKind::kXlsx:
      return "XLSX";
    case WorkbookKind::kOds:
      break;
  }
  return "ODS";
}

base::Result<WorkbookKind> RecogniseWorkbook(std::string_view payload) {
  if (payload.empty()) return NotAWorkbook("it is empty");
  if (payload.starts_with(kZip) && payload.size() > kZipHeadBytes) return RecogniseZip(payload);
  if (payload.starts_with(kCompoundFile)) {
    if (!Has(payload, kEncryptedPackage)) return WorkbookKind::kXls;
    return base::Error{base::ErrorCode::kInvalidArgument, "workbook_encrypted",
                       "the workbook is protected by a password; save it without one"};
  }
  if (IsBareBiff(payload)) return WorkbookKind::kXls;
  const std::size_t first = payload.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (first != std::string_view::npos && payload[first] == '<') {
    return NotAWorkbook(
        "it is a web page or XML that was given a workbook's name; save it as XLSX, or declare "
        "its own format");
  }
  return NotAWorkbook("its first bytes are those of none");
}

}  // namespace fansipan::sources::internal
