#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "base/result.h"
#include "cli/command.h"

namespace fansipan::cli {
namespace {

namespace fs = std::filesystem;

struct RehearseOptions {
  std::string folder;
  std::string copy;
};

base::Error Failed(const std::string& what, const std::error_code& error) {
  return {base::ErrorCode::kIo, "copy_failed", what + ": " + error.message()};
}

/// Whichever way both are written, through links too.
bool LiesIn(const fs::path& inner, const fs::path& outer) {
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(fs::absolute(outer, error), error);
  fs::path at = fs::weakly_canonical(fs::absolute(inner, error), error);
  for (; at != at.parent_path(); at = at.parent_path()) {
    if (at == folder) return true;
  }
  return false;
}

/// What a center is rebuilt from, in the order in which it may be copied while the server goes on:
/// a journal's entry is written after the payload that it names, so the payloads come last. The end
/// of an entry that was being written is cut off when the copy starts, as after a power cut.
base::Result<std::uint64_t> CopyData(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from / "journal", error)) {
    return base::Error{base::ErrorCode::kNotFound, "no_data",
                       "no center has run in '" + from.string() + "'"};
  }
  if (fs::exists(to, error)) {
    return base::Error{base::ErrorCode::kConflict, "copy_exists",
                       "'" + to.string() + "' is there already; name a folder that is not"};
  }
  if (LiesIn(to, from)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "copy_inside_data",
                       "'" + to.string() + "' lies in the data folder '" + from.string() +
                           "'; name a folder outside it, so that neither disturbs the other"};
  }
  fs::create_directories(to, error);
  if (error) return Failed("'" + to.string() + "' cannot be made", error);
  fs::permissions(to, fs::perms::owner_all, error);
  for (const char* name : {"journal", "center.key", "archive"}) {
    fs::copy(from / name, to / name, fs::copy_options::recursive, error);
    if (error) return Failed("'" + (from / name).string() + "' cannot be copied", error);
  }
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(to, error)) {
    if (entry.is_regular_file(error)) bytes += entry.file_size(error);
  }
  return bytes;
}

void Rehearse(const RehearseOptions& options, CommandContext& context) {
  const auto copied = CopyData(context.data_folder, options.copy);
  if (!copied.ok()) return Fail(context, copied.error());
  if (context.json) {
    fmt::print("{}\n", nlohmann::json({{"copy", options.copy}, {"bytes", *copied}}).dump(2));
    return;
  }
  fmt::print("{} bytes copied to {}; accounts and tokens stay behind\n", *copied, options.copy);
  fmt::print("look at it:  {} serve --data {} --center {} --port 0\n", context.program,
             options.copy, options.folder);
  fmt::print("verify it:   {} --data {} verify\n", context.program, options.copy);
  fmt::print("give it up:  stop that server and remove {}\n", options.copy);
}

}  // namespace

void AddRehearseCommand(CLI::App& app, CommandContext& context) {
  auto options = std::make_shared<RehearseOptions>();
  auto* command = app.add_subcommand(
      "rehearse", "Copies the data, so that another center can be tried on the copy");
  command->add_option("folder", options->folder, "The folder of the center that is to be tried")
      ->required();
  command->add_option("--copy", options->copy, "The copy's data folder, which is made")->required();
  command->callback([options, &context] { Rehearse(*options, context); });
}

}  // namespace fansipan::cli
