#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "http/rendering/figure_rendering.h"
#include "live/hub.h"

namespace fansipan::http {

/// Everything a panel shows for one unit, read from one snapshot.
struct PanelReading {
  const center::Center* center = nullptr;
  const center::Panel* panel = nullptr;
  model::UnitId unit;
  std::optional<model::Period> period;
  std::optional<model::Date> territory;  ///< nothing: as reported
  model::Snapshot snapshot;
  Standings standings;
  std::vector<ShownFigure> items;  ///< in the panel's order
  struct Child {
    model::UnitId unit;
    std::vector<ShownFigure> figures;
  };
  std::vector<Child> children;  ///< by code
};

/// What a panel is asked for.
struct PanelQuestion {
  const center::Panel& panel;
  model::UnitId unit;
  std::optional<model::Period> period;   ///< nothing: of each item the current one of its kind
  std::optional<model::Date> territory;  ///< nothing: as reported
};

/// Inside of Engine::Read.
PanelReading ReadPanel(const indicators::View& view, const PanelQuestion& question);

/// PanelAnswer of the interface's description.
std::string RenderPanel(const PanelReading& reading, const std::optional<base::Timestamp>& as_of);

/// The lists of a live change, in the order of Piece::list.
std::vector<std::string> LiveLists();
/// The same with its pieces: items, children, and the sources behind them.
live::State RenderPanelState(const PanelReading& reading);

/// What is new to a viewer when it changes: how a source stands, since when and why it is in
/// trouble or paused, and every few seconds, shifted by `phase`, that it lives. Ages move always.
std::string LastingText(const indicators::SourceStanding& standing,
                        std::chrono::milliseconds phase);

void WritePanelTitle(JsonWriter& json, std::string_view name, const center::Panel& panel);
void WriteUnitPath(JsonWriter& json, const model::UnitTree& tree, model::UnitId unit);

}  // namespace fansipan::http
