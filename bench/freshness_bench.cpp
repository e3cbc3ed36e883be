#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "bench/benches.h"
#include "bench/prepared.h"
#include "bench/report.h"
#include "bench/server_process.h"
#include "bench/sustained_load.h"

namespace fansipan::bench {
namespace {

constexpr double kHalfAMinute = 30;

std::string LoadText(const LoadPlan& plan) {
  return fmt::format(
      "{} rows/s pushed over HTTP in deliveries of {}, on four connections; {:g} % new cases, the "
      "others correct known ones; a live viewer and a reader of past panels beside it; generator "
      "in its own process, each delivery timed from the moment it was due",
      plan.rows_per_second, plan.rows_per_delivery, plan.new_share * 100);
}

LoadPlan PlanOf(const Settings& settings, double seconds) {
  LoadPlan plan;
  plan.seconds = seconds;
  plan.span_seconds = kHalfAMinute;
  plan.rows_per_second = settings.rows_per_second;
  plan.rows_per_delivery = settings.rows_per_delivery;
  return plan;
}

void PrintSpan(const LoadSpan& span) {
  fmt::print("{:6.0f} s: acknowledged {}; seen {}; late {:.0f} ms\n", span.until,
             span.acknowledged.Text(), span.seen.Text(), span.latest);
  std::fflush(stdout);
}

base::Status MeasureScale(const Settings& settings, double scale, Report& report) {
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto copy, ScratchCopy::Of(prepared, settings));
  FANSIPAN_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(copy->folder(), settings));
  FANSIPAN_RETURN_IF_ERROR(server->WaitForIntake());
  const BigHistory history(prepared.shape);
  LoadPlan plan = PlanOf(settings, settings.minutes * 60);
  plan.on_span = PrintSpan;
  const double processor = server->cpu_seconds();
  FANSIPAN_ASSIGN_OR_RETURN(const LoadSpan load, RunLoad(*server, history, plan));
  const std::string behind =
      fmt::format(", {} keys behind", CountText(static_cast<double>(prepared.shape.keys)));
  report.AddJudged("push to acknowledged, p99" + behind, load.acknowledged.p99(),
                   {20, false, "ms"});
  report.AddFigure("push to acknowledged" + behind, load.acknowledged.Text());
  report.AddJudged("pushed to seen by a viewer, p99" + behind, load.seen.p99(), {100, false, "ms"});
  report.AddFigure("pushed to seen by a viewer" + behind, load.seen.Text());
  report.AddFigure("panels of past moments meanwhile" + behind, load.as_of.Text());
  report.AddJudged("rows taken a second" + behind,
                   static_cast<double>(load.rows) / load.taken_until,
                   {0.99 * static_cast<double>(settings.rows_per_second), true, "rows/s"});
  report.AddFigure(
      "the server's processor (workers, too) and memory" + behind,
      fmt::format("{:.2f} cores, {:.2f} GB resident",
                  (server->cpu_seconds() - processor) / load.until, server->Gigabytes("VmRSS")));
  if (load.until < settings.minutes * 60) {
    report.AddNote("ended after " + NumberText(load.until, "s") + behind +
                   ": deliveries went out more than 30 s after they were due");
  }
  if (load.refused > 0)
    report.AddNote(fmt::format("{} requests were refused{}", load.refused, behind));
  return {};
}

double FolderGigabytes(const std::string& folder) {
  std::error_code failed;
  double bytes = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, failed)) {
    if (entry.is_regular_file(failed)) bytes += static_cast<double>(entry.file_size(failed));
  }
  return bytes / 1e9;
}

}  // namespace

base::Status RunFreshness(const Settings& settings) {
  Report report("freshness", settings);
  report.AddSetting("load", LoadText(PlanOf(settings, 0)));
  report.AddSetting("length",
                    fmt::format("{:g} minutes for each amount of data", settings.minutes));
  if (settings.two_scales) {
    FANSIPAN_RETURN_IF_ERROR(MeasureScale(settings, settings.scale / 10, report));
  }
  FANSIPAN_RETURN_IF_ERROR(MeasureScale(settings, settings.scale, report));
  report.Finish();
  return {};
}

base::Status RunSoak(const Settings& settings) {
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, settings.scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto copy, ScratchCopy::Of(prepared, settings));
  FANSIPAN_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(copy->folder(), settings));
  FANSIPAN_RETURN_IF_ERROR(server->WaitForIntake());
  Report report("soak", settings);
  const BigHistory history(prepared.shape);
  LoadPlan plan = PlanOf(settings, settings.hours * 3600);
  plan.new_share = 0;  // more cases would need more memory, which is not what is looked for
  report.AddSetting("load", LoadText(plan));
  std::vector<std::string> curve = {
      "seconds | resident GB | data GB | acknowledged p50 p99 max ms | seen p50 p99 max ms | "
      "past p50 max ms | rows/s | refused"};
  double before = 0;
  plan.on_span = [&](const LoadSpan& span) {
    curve.push_back(fmt::format(
        "{:7.0f} | {:11.3f} | {:7.3f} | {:.1f} {:.1f} {:.1f} | {:.1f} {:.1f} {:.1f} | {:.0f} "
        "{:.0f} "
        "| {:.0f} | {}",
        span.until, server->Gigabytes("VmRSS"), FolderGigabytes(copy->folder()),
        span.acknowledged.p50(), span.acknowledged.p99(), span.acknowledged.max(), span.seen.p50(),
        span.seen.p99(), span.seen.max(), span.as_of.p50(), span.as_of.max(),
        static_cast<double>(span.rows) / (span.until - before), span.refused));
    before = span.until;
    fmt::print("{}\n", curve.back());
    std::fflush(stdout);
  };
  const double resident = server->Gigabytes("VmRSS");
  FANSIPAN_ASSIGN_OR_RETURN(const LoadSpan load, RunLoad(*server, history, plan));
  report.AddFigure("length", fmt::format("{:.2f} hours", load.until / 3600));
  report.AddJudged("push to acknowledged, p99", load.acknowledged.p99(), {20, false, "ms"});
  report.AddFigure("push to acknowledged", load.acknowledged.Text());
  report.AddJudged("pushed to seen by a viewer, p99", load.seen.p99(), {100, false, "ms"});
  report.AddFigure("pushed to seen by a viewer", load.seen.Text());
  report.AddFigure("resident at the start and at the end",
                   fmt::format("{:.2f} GB, {:.2f} GB", resident, server->Gigabytes("VmRSS")));
  report.AddFigure("rows taken", fmt::format("{} ({:.0f} a second)", load.rows,
                                             static_cast<double>(load.rows) / load.taken_until));
  for (const std::string& line : curve) report.AddNote(line);
  report.Finish();
  return {};
}

}  // namespace fansipan::bench
