#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/internal/local_client.h"
#include "cli/internal/table.h"

namespace fansipan::cli {
namespace {

/// Keeps what is typed off the screen, from construction to destruction.
class HiddenTyping {
 public:
  HiddenTyping() : is_terminal_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~HiddenTyping() {
    if (!is_terminal_) return;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    fmt::print(stderr, "\n");
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;
  bool is_terminal() const { return is_terminal_; }

 private:
  termios before_{};
  bool is_terminal_ = false;
};

/// One line of the standard input: arguments of a command are there for everybody to see.
std::string ReadValue(const std::string& name) {
  const HiddenTyping hidden;
  if (hidden.is_terminal()) fmt::print(stderr, "value of the secret '{}': ", name);
  std::string value;
  std::getline(std::cin, value);
  if (value.ends_with('\r')) value.pop_back();
  return value;
}

void Set(const std::string& name, CommandContext& context) {
  const auto set = LocalClient(context.data_folder)
                       .Put("/secrets/" + Segment(name), {{"value", ReadValue(name)}});
  if (!set.ok()) return Fail(context, set.error());
  if (!context.json) fmt::print("secret '{}' is set\n", name);
}

void List(CommandContext& context) {
  const auto secrets = LocalClient(context.data_folder).Get("/secrets", {});
  if (!IsToDescribe(secrets, context)) return;
  std::vector<std::vector<std::string>> rows;
  for (const auto& secret : secrets->value("items", nlohmann::json::array())) {
    const auto set_at = secret.find("set_at");
    const bool is_set = set_at != secret.end() && !set_at->is_null();
    rows.push_back({Show(secret, "name"), is_set ? Show(secret, "set_at") : "not set",
                    is_set ? Show(secret, "set_by") : "", Show(secret, "needed_by")});
  }
  fmt::print("{}", FormatTable({"name", "set at", "set by", "needed by"}, rows));
}

void Remove(const std::string& name, CommandContext& context) {
  const auto removed = LocalClient(context.data_folder).Delete("/secrets/" + Segment(name));
  if (!removed.ok()) return Fail(context, removed.error());
  if (!context.json) fmt::print("secret '{}' is removed\n", name);
}

}  // namespace

void AddSecretCommand(CLI::App& app, CommandContext& context) {
  auto name = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "secret", "Passwords and tokens by which sources are asked; a value is never shown");
  command->require_subcommand(1);
  auto* set = command->add_subcommand("set", "Sets one; the value is read from standard input");
  set->add_option("name", *name, "Its name in the center's text")->required();
  set->callback([name, &context] { Set(*name, context); });
  auto* list =
      command->add_subcommand("list", "Names, when they were set, by whom and for which source");
  list->callback([&context] { List(context); });
  auto* remove = command->add_subcommand("remove", "Removes one");
  remove->add_option("name", *name, "Its name")->required();
  remove->callback([name, &context] { Remove(*name, context); });
}

}  // namespace fansipan::cli
