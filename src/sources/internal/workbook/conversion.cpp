#include "sources/internal/workbook/conversion.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include "sources/internal/processes/memory_file.h"
#include "sources/internal/utf8.h"
#include "sources/internal/workbook/workbook_kind.h"
#include "sources/internal/workbook/workbook_task_words.h"
#include "sources/internal/workbook/workbook_tool.h"
#include "sources/internal/workbook/xlsx_package.h"

namespace fansipan::sources::internal {
namespace {

// What the programs and their libraries take of addresses before they look at a workbook.
constexpr std::uint64_t kProgramBytes = 512ULL << 20U;
constexpr std::size_t kShownSheets = 30;

base::Error Refusal(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

std::string Listed(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kShownSheets);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    text += fmt::format("{}'{}'", i == 0 ? "" : ", ", CutUtf8(names[i], 100));
  }
  return shown < names.size() ? fmt::format("{} and {} more", text, names.size() - shown) : text;
}

/// `*` stands for any characters, none among them.
bool Matches(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  name.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  while (true) {
    const std::size_t next = pattern.find('*');
    const std::string_view part = pattern.substr(0, next);
    if (next == std::string_view::npos) return name.ends_with(part);
    const std::size_t found = name.find(part);
    if (found == std::string_view::npos) return false;
    name.remove_prefix(found + part.size());
    pattern.remove_prefix(next + 1);
  }
}

/// Our own part's complaint: a reason and a message.
base::Error OwnComplaint(const WorkbookTaskEnd& end, base::ErrorCode code) {
  const std::size_t line = std::min(end.complaints.find('\n'), end.complaints.size());
  std::string message = end.complaints.substr(std::min(line + 1, end.complaints.size()));
  while (message.ends_with('\n')) message.pop_back();
  return {code, end.complaints.substr(0, line), std::move(message)};
}

/// The first complaint of the converter in one line.
std::string FirstComplaint(const std::string& complaints) {
  std::string line = complaints.substr(0, complaints.find('\n'));
  return std::string(CutUtf8(line, 300));
}

class Conversion {
 public:
  Conversion(const center::Source& source, const std::string& program, WorkbookKind kind,
             FileHandle workbook)
      : source_(source), program_(program), kind_(kind), workbook_(std::move(workbook)) {}

  base::Result<SheetText> Run() {
    const center::WorkbookShape& shape = source_.workbook;
    FANSIPAN_RETURN_IF_ERROR(CheckMergedKnown());
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> hidden, FindHidden());
    FANSIPAN_ASSIGN_OR_RETURN(const WorkbookTaskEnd list, Do(WorkbookTask::Kind::kList, ""));
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> sheets,
                              ParseSheetList(list.output, DriverOf(kind_)));
    SheetText sheet;
    FANSIPAN_ASSIGN_OR_RETURN(sheet.sheet, ChooseSheet(sheets, hidden, shape.sheet));
    std::vector<center::CellRange> merged;
    if (shape.fill_merged) {
      FANSIPAN_ASSIGN_OR_RETURN(DecodedXlsxPackage package, TellOfPackage(sheet.sheet));
      merged = std::move(package.merged);
    }
    FANSIPAN_ASSIGN_OR_RETURN(const WorkbookTaskEnd text,
                              Do(WorkbookTask::Kind::kText, sheet.sheet));
    sheet.text = ToText(merged) + "\n" + text.output;
    return sheet;
  }

 private:
  base::Status CheckMergedKnown() const {
    if (!source_.workbook.fill_merged || kind_ == WorkbookKind::kXlsx) return {};
    return Refusal("merged_unknown",
                   "'fill_merged' is declared, but which cells are merged is known of XLSX alone; "
                   "save the workbook as XLSX");
  }

  /// Names of the hidden sheets, where they are known; and that dates are read as they are meant.
  base::Result<std::vector<std::string>> FindHidden() const {
    std::vector<std::string> hidden;
    if (kind_ != WorkbookKind::kXlsx) return hidden;
    FANSIPAN_ASSIGN_OR_RETURN(const DecodedXlsxPackage package, TellOfPackage(""));
    if (package.package.counts_from_1904) {
      return Refusal("workbook_epoch",
                     "the workbook counts its days from 1904, which the reader of XLSX would take "
                     "for four years earlier; switch it to the 1900 date system and save it again");
    }
    for (const XlsxSheet& sheet : package.package.sheets) {
      if (sheet.hidden) hidden.push_back(sheet.name);
    }
    return hidden;
  }

  base::Result<DecodedXlsxPackage> TellOfPackage(const std::string& sheet) const {
    FANSIPAN_ASSIGN_OR_RETURN(const WorkbookTaskEnd end, Do(WorkbookTask::Kind::kPackage, sheet));
    return DecodeXlsxPackage(end.output);
  }

  base::Result<WorkbookTaskEnd> Do(WorkbookTask::Kind kind, const std::string& sheet) const {
    const center::Limits& limits = source_.limits;
    const WorkbookTaskLimits task_limits{.memory_bytes = limits.worker_memory_bytes + kProgramBytes,
                                         .output_bytes = limits.payload_bytes,
                                         .seconds = limits.worker_seconds};
    const WorkbookTask task{kind, std::string(ExtensionOf(kind_)), sheet};
    FANSIPAN_ASSIGN_OR_RETURN(WorkbookTaskEnd end,
                              RunWorkbookTask(program_, task, workbook_, task_limits));
    FANSIPAN_RETURN_IF_ERROR(Judge(end));
    return end;
  }

  base::Status Judge(const WorkbookTaskEnd& end) const {
    const center::Limits& limits = source_.limits;
    if (end.killed_at_deadline || end.signal == SIGXCPU) {
      return Refusal("workbook_deadline",
                     fmt::format("reading it was stopped after {} s; deliver less, or raise "
                                 "limits.worker_time",
                                 limits.worker_seconds));
    }
    if (end.status == kTaskRefused) return OwnComplaint(end, base::ErrorCode::kInvalidArgument);
    if (end.status == kTaskTooLarge) return OwnComplaint(end, base::ErrorCode::kTooLarge);
    if (end.status == kTaskNoProgram) {
      return base::Error{base::ErrorCode::kUnavailable, "workbook_reader_missing",
                         fmt::format("{} is not there; install the package gdal-bin, then deliver "
                                     "it again",
                                     kTextProgram)};
    }
    if (end.status == kTaskFailed) {
      return base::Error{base::ErrorCode::kUnavailable, "",
                         "its reader could not be started: " + FirstComplaint(end.complaints)};
    }
    return JudgeConverter(end);
  }

  /// GDAL goes on after a complaint and leaves out what it could not read: that is no reading.
  base::Status JudgeConverter(const WorkbookTaskEnd& end) const {
    const center::Limits& limits = source_.limits;
    const bool at_limit = end.signal != 0 && end.peak_bytes > limits.worker_memory_bytes / 5 * 4;
    if (at_limit || end.complaints.find("alloc") != std::string::npos ||
        end.complaints.find("memory") != std::string::npos) {
      return Refusal("workbook_out_of_memory",
                     fmt::format("reading it needs more than {} MB of memory; deliver less, or "
                                 "raise limits.worker_memory",
                                 limits.worker_memory_bytes >> 20U));
    }
    if (end.output.size() >= limits.payload_bytes) {
      return base::Error{base::ErrorCode::kTooLarge, "payload_too_large",
                         fmt::format("its sheet has more than {} bytes as text, which is what "
                                     "limits.payload allows",
                                     limits.payload_bytes)};
    }
    if (end.signal != 0) {
      return Refusal("workbook_unreadable",
                     fmt::format("its reader ended by signal {}; the file is damaged", end.signal));
    }
    if (end.status == kTaskDone && end.complaints.empty()) return {};
    if (end.complaints.starts_with("FAILURE")) {
      return Refusal(
          "workbook_unreadable",
          fmt::format("it cannot be opened as {}: it is damaged, cut off or protected by "
                      "a password. Open it, save it anew as XLSX, and deliver that",
                      DriverOf(kind_)));
    }
    return Refusal("workbook_unreadable",
                   "it cannot be read whole; save it anew as XLSX. Its reader says: " +
                       FirstComplaint(end.complaints));
  }

  const center::Source& source_;
  const std::string& program_;
  const WorkbookKind kind_;
  const FileHandle workbook_;
};

}  // namespace

