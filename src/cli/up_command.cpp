#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/files.h"
#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/running_server.h"
#include "cli/termination.h"

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

/// The simulator's push token, made once and kept in the data folder, readable by its owner alone.
base::Result<std::string> TokenFile(const CommandContext& context) {
  base::PosixFileSystem files;
  std::string path = context.data_folder + "/simulator.token";
  if (files.Exists(path)) return path;
  FANSIPAN_ASSIGN_OR_RETURN(
      const auto made,
      LocalClient(context.data_folder)
          .Post("/sources/" + std::string(kSimulatedSource) + "/tokens", {{"label", "simulator"}}));
  FANSIPAN_RETURN_IF_ERROR(base::WriteWhole(files, path, made.value("token", "") + "\n"));
  return path;
}

base::Result<std::unique_ptr<Simulator>> StartSimulator(const ServeOptions& options,
                                                        const server::Server& server,
                                                        const CommandContext& context) {
  if (options.center.empty()) {
    return base::Error{base::ErrorCode::kInvalidArgument, "center_missing",
                       "the simulated system needs the center's folder; name it with --center, or "
                       "run without it: fansipan serve"};
  }
  FANSIPAN_ASSIGN_OR_RETURN(std::string token_file, TokenFile(context));
  return Simulator::Start({context.program, "simulate", std::string(kSimulatedSystem), "--center",
                           options.center, "--url",
                           fmt::format("http://127.0.0.1:{}", server.port()), "--token-file",
                           std::move(token_file)});
}

void Up(const ServeOptions& options, CommandContext& context) {
  const Termination termination;
  const auto server = StartServer(options, context);
  if (!server) return;
  std::unique_ptr<Simulator> simulator;
  if ((*server)->HasSource(kSimulatedSource)) {
    auto started = StartSimulator(options, **server, context);
    if (!started.ok()) return Fail(context, started.error());
    simulator = *std::move(started);
    fmt::print("simulating the case system; end with Ctrl-C\n");
    std::fflush(stdout);
  }
  termination.Wait();
  simulator.reset();
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
