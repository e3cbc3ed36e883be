#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "center/source.h"
#include "sources/internal/conversion/converted_text.h"

namespace fansipan::sources::internal {

/// The declared sheet of a workbook as text, which processes of their own make of it within the
/// source's limits; this one looks at no more than what kind of file it is. `program` calls
/// ServeConversionTask for the command `conversion-task`. Errors kInvalidArgument: not_a_workbook,
/// workbook_encrypted, workbook_unreadable, workbook_epoch, no_sheet, several_sheets,
/// merged_unknown, workbook_out_of_memory, workbook_deadline; kTooLarge; kUnavailable
/// workbook_reader_missing.
base::Result<ConvertedText> ConvertWorkbook(std::string_view payload, const center::Source& source,
                                            const std::string& program);

/// The one sheet that a name or a pattern with `*` means; a hidden one is meant by its exact name
/// alone. Errors no_sheet, several_sheets, which name those that there are.
base::Result<std::string> ChooseSheet(const std::vector<std::string>& sheets,
                                      const std::vector<std::string>& hidden,
                                      const std::string& wanted);

/// The sheets as the converter lists them. Error workbook_unreadable when another reader than
/// `driver` opened the file, or a name has a line break.
base::Result<std::vector<std::string>> ParseSheetList(std::string_view list,
                                                      std::string_view driver);

}  // namespace fansipan::sources::internal
