#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/internal/simulated_system.h"
#include "cli/termination.h"
#include "simulation/document_exchange.h"
#include "simulation/loopback_server.h"

namespace fansipan::cli {
namespace {

constexpr std::size_t kMostDocuments = 100'000;

struct ExchangeArguments {
  SimulatedSystemArguments system{.port = 8090};
  simulation::DocumentExchangeOptions options;
};

base::Result<simulation::DocumentExchangeOptions> ReadOptions(const ExchangeArguments& arguments,
                                                              base::FileSystem& files) {
  simulation::DocumentExchangeOptions options = arguments.options;
  FANSIPAN_RETURN_IF_ERROR(ReadSimulatedSystem(arguments.system, files, options));
  return options;
}

void PrintCounts(const simulation::DocumentExchangeCounts& counts, bool as_json) {
  if (as_json) {
    const nlohmann::json line = {{"documents", counts.documents},
                                 {"received", counts.received},
                                 {"refused", counts.refused},
                                 {"requests", counts.requests}};
    fmt::print("{}\n", line.dump());
  } else {
    fmt::print(
        "simulated: {} documents, of which {} were reported received and {} refused; {} "
        "requests\n",
        counts.documents, counts.received, counts.refused, counts.requests);
  }
  std::fflush(stdout);
}

void SimulateExchange(const ExchangeArguments& arguments, CommandContext& context) {
  base::PosixFileSystem files;
  const base::SystemClock clock;
  const auto options = ReadOptions(arguments, files);
  if (!options.ok()) return Fail(context, options.error());
  auto exchange = simulation::DocumentExchange::Open(*options, clock, files);
  if (!exchange.ok()) return Fail(context, exchange.error());
  const Termination termination;
  const auto server = simulation::LoopbackServer::Start(
      {.port = arguments.system.port},
      [&](const simulation::ServedRequest& request) { return (*exchange)->Answer(request); });
  if (!server.ok()) return Fail(context, server.error());
  fmt::print("simulated document exchange: serving http://127.0.0.1:{}\n", (*server)->port());
  std::fflush(stdout);
  termination.Wait();
  PrintCounts((*exchange)->counts(), context.json);
}

}  // namespace

void AddSimulateExchangeCommand(CLI::App& simulate, CommandContext& context) {
  auto arguments = std::make_shared<ExchangeArguments>();
  simulation::DocumentExchangeOptions& options = arguments->options;
  auto* command = simulate.add_subcommand(
      "document_exchange", "Is an exchange of electronic documents, to be asked on this machine");
  command->add_option("--seed", options.seed, "Another seed, other documents (1)");
  command->add_option("--documents", options.documents, "That wait from the beginning (200)")
      ->check(CLI::Range(std::size_t{0}, kMostDocuments));
  command->add_option("--state", options.state_file,
                      "File that keeps what was reported; without it that is forgotten");
  command->add_option("--client", options.client, "OAuth 2 client (fansipan)");
  AddSimulatedSystem(*command, arguments->system);
  command->callback([arguments, &context] { SimulateExchange(*arguments, context); });
}

}  // namespace fansipan::cli
