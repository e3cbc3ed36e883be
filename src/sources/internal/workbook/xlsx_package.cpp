#include "sources/internal/workbook/xlsx_package.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "sources/internal/workbook/sheet_text.h"
#include "sources/internal/workbook/tag_scanner.h"
#include "sources/internal/workbook/zip_reader.h"

namespace fansipan::sources::internal {
namespace {

constexpr std::uint64_t kMaxListBytes = 8ULL << 20U;
constexpr std::uint64_t kMaxSheetBytes = 4ULL << 30U;
constexpr std::size_t kMaxSheets = 10'000;

base::Error Unreadable(std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "workbook_unreadable",
          "the workbook cannot be read: " + std::string(what)};
}

std::string Attribute(const TagScanner::Tag& tag, const std::string& name) {
  const auto found = tag.attributes.find(name);
  return found == tag.attributes.end() ? std::string() : found->second;
}

/// A sheet, with the name of the relation that leads to it.
struct ListedSheet {
  XlsxSheet sheet;
  std::string relation;
};

base::Status Scan(const ZipReader& zip, const std::string& member, std::uint64_t limit,
                  TagScanner::Take take) {
  TagScanner scanner(std::move(take));
  return zip.Read(member, limit, [&](std::string_view piece) { return scanner.Feed(piece); });
}

base::Result<std::vector<ListedSheet>> ReadList(const ZipReader& zip, const std::string& member,
                                                XlsxPackage& package) {
  std::vector<ListedSheet> sheets;
  FANSIPAN_RETURN_IF_ERROR(
      Scan(zip, member, kMaxListBytes, [&](const TagScanner::Tag& tag) -> base::Status {
        if (tag.name == "workbookPr" && !tag.ends) {
          const std::string epoch = Attribute(tag, "date1904");
          package.counts_from_1904 = epoch == "1" || epoch == "true" || epoch == "on";
        }
        if (tag.name != "sheet" || tag.ends) return {};
        if (sheets.size() >= kMaxSheets) return Unreadable("it lists too many sheets");
        const std::string state = Attribute(tag, "state");
        ListedSheet& listed = sheets.emplace_back();
        listed.sheet.name = Attribute(tag, "name");
        listed.sheet.hidden = state == "hidden" || state == "veryHidden";
        listed.relation = Attribute(tag, "id");
        return {};
      }));
  return sheets;
}

base::Result<std::map<std::string, std::string>> ReadRelations(const ZipReader& zip,
                                                               const std::string& workbook) {
  const std::string base_name = workbook.substr(workbook.rfind('/') + 1);
  std::map<std::string, std::string> members;
  FANSIPAN_RETURN_IF_ERROR(Scan(zip, "xl/_rels/" + base_name + ".rels", kMaxListBytes,
                                [&](const TagScanner::Tag& tag) -> base::Status {
                                  if (tag.name != "Relationship" || tag.ends) return {};
                                  const std::string target = Attribute(tag, "Target");
                                  members[Attribute(tag, "Id")] =
                                      target.starts_with('/') ? target.substr(1) : "xl/" + target;
                                  return {};
                                }));
  return members;
}

}  // namespace

base::Result<XlsxPackage> ReadXlsxPackage(std::string_view bytes) {
  FANSIPAN_ASSIGN_OR_RETURN(const ZipReader zip, ZipReader::Open(bytes));
  const std::string workbook = zip.FindName("xl/workbook", ".xml");
  if (workbook.empty()) return Unreadable("it has no list of its sheets");
  XlsxPackage package;
  FANSIPAN_ASSIGN_OR_RETURN(std::vector<ListedSheet> listed, ReadList(zip, workbook, package));
  FANSIPAN_ASSIGN_OR_RETURN(const auto members, ReadRelations(zip, workbook));
  for (ListedSheet& each : listed) {
    const auto member = members.find(each.relation);
    if (member != members.end()) each.sheet.member = member->second;
    package.sheets.push_back(std::move(each.sheet));
  }
  return package;
}

base::Result<std::vector<center::CellRange>> ReadMergedCells(std::string_view bytes,
                                                             const std::string& member) {
  FANSIPAN_ASSIGN_OR_RETURN(const ZipReader zip, ZipReader::Open(bytes));
  std::vector<center::CellRange> merged;
  FANSIPAN_RETURN_IF_ERROR(
      Scan(zip, member, kMaxSheetBytes, [&](const TagScanner::Tag& tag) -> base::Status {
        if (tag.name != "mergeCell" || tag.ends) return {};
        const std::string cells = Attribute(tag, "ref");
        if (cells.find(':') == std::string::npos) return {};
        const auto range = center::ParseCellRange(cells);
        if (!range.ok()) return Unreadable("its merged cells are not where cells are");
        if (merged.size() >= kMaxMerged) {
          return base::Error{
              base::ErrorCode::kTooLarge, "too_many_merged",
              fmt::format("the sheet has more than {} ranges of merged cells", kMaxMerged)};
        }
        merged.push_back(*range);
        return {};
      }));
  return merged;
}

std::string EncodeXlsxPackage(const XlsxPackage& package,
                              const std::vector<center::CellRange>& merged) {
  std::string text = package.counts_from_1904 ? "1904\n" : "1900\n";
  for (const XlsxSheet& sheet : package.sheets) {
    std::string name = sheet.name;
    std::replace(name.begin(), name.end(), '\n', ' ');
    text += fmt::format("{}{}\n", sheet.hidden ? "hidden " : "shown ", name);
  }
  return text + "merged " + ToText(merged) + "\n";
}

base::Result<DecodedXlsxPackage> DecodeXlsxPackage(std::string_view text) {
  DecodedXlsxPackage decoded;
  const auto take_line = [&]() -> std::optional<std::string_view> {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
  };
  const auto epoch = take_line();
  if (epoch != "1900" && epoch != "1904") return Unreadable("its list of sheets is not whole");
  decoded.package.counts_from_1904 = epoch == "1904";
  while (const auto line = take_line()) {
    if (line->starts_with("hidden ")) {
      decoded.package.sheets.push_back({std::string(line->substr(7)), true, {}});
    } else if (line->starts_with("shown ")) {
      decoded.package.sheets.push_back({std::string(line->substr(6)), false, {}});
    } else if (line->starts_with("merged ")) {
      std::string_view ranges = line->substr(7);
      while (!ranges.empty()) {
        const std::size_t blank = std::min(ranges.find(' '), ranges.size());
        FANSIPAN_ASSIGN_OR_RETURN(const auto range,
                                  center::ParseCellRange(ranges.substr(0, blank)));
        ranges.remove_prefix(std::min(blank + 1, ranges.size()));
        if (decoded.merged.size() >= kMaxMerged) return Unreadable("too many merged cells");
        decoded.merged.push_back(range);
      }
      return decoded;
    } else {
      break;
    }
  }
  return Unreadable("its list of sheets is not whole");
}

}  // namespace fansipan::sources::internal
