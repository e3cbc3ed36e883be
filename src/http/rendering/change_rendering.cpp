#include "http/rendering/change_rendering.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "http/rendering/figure_rendering.h"

namespace fansipan::http {
namespace {

void WriteCauses(JsonWriter& json, const std::vector<indicators::Cause>& causes) {
  json.BeginArray("causes");
  for (const auto cause : causes) json.TextItem(NameOf(cause));
  json.EndArray();
}

const model::FormulaPart* FindPart(const indicators::FigureState& state, const std::string& name) {
  const auto found = std::find_if(state.parts.begin(), state.parts.end(),
                                  [&](const auto& part) { return part.name == name; });
  return found == state.parts.end() ? nullptr : &*found;
}

/// One part of the formula that is not what it was; null where the formula had or has no such part.
void WritePart(JsonWriter& json, const ChangeForm& form, const indicators::ChangeStep& step,
               const model::FormulaPart* before, const model::FormulaPart* after) {
  const model::FormulaPart& part = after != nullptr ? *after : *before;
  const auto value = [](const model::FormulaPart* one) {
    return one == nullptr ? std::nullopt : one->value;
  };
  const auto records = [](const model::FormulaPart* one) {
    return static_cast<std::int64_t>(one == nullptr ? 0 : one->records);
  };
  json.BeginObject();
  json.Text("name", part.name);
  json.Localized("title", TitleOf(*form.center, part.name));
  json.Text("kind", part.is_measure ? "measure" : "indicator");
  json.Decimal("before", value(before));
  json.Decimal("after", value(after));
  json.Integer("records_before", records(before));
  json.Integer("records_after", records(after));
  json.TextOrNull("records_link", form.records_link ? form.records_link(step, part) : "");
  json.EndObject();
}

void WriteParts(JsonWriter& json, const ChangeForm& form, const indicators::ChangeStep& step) {
  json.BeginArray("parts");
  for (const model::FormulaPart& before : step.before.parts) {
    const auto* after = FindPart(step.after, before.name);
    const bool same =
        after != nullptr && after->value == before.value && after->records == before.records;
    if (!same) WritePart(json, form, step, &before, after);
  }
  for (const model::FormulaPart& after : step.after.parts) {
    if (FindPart(step.before, after.name) == nullptr) WritePart(json, form, step, nullptr, &after);
  }
  json.EndArray();
}

void WriteStep(JsonWriter& json, const ChangeForm& form, const indicators::ChangeStep& step) {
  json.BeginObject();
  WriteCauses(json, step.causes);
  json.BeginArray("aspects");
  for (const auto aspect : step.aspects) json.TextItem(NameOf(aspect));
  json.EndArray();
  json.Moment("from", step.from);
  json.Moment("to", step.to);
  json.Decimal("difference", step.difference);
  WriteFigureState(json, "before", step.before);
  WriteFigureState(json, "after", step.after);
  WriteParts(json, form, step);
  json.EndObject();
}

/// What each cause comes to over all times in which a center ran, in order of appearance.
void WriteByCause(JsonWriter& json, const indicators::FigureChange& change) {
  using Sum = std::pair<std::vector<indicators::Cause>, std::optional<model::Decimal>>;
  std::vector<Sum> sums;
  for (const auto& step : change.steps) {
    const auto same = std::find_if(sums.begin(), sums.end(),
                                   [&](const Sum& sum) { return sum.first == step.causes; });
    if (same == sums.end()) {
      sums.emplace_back(step.causes, step.difference);
    } else if (same->second && step.difference) {
      same->second = Add(*same->second, *step.difference);
    } else {
      same->second.reset();
    }
  }
  json.BeginArray("by_cause");
  for (const auto& [causes, difference] : sums) {
    json.BeginObject();
    WriteCauses(json, causes);
    json.Decimal("difference", difference);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void WriteFigureState(JsonWriter& json, std::string_view name,
                      const indicators::FigureState& state) {
  json.BeginObject(name);
  json.Decimal("value", state.value);
  json.TextOrNull("no_value_reason", state.no_value_reason);
  json.Text("judgement", NameOf(state.judgement));
  json.TextOrNull("not_judged_reason", state.not_judged_reason);
  json.Decimal("target", state.target);
  json.EndObject();
}

void WriteChange(JsonWriter& json, const ChangeForm& form, const indicators::FigureChange& change) {
  json.Moment("from", change.from);
  json.Moment("to", change.to);
  json.Text("from_revision", change.from_revision);
  json.Text("to_revision", change.to_revision);
  WriteFigureState(json, "before", change.before);
  WriteFigureState(json, "after", change.after);
  json.Decimal("difference", change.difference);
  WriteByCause(json, change);
  json.BeginArray("steps");
  for (const auto& step : change.steps) WriteStep(json, form, step);
  json.EndArray();
}

}  // namespace fansipan::http
