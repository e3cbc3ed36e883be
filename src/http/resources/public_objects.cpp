#include "http/resources/public_objects.h"

#include <algorithm>

namespace fansipan::http {

std::vector<std::string> SplitNames(std::string_view text) {
  std::vector<std::string> names;
  for (;;) {
    const std::size_t comma = text.find(',');
    names.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return names;
    text.remove_prefix(comma + 1);
  }
}

bool IsPublic(const center::Center& center, const center::Panel& panel) {
  return std::all_of(panel.items.begin(), panel.items.end(),
                     [&](const auto& item) { return center.IsPublic(item.indicator); });
}

security::Object CenterObject(const Call& call) {
  security::Object object;
  object.is_public = !call.center().public_indicators.empty();
  return object;
}

security::Object IndicatorsInQuery(const Call& call) {
  security::Object object;
  const auto text = call.QueryText("indicator");
  if (!text) return object;
  const auto names = SplitNames(*text);
  object.is_public = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return call.center().IsPublic(name);
  });
  object.indicator = names.size() == 1 ? names.front() : "";
  const model::Indicator* indicator = call.center().FindIndicator(object.indicator);
  if (indicator != nullptr) object.system = indicator->system;
  return object;
}

security::Object PanelObject(const Call& call) {
  security::Object object;
  const std::string name =
      call.path.contains("name") ? call.PathText("name") : call.QueryText("panel").value_or("");
  const center::Panel* panel = call.center().FindPanel(name);
  if (panel == nullptr) return object;
  object.system = panel->system;
  // Of a past panel only what is still public.
  object.is_public = IsPublic(call.center(), *panel) &&
                     (!call.running || IsPublic(call.running->engine()->center(), *panel));
  return object;
}

}  // namespace fansipan::http
