#pragma once

#include <string_view>

#include "base/result.h"

namespace fansipan::sources::internal {

enum class WorkbookKind { kXls, kXlsx, kOds };

/// How files of the kind end, which is also how the converter knows them.
std::string_view ExtensionOf(WorkbookKind kind);
/// The converter's name of its reader.
std::string_view DriverOf(WorkbookKind kind);

/// What the bytes are, whatever their file was called; nothing in them is followed or unpacked.
/// Errors kInvalidArgument: not_a_workbook (says what it is, where that is plain),
/// workbook_encrypted.
base::Result<WorkbookKind> RecogniseWorkbook(std::string_view payload);

}  // namespace fansipan::sources::internal
