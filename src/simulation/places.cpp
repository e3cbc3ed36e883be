#include "simulation/places.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "simulation/internal/csv_rows.h"

namespace fansipan::simulation {
namespace {

constexpr std::uint64_t kLargestTable = 16U << 20U;

using Rows = std::vector<std::vector<std::string>>;

/// The wanted columns of the rows in force, in the order of `columns`, and behind them those that
/// may be missing and are empty then.
base::Result<Rows> LoadColumns(base::FileSystem& files, const std::string& path,
                               const std::vector<std::string>& columns,
                               const std::vector<std::string>& optional = {}) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string text, files.ReadWhole(path, kLargestTable));
  auto table = internal::ParseCsvRows(text);
  if (!table.ok()) return base::Annotate(std::move(table).error(), path);
  std::vector<std::optional<std::size_t>> wanted;
  for (const std::string& name : columns) {
    const auto column = table->FindColumn(name);
    if (!column) {
      return base::Error{base::ErrorCode::kInvalidArgument, "missing_column",
                         fmt::format("{}: the column '{}' is missing", path, name)};
    }
    wanted.push_back(column);
  }
  for (const std::string& name : optional) wanted.push_back(table->FindColumn(name));
  const auto valid_to = table->FindColumn("valid_to");
  Rows rows;
  for (const auto& row : table->rows) {
    if (valid_to && !row[*valid_to].empty()) continue;
    std::vector<std::string> cells;
    cells.reserve(wanted.size());
    for (const auto& column : wanted) cells.push_back(column ? row[*column] : std::string());
    rows.push_back(std::move(cells));
  }
  return rows;
}

double NumberIn(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// By the code of the commune that they were merged into.
base::Result<std::map<std::string, std::vector<std::string>>> LoadFormerCodes(
    base::FileSystem& files, const std::string& center_folder) {
  std::map<std::string, std::vector<std::string>> former;
  const std::string path = center_folder + "/territory/events.csv";
  if (!files.Exists(path)) return former;
  FANSIPAN_ASSIGN_OR_RETURN(const Rows events, LoadColumns(files, path, {"kind", "from", "to"}));
  for (const auto& event : events) {
    if (event[0] != "merge") continue;
    former[event[2]].push_back(event[1].substr(0, event[1].find('@')));
  }
  return former;
}

}  // namespace

base::Result<Places> LoadPlaces(base::FileSystem& files, const std::string& center_folder) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto units,
                            LoadColumns(files, center_folder + "/territory/units.csv",
                                        {"code", "level", "area_km2"}, {"latitude", "longitude"}));
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto agencies,
      LoadColumns(files, center_folder + "/organisation/units.csv", {"code", "level"}));
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto codes,
      LoadColumns(files, center_folder + "/organisation/codes.csv", {"unit", "code"}));
  FANSIPAN_ASSIGN_OR_RETURN(auto former, LoadFormerCodes(files, center_folder));
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
    std::vector<std::string> former_codes = std::move(former[row[0]]);
    if (former_codes.empty()) former_codes.push_back(row[0]);
    places.communes.push_back({row[0], office->second, NumberIn(row[2]), NumberIn(row[3]),
                               NumberIn(row[4]), std::move(former_codes)});
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
