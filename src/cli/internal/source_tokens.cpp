#include "cli/internal/source_tokens.h"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>
#include <system_error>

namespace fansipan::cli {
namespace {

constexpr std::uint64_t kLargest = 1U << 20U;

base::Error Wrong(const std::string& path, std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, "wrong_option", fmt::format("{}: {}", path, what)};
}

bool MayOthersRead(const std::string& path) {
  using std::filesystem::perms;
  std::error_code failed;
  const perms found = std::filesystem::status(path, failed).permissions();
  return !failed && (found & (perms::group_all | perms::others_all)) != perms::none;
}

}  // namespace

base::Result<SourceTokens> LoadSourceTokens(const std::string& path, base::FileSystem& files) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::string text, files.ReadWhole(path, kLargest));
  if (MayOthersRead(path)) {
    return Wrong(path, "others may read the tokens in it; take that right away: chmod 600");
  }
  SourceTokens tokens;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line);
    std::string source;
    std::string token;
    std::string more;
    if (!(words >> source) || source.front() == '#') continue;
    if (!(words >> token) || words >> more) {
      return Wrong(path, fmt::format("line {} is not a source and its token", number));
    }
    if (!tokens.emplace(source, token).second) {
      return Wrong(path, fmt::format("line {} names a source that has a token already", number));
    }
  }
  if (tokens.empty()) return Wrong(path, "it has no line with a source and its token");
  return tokens;
}

base::Status KeepSourceTokens(const SourceTokens& tokens, const std::string& path,
                              base::FileSystem& files) {
  std::string text;
  for (const auto& [source, token] : tokens) text += fmt::format("{} {}\n", source, token);
  return base::WriteWhole(files, path, text);
}

}  // namespace fansipan::cli
