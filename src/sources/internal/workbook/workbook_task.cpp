#include "sources/workbook_task.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "sources/internal/processes/confinement.h"
#include "sources/internal/processes/file_handle.h"
#include "sources/internal/processes/memory_file.h"
#include "sources/internal/processes/sandbox.h"
#include "sources/internal/workbook/workbook_task_words.h"
#include "sources/internal/workbook/xlsx_package.h"

namespace fansipan::sources {
namespace {

using internal::CloseSandbox;
using internal::ConfineProgram;
using internal::EncodeXlsxPackage;
using internal::EnterSandbox;
using internal::FileHandle;
using internal::kListProgram;
using internal::kTaskDone;
using internal::kTaskFailed;
using internal::kTaskNoProgram;
using internal::kTaskRefused;
using internal::kTaskTooLarge;
using internal::kTextProgram;
using internal::LimitMemory;
using internal::MappedFile;
using internal::ReadMergedCells;
using internal::ReadXlsxPackage;
using internal::SandboxLimits;
using internal::XlsxPackage;
using internal::XlsxSheet;

// GDAL's libraries, its tables, and what the C library asks for.
const std::vector<std::string> kReadable = {"/lib",
                                            "/lib64",
                                            "/usr/lib",
                                            "/usr/share/gdal",
                                            "/usr/share/proj",
                                            "/etc/ld.so.cache",
                                            "/dev/null",
                                            "/dev/urandom"};
const std::vector<std::string> kPrograms = {kListProgram, kTextProgram,
                                            "/lib64/ld-linux-x86-64.so.2"};

std::optional<std::uint64_t> NumberOf(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

int Fail(const base::Error& error) {
  fmt::print(stderr, "{}\n{}\n", error.reason, error.message);
  return error.code == base::ErrorCode::kTooLarge          ? kTaskTooLarge
         : error.code == base::ErrorCode::kInvalidArgument ? kTaskRefused
                                                           : kTaskFailed;
}

base::Result<std::string> ReadPackage(std::string_view bytes, const std::string& sheet) {
  FANSIPAN_ASSIGN_OR_RETURN(const XlsxPackage package, ReadXlsxPackage(bytes));
  std::vector<center::CellRange> merged;
  if (!sheet.empty()) {
    const auto found = std::find_if(package.sheets.begin(), package.sheets.end(),
                                    [&](const XlsxSheet& each) { return each.name == sheet; });
    if (found == package.sheets.end()) {
      return base::Error{base::ErrorCode::kInvalidArgument, "workbook_unreadable",
                         fmt::format("the workbook's own list has no sheet '{}'", sheet)};
    }
    FANSIPAN_ASSIGN_OR_RETURN(merged, ReadMergedCells(bytes, found->member));
  }
  return EncodeXlsxPackage(package, merged);
}

int TellOfPackage(const SandboxLimits& limits, const std::string& sheet) {
  if (const base::Status closed = CloseSandbox(limits); !closed.ok()) return Fail(closed.error());
  try {
    std::string room;
    const FileHandle input(STDIN_FILENO);
    const MappedFile workbook(input, room);
    if (!workbook.valid()) return kTaskFailed;
    const auto told = ReadPackage(workbook.bytes(), sheet);
    if (!told.ok()) return Fail(told.error());
    const FileHandle output(STDOUT_FILENO);
    return output.WriteAll(*told) ? kTaskDone : kTaskFailed;
  } catch (const std::bad_alloc&) {
    return Fail({base::ErrorCode::kTooLarge, "worker_out_of_memory",
                 "the workbook does not fit into its reader's memory"});
  }
}

int Become(const char* program, const std::vector<std::string>& arguments,
           std::uint64_t memory_bytes) {
  base::Status ready = ConfineProgram(kReadable, kPrograms);
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  if (ready.ok()) ready = LimitMemory(memory_bytes);
  if (!ready.ok()) return Fail(ready.error());
  execve(program, pointers.data(), environ);
  return kTaskNoProgram;
}

}  // namespace

int ServeWorkbookTask(int count, char** words) {
  // program, workbook-task, kind, parent, memory, output, seconds, path, sheet
  constexpr int kWords = 9;
  if (count != kWords) return kTaskFailed;
  const std::string_view kind = words[2];
  const auto parent = NumberOf(words[3]);
  const auto memory = NumberOf(words[4]);
  const auto output = NumberOf(words[5]);
  const auto seconds = NumberOf(words[6]);
  if (!parent || !memory || !output || !seconds) return kTaskFailed;
  const SandboxLimits limits{.memory_bytes = *memory,
                             .file_bytes = *output,
                             .cpu_seconds = static_cast<std::uint32_t>(*seconds) + 1};
  const base::Status entered = EnterSandbox(limits, static_cast<std::int32_t>(*parent));
  if (!entered.ok()) return Fail(entered.error());
  // Nothing is worth taking down, and a closed sandbox would not let a sanitizer look for leaks.
  if (kind == "package") _exit(TellOfPackage(limits, words[8]));
  if (kind == "list") return Become(kListProgram, {"-ro", "-so", words[7]}, *memory);
  if (kind != "text") return kTaskFailed;
  return Become(kTextProgram, {"-f", "CSV", "/vsistdout/", words[7], words[8]}, *memory);
}

}  // namespace fansipan::sources
