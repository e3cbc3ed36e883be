// Feeds arbitrary bytes to what reads of workbooks in our own code: the kind of a file, the package
// of an XLSX, and the result of the process that reads it.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sources/internal/workbook/conversion.h"
#include "sources/internal/workbook/workbook_kind.h"
#include "sources/internal/workbook/xlsx_package.h"

using namespace fansipan::sources::internal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(RecogniseWorkbook(bytes));
  static_cast<void>(DecodeXlsxPackage(bytes));
  static_cast<void>(ParseSheetList(bytes, "XLSX"));
  const auto package = ReadXlsxPackage(bytes);
  if (!package.ok()) return 0;
  for (const XlsxSheet& sheet : package->sheets) {
    static_cast<void>(ReadMergedCells(bytes, sheet.member));
  }
  return 0;
}
