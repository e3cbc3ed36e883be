#include "cli/internal/simulated_system.h"

namespace fansipan::cli {

void AddSimulatedSystem(CLI::App& command, SimulatedSystemArguments& arguments) {
  command.add_option("--port", arguments.port, "On 127.0.0.1; 0: a free one")
      ->capture_default_str();
  command.add_option("--every", arguments.every,
                     "Something new comes so often, such as 10s; 0: never");
  command.add_option("--secret-file", arguments.secret_file,
                     "File with the client's secret; without it nobody has to sign in");
  command.add_option("--token-life", arguments.token_life, "Of an access token (5m)");
  command.add_option("--fault", arguments.faults,
                     "Share of answers with a fault, such as late=0.1: late, silent, duplicated, "
                     "reordered, drifted, truncated; may stand several times");
  command.add_option("--late-for", arguments.late_for, "How late a late answer is (3s)");
}

}  // namespace fansipan::cli
