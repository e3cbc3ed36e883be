#include "http/rendering/lineage_rendering.h"

#include "http/rendering/center_rendering.h"
#include "http/rendering/json_writer.h"
#include "model/units/unit_validity.h"

namespace fansipan::http {
namespace {

class LineageWriter {
 public:
  LineageWriter(const center::Center& center, model::TreeKind kind, model::UnitId unit,
                model::Date day)
      : tree_(center.TreeOf(kind)), history_(center.HistoryOf(kind)), unit_(unit), day_(day) {}

  std::string Write() && {
    const model::Unit& unit = tree_.Get(unit_);
    json_.BeginObject();
    json_.Text("code", unit.code);
    WriteDate(json_, "valid_from", unit.valid_from);
    WriteDate(json_, "valid_to", unit.valid_to);
    WriteStates(unit);
    WriteCodes();
    WriteAttributes();
    WriteEvents();
    WriteHoldings();
    json_.EndObject();
    return json_.Take();
  }

 private:
  std::string CodeOf(model::UnitId id) const {
    return id == model::kNoUnit ? "" : tree_.Get(id).code;
  }

  void WriteStates(const model::Unit& unit) {
    json_.BeginArray("states");
    for (std::size_t i = 0; i < unit.states.size(); ++i) {
      const model::UnitState& state = unit.states[i];
      json_.BeginObject();
      WriteDate(json_, "valid_from", state.valid_from);
      WriteDate(json_, "valid_to", model::EndOf(unit, i));
      json_.Text("level", state.level);
      json_.Localized("name", state.name);
      json_.Localized("full_name", state.full_name);
      json_.TextOrNull("parent", CodeOf(state.parent));
      json_.EndObject();
    }
    json_.EndArray();
  }

  void WriteCodes() {
    json_.BeginArray("codes");
    for (const model::UnitCode& code : tree_.codes()) {
      if (code.unit != unit_) continue;
      json_.BeginObject();
      json_.Text("system", code.system);
      json_.Text("code", code.code);
      WriteDate(json_, "valid_from", code.valid_from);
      WriteDate(json_, "valid_to", code.valid_to);
      json_.Flag("inherited", code.inherited);
      json_.EndObject();
    }
    json_.EndArray();
  }

  // Those of the day, or of the nearest day on which the unit exists.
  void WriteAttributes() {
    json_.BeginArray("attributes");
    const model::Date nearest = tree_.NearestDayOf(unit_, day_);
    for (const model::UnitAttribute* attribute : history_.attributes.AllOf(unit_, nearest)) {
      json_.BeginObject();
      json_.Text("name", attribute->name);
      json_.Decimal("value", attribute->value);
      WriteDate(json_, "valid_from", attribute->valid_from);
      WriteDate(json_, "valid_to", attribute->valid_to);
      json_.TextOrNull("origin", attribute->origin);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void WriteEvents() {
    json_.BeginArray("events");
    for (const std::size_t index : history_.lineage.EventsOf(unit_)) {
      const model::LineageEvent& event = history_.lineage.events()[index];
      json_.BeginObject();
      WriteDate(json_, "day", event.day);
      json_.Text("kind", NameOf(event.kind));
      json_.TextOrNull("from", CodeOf(event.from));
      json_.TextOrNull("to", CodeOf(event.to));
      json_.Decimal("share", event.share);
      json_.TextOrNull("system", event.system);
      json_.TextOrNull("basis", event.basis);
      json_.EndObject();
    }
    json_.EndArray();
  }

  void WriteHoldings() {
    const model::Date from = tree_.NearestDayOf(unit_, day_);
    WriteDate(json_, "from", from);
    WriteDate(json_, "on", day_);
    json_.BeginArray("holdings");
    for (const model::Holding& holding : history_.lineage.TraceContent(tree_, unit_, from, day_)) {
      const model::Date nearest = tree_.NearestDayOf(holding.unit, day_);
      json_.BeginObject();
      json_.Text("code", CodeOf(holding.unit));
      json_.Localized("full_name", tree_.FindStateOn(holding.unit, nearest)->full_name);
      json_.Decimal("share", holding.share);
      json_.EndObject();
    }
    json_.EndArray();
  }

  const model::UnitTree& tree_;
  const center::UnitHistory& history_;
  model::UnitId unit_;
  model::Date day_;
  JsonWriter json_;
};

}  // namespace

std::string RenderLineage(const center::Center& center, model::TreeKind kind, model::UnitId unit,
                          model::Date day) {
  return LineageWriter(center, kind, unit, day).Write();
}

std::string RenderGroupings(const center::Center& center, model::TreeKind kind, model::Date day) {
  const model::UnitTree& tree = center.TreeOf(kind);
  const model::Groupings& groupings = center.HistoryOf(kind).groupings;
  JsonWriter json;
  json.BeginObject();
  WriteDate(json, "on", day);
  json.BeginArray("items");
  for (const model::UnitGroup& group : groupings.groups()) {
    json.BeginObject();
    json.Text("grouping", group.grouping);
    json.Text("group", group.code);
    json.Localized("name", group.name);
    json.BeginArray("members");
    for (const model::UnitId unit : groupings.MembersOf(group, day)) {
      json.TextItem(tree.Get(unit).code);
    }
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace fansipan::http
