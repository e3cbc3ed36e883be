#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "cli/command.h"
#include "server/server.h"

namespace fansipan::cli {

struct ServeOptions {
  std::string center;         ///< folder; empty: the one that ran last
  std::string web;            ///< folder of the built screens; empty: none
  std::string description;    ///< file of the API description
  std::uint16_t port = 8080;  ///< 0: any that is free
};

void AddServeOptions(CLI::App& command, ServeOptions& options);

/// Starts the server on loopback and prints where it serves, and the set-up link while one is
/// needed. Nothing when it could not start: the reason has been printed.
std::optional<std::unique_ptr<server::Server>> StartServer(const ServeOptions& options,
                                                           CommandContext& context);

}  // namespace fansipan::cli
