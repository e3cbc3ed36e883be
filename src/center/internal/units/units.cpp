#include "center/internal/units/units.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "center/internal/csv_reader.h"
#include "center/internal/table.h"
#include "center/internal/text_checks.h"
#include "model/units/unit_validity.h"

namespace fansipan::center {
namespace {

constexpr std::size_t kMaxCodeBytes = 63;

// Codes are compared byte by byte, so a blank in one is a slip that nobody would see.
void CheckCode(const TableReader& table, const CsvCell* cell) {
  if (cell == nullptr) return;
  if (cell->text.size() > kMaxCodeBytes ||
      cell->text.find_first_of(" \t\r\n") != std::string::npos) {
    table.Report(*cell, "'" + cell->text + "' is no code; a code has no blanks and at most " +
                            std::to_string(kMaxCodeBytes) + " bytes");
  }
}

std::optional<model::Date> ReadEnd(const TableReader& table, std::size_t row,
                                   std::optional<model::Date> from) {
  const std::optional<model::Date> to = table.Day(row, "valid_to");
  if (from && to && *to <= *from) {
    table.Report(*table.Find(row, "valid_to"),
                 "'valid_to' is the first day on which it is no longer valid, and must be after "
                 "'valid_from'");
  }
  return to;
}

// Reads one tree: units, then their parents, then the codes that others use for them.
class TreeStage {
 public:
  TreeStage(Draft& draft, model::TreeKind kind)
      : draft_(draft), kind_(kind), folder_(model::NameOf(kind)) {}

  void Run() {
    before_ = draft_.problems.count();
    ReadUnitTable();
    units_sound_ = draft_.problems.count() == before_;
    ReadCodeTable();
    if (units_.empty() || draft_.problems.count() != before_) {
      if (draft_.problems.count() != before_) draft_.unsound_trees.insert(kind_);
      return;
    }
    draft_.unit_rows[kind_] = std::move(rows_);
    auto tree = model::UnitTree::Build(kind_, std::move(units_), std::move(codes_));
    if (!tree.ok()) {
      draft_.ScopeOf(folder_ + "/units.csv").Report({}, tree.error().message);
      draft_.unsound_trees.insert(kind_);
      return;
    }
    (kind_ == model::TreeKind::kTerritory ? draft_.center.territory : draft_.center.organisation) =
        *std::move(tree);
  }

 private:
  std::vector<TextColumn> UnitColumns() const {
    std::vector<TextColumn> columns = {{"code", true}, {"level", true}, {"valid_from", true}};
    const auto& languages = draft_.center.languages;
    for (std::size_t index = 0; index < languages.size(); ++index) {
      const std::string suffix = index == 0 ? "" : "_" + languages[index];
      columns.push_back({"name" + suffix, true});
      columns.push_back({"full_name" + suffix, false});
    }
    for (const char* name : {"parent", "valid_to", "latitude", "longitude", "area_km2"}) {
      columns.push_back({name, false});
    }
    return columns;
  }

  void ReadUnitTable() {
    const FileScope scope = draft_.ScopeOf(folder_ + "/units.csv");
    const auto file = draft_.center.files.find(scope.file);
    if (file == draft_.center.files.end()) {
      const bool needed = kind_ == model::TreeKind::kTerritory ||
                          draft_.center.files.contains(folder_ + "/codes.csv");
      if (needed) scope.Report({}, "the file is missing; it names the units of the tree");
      return;
    }
    const std::optional<CsvTable> cells = ParseCsv(scope, file->second);
    if (!cells) return;
    const TableReader table(scope, *cells, UnitColumns());
    if (!table.valid()) return;
    if (table.row_count() == 0 || table.row_count() > kMaxUnits) {
      scope.Report({}, "a tree has 1 to " + std::to_string(kMaxUnits) + " units");
      return;
    }
    for (std::size_t row = 0; row < table.row_count(); ++row) ReadState(table, row);
    OrderStates(table);
    for (std::size_t unit = 0; unit < units_.size(); ++unit) LinkParents(table, unit);
    CheckRoot(table);
    CheckCycles(table);
    CheckDays(table);
  }

