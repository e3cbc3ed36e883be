#include "cli/command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace fansipan::cli {

void Fail(CommandContext& context, const base::Error& error) {
  if (context.json) {
    const nlohmann::json problem = {
        {"code", error.reason.empty() ? std::string(NameOf(error.code)) : error.reason},
        {"detail", error.message}};
    // The message may name what was typed, which need not be UTF-8.
    fmt::print("{}\n", problem.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print(stderr, "fansipan: {}\n", error.message);
  }
  context.exit_status = 1;
}

}  // namespace fansipan::cli
