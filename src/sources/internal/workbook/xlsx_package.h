#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/cell_range.h"

namespace fansipan::sources::internal {

/// A sheet as the workbook lists it.
struct XlsxSheet {
  std::string name;
  bool hidden = false;
  std::string member;  ///< of the ZIP file
};

/// What the converter does not tell of an XLSX workbook.
struct XlsxPackage {
  bool counts_from_1904 = false;  ///< days are counted from 1 January 1904
  std::vector<XlsxSheet> sheets;
};

/// Parses hostile bytes: to be run in a closed sandbox alone. Errors kInvalidArgument
/// (workbook_unreadable), kTooLarge.
base::Result<XlsxPackage> ReadXlsxPackage(std::string_view bytes);

/// The merged cells of one sheet. Errors as above; kTooLarge with more than kMaxMerged ranges.
base::Result<std::vector<center::CellRange>> ReadMergedCells(std::string_view bytes,
                                                             const std::string& member);

// The result as it goes from the process that reads to the server: a line for the epoch, a line for
// each sheet, a line of ranges.
std::string EncodeXlsxPackage(const XlsxPackage& package,
                              const std::vector<center::CellRange>& merged);
struct DecodedXlsxPackage {
  XlsxPackage package;  ///< without members
  std::vector<center::CellRange> merged;
};
base::Result<DecodedXlsxPackage> DecodeXlsxPackage(std::string_view text);

}  // namespace fansipan::sources::internal