  // One row is one state; those of one code are one unit.
  void ReadState(const TableReader& table, std::size_t row) {
    const CsvCell* code = table.Find(row, "code");
    CheckCode(table, code);
    const std::string own = table.Text(row, "code");
    const auto [place, added] = by_code_.emplace(own, units_.size());
    if (added) {
      units_.emplace_back().code = own;
      state_rows_.emplace_back();
    }
    model::UnitState state;
    state.level = table.Text(row, "level");
    if (const CsvCell* level = table.Find(row, "level"); level != nullptr && !IsName(state.level)) {
      table.Report(*level,
                   "'level' is '" + state.level + "'; a level has " + std::string(kNameRule));
    }
    ReadNames(table, row, state);
    const std::optional<model::Date> from = table.Day(row, "valid_from");
    state.valid_from = from.value_or(model::Date{});
    ends_.push_back(ReadEnd(table, row, from));
    units_[place->second].states.push_back(std::move(state));
    state_rows_[place->second].push_back(row);
  }

  void OrderStates(const TableReader& table) {
    for (std::size_t index = 0; index < units_.size(); ++index) {
      model::Unit& unit = units_[index];
      std::vector<std::size_t>& rows = state_rows_[index];
      std::vector<std::size_t> order(rows.size());
      std::iota(order.begin(), order.end(), 0);
      std::ranges::stable_sort(order, {},
                               [&](std::size_t state) { return unit.states[state].valid_from; });
      std::vector<model::UnitState> states;
      std::vector<std::size_t> ordered;
      for (const std::size_t state : order) {
        states.push_back(std::move(unit.states[state]));
        ordered.push_back(rows[state]);
      }
      unit.states = std::move(states);
      rows = std::move(ordered);
      CheckSequence(table, unit, rows);
      TakeLastState(table, unit, rows.back());
    }
  }

  void CheckSequence(const TableReader& table, const model::Unit& unit,
                     const std::vector<std::size_t>& rows) const {
    for (std::size_t index = 1; index < rows.size(); ++index) {
      const std::optional<model::Date> end = ends_[rows[index - 1]];
      const model::Date begin = unit.states[index].valid_from;
      const std::string line = std::to_string(table.RowAt(rows[index - 1]).line);
      // The later of the two lines is the one to mend.
      const std::size_t row = std::max(rows[index - 1], rows[index]);
      if (!end || *end > begin) {
        table.Report(
            *table.Find(row, "code"),
            "the code '" + unit.code + "' stands in line " +
                (row == rows[index] ? line : std::to_string(table.RowAt(rows[index]).line)) +
                " too, for the same days; a unit is one thing on a day, and two units "
                "have two codes for all time");
      } else if (*end < begin) {
        table.Report(*table.Find(rows[index], "valid_from"),
                     "after line " + line + " the unit '" + unit.code +
                         "' does not exist until this day; its rows follow each other without a "
                         "gap, and a unit that comes again later is another one");
      }
    }
  }

  void TakeLastState(const TableReader& table, model::Unit& unit, std::size_t row) const {
    unit.level = unit.states.back().level;
    unit.name = unit.states.back().name;
    unit.full_name = unit.states.back().full_name;
    unit.valid_from = unit.states.front().valid_from;
    unit.valid_to = ends_[row];
    ReadPlace(table, row, unit);
  }

  void ReadNames(const TableReader& table, std::size_t row, model::UnitState& state) const {
    const auto& languages = draft_.center.languages;
    for (std::size_t index = 0; index < languages.size(); ++index) {
      const std::string suffix = index == 0 ? "" : "_" + languages[index];
      const std::string name = table.Text(row, "name" + suffix);
      const std::string full_name = table.Text(row, "full_name" + suffix);
      state.name.emplace(languages[index], name);
      state.full_name.emplace(languages[index], full_name.empty() ? name : full_name);
    }
  }

