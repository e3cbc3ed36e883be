#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"
#include "center/source.h"
#include "model/cross_check.h"
#include "model/dataset.h"
#include "model/indicator.h"
#include "model/period.h"
#include "model/regime.h"
#include "model/text.h"
#include "model/unit.h"
#include "model/units/grouping.h"
#include "model/units/lineage.h"
#include "model/units/unit_attributes.h"
#include "model/working_timetable.h"

namespace fansipan::center {

/// One card or block of a panel.
struct PanelItem {
  std::string kind;  ///< figure, trend, breakdown
  std::string indicator;
  const model::Regime* regime = &model::Regime::Calendar();
  const model::PeriodKind* period = &model::CalendarKind("month");  ///< of the regime
  std::uint32_t trend_periods = 12;                                 ///< points of the spark line
};

struct Panel {
  std::string name;
  std::string system;
  model::LocalizedText title;
  model::TreeKind tree = model::TreeKind::kTerritory;
  const model::Regime* regime = &model::Regime::Calendar();  ///< of items that name none
  std::vector<PanelItem> items;
};

/// A working calendar in the center's time zone.
struct Calendar {
  model::LocalizedText title;  ///< may be empty
  model::WorkingTimetable timetable;
  std::string file;  ///< where it is declared
  int line = 1;
  int column = 1;
};

/// What happened to the units of one tree, and what is known of them.
struct UnitHistory {
  model::Lineage lineage;
  model::UnitAttributes attributes;
  model::Groupings groupings;
};

/// One system pack: a folder under systems/.
struct System {
  std::string name;
  model::LocalizedText title;
};

/// Everything declared, checked and linked. Built whole by LoadCenter, immutable afterwards, shared
/// as `std::shared_ptr<const Center>`; safe from any thread.
struct Center {
  std::string name;  ///< machine name, e.g. laocai
  model::LocalizedText title;
  std::vector<std::string> languages;  ///< first is the default
  base::TimeZone time_zone = base::TimeZone::Utc();
  std::string revision;  ///< first 16 hex digits of the SHA-256 over all files
  std::vector<std::string> public_indicators;  ///< readable without signing in
  model::UnitTree territory;
  model::UnitTree organisation;  ///< may be empty
  UnitHistory territory_history;
  UnitHistory organisation_history;
  std::map<std::string, Calendar, std::less<>> calendars;
  model::Regimes regimes;  ///< declared ones, besides the calendar; periods point to them
  std::vector<System> systems;
  std::vector<Source> sources;
  std::vector<model::Dataset> datasets;
  std::vector<model::Measure> measures;
  std::vector<model::Indicator> indicators;
  std::vector<model::CrossCheck> cross_checks;
  std::vector<Panel> panels;
  /// Dataset → sources that feed it or ever did here; set by the running center.
  std::map<std::string, std::set<std::string>, std::less<>> feeders;
  std::map<std::string, std::string, std::less<>> files;  ///< path inside the center → content

  const Calendar* FindCalendar(std::string_view calendar_name) const;
  /// A period of the calendar or of a declared regime, see model::ParsePeriod.
  base::Result<model::Period> ParsePeriod(std::string_view text) const {
    return model::ParsePeriod(text, regimes);
  }
  /// When a report for the period falls due, and what is known of the days until then; nothing when
  /// its kind declares no rule.
  std::optional<model::Counted<base::Timestamp>> DueAt(const model::Period& period) const;
  const Source* FindSource(std::string_view source_name) const;
  const model::Dataset* FindDataset(std::string_view dataset_name) const;
  const model::Measure* FindMeasure(std::string_view measure_name) const;
  const model::Indicator* FindIndicator(std::string_view indicator_name) const;
  const model::CrossCheck* FindCrossCheck(std::string_view check_name) const;
  const Panel* FindPanel(std::string_view panel_name) const;
  const model::UnitTree& TreeOf(model::TreeKind kind) const {
    return kind == model::TreeKind::kTerritory ? territory : organisation;
  }
  const UnitHistory& HistoryOf(model::TreeKind kind) const {
    return kind == model::TreeKind::kTerritory ? territory_history : organisation_history;
  }
  bool IsPublic(std::string_view indicator_name) const;
};

}  // namespace fansipan::center
