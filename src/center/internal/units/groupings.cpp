#include "center/internal/units/groupings.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "center/internal/csv_reader.h"
#include "center/internal/table.h"
#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

class GroupingStage {
 public:
  GroupingStage(Draft& draft, model::TreeKind kind)
      : draft_(draft), folder_(model::NameOf(kind)), tree_(draft.center.TreeOf(kind)) {}

  model::Groupings Read() && {
    const std::size_t before = draft_.problems.count();
    ReadGroups();
    ReadMembers();
    if (draft_.problems.count() != before) return {};
    auto built = model::Groupings::Build(std::move(groups_), std::move(members_));
    return built.ok() ? *std::move(built) : model::Groupings();
  }

 private:
  std::optional<CsvTable> ParseFile(const FileScope& scope, std::size_t most) const {
    const auto file = draft_.center.files.find(scope.file);
    if (file == draft_.center.files.end()) return std::nullopt;
    auto cells = ParseCsv(scope, file->second);
    if (cells && cells->rows.size() > most) {
      scope.Report({}, "the file has at most " + std::to_string(most) + " rows");
      return std::nullopt;
    }
    return cells;
  }

  void ReadGroups() {
    const FileScope scope = draft_.ScopeOf(folder_ + "/groups.csv");
    const auto cells = ParseFile(scope, kMaxGroups);
    if (!cells) return;
    std::vector<TextColumn> columns = {{"grouping", true}, {"group", true}, {"unit", false}};
    const auto& languages = draft_.center.languages;
    for (std::size_t i = 0; i < languages.size(); ++i) columns.push_back({NameColumn(i), true});
    const TableReader table(scope, *cells, columns);
    for (std::size_t row = 0; table.valid() && row < table.row_count(); ++row) {
      const CsvCell* grouping = table.Find(row, "grouping");
      const CsvCell* group = table.Find(row, "group");
      if (grouping == nullptr || group == nullptr) continue;
      CheckName(table, *grouping);
      CheckName(table, *group);
      model::UnitGroup& read = groups_.emplace_back();
      read.grouping = grouping->text;
      read.code = group->text;
      for (std::size_t i = 0; i < languages.size(); ++i) {
        read.name.emplace(languages[i], table.Text(row, NameColumn(i)));
      }
      if (const CsvCell* unit = table.Find(row, "unit")) read.unit = FindUnit(table, *unit);
      const auto [place, added] = lines_.emplace(std::pair(read.grouping, read.code), row);
      if (!added) {
        table.Report(*group, "the group '" + read.code + "' of '" + read.grouping +
                                 "' stands in line " +
                                 std::to_string(table.RowAt(place->second).line) + " too");
      }
    }
  }

  std::optional<model::UnitId> FindUnit(const TableReader& table, const CsvCell& cell) const {
    const auto id = tree_.FindByCode(cell.text);
    if (!id) table.Report(cell, "'" + cell.text + "' is no unit of " + folder_ + "/units.csv");
    return id;
  }

  std::string NameColumn(std::size_t language) const {
    return language == 0 ? "name" : "name_" + draft_.center.languages[language];
  }

  static void CheckName(const TableReader& table, const CsvCell& cell) {
    if (IsName(cell.text)) return;
    table.Report(cell, "'" + cell.text + "' is no name; a name has " + std::string(kNameRule));
  }

  void ReadMembers() {
    const FileScope scope = draft_.ScopeOf(folder_ + "/group_members.csv");
    const auto cells = ParseFile(scope, kMaxGroupMembers);
    if (!cells) return;
    const TableReader table(scope, *cells,
                            {{"grouping", true},
                             {"group", true},
                             {"unit", true},
                             {"valid_from", true},
                             {"valid_to", false}});
    for (std::size_t row = 0; table.valid() && row < table.row_count(); ++row) {
      ReadMember(table, row);
    }
    if (table.valid()) CheckOverlaps(table);
  }

  void ReadMember(const TableReader& table, std::size_t row) {
    const CsvCell* group = table.Find(row, "group");
    const CsvCell* unit = table.Find(row, "unit");
    const auto from = table.Day(row, "valid_from");
    const auto to = table.Day(row, "valid_to");
    const std::string grouping = table.Text(row, "grouping");
    if (group == nullptr || unit == nullptr || grouping.empty() || !from) return;
    if (!lines_.contains({grouping, group->text})) {
      table.Report(*group, "'" + group->text + "' is no group of '" + grouping + "' in " + folder_ +
                               "/groups.csv");
      return;
    }
    const auto id = FindUnit(table, *unit);
    if (!id) return;
    if (to && *to <= *from) {
      table.Report(*table.Find(row, "valid_to"), "'valid_to' must be after 'valid_from'");
      return;
    }
    const std::optional<model::Date>& end = tree_.Get(*id).valid_to;
    if (*from < tree_.Get(*id).valid_from || (end && (!to || *to > *end))) {
      table.Report(*table.Find(row, "valid_from"),
                   "'" + unit->text +
                       "' does not exist on all of these days; keep within the days of the unit");
    }
    members_.push_back({grouping, group->text, *id, *from, to});
    rows_.push_back(row);
  }

  void CheckOverlaps(const TableReader& table) const {
    std::vector<std::size_t> order(members_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) {
      return std::tuple(std::string_view(members_[i].grouping), members_[i].unit,
                        members_[i].valid_from, rows_[i]);
    });
    for (std::size_t i = 1; i < order.size(); ++i) {
      const model::GroupMember& earlier = members_[order[i - 1]];
      const model::GroupMember& later = members_[order[i]];
      if (earlier.grouping != later.grouping || earlier.unit != later.unit) continue;
      if (earlier.valid_to && *earlier.valid_to <= later.valid_from) continue;
      table.Report(*table.Find(rows_[order[i]], "unit"),
                   "this unit is in a group of '" + later.grouping +
                       "' on that day already, by line " +
                       std::to_string(table.RowAt(rows_[order[i - 1]]).line));
    }
  }

  Draft& draft_;
  std::string folder_;
  const model::UnitTree& tree_;
  std::vector<model::UnitGroup> groups_;
  std::map<std::pair<std::string, std::string>, std::size_t> lines_;  ///< rows of groups
  std::vector<model::GroupMember> members_;
  std::vector<std::size_t> rows_;  ///< of members_
};

}  // namespace

void ReadGroupings(Draft& draft, model::TreeKind kind) {
  if (draft.unsound_trees.contains(kind)) return;
  UnitHistory& history = kind == model::TreeKind::kTerritory ? draft.center.territory_history
                                                             : draft.center.organisation_history;
  history.groupings = GroupingStage(draft, kind).Read();
}

}  // namespace fansipan::center