  static void ReadPlace(const TableReader& table, std::size_t row, model::Unit& unit) {
    const auto latitude = table.Number(row, "latitude", -90, 90);
    const auto longitude = table.Number(row, "longitude", -180, 180);
    if (latitude) unit.latitude = latitude->ToDouble();
    if (longitude) unit.longitude = longitude->ToDouble();
    const CsvCell* north = table.Find(row, "latitude");
    const CsvCell* east = table.Find(row, "longitude");
    if ((north == nullptr) != (east == nullptr)) {
      table.Report(north != nullptr ? *north : *east,
                   "'latitude' and 'longitude' come together or not at all");
    }
    unit.area_km2 = table.Number(row, "area_km2", 0, 510'100'000);
  }

  void LinkParents(const TableReader& table, std::size_t index) {
    model::Unit& unit = units_[index];
    for (std::size_t state = 0; state < unit.states.size(); ++state) {
      const CsvCell* parent = table.Find(state_rows_[index][state], "parent");
      if (parent == nullptr) continue;
      const auto found = by_code_.find(parent->text);
      if (found == by_code_.end()) {
        table.Report(*parent, "the parent '" + parent->text +
                                  "' is no unit of this file; name the code of one");
        continue;
      }
      unit.states[state].parent = model::UnitId{static_cast<std::uint32_t>(found->second)};
    }
    unit.parent = unit.states.back().parent;
  }

  std::size_t LastRowOf(std::size_t unit) const { return state_rows_[unit].back(); }

  // Units without a parent may end; of those that go on there is one.
  void CheckRoot(const TableReader& table) const {
    std::optional<std::size_t> root;
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      if (table.Find(LastRowOf(unit), "parent") != nullptr || units_[unit].valid_to) continue;
      if (root) {
        table.Report({"", table.RowAt(LastRowOf(unit))},
                     "this unit has no parent, and neither has the one in line " +
                         std::to_string(table.RowAt(LastRowOf(*root)).line) +
                         "; of the units without an end exactly one has none");
      } else {
        root = unit;
      }
    }
    if (!root) {
      table.Report({"", {}}, "every unit without an end has a parent; exactly one must have none");
    }
  }

  // Days of units and parents, where each is sound alone.
  void CheckDays(const TableReader& table) {
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      std::vector<UnitRow>& rows = rows_.emplace_back();
      for (const std::size_t row : state_rows_[unit]) {
        const Position begin = table.RowAt(row);
        const auto place = [&](std::string_view column) {
          const CsvCell* cell = table.Find(row, column);
          return cell == nullptr ? begin : cell->at;
        };
        rows.push_back({begin, place("parent"), place("valid_from"), place("valid_to")});
      }
    }
    if (draft_.problems.count() != before_) return;
    for (const model::UnitFault& fault : model::FindUnitFaults(units_)) {
      table.Report({"", rows_[fault.unit.value][fault.state].parent},
                   "unit '" + units_[fault.unit.value].code + "': " + fault.message);
    }
  }

  // Follows each unit's parents; each unit is visited once, since what was reached before is known.
  void CheckCycles(const TableReader& table) const {
    enum class Mark : char { kNew, kOnPath, kDone };
    std::vector<Mark> marks(units_.size(), Mark::kNew);
    for (std::size_t start = 0; start < units_.size(); ++start) {
      std::vector<std::size_t> path;
      std::size_t unit = start;
      while (marks[unit] == Mark::kNew) {
        marks[unit] = Mark::kOnPath;
        path.push_back(unit);
        if (units_[unit].parent == model::kNoUnit) break;
        unit = units_[unit].parent.value;
      }
      const bool ends_at_root = units_[unit].parent == model::kNoUnit;
      if (marks[unit] == Mark::kOnPath && !ends_at_root) {
        table.Report({"", table.RowAt(LastRowOf(unit))},
                     "the unit '" + units_[unit].code + "' lies below itself; follow the parents");
      }
      for (const std::size_t visited : path) marks[visited] = Mark::kDone;
    }
  }

