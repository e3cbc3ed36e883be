#include "center/internal/units/history.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "center/internal/csv_reader.h"
#include "center/internal/table.h"
#include "center/internal/text_checks.h"

namespace fansipan::center {
namespace {

const std::vector<std::string> kEventKinds = {"merge",  "split",  "part",     "rename", "recode",
                                              "status", "parent", "founding", "end"};
constexpr std::string_view kRest = "rest";

class HistoryStage {
 public:
  HistoryStage(Draft& draft, model::TreeKind kind)
      : draft_(draft),
        kind_(kind),
        folder_(model::NameOf(kind)),
        tree_(kind == model::TreeKind::kTerritory ? draft.center.territory
                                                  : draft.center.organisation),
        history_(kind == model::TreeKind::kTerritory ? draft.center.territory_history
                                                     : draft.center.organisation_history) {}

  void Run() {
    // What is wrong with the units has been told, and would be told again here by each event.
    if (draft_.unsound_trees.contains(kind_)) return;
    ReadEvents();
    ReadAttributes();
    CheckDecisions();
  }

 private:
  FileScope Scope(const std::string& name) { return draft_.ScopeOf(folder_ + "/" + name); }

  // Nothing when the file is not there; a table that cannot be read is reported.
  std::optional<CsvTable> ParseFile(const FileScope& scope) const {
    const auto file = draft_.center.files.find(scope.file);
    if (file == draft_.center.files.end()) return std::nullopt;
    return ParseCsv(scope, file->second);
  }

  void ReadEvents() {
    const FileScope scope = Scope("events.csv");
    const std::size_t before = draft_.problems.count();
    if (const std::optional<CsvTable> cells = ParseFile(scope)) {
      const TableReader table(scope, *cells,
                              {{"day", true},
                               {"kind", true},
                               {"from", false},
                               {"to", false},
                               {"share", false},
                               {"system", false},
                               {"basis", false}});
      if (table.valid() && table.row_count() > kMaxLineageEvents) {
        scope.Report({}, "a tree has at most " + std::to_string(kMaxLineageEvents) + " events");
      } else if (table.valid()) {
        for (std::size_t row = 0; row < table.row_count(); ++row) ReadEvent(table, row);
      }
    }
    if (draft_.problems.count() != before) return;
    for (const auto& fault : model::Lineage::FindFaults(tree_, events_)) Report(scope, fault);
    if (draft_.problems.count() != before) return;
    auto lineage = model::Lineage::Build(tree_, std::move(events_));
    if (!lineage.ok()) return;
    history_.lineage = *std::move(lineage);
    const auto added = tree_.AddCodes(history_.lineage.InheritedCodes(tree_));
    if (!added.ok()) Scope("codes.csv").Report({}, added.error().message);
  }

  void ReadEvent(const TableReader& table, std::size_t row) {
    model::LineageEvent event;
    const CsvCell* kind = table.Find(row, "kind");
    const std::optional<model::Date> day = table.Day(row, "day");
    if (kind == nullptr || !day) return;
    const auto known = model::FindLineageKind(kind->text);
    if (!known) {
      table.Report(*kind, "'" + kind->text + "' is no kind of event; " +
                              AllowedText(kind->text, kEventKinds));
      return;
    }
    event.kind = *known;
    event.day = *day;
    const bool units_known =
        ReadUnit(table, row, "from", event.from) && ReadUnit(table, row, "to", event.to);
    if (!ReadShare(table, row, event) || !ReadSystem(table, row, event) || !units_known) return;
    event.basis = table.Text(row, "basis");
    events_.push_back(std::move(event));
    event_places_.push_back(kind->at);
  }

  // False when the named unit is not known.
  bool ReadUnit(const TableReader& table, std::size_t row, std::string_view column,
                model::UnitId& unit) const {
    const CsvCell* cell = table.Find(row, column);
    if (cell == nullptr) return true;
    const auto found = tree_.FindByCode(cell->text);
    if (!found) {
      std::string nearest;
      for (const model::UnitId id : tree_.Nearest(cell->text, 1)) nearest = tree_.Get(id).code;
      table.Report(*cell, "'" + cell->text + "' is no unit of " + folder_ + "/units.csv" +
                              (nearest.empty() ? "" : "; the nearest is '" + nearest + "'"));
      return false;
    }
    unit = *found;
    return true;
  }

  static bool ReadShare(const TableReader& table, std::size_t row, model::LineageEvent& event) {
    const CsvCell* cell = table.Find(row, "share");
    if (cell == nullptr) return true;
    event.rest = cell->text == kRest;
    if (event.rest) return true;
    event.share = model::Decimal::Parse(cell->text);
    if (event.share) return true;
    table.Report(*cell, "'share' is '" + cell->text +
                            "'; allowed: a number between 0 and 1, 'rest', or nothing where the "
                            "share is not known");
    return false;
  }

  bool ReadSystem(const TableReader& table, std::size_t row, model::LineageEvent& event) const {
    const CsvCell* cell = table.Find(row, "system");
    event.system = table.Text(row, "system");
    const bool needed = event.kind == model::LineageKind::kRecode;
    if (needed == (cell != nullptr)) return true;
    const CsvCell* kind = table.Find(row, "kind");
    table.Report(cell != nullptr ? *cell : *kind, needed
                                                      ? "'recode' names the code system in 'system'"
                                                      : "only 'recode' has a code system");
    return false;
  }