base::Result<std::string> ChooseSheet(const std::vector<std::string>& sheets,
                                      const std::vector<std::string>& hidden,
                                      const std::string& wanted) {
  std::vector<std::string> meant;
  for (const std::string& name : sheets) {
    const bool is_hidden = std::find(hidden.begin(), hidden.end(), name) != hidden.end();
    const bool matches = wanted.empty() || Matches(wanted, name);
    if (name == wanted || (matches && !is_hidden)) meant.push_back(name);
  }
  if (meant.empty()) {
    return Refusal("no_sheet",
                   wanted.empty()
                       ? "the workbook has no sheet with anything in it"
                       : fmt::format("no sheet is called '{}'; the workbook has {}", wanted,
                                     sheets.empty() ? "none with anything in it" : Listed(sheets)));
  }
  if (meant.size() > 1) {
    return Refusal(
        "several_sheets",
        fmt::format("{} sheets could be meant{}: {}; declare which one in 'sheet'", meant.size(),
                    wanted.empty() ? "" : " by '" + wanted + "'", Listed(meant)));
  }
  // As a word of a command it would be an option.
  if (!meant[0].starts_with('-')) return meant[0];
  return Refusal("no_sheet",
                 fmt::format("the sheet '{}' cannot be read, since its name begins with "
                             "a hyphen; rename it",
                             CutUtf8(meant[0], 100)));
}

base::Result<std::vector<std::string>> ParseSheetList(std::string_view list,
                                                      std::string_view driver) {
  constexpr std::string_view kNoPlace = " (None)";
  std::vector<std::string> sheets;
  bool opened = false;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find('\n'), list.size());
    std::string_view line = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (!opened) {
      opened =
          line.find(fmt::format("using driver `{}' successful", driver)) != std::string_view::npos;
      continue;
    }
    const std::string number = fmt::format("{}: ", sheets.size() + 1);
    if (line.size() < number.size() + kNoPlace.size() || !line.starts_with(number) ||
        !line.ends_with(kNoPlace)) {
      return Refusal("workbook_unreadable",
                     "its list of sheets cannot be read: a sheet's name may "
                     "have a line break; rename it");
    }
    line.remove_prefix(number.size());
    line.remove_suffix(kNoPlace.size());
    sheets.emplace_back(line);
  }
  if (opened) return sheets;
  return Refusal("workbook_unreadable", fmt::format("it cannot be read as {}", driver));
}

base::Result<SheetText> ConvertWorkbook(std::string_view payload, const center::Source& source,
                                        const std::string& program) {
  const auto annotated = [&](const base::Error& error) {
    return base::Annotate(error, fmt::format("the workbook of source '{}'", source.name));
  };
  const auto kind = RecogniseWorkbook(payload);
  if (!kind.ok()) return annotated(kind.error());
  FANSIPAN_ASSIGN_OR_RETURN(FileHandle workbook, MakeMemoryFile(payload));
  auto sheet = Conversion(source, program, *kind, std::move(workbook)).Run();
  if (!sheet.ok()) return annotated(sheet.error());
  return sheet;
}

}  // namespace fansipan::sources::internal