  void ReadCodeTable() {
    const FileScope scope = draft_.ScopeOf(folder_ + "/codes.csv");
    const auto file = draft_.center.files.find(scope.file);
    if (file == draft_.center.files.end()) return;
    const std::optional<CsvTable> cells = ParseCsv(scope, file->second);
    if (!cells) return;
    const TableReader table(scope, *cells,
                            {{"system", true},
                             {"code", true},
                             {"unit", true},
                             {"valid_from", true},
                             {"valid_to", false},
                             {"origin", false}});
    if (!table.valid()) return;
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table.row_count(); ++row) {
      if (ReadCode(table, row)) rows.push_back(row);
    }
    CheckOverlaps(table, rows);
  }

  // False when the row could not be read; what was wrong is reported.
  bool ReadCode(const TableReader& table, std::size_t row) {
    const CsvCell* system = table.Find(row, "system");
    const CsvCell* code = table.Find(row, "code");
    const CsvCell* unit = table.Find(row, "unit");
    const std::optional<model::Date> from = table.Day(row, "valid_from");
    const std::optional<model::Date> to = ReadEnd(table, row, from);
    if (system == nullptr || code == nullptr || unit == nullptr || !from) return false;
    if (!IsName(system->text)) {
      table.Report(*system, "'" + system->text + "' is no name of a code system; a name has " +
                                std::string(kNameRule));
    }
    CheckCode(table, code);
    draft_.code_systems[kind_].insert(system->text);
    const auto found = by_code_.find(unit->text);
    if (found == by_code_.end()) {
      if (units_sound_) {
        table.Report(*unit, "'" + unit->text + "' is no unit of " + folder_ + "/units.csv");
      }
      return false;
    }
    const std::optional<model::Date>& end = units_[found->second].valid_to;
    if (units_sound_ && end && (!to || *to > *end)) {
      table.Report(to ? *table.Find(row, "valid_to") : *unit,
                   "the code '" + code->text + "' outlasts its unit, which ends on " +
                       model::ToText(model::Value(*end)) +
                       "; end it too: it then goes on to the unit that takes this one over whole");
      return false;
    }
    codes_.push_back({system->text, code->text,
                      model::UnitId{static_cast<std::uint32_t>(found->second)}, *from, to});
    return true;
  }

  // `rows` are those of codes_, in their order.
  void CheckOverlaps(const TableReader& table, const std::vector<std::size_t>& rows) const {
    std::vector<std::size_t> order(codes_.size());
    for (std::size_t index = 0; index < order.size(); ++index) order[index] = index;
    std::ranges::sort(order, {}, [&](std::size_t index) {
      const model::UnitCode& code = codes_[index];
      return std::tie(code.system, code.code, code.valid_from, rows[index]);
    });
    for (std::size_t index = 1; index < order.size(); ++index) {
      const model::UnitCode& earlier = codes_[order[index - 1]];
      const model::UnitCode& later = codes_[order[index]];
      const bool same = earlier.system == later.system && earlier.code == later.code;
      if (!same || (earlier.valid_to && *earlier.valid_to <= later.valid_from)) continue;
      table.Report(*table.Find(rows[order[index]], "code"),
                   "the code '" + later.code + "' of '" + later.system +
                       "' already means a unit on that day, by line " +
                       std::to_string(table.RowAt(rows[order[index - 1]]).line));
    }
  }

  Draft& draft_;
  model::TreeKind kind_;
  std::string folder_;
  std::vector<model::Unit> units_;
  std::vector<model::UnitCode> codes_;
  std::unordered_map<std::string, std::size_t> by_code_;
  std::vector<std::optional<model::Date>> ends_;      ///< by row
  std::vector<std::vector<std::size_t>> state_rows_;  ///< by unit and state
  std::vector<std::vector<UnitRow>> rows_;            ///< the same as places in the file
  std::size_t before_ = 0;                            ///< problems when the tree was begun
  bool units_sound_ = false;
};

}  // namespace

void ReadUnits(Draft& draft, model::TreeKind kind) { TreeStage(draft, kind).Run(); }

}  // namespace fansipan::center
