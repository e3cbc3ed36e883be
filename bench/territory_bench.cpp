#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "bench/benches.h"
#include "bench/big_center.h"
#include "bench/latencies.h"
#include "bench/prepared.h"
#include "bench/report.h"
#include "http/rendering/panel_rendering.h"
#include "indicators/restated/territories.h"

namespace fansipan::bench {
namespace {

constexpr double kSeconds = 15;
constexpr std::size_t kMerged = 96;  // communes, two by two; one of the others is divided

/// The bench's center after a merger: 96 communes became 48, one was divided. Its cells are those
/// of the engine, for the new units stand behind the old ones and have none.
struct MergedCenter {
  center::Center center;
  model::Date merger{};
};

MergedCenter Merge(const center::Center& before, model::Date merger) {
  MergedCenter merged{before, merger};
  const model::UnitTree& tree = before.territory;
  std::vector<model::Unit> units;
  for (std::uint32_t i = 0; i < tree.size(); ++i) units.push_back(tree.Get({i}));
  std::vector<model::UnitCode> codes = tree.codes();
  std::vector<model::LineageEvent> events;
  const auto end = [&](model::UnitId unit) {
    units[unit.value].valid_to = merger;
    for (model::UnitCode& code : codes) {
      if (code.unit == unit) code.valid_to = merger;
    }
  };
  const auto add = [&](const std::string& code) {
    model::Unit unit = units[tree.FindByCode(CommuneCode(0))->value];
    unit.code = code;
    unit.valid_from = merger;
    unit.valid_to = std::nullopt;
    unit.states.clear();
    units.push_back(std::move(unit));
    return model::UnitId{static_cast<std::uint32_t>(units.size() - 1)};
  };
  for (std::size_t i = 0; i < kMerged; i += 2) {
    const model::UnitId to = add(fmt::format("M{:02}", i / 2 + 1));
    for (const std::size_t number : {i, i + 1}) {
      const model::UnitId from = *tree.FindByCode(CommuneCode(number));
      end(from);
      events.push_back({model::LineageKind::kMerge, merger, from, to, {}, false, "", ""});
    }
  }
  const model::UnitId divided = *tree.FindByCode(CommuneCode(kMerged));
  const model::UnitId one = add("S1");
  const model::UnitId other = add("S2");
  end(divided);
  const auto split = model::LineageKind::kSplit;
  events.push_back({split, merger, divided, one, model::Decimal(3, 1), false, "", ""});
  events.push_back({split, merger, divided, other, std::nullopt, true, "", ""});
  merged.center.territory =
      model::UnitTree::Build(model::TreeKind::kTerritory, std::move(units), std::move(codes))
          .value();
  merged.center.territory_history.lineage =
      model::Lineage::Build(merged.center.territory, std::move(events)).value();
  return merged;
}

/// What the HTTP resource does for one panel on a territory, without the connection.
class TerritoryReader {
 public:
  TerritoryReader(const indicators::Engine& engine, const MergedCenter& merged)
      : engine_(engine), merged_(merged), territories_(merged.center) {}

  /// `fresh`: as the first question of a day, whose plans are not made yet.
  std::size_t Answer(std::optional<model::Date> territory, bool fresh) const {
    const indicators::Territories first(merged_.center);
    std::size_t bytes = 0;
    const auto read = engine_.Read(std::nullopt, [&](const indicators::View& view) {
      indicators::View restated = view;
      restated.center = &merged_.center;
      restated.territories = fresh ? &first : &territories_;
      const model::UnitId province = *merged_.center.territory.FindByCode(kProvince);
      const auto reading = http::ReadPanel(
          restated, {*merged_.center.FindPanel(kPanelName), province, std::nullopt, territory});
      bytes = http::RenderPanel(reading, std::nullopt).size();
    });
    return read.ok() ? bytes : 0;
  }

 private:
  const indicators::Engine& engine_;
  const MergedCenter& merged_;
  indicators::Territories territories_;
};

}  // namespace

base::Status RunTerritory(const Settings& settings) {
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, settings.scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto local, LocalCenter::Open(prepared.folder, settings));
  const auto engine = local->runtime().engine();
  const auto today = std::chrono::floor<std::chrono::days>(
      base::LocalTime(engine->center().time_zone.ToLocal(engine->snapshot().tick))
          .time_since_epoch());
  const model::Date merger(today - std::chrono::days(180));
  const MergedCenter merged = Merge(engine->center(), merger);
  const TerritoryReader reader(*engine, merged);
  Report report("territory", settings);
  report.AddSetting("data", CountText(static_cast<double>(prepared.versions)) + " versions of " +
                                CountText(static_cast<double>(prepared.shape.keys)) + " keys");
  report.AddSetting("territory",
                    "half a year ago 96 of 99 communes became 48, one was divided 3 to 7");
  report.AddSetting("answer",
                    fmt::format("the panel of `panel`, {} bytes", reader.Answer(merger, false)));
  const model::Date day(today);
  const Latencies reported =
      Repeat(kSeconds / 3, 20, 5'000, [&] { reader.Answer(std::nullopt, false); });
  const Latencies again = Repeat(kSeconds, 20, 5'000, [&] { reader.Answer(day, false); });
  const Latencies first = Repeat(kSeconds / 3, 20, 5'000, [&] { reader.Answer(day, true); });
  const Latencies back =
      Repeat(kSeconds / 3, 20, 5'000, [&] { reader.Answer(merger - std::chrono::days(1), false); });
  report.AddJudged("panel on today's territory, p99", again.p99(), {20, false, "ms"});
  report.AddFigure("panel on today's territory", again.Text());
  report.AddFigure("the first question of a territory", first.Text());
  report.AddFigure("on the territory before the merger", back.Text());
  report.AddFigure("as reported", reported.Text());
  report.Finish();
  return {};
}

}  // namespace fansipan::bench
