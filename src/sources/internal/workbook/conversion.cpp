#include "sources/internal/workbook/conversion.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sources/internal/conversion/conversion_tool.h"
#include "sources/internal/conversion/judgement.h"
#include "sources/internal/conversion/name_choice.h"
#include "sources/internal/processes/memory_file.h"
#include "sources/internal/workbook/sheet_text.h"
#include "sources/internal/workbook/workbook_kind.h"
#include "sources/internal/workbook/xlsx_package.h"

namespace fansipan::sources::internal {
namespace {

base::Error Refusal(std::string_view reason, std::string message) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason), std::move(message)};
}

class Conversion {
 public:
  Conversion(const center::Source& source, const std::string& program, WorkbookKind kind,
             FileHandle workbook)
      : source_(source), program_(program), kind_(kind), workbook_(std::move(workbook)) {}

  base::Result<ConvertedText> Run() {
    const center::WorkbookShape& shape = source_.workbook;
    FANSIPAN_RETURN_IF_ERROR(CheckMergedKnown());
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> hidden, FindHidden());
    FANSIPAN_ASSIGN_OR_RETURN(const ConversionTaskEnd list, Do(ConversionTask::Kind::kList, ""));
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<std::string> sheets,
                              ParseSheetList(list.output, DriverOf(kind_)));
    ConvertedText sheet;
    FANSIPAN_ASSIGN_OR_RETURN(sheet.sheet, ChooseSheet(sheets, hidden, shape.sheet));
    std::vector<center::CellRange> merged;
    if (shape.fill_merged) {
      FANSIPAN_ASSIGN_OR_RETURN(DecodedXlsxPackage package, TellOfPackage(sheet.sheet));
      merged = std::move(package.merged);
    }
    FANSIPAN_ASSIGN_OR_RETURN(const ConversionTaskEnd text,
                              Do(ConversionTask::Kind::kText, sheet.sheet));
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
    FANSIPAN_ASSIGN_OR_RETURN(const ConversionTaskEnd end,
                              Do(ConversionTask::Kind::kPackage, sheet));
    return DecodeXlsxPackage(end.output);
  }

  base::Result<ConversionTaskEnd> Do(ConversionTask::Kind kind, const std::string& sheet) const {
    const ConversionTask task{
        .kind = kind, .extension = std::string(ExtensionOf(kind_)), .name = sheet, .details = {}};
    FANSIPAN_ASSIGN_OR_RETURN(
        ConversionTaskEnd end,
        RunConversionTask(program_, task, workbook_, TaskLimitsOf(source_.limits)));
    FANSIPAN_RETURN_IF_ERROR(JudgeTask(end, source_.limits, {"workbook", DriverOf(kind_)}));
    return end;
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
  return ChooseName(sheets, hidden, wanted, {"sheet", "workbook"});
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

base::Result<ConvertedText> ConvertWorkbook(std::string_view payload, const center::Source& source,
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
