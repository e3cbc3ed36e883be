#include "sources/conversion_task.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>

#include "sources/internal/conversion/conversion_task_words.h"
#include "sources/internal/parquet/parquet_reader.h"
#include "sources/internal/processes/confinement.h"
#include "sources/internal/processes/file_handle.h"
#include "sources/internal/processes/memory_file.h"
#include "sources/internal/processes/process_memory.h"
#include "sources/internal/processes/sandbox.h"
#include "sources/internal/workbook/xlsx_package.h"
#include "sources/internal/workbook/zip_reader.h"

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
using internal::ZipReader;

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

/// Name and unpacked size of each file of a ZIP, a line each.
base::Result<std::string> ListMembers(std::string_view bytes) {
  FANSIPAN_ASSIGN_OR_RETURN(const ZipReader zip, ZipReader::Open(bytes));
  std::string list;
  for (const auto& [name, size] : zip.Sizes()) {
    if (name.find('\n') == std::string::npos) list += fmt::format("{} {}\n", size, name);
  }
  return list;
}

/// Our own readers run in the worker's closed sandbox. Nothing of them is worth taking down, and a
/// closed sandbox would not let a sanitizer look for leaks.
template <typename Read>
[[noreturn]] void ReadClosed(const SandboxLimits& limits, const Read& read) {
  if (const base::Status closed = CloseSandbox(limits); !closed.ok()) _exit(Fail(closed.error()));
  try {
    std::string room;
    const FileHandle input(STDIN_FILENO);
    const MappedFile file(input, room);
    if (!file.valid()) _exit(kTaskFailed);
    const base::Result<std::string> told = read(file.bytes());
    if (!told.ok()) _exit(Fail(told.error()));
    const FileHandle output(STDOUT_FILENO);
    _exit(output.WriteAll(*told) ? kTaskDone : kTaskFailed);
  } catch (const std::bad_alloc&) {
    _exit(Fail({base::ErrorCode::kTooLarge, "worker_out_of_memory",
                "the file does not fit into its reader's memory"}));
  }
}

/// DuckDB opens the file itself: it is confined as programs are that are not ours.
int ReadParquet(const SandboxLimits& limits, const std::string& path, const std::string& details) {
  constexpr std::uint64_t kShare = 2;  // of the addresses, for the program and its libraries
  auto reader = internal::ParquetReader::Open(path, limits.memory_bytes / kShare);
  if (!reader.ok()) return Fail(reader.error());
  // The engine's own libraries and what it set aside are no part of what the file may take.
  const auto taken = internal::ReadProcessMemory("/proc/self/statm");
  if (!taken) return kTaskFailed;
  base::Status ready = ConfineProgram({"/dev/null", "/dev/urandom"}, {});
  if (ready.ok() && !internal::IsSanitized())
    ready = LimitMemory(taken->addresses + limits.memory_bytes);
  if (!ready.ok()) return Fail(ready.error());
  const FileHandle output(STDOUT_FILENO);
  const base::Status done = (*reader)->Write(details, output);
  return done.ok() ? kTaskDone : Fail(done.error());
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

struct TaskWords {
  std::string path;
  std::string name;
  std::string details;
};

/// The layer with the numbers of its features; its geometry, which is the first column, as text.
std::vector<std::string> FeatureArguments(const TaskWords& words) {
  std::vector<std::string> arguments = {"-f",
                                        "CSV",
                                        "-lco",
                                        "GEOMETRY=AS_WKT",
                                        "-dim",
                                        "XY",
                                        "-nlt",
                                        "CONVERT_TO_LINEAR",
                                        "-fieldTypeToString",
                                        "All",
                                        "-t_srs",
                                        "EPSG:4326"};
  if (!words.details.empty()) arguments.insert(arguments.end(), {"-s_srs", words.details});
  arguments.insert(arguments.end(),
                   {"-dialect", "OGRSQL", "-sql",
                    fmt::format("SELECT FID AS \"_fid\", * FROM \"{}\"", words.name), "/vsistdout/",
                    words.path});
  return arguments;
}

int Serve(std::string_view kind, const SandboxLimits& limits, const TaskWords& words) {
  if (kind == "package") {
    ReadClosed(limits, [&](std::string_view bytes) { return ReadPackage(bytes, words.name); });
  }
  if (kind == "members") ReadClosed(limits, ListMembers);
  if (kind == "parquet") _exit(ReadParquet(limits, words.path, words.details));
  const std::uint64_t memory = limits.memory_bytes;
  if (kind == "list") return Become(kListProgram, {"-ro", "-so", words.path}, memory);
  if (kind == "layer")
    return Become(kListProgram, {"-ro", "-so", "-nomd", words.path, words.name}, memory);
  if (kind == "features") return Become(kTextProgram, FeatureArguments(words), memory);
  if (kind != "text") return kTaskFailed;
  return Become(kTextProgram, {"-f", "CSV", "/vsistdout/", words.path, words.name}, memory);
}

}  // namespace

int ServeConversionTask(int count, char** words) {
  // program, conversion-task, kind, parent, memory, output, seconds, path, name, details
  constexpr int kWords = 10;
  if (count != kWords) return kTaskFailed;
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
  return Serve(words[2], limits, {.path = words[7], .name = words[8], .details = words[9]});
}

}  // namespace fansipan::sources
