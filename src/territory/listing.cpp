#include "territory/listing.h"

#include <set>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "center/text_table.h"

namespace fansipan::territory {
namespace {

constexpr std::size_t kMaxLevels = 16;

std::unordered_map<std::string, std::size_t> IndexByCode(const std::vector<ListedUnit>& units) {
  std::unordered_map<std::string, std::size_t> by_code;
  for (std::size_t i = 0; i < units.size(); ++i) by_code.emplace(units[i].code, i);
  return by_code;
}

void CheckParents(std::string_view file, Listing& listing) {
  const auto by_code = IndexByCode(listing.units);
  for (std::size_t i = 0; i < listing.units.size(); ++i) {
    const ListedUnit& unit = listing.units[i];
    const auto report = [&](std::string message) {
      listing.problems.push_back({std::string(file), unit.line, 1, std::move(message)});
    };
    if (by_code.at(unit.code) != i) report("the code '" + unit.code + "' stands twice");
    std::string above = unit.parent;
    std::size_t depth = 0;
    while (!above.empty() && depth <= kMaxLevels) {
      const auto parent = by_code.find(above);
      if (parent == by_code.end()) break;
      above = listing.units[parent->second].parent;
      ++depth;
    }
    if (depth > kMaxLevels) {
      report("'" + unit.code + "' lies more than " + std::to_string(kMaxLevels) +
             " levels deep, or below itself");
    } else if (!unit.parent.empty() && !by_code.contains(unit.parent)) {
      report("the parent '" + unit.parent + "' is not in the list");
    }
  }
}

}  // namespace

Listing ReadListing(std::string_view file, std::string_view text, bool with_origin) {
  std::vector<center::TextColumn> columns = {
      {"code", true}, {"level", true}, {"full_name", true}, {"parent", false}};
  if (with_origin) columns.push_back({"origin", true});
  center::TextTable table = center::ReadTextTable(file, text, columns);
  Listing listing;
  listing.problems = std::move(table.problems);
  if (!listing.problems.empty()) return listing;
  for (center::TextRow& row : table.rows) {
    ListedUnit& unit = listing.units.emplace_back();
    unit.code = std::move(row.cells[0]);
    unit.level = std::move(row.cells[1]);
    unit.name = std::move(row.cells[2]);
    unit.parent = std::move(row.cells[3]);
    if (with_origin) unit.origin = std::move(row.cells[4]);
    unit.line = row.line;
  }
  CheckParents(file, listing);
  return listing;
}

DecisionList ReadDecisions(std::string_view file, std::string_view text,
                           const std::vector<ListedUnit>& before,
                           const std::vector<ListedUnit>& after) {
  center::TextTable table = center::ReadTextTable(file, text, center::DecisionColumns());
  DecisionList list;
  list.problems = std::move(table.problems);
  const auto old_units = IndexByCode(before);
  const auto statements = IndexByCode(after);
  std::set<std::pair<std::string, std::string>> seen;
  for (center::TextRow& row : table.rows) {
    const auto report = [&](std::string message) {
      list.problems.push_back({std::string(file), row.line, 1, std::move(message)});
    };
    Decision decision{row.cells[0], row.cells[1], {},      row.cells[3],
                      row.cells[4], row.cells[5], row.line};
    std::istringstream codes(row.cells[2]);
    for (std::string code; codes >> code;) decision.units.push_back(code);
    if (!statements.contains(decision.statement)) {
      report("'" + decision.statement + "' is no unit of the list after");
    }
    for (const std::string& code : decision.units) {
      if (!old_units.contains(code)) report("'" + code + "' is no unit of the list before");
    }
    if (decision.mention.empty() && decision.units.empty()) {
      report("this decides nothing: name the mention, the units, or both");
    }
    if (!decision.mention.empty() && !seen.emplace(decision.statement, decision.mention).second) {
      report("there is a decision on this mention before; keep the one that holds");
    }
    list.decisions.push_back(std::move(decision));
  }
  return list;
}

}  // namespace fansipan::territory
