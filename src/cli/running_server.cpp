#include "cli/running_server.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <utility>

#include "center/load.h"
#include "store/embedded/duckdb_expression_parser.h"

namespace fansipan::cli {
namespace {

/// The folder's center; null, with the problems printed, when it has any.
std::shared_ptr<const center::Center> LoadFolder(const std::string& folder,
                                                 CommandContext& context) {
  const auto parser = store::DuckDbExpressionParser::Open();
  if (!parser.ok()) {
    Fail(context, parser.error());
    return nullptr;
  }
  center::LoadOutcome outcome = center::LoadCenter(folder, **parser);
  for (const center::Problem& problem : outcome.problems) {
    fmt::print(stderr, "{}\n", ToText(problem));
  }
  if (!outcome.center) context.exit_status = 1;
  return outcome.center;
}

}  // namespace

void AddServeOptions(CLI::App& command, ServeOptions& options) {
  command.add_option("--center", options.center,
                     "The center's folder; default: the one that ran last");
  command.add_option("--web", options.web, "Folder of the built screens");
  command.add_option("--api-description", options.description, "The API description to serve");
  command.add_option("--port", options.port, "Port on 127.0.0.1; 0: any")->capture_default_str();
}

std::optional<std::unique_ptr<server::Server>> StartServer(const ServeOptions& options,
                                                           CommandContext& context) {
  server::ServerSettings settings;
  if (!options.center.empty()) {
    settings.center = LoadFolder(options.center, context);
    if (!settings.center) return std::nullopt;
  }
  settings.runtime.data_folder = context.data_folder;
  settings.runtime.program = context.program;
  settings.web_folder = options.web;
  settings.description_file = options.description;
  settings.port = options.port;
  auto server = server::Server::Start(std::move(settings));
  if (!server.ok()) {
    Fail(context, server.error());
    return std::nullopt;
  }
  const std::string address = fmt::format("http://127.0.0.1:{}", (*server)->port());
  if (const auto token = (*server)->set_up_token()) {
    fmt::print("set-up link: {}/set-up#{}\n", address, *token);
  }
  fmt::print("serving {}\n", address);
  std::fflush(stdout);
  return *std::move(server);
}

}  // namespace fansipan::cli
