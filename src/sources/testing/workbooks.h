#pragma once

#include <string>
#include <utility>
#include <vector>

namespace fansipan::sources::testing {

/// Names and contents of a ZIP file's members, in order.
using ZipMembers = std::vector<std::pair<std::string, std::string>>;
/// A ZIP file; the members are deflated, or stored as they are.
std::string Zip(const ZipMembers& members, bool deflated = true);

struct XlsxTable {
  std::string name;
  std::string rows;        ///< what stands in <sheetData>, and after it
  std::string state = "";  ///< hidden, veryHidden
};

/// A small XLSX workbook. Styles 1 to 3 of a cell are a date, a moment, and a date of an own
/// format.
std::string Xlsx(const std::vector<XlsxTable>& tables, bool counts_from_1904 = false);

/// A cell with a text of its own.
std::string TextCell(const std::string& reference, const std::string& text);

/// An ODS workbook with one table.
std::string Ods(const std::string& name, const std::string& rows);

}  // namespace fansipan::sources::testing
