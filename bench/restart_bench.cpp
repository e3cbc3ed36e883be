#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <string_view>
#include <thread>

#include "bench/benches.h"
#include "bench/big_center.h"
#include "bench/prepared.h"
#include "bench/report.h"
#include "bench/server_process.h"

namespace fansipan::bench {
namespace {

constexpr double kPatience = 600;
constexpr std::chrono::milliseconds kPause{20};
constexpr char kPanelTarget[] = "/api/v1/panels/overview";

/// The figure of a year that was counted while the history was made.
base::Status CheckYear(HttpClient& client, const Prepared& prepared) {
  FANSIPAN_ASSIGN_OR_RETURN(
      const HttpAnswer answer,
      client.Get("/api/v1/figures?indicator=received_cases&period=" + prepared.checked_year));
  const std::string expected = fmt::format("\"value\":\"{}\"", prepared.received_in_year);
  if (answer.body.find(expected) != std::string::npos) return {};
  return base::Error{base::ErrorCode::kInternal, "",
                     fmt::format("received_cases of {} is not {}: {}", prepared.checked_year,
                                 prepared.received_in_year, answer.body.substr(0, 500))};
}

base::Status ReadOnePanel(HttpClient& client) {
  FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer answer, client.Get(kPanelTarget));
  if (answer.status == 200) return {};
  return base::Error{base::ErrorCode::kUnavailable, "", "no panel: " + answer.body};
}

/// Sends one delivery, again and again while the program says that it is starting.
base::Status DeliverOne(const ServerProcess& server) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string token, server.MakeToken());
  FANSIPAN_ASSIGN_OR_RETURN(const auto client, server.Connect());
  std::string csv = kCsvHeader;
  AppendCsv(BigHistory(HistoryShape::Of(1, {})).NewCase(0, 0, base::SystemClock().Now()), csv);
  while (true) {
    FANSIPAN_ASSIGN_OR_RETURN(
        const HttpAnswer answer,
        client->Post("/api/v1/sources/cases/deliveries",
                     "Content-Type: text/csv\r\nAuthorization: Bearer " + token + "\r\n", csv));
    if (answer.status == 201) return {};
    const bool starting = answer.body.find("intake_starting") != std::string::npos;
    if (!starting || SecondsSince(server.started()) > kPatience) {
      return base::Error{base::ErrorCode::kUnavailable, "", "not taken: " + answer.body};
    }
    std::this_thread::sleep_for(kPause);
  }
}

std::string Gigabytes(const ServerProcess& server) {
  return fmt::format("{:.2f} GB", server.Gigabytes("VmRSS"));
}

void Describe(const Prepared& prepared, Report& report) {
  report.AddSetting("data", CountText(static_cast<double>(prepared.versions)) + " versions of " +
                                CountText(static_cast<double>(prepared.shape.keys)) + " keys");
  report.AddSetting("server", "fansipan serve, a process of its own");
}

}  // namespace

base::Status RunRestart(const Settings& settings) {
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, settings.scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto copy, ScratchCopy::Of(prepared, settings));
  Report report("restart", settings);
  Describe(prepared, report);
  report.AddSetting("page cache", "warm (the data folder has just been copied)");
  for (const char* which : {"after a load", "after a stop", "after a kill"}) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(copy->folder(), settings));
    FANSIPAN_ASSIGN_OR_RETURN(const auto client, server->Connect());
    FANSIPAN_RETURN_IF_ERROR(ReadOnePanel(*client));
    FANSIPAN_RETURN_IF_ERROR(CheckYear(*client, prepared));
    const double panel = SecondsSince(server->started());
    FANSIPAN_RETURN_IF_ERROR(DeliverOne(*server));
    const double intake = SecondsSince(server->started());
    report.AddJudged(fmt::format("first correct panel {}", which), panel, {10, false, "s"});
    report.AddJudged(fmt::format("a delivery acknowledged {}", which), intake, {60, false, "s"});
    if (which == std::string_view("after a stop")) kill(server->id(), SIGKILL);
  }
  report.AddNote("the panel's year is compared with a count made while the history was generated");
  report.Finish();
  return {};
}

base::Status RunMemory(const Settings& settings) {
  FANSIPAN_ASSIGN_OR_RETURN(const Prepared prepared, Prepare(settings, settings.scale));
  FANSIPAN_ASSIGN_OR_RETURN(const auto copy, ScratchCopy::Of(prepared, settings));
  FANSIPAN_ASSIGN_OR_RETURN(const auto server, ServerProcess::Start(copy->folder(), settings));
  Report report("memory", settings);
  Describe(prepared, report);
  const Budget budget{4, false, "GB"};
  report.AddFigure("resident once it shows figures", Gigabytes(*server));
  FANSIPAN_RETURN_IF_ERROR(DeliverOne(*server));
  report.AddJudged("resident once intake is open", server->Gigabytes("VmRSS"), budget);
  FANSIPAN_ASSIGN_OR_RETURN(const auto client, server->Connect());
  FANSIPAN_RETURN_IF_ERROR(ReadOnePanel(*client));
  report.AddJudged("resident after a panel", server->Gigabytes("VmRSS"), budget);
  const auto middle = prepared.shape.start + (prepared.shape.end - prepared.shape.start) / 2;
  FANSIPAN_ASSIGN_OR_RETURN(const HttpAnswer past,
                            client->Get(std::string(kPanelTarget) + "?as_of=" +
                                        EncodeQuery(model::ToText(model::Value(middle)))));
  report.AddJudged("resident after a panel of the past", server->Gigabytes("VmRSS"), budget);
  report.AddJudged("highest of all", server->Gigabytes("VmHWM"), budget);
  if (past.status != 200) report.AddNote("the panel of the past was refused: " + past.body);
  report.Finish();
  return {};
}

}  // namespace fansipan::bench
