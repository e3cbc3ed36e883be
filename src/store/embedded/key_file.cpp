#include "store/embedded/key_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/hash.h"

namespace fansipan::store {
namespace {

constexpr std::uint64_t kFileLimit = 1'024;
constexpr unsigned kOthers = 077;

base::Error Refuse(std::string_view reason, const std::string& path, std::string_view what) {
  return {base::ErrorCode::kInvalidArgument, std::string(reason),
          "key file " + path + ": " + std::string(what)};
}

std::optional<std::uint8_t> HexDigit(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<std::uint8_t>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<std::uint8_t>(digit - 'a' + 10);
  if (digit >= 'A' && digit <= 'F') return static_cast<std::uint8_t>(digit - 'A' + 10);
  return std::nullopt;
}

std::optional<SecretKey> ParseKey(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  SecretKey key{};
  if (text.size() != 2 * key.size()) return std::nullopt;
  for (std::size_t i = 0; i < key.size(); ++i) {
    const auto high = HexDigit(text[2 * i]);
    const auto low = HexDigit(text[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    key[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return key;
}

// What people put in place of a key: 000000…, ffffff…, 000102….
bool IsPlaceholder(const SecretKey& key) {
  const int step = key[1] - key[0];
  if (step != 0 && step != 1) return false;
  return std::adjacent_find(key.begin(), key.end(), [step](std::uint8_t left, std::uint8_t right) {
           return right - left != step;
         }) == key.end();
}

// Permissions are the machine's; a file system of a test has none, and its paths are not there.
bool OthersMayRead(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (status.st_mode & kOthers) != 0;
}

base::Result<SecretKey> LoadKey(base::FileSystem& files, const std::string& path) {
  if (OthersMayRead(path)) {
    return Refuse("key_readable_by_others", path,
                  "others than its owner may open it; run 'chmod 600' on it, and consider the key "
                  "known to them");
  }
  FANSIPAN_ASSIGN_OR_RETURN(const std::string text, files.ReadWhole(path, kFileLimit));
  const std::optional<SecretKey> key = ParseKey(text);
  if (!key) return Refuse("not_a_key", path, "it must hold 64 hexadecimal digits");
  if (IsPlaceholder(*key)) {
    return Refuse("placeholder_key", path,
                  "it holds a placeholder; put a random key there, or remove the file of a center "
                  "that has no data yet");
  }
  return *key;
}

}  // namespace

base::Result<SecretKey> LoadOrCreateKeyFile(base::FileSystem& files, const std::string& path,
                                            base::RandomSource& random) {
  if (files.Exists(path)) return LoadKey(files, path);
  SecretKey key{};
  const std::string bytes = random.Bytes(key.size());
  FANSIPAN_RETURN_IF_ERROR(base::WriteWhole(files, path, base::ToHex(bytes) + "\n"));
  // Read back, so that a key that cannot be loaded tomorrow is refused today.
  return LoadKey(files, path);
}

}  // namespace fansipan::store
