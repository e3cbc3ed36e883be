#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/source_tokens.h"
#include "cli/running_server.h"
#include "cli/termination.h"
#include "simulation/province/province_models.h"

namespace fansipan::cli {
namespace {

constexpr std::string_view kSimulatedSystem = "public_services";
constexpr std::string_view kSimulatedSource = "case_system";

/// The simulator as a child process. It ends with its owner, also with one that was killed, and has
/// none of the owner's sockets, which would keep the port taken.
class Simulator {
 public:
  static base::Result<std::unique_ptr<Simulator>> Start(std::vector<std::string> command) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t owner = getpid();
    const pid_t child = fork();
    if (child < 0) {
      return base::Error{base::ErrorCode::kIo, "", "the simulator could not be started"};
    }
    if (child == 0) {
      sigset_t none;
      sigemptyset(&none);
      sigprocmask(SIG_SETMASK, &none, nullptr);
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      if (getppid() != owner) _exit(1);
      close_range(STDERR_FILENO + 1U, ~0U, 0);
      execv(arguments[0], arguments.data());
      _exit(127);
    }
    return std::unique_ptr<Simulator>(new Simulator(child));
  }
  ~Simulator() {
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
  }
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

 private:
  explicit Simulator(pid_t child) : child_(child) {}
  pid_t child_;
};

base::Result<std::string> MakeToken(const std::string& source, const CommandContext& context) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto made, LocalClient(context.data_folder)
                                                 .Post("/sources/" + Segment(source) + "/tokens",
                                                       {{"label", "simulator"}}));
  return made.value("token", "");
}

/// The case system's push token, made once and kept in the data folder, readable by its owner
/// alone.
base::Result<std::string> TokenFile(const CommandContext& context) {
  base::PosixFileSystem files;
  std::string path = context.data_folder + "/simulator.token";
  if (files.Exists(path)) return path;
  FANSIPAN_ASSIGN_OR_RETURN(const std::string token,
                            MakeToken(std::string(kSimulatedSource), context));
  FANSIPAN_RETURN_IF_ERROR(base::WriteWhole(files, path, token + "\n"));
  return path;
}

/// Sources of the running center that simulated systems feed. None of a center that is no province
/// with communes and agencies.
base::Result<std::vector<std::string>> ProvinceSources(const std::string& center_folder,
                                                       const server::Server& server) {
  base::PosixFileSystem files;
  const auto province = simulation::LoadProvince(files, center_folder, base::SystemClock().Now());
  if (!province.ok()) return std::vector<std::string>();
  FANSIPAN_ASSIGN_OR_RETURN(auto sources,
                            simulation::SourcesOf(simulation::MakeProvinceModels(*province)));
  std::erase_if(sources, [&](const std::string& source) { return !server.HasSource(source); });
  return sources;
}

/// The file with a push token of each source, made once like that of the case system.
base::Result<std::string> TokensFile(const std::vector<std::string>& sources,
                                     const CommandContext& context) {
  base::PosixFileSystem files;
  std::string path = context.data_folder + "/province.tokens";
  SourceTokens tokens;
  if (files.Exists(path)) {
    FANSIPAN_ASSIGN_OR_RETURN(tokens, LoadSourceTokens(path, files));
  }
  const std::size_t kept = tokens.size();
  for (const std::string& source : sources) {
    if (tokens.contains(source)) continue;
    FANSIPAN_ASSIGN_OR_RETURN(tokens[source], MakeToken(source, context));
  }
  if (tokens.size() != kept) FANSIPAN_RETURN_IF_ERROR(KeepSourceTokens(tokens, path, files));
  return path;
}

std::vector<std::string> SimulateWords(std::string_view system, const ServeOptions& options,
                                       const server::Server& server,
                                       const CommandContext& context) {
  return {context.program,
          "simulate",
          std::string(system),
          "--center",
          options.center,
          "--url",
          fmt::format("http://127.0.0.1:{}", server.port())};
}

base::Result<std::unique_ptr<Simulator>> StartCaseSystem(const ServeOptions& options,
                                                         const server::Server& server,
                                                         const CommandContext& context) {
  if (options.center.empty()) {
    return base::Error{base::ErrorCode::kInvalidArgument, "center_missing",
                       "the simulated system needs the center's folder; name it with --center, or "
                       "run without it: fansipan serve"};
  }
  FANSIPAN_ASSIGN_OR_RETURN(std::string token_file, TokenFile(context));
  auto words = SimulateWords(kSimulatedSystem, options, server, context);
  words.insert(words.end(), {"--token-file", std::move(token_file)});
  return Simulator::Start(std::move(words));
}

/// What the center's sources need; none when they need nothing.
base::Result<std::vector<std::unique_ptr<Simulator>>> StartSimulators(
    const ServeOptions& options, const server::Server& server, const CommandContext& context) {
  std::vector<std::unique_ptr<Simulator>> simulators;
  if (server.HasSource(kSimulatedSource)) {
    FANSIPAN_ASSIGN_OR_RETURN(auto cases, StartCaseSystem(options, server, context));
    simulators.push_back(std::move(cases));
    fmt::print("simulating the case system; end with Ctrl-C\n");
  }
  FANSIPAN_ASSIGN_OR_RETURN(const auto sources, ProvinceSources(options.center, server));
  if (!sources.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(std::string tokens_file, TokensFile(sources, context));
    auto words = SimulateWords("province", options, server, context);
    words.insert(words.end(), {"--tokens", std::move(tokens_file)});
    FANSIPAN_ASSIGN_OR_RETURN(auto province, Simulator::Start(std::move(words)));
    simulators.push_back(std::move(province));
    fmt::print("simulating {} sources of other systems\n", sources.size());
  }
  std::fflush(stdout);
  return simulators;
}

void Up(const ServeOptions& options, CommandContext& context) {
  const Termination termination;
  const auto server = StartServer(options, context);
  if (!server) return;
  auto simulators = StartSimulators(options, **server, context);
  if (!simulators.ok()) return Fail(context, simulators.error());
  termination.Wait();
  simulators->clear();
  (*server)->Stop();
}

}  // namespace

void AddUpCommand(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<ServeOptions>();
  auto* command = app.add_subcommand("up", "Runs a center with its simulated sources");
  AddServeOptions(*command, *options);
  command->callback([options, &context] { Up(*options, context); });
}

}  // namespace fansipan::cli
