#pragma once

namespace fansipan::sources {

/// What `<program> workbook-task …` does: reads the workbook on the standard input, confined, or
/// becomes the program that does (see internal/workbook/workbook_tool.h, which runs it and gives
/// the words). Returns an exit status.
int ServeWorkbookTask(int count, char** words);

}  // namespace fansipan::sources