  void Report(const FileScope& events, const model::LineageFault& fault) {
    if (fault.event) {
      events.Report(event_places_[*fault.event], fault.message);
      return;
    }
    const UnitRow& row = draft_.unit_rows[kind_][fault.unit.value][fault.state];
    Scope("units.csv").Report(fault.at_end ? row.valid_to : row.valid_from, fault.message);
  }

  void ReadAttributes() {
    const FileScope scope = Scope("attributes.csv");
    const std::optional<CsvTable> cells = ParseFile(scope);
    if (!cells) return;
    const TableReader table(scope, *cells,
                            {{"unit", true},
                             {"attribute", true},
                             {"value", true},
                             {"valid_from", true},
                             {"valid_to", false},
                             {"origin", false}});
    if (!table.valid()) return;
    if (table.row_count() > kMaxAttributes) {
      scope.Report({}, "a tree has at most " + std::to_string(kMaxAttributes) + " attributes");
      return;
    }
    for (std::size_t row = 0; row < table.row_count(); ++row) ReadAttribute(table, row);
    const std::size_t before = draft_.problems.count();
    CheckOverlaps(table);
    if (draft_.problems.count() != before) return;
    auto built = model::UnitAttributes::Build(std::move(attributes_));
    if (built.ok()) history_.attributes = *std::move(built);
  }

  // Whoever matches names reads them; here each must say who decided, when and why.
  void CheckDecisions() {
    const FileScope scope = Scope("decisions.csv");
    const std::optional<CsvTable> cells = ParseFile(scope);
    if (!cells) return;
    const TableReader table(scope, *cells, DecisionColumns());
    for (std::size_t row = 0; table.valid() && row < table.row_count(); ++row) {
      static_cast<void>(table.Day(row, "day"));
    }
  }

  void ReadAttribute(const TableReader& table, std::size_t row) {
    const CsvCell* name = table.Find(row, "attribute");
    const CsvCell* cell = table.Find(row, "value");
    const auto from = table.Day(row, "valid_from");
    const auto to = table.Day(row, "valid_to");
    model::UnitId unit = model::kNoUnit;
    if (!ReadUnit(table, row, "unit", unit) || name == nullptr || cell == nullptr || !from) return;
    if (!IsName(name->text)) {
      table.Report(*name, "'" + name->text + "' is no name of an attribute; a name has " +
                              std::string(kNameRule));
    }
    if (to && *to <= *from) {
      table.Report(*table.Find(row, "valid_to"), "'valid_to' must be after 'valid_from'");
    }
    const auto value = model::Decimal::Parse(cell->text);
    if (!value || *value < model::Decimal()) {
      table.Report(*cell, "'value' is '" + cell->text + "'; allowed: a number from 0 on");
      return;
    }
    const model::Date last = to ? *to - std::chrono::days(1) : *from;
    const bool exists =
        unit == model::kNoUnit || (tree_.IsValidOn(unit, *from) && tree_.IsValidOn(unit, last));
    if (!exists) {
      table.Report(*table.Find(row, "valid_from"),
                   "'" + tree_.Get(unit).code +
                       "' does not exist on all of these days; keep within the days of the unit");
    }
    attributes_.push_back({unit, name->text, *value, *from, to, table.Text(row, "origin")});
    attribute_rows_.push_back(row);
  }

  void CheckOverlaps(const TableReader& table) const {
    std::vector<std::size_t> order(attributes_.size());
    for (std::size_t index = 0; index < order.size(); ++index) order[index] = index;
    std::ranges::sort(order, {}, [&](std::size_t index) {
      const model::UnitAttribute& attribute = attributes_[index];
      return std::tuple(attribute.unit, std::string_view(attribute.name), attribute.valid_from,
                        attribute_rows_[index]);
    });
    for (std::size_t index = 1; index < order.size(); ++index) {
      const model::UnitAttribute& earlier = attributes_[order[index - 1]];
      const model::UnitAttribute& later = attributes_[order[index]];
      if (earlier.unit != later.unit || earlier.name != later.name) continue;
      if (earlier.valid_to && *earlier.valid_to <= later.valid_from) continue;
      table.Report(*table.Find(attribute_rows_[order[index]], "attribute"),
                   "'" + later.name + "' of this unit already has a value on that day, by line " +
                       std::to_string(table.RowAt(attribute_rows_[order[index - 1]]).line));
    }
  }

  Draft& draft_;
  model::TreeKind kind_;
  std::string folder_;
  model::UnitTree& tree_;
  UnitHistory& history_;
  std::vector<model::LineageEvent> events_;
  std::vector<Position> event_places_;
  std::vector<model::UnitAttribute> attributes_;
  std::vector<std::size_t> attribute_rows_;
};

}  // namespace

void ReadHistory(Draft& draft, model::TreeKind kind) { HistoryStage(draft, kind).Run(); }

}  // namespace fansipan::center
