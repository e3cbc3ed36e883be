#include "simulation/places.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <utility>

#include "simulation/internal/csv_rows.h"

namespace fansipan::simulation {
namespace {

constexpr std::uint64_t kLargestTable = 16U << 20U;

/// The wanted columns of the rows in force, in the order of `columns`.
base::Result<std::vector<std::vector<std::string>>> LoadColumns(
    base::FileSystem& files, const std::string& path, const std::vector<std::string>& columns) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string text, files.ReadWhole(path, kLargestTable));
  auto table = internal::ParseCsvRows(text);
  if (!table.ok()) return base::Annotate(std::move(table).error(), path);
  std::vector<std::size_t> wanted;
  for (const std::string& name : columns) {
    const auto column = table->FindColumn(name);
    if (!column) {
      return base::Error{base::ErrorCode::kInvalidArgument, "missing_column",
                         fmt::format("{}: the column '{}' is missing", path, name)};
    }
    wanted.push_back(*column);
  }
  const auto valid_to = table->FindColumn("valid_to");
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : table->rows) {
    if (valid_to && !row[*valid_to].empty()) continue;
    std::vector<std::string> cells;
    cells.reserve(wanted.size());
    for (const std::size_t column : wanted) cells.push_back(row[column]);
    rows.push_back(std::move(cells));
  }
  return rows;
}

double AreaOf(const std::string& text) {
  double area = 0;
  std::from_chars(text.data(), text.data() + text.size(), area);
  return area;
}

}  // namespace

base::Result<Places> LoadPlaces(base::FileSystem& files, const std::string& center_folder) {
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto units,
      LoadColumns(files, center_folder + "/territory/units.csv", {"code", "level", "area_km2"}));
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto agencies,
      LoadColumns(files, center_folder + "/organisation/units.csv", {"code", "level"}));
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto codes,
      LoadColumns(files, center_folder + "/organisation/codes.csv", {"unit", "code"}));
  std::map<std::string, std::string> identifiers;
  for (const auto& row : codes) identifiers.emplace(row[0], row[1]);

  Places places;
  std::map<std::string, std::string> offices;  // by the commune's code
  for (const auto& row : agencies) {
    const auto identifier = identifiers.find(row[0]);
    if (identifier == identifiers.end()) continue;
    if (row[1] == "department") places.departments.push_back(identifier->second);
    if (row[1] != "commune_office") continue;
    offices.emplace(row[0].substr(row[0].rfind('-') + 1), identifier->second);
  }
  for (const auto& row : units) {
    const auto office = offices.find(row[0]);
    if (row[1] != "commune" || office == offices.end()) continue;
    places.communes.push_back({row[0], office->second, AreaOf(row[2])});
  }
  if (places.communes.empty() || places.departments.empty()) {
    return base::Error{base::ErrorCode::kInvalidArgument, "no_places",
                       fmt::format("{}: the simulated case system needs a commune with its office "
                                   "and a department, each with an identifier in "
                                   "organisation/codes.csv",
                                   center_folder)};
  }
  return places;
}

}  // namespace fansipan::simulation
