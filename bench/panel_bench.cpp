#include <fmt/format.h>

#include <optional>
#include <random>

#include "bench/benches.h"
#include "bench/big_center.h"
#include "bench/latencies.h"
#include "bench/prepared.h"
#include "bench/report.h"
#include "http/rendering/panel_rendering.h"

namespace fansipan::bench {
namespace {

constexpr double kSeconds = 15;

/// What the HTTP resource does for one panel, without the connection.
class PanelReader {
 public:
  explicit PanelReader(const indicators::Engine& engine)
      : engine_(engine),
        panel_(*engine.center().FindPanel(kPanelName)),
        province_(*engine.center().territory.FindByCode(kProvince)) {}

  base::Result<http::PanelReading> Read(std::optional<base::Timestamp> as_of) const {
    std::optional<http::PanelReading> reading;
    FANSIPAN_RETURN_IF_ERROR(engine_.Read(as_of, [&](const indicators::View& view) {
      reading = http::ReadPanel(view, {panel_, province_, std::nullopt, std::nullopt});
    }));
    return *std::move(reading);
  }
  std::size_t Render(const http::PanelReading& reading) const {
    return http::RenderPanel(reading, std::nullopt).size();
  }
  /// Reads and renders; a failure is kept for `status`.
  void Answer(std::optional<base::Timestamp> as_of) {
    const auto reading = Read(as_of);
    if (reading.ok()) {
      Render(*reading);
    } else {
      status_ = reading.error();
    }
  }
  const base::Status& status() const { return status_; }

 private:
  base::Status status_;
  const indicators::Engine& engine_;
  const center::Panel& panel_;
  const model::UnitId province_;
};

void Describe(const Prepared& prepared, Report& report) {
  report.AddSetting("data", CountText(static_cast<double>(prepared.versions)) + " versions of " +
                                CountText(static_cast<double>(prepared.shape.keys)) + " keys");
  report.AddSetting("panel",
                    "24 figures with 24 sparklines (12 x 30 days, 12 x 12 months), a "
                    "breakdown of 99 units; one reader, nothing else running");
}

}  // namespace

base::Status RunPanel(const Settings& settings) {
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, settings.scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto local, LocalCenter::Open(prepared.folder, settings));
  const auto engine = local->runtime().engine();
  PanelReader reader(*engine);
  Report report("panel", settings);
  Describe(prepared, report);
  FANSIPAN_ASSIGN_OR_RETURN(const auto reading, reader.Read(std::nullopt));
  report.AddSetting("answer", fmt::format("{} figures, {} units, {} bytes", reading.items.size(),
                                          reading.children.size(), reader.Render(reading)));
  const Latencies read = Repeat(kSeconds, 20, 5'000, [&] { (void)reader.Read(std::nullopt); });
  const Latencies rendered = Repeat(kSeconds / 3, 20, 5'000, [&] { reader.Render(reading); });
  const Latencies both = Repeat(kSeconds, 20, 5'000, [&] { reader.Answer(std::nullopt); });
  report.AddJudged("panel, read and rendered, p99", both.p99(), {10, false, "ms"});
  report.AddFigure("panel, read and rendered", both.Text());
  report.AddFigure("of it read from the engine", read.Text());
  report.AddFigure("of it rendered as JSON", rendered.Text());
  report.Finish();
  return reader.status();
}

base::Status RunAsOf(const Settings& settings) {
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, settings.scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto local, LocalCenter::Open(prepared.folder, settings));
  const auto engine = local->runtime().engine();
  PanelReader reader(*engine);
  Report report("as-of", settings);
  Describe(prepared, report);
  report.AddSetting("cell log", CountText(static_cast<double>(engine->CountDeltas())) + " deltas");
  std::mt19937_64 random(20'260'701);
  const auto span = static_cast<std::uint64_t>((prepared.shape.end - prepared.shape.start).count());
  std::optional<base::Timestamp> moment;
  Latencies again;
  const Latencies first = Repeat(2 * kSeconds, 20, 500, [&] {
    moment = prepared.shape.start + base::Duration(static_cast<std::int64_t>(random() % span));
    reader.Answer(moment);
  });
  again = Repeat(kSeconds / 3, 10, 500, [&] { reader.Answer(moment); });
  report.AddJudged("panel at a random moment of three years, max", first.max(),
                   {1'000, false, "ms"});
  report.AddFigure("panel at a random moment", first.Text());
  report.AddFigure("the same moment once more", again.Text());
  report.Finish();
  return reader.status();
}

}  // namespace fansipan::bench
