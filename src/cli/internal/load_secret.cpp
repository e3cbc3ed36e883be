#include "cli/internal/load_secret.h"

#include <cstdint>
#include <utility>

namespace fansipan::cli {

base::Result<std::string> LoadSecret(const std::string& option, const std::string& path,
                                     base::FileSystem& files) {
  constexpr std::uint64_t kLargest = 4096;
  if (path.empty()) return std::string();
  auto secret = files.ReadWhole(path, kLargest);
  if (!secret.ok()) return base::Annotate(std::move(secret).error(), option);
  const std::size_t end = secret->find_last_not_of("\r\n");
  secret->resize(end == std::string::npos ? 0 : end + 1);
  if (!secret->empty()) return *std::move(secret);
  return base::Error{base::ErrorCode::kInvalidArgument, "wrong_option",
                     option + " " + path + " is empty; put the secret into it, as one line"};
}

}  // namespace fansipan::cli
