#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/internal/simulated_system.h"
#include "cli/termination.h"
#include "simulation/loopback_server.h"
#include "simulation/options.h"
#include "simulation/registry.h"

namespace fansipan::cli {
namespace {

constexpr std::size_t kMostRecords = 1'000'000;

struct RegistryArguments {
  SimulatedSystemArguments system{.port = 8091};
  simulation::RegistryOptions options;
};

base::Result<simulation::RegistryOptions> ReadOptions(const RegistryArguments& arguments,
                                                      base::FileSystem& files) {
  simulation::RegistryOptions options = arguments.options;
  FANSIPAN_RETURN_IF_ERROR(ReadSimulatedSystem(arguments.system, files, options));
  return options;
}

void SimulateRegistry(const RegistryArguments& arguments, CommandContext& context) {
  base::PosixFileSystem files;
  const base::SystemClock clock;
  const auto options = ReadOptions(arguments, files);
  if (!options.ok()) return Fail(context, options.error());
  simulation::Registry registry(*options, clock);
  const Termination termination;
  const auto server = simulation::LoopbackServer::Start(
      {.port = arguments.system.port},
      [&](const simulation::ServedRequest& request) { return registry.Answer(request); });
  if (!server.ok()) return Fail(context, server.error());
  fmt::print("simulated registry: serving http://127.0.0.1:{}\n", (*server)->port());
  std::fflush(stdout);
  termination.Wait();
  fmt::print("simulated: {} requests\n", registry.requests());
}

}  // namespace

void AddSimulateRegistryCommand(CLI::App& simulate, CommandContext& context) {
  auto arguments = std::make_shared<RegistryArguments>();
  simulation::RegistryOptions& options = arguments->options;
  auto* command = simulate.add_subcommand(
      "registry", "Is a REST registry of people and enterprises, to be asked on this machine");
  command->add_option("--seed", options.seed, "Another seed, other records (1)");
  command->add_option("--records", options.records, "Of each register (1000)")
      ->check(CLI::Range(std::size_t{1}, kMostRecords));
  command
      ->add_option("--requests-per-minute", options.requests_per_minute,
                   "More are answered with 429 and Retry-After (6000)")
      ->check(CLI::PositiveNumber);
  command->add_option("--client", options.client, "OAuth 2 client (fansipan)");
  AddSimulatedSystem(*command, arguments->system);
  command->callback([arguments, &context] { SimulateRegistry(*arguments, context); });
}

}  // namespace fansipan::cli
