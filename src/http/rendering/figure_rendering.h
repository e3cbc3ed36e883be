#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "center/center.h"
#include "http/rendering/csv_writer.h"
#include "http/rendering/json_writer.h"
#include "indicators/figures.h"
#include "model/figure.h"
#include "model/period.h"

namespace fansipan::http {

/// One period of a figure's past.
struct TrendPoint {
  model::Period period;
  std::optional<model::Decimal> value;
  std::string no_value_reason;
  model::Judgement judgement = model::Judgement::kNotJudged;
  bool restated = false;
  /// As reported: since the period before, the unit has become another one.
  bool territory_changed = false;
};

/// A figure with what is shown beside it.
struct ShownFigure {
  model::Figure figure;
  std::optional<indicators::DimensionFilter> dimension;
  std::vector<TrendPoint> trend;
};

/// How the sources stood at an answer's snapshot, by name.
using Standings = std::map<std::string, indicators::SourceStanding, std::less<>>;
Standings ReadStandings(const indicators::View& view);

/// "as_reported", or the day.
std::string TextOfTerritory(const std::optional<model::Date>& territory);
/// The units right below one on a territory's day, or as reported on the snapshot's day, by code.
std::vector<model::UnitId> ChildrenByCode(const indicators::View& view, model::TreeKind kind,
                                          model::UnitId unit,
                                          const std::optional<model::Date>& territory);
/// Members of a list of units with their shares: unit, share.
void WriteHolding(JsonWriter& json, const model::Unit& unit,
                  const std::optional<model::Decimal>& share);

/// The figure's last `count` periods, its own last.
std::vector<TrendPoint> ReadTrend(const indicators::View& view, const model::FigureKey& key,
                                  std::size_t count);

/// Which members of a figure are written.
enum class Passport {
  kNone,
  kWhole,
  kLasting  ///< without what moves while the figure stays: snapshot, ages, how its sources stand
            ///< and what they delivered, which a viewer is told of each source
};

struct FigureForm {
  const center::Center* center = nullptr;
  const Standings* standings = nullptr;  ///< needed for a passport
  Passport passport = Passport::kNone;
  bool trend = false;
};

void WriteFigure(JsonWriter& json, const FigureForm& form, const ShownFigure& shown);
void WriteSnapshot(JsonWriter& json, const model::Snapshot& snapshot);
void WriteTrend(JsonWriter& json, const std::vector<TrendPoint>& trend);
void WriteUnitName(JsonWriter& json, std::string_view name, const model::Unit& unit);
/// The codes by which a source goes on naming places although they ended, or null.
void WriteOldCodes(JsonWriter& json, const std::optional<indicators::OldCodesSent>& sent);
void WritePassportSource(JsonWriter& json, const center::Source& source,
                         const indicators::SourceStanding& standing);

/// The measure or indicator that a part of a formula names: "received" of "previous(received)".
std::string NamedIn(const std::string& part);
const model::LocalizedText& TitleOf(const center::Center& center, const std::string& part);
std::int64_t SecondsOf(base::Duration duration);

/// Figures as rows, without passports. Trends are left out.
std::string FiguresCsv(const center::Center& center, const std::vector<ShownFigure>& figures);

}  // namespace fansipan::http
