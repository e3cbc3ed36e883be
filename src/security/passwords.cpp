#include "security/passwords.h"

#include <fmt/format.h>
#include <sodium.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "model/spelling/folding.h"
#include "security/internal/utf8.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;

constexpr std::size_t kMaxPasswordBytes = 1'024;
constexpr std::size_t kFewestDifferentCharacters = 6;
constexpr std::size_t kLeastBesideName = 8;

// The heads of public lists of leaked passwords, and what is common in Vietnam; folded, without
// spaces. Longer ones are found by taking repetitions and figures off.
constexpr std::array<std::string_view, 72> kCommon{"password",
                                                   "passw0rd",
                                                   "p@ssw0rd",
                                                   "p@ssword",
                                                   "qwerty",
                                                   "qwertyuiop",
                                                   "qwertyuiop[]",
                                                   "asdfghjkl",
                                                   "zxcvbnm",
                                                   "qwertyuiopasdfghjkl",
                                                   "qazwsx",
                                                   "qazwsxedc",
                                                   "qazwsxedcrfv",
                                                   "1q2w3e4r5t6y",
                                                   "1q2w3e4r5t6y7u",
                                                   "1qaz2wsx",
                                                   "1qaz2wsx3edc",
                                                   "1qaz2wsx3edc4rfv",
                                                   "q1w2e3r4t5y6",
                                                   "admin",
                                                   "administrator",
                                                   "root",
                                                   "toor",
                                                   "letmein",
                                                   "welcome",
                                                   "iloveyou",
                                                   "iloveyouforever",
                                                   "monkey",
                                                   "dragon",
                                                   "master",
                                                   "sunshine",
                                                   "princess",
                                                   "football",
                                                   "baseball",
                                                   "superman",
                                                   "batman",
                                                   "trustno1",
                                                   "shadow",
                                                   "michael",
                                                   "changeme",
                                                   "changeit",
                                                   "secret",
                                                   "test",
                                                   "guest",
                                                   "user",
                                                   "login",
                                                   "abc",
                                                   "abcd",
                                                   "abcdef",
                                                   "abcdefgh",
                                                   "abcdefghijklmn",
                                                   "abcdefghijklmnop",
                                                   "aabbccddeeffgg",
                                                   "onetwothreefour",
                                                   "matkhau",
                                                   "matkhaumoi",
                                                   "quantri",
                                                   "quantrivien",
                                                   "anhyeuem",
                                                   "emyeuanh",
                                                   "yeuanhnhieu",
                                                   "yeuemnhieulam",
                                                   "anhyeuemnhieulam",
                                                   "khongcomatkhau",
                                                   "khongbiet",
                                                   "vietnam",
                                                   "vietnamvodich",
                                                   "hanoi",
                                                   "saigon",
                                                   "laocai",
                                                   "fansipan",
                                                   "tinhlaocai"};

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// The number of characters, or nothing when the text is not UTF-8.
std::optional<std::size_t> CountCharacters(std::string_view text) {
  std::size_t count = 0;
  std::size_t position = 0;
  while (position < text.size()) {
    if (NextCharacter(text, position) < 0) return std::nullopt;
    ++count;
  }
  return count;
}

/// The composed form; malformed text stays as it is and matches nothing but itself.
std::string Compose(std::string_view password) {
  UErrorCode failure = U_ZERO_ERROR;
  const icu::Normalizer2* composer = icu::Normalizer2::getNFCInstance(failure);
  std::string composed;
  if (U_FAILURE(failure) != 0) return std::string(password);
  icu::StringByteSink<std::string> sink(&composed);
  composer->normalizeUTF8(0,
                          icu::StringPiece(password.data(), static_cast<int32_t>(password.size())),
                          sink, nullptr, failure);
  return U_FAILURE(failure) != 0 ? std::string(password) : composed;
}

/// Folded, without spaces.
std::string Fold(std::string_view text) {
  std::string folded = model::FoldForSearch(text);
  std::erase(folded, ' ');
  return folded;
}

/// The shortest piece that repeated gives `text`.
std::string Unit(const std::string& text) {
  const std::size_t next = (text + text).find(text, 1);
  return next < text.size() ? text.substr(0, next) : text;
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

/// Without the figures and signs before the first and after the last letter.
std::string Core(const std::string& text) {
  const auto first = std::find_if(text.begin(), text.end(), IsLetter);
  const auto last = std::find_if(text.rbegin(), text.rend(), IsLetter).base();
  return first < last ? std::string(first, last) : std::string();
}

bool IsListed(std::string_view text) {
  return std::find(kCommon.begin(), kCommon.end(), text) != kCommon.end();
}

/// Figures that go on by one: 1234567890123…, 9876543210987…
bool IsCountingFigures(const std::string& text) {
  if (text.empty() ||
      !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  const auto step_is = [&](int step) {
    for (std::size_t i = 1; i < text.size(); ++i) {
      if ((text[i] - text[i - 1] + 10) % 10 != step) return false;
    }
    return true;
  };
  return step_is(1) || step_is(9);
}

bool IsMuchUsed(std::string_view password) {
  const std::string folded = Fold(password);
  const std::set<char> different(folded.begin(), folded.end());
  if (different.size() < kFewestDifferentCharacters || IsCountingFigures(folded)) return true;
  const std::string unit = Unit(folded);
  const std::string core = Core(folded);
  return IsListed(folded) || IsListed(unit) || IsListed(Core(unit)) || IsListed(Unit(core));
}

bool IsBuiltFromName(std::string_view password, std::string_view account_name) {
  std::string rest = Fold(password);
  const std::string name = Fold(account_name);
  bool found = false;
  if (name.empty()) return false;
  for (std::size_t at = rest.find(name); at != std::string::npos; at = rest.find(name)) {
    rest.erase(at, name.size());
    found = true;
  }
  return found && rest.size() < kLeastBesideName;
}

std::string EncodeBase64(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), Bytes(bytes), bytes.size(), kVariant);
  text.pop_back();  // the terminating zero
  return text;
}

}  // namespace

base::Status CheckNewPassword(const SecurityPolicy& policy, std::string_view password,
                              std::string_view account_name, bool has_second_factor) {
  const auto refuse = [](std::string reason, std::string message) {
    return base::Error{ErrorCode::kInvalidArgument, std::move(reason), std::move(message)};
  };
  if (password.size() > kMaxPasswordBytes) {
    return refuse("password_too_long",
                  fmt::format("a password has at most {} bytes", kMaxPasswordBytes));
  }
  const std::string composed = Compose(password);
  const std::optional<std::size_t> characters = CountCharacters(composed);
  if (!characters) return refuse("password_not_utf8", "a password must be UTF-8 text");
  const std::size_t least =
      has_second_factor ? policy.password_length_with_second_factor : policy.password_length;
  if (*characters < least) {
    return refuse("password_too_short", fmt::format("a password needs {} characters", least));
  }
  if (IsMuchUsed(composed)) {
    return refuse(
        "password_too_common",
        "this password is among the first that are tried; take several words of your own");
  }
  if (IsBuiltFromName(composed, account_name)) {
    return refuse("password_is_name", "a password must not be built from the account's name");
  }
  return {};
}

base::Result<std::unique_ptr<PasswordHasher>> PasswordHasher::Start(const SecurityPolicy& policy,
                                                                    base::RandomSource& random) {
  if (sodium_init() < 0) {
    return base::Error{ErrorCode::kInternal, "", "libsodium cannot be started on this machine"};
  }
  std::unique_ptr<PasswordHasher> hasher(new PasswordHasher(policy, random));
  FANSIPAN_ASSIGN_OR_RETURN(const Turn turn, hasher->TakeTurn());
  FANSIPAN_ASSIGN_OR_RETURN(hasher->nobody_, hasher->Hash(turn, random.Bytes(32)));
  return hasher;
}

PasswordHasher::Turn::~Turn() {
  if (hasher_ != nullptr) hasher_->GiveBack();
}

base::Result<PasswordHasher::Turn> PasswordHasher::TakeTurn() {
  std::unique_lock lock(mutex_);
  if (running_ >= policy_.parallel_hashes) {
    if (waiting_ >= policy_.waiting_hashes) {
      return base::Error{ErrorCode::kUnavailable, "sign_in_busy",
                         "too many people are signing in at once; try again in a moment"};
    }
    ++waiting_;
    free_.wait(lock, [this] { return running_ < policy_.parallel_hashes; });
    --waiting_;
  }
  ++running_;
  return Turn(*this);
}

void PasswordHasher::GiveBack() {
  const std::lock_guard lock(mutex_);
  --running_;
  free_.notify_one();
}

base::Result<std::string> PasswordHasher::Hash(const Turn&, std::string_view password) {
  std::string composed = Compose(password);
  const std::string salt = random_.Bytes(crypto_pwhash_SALTBYTES);
  std::string hash(32, '\0');
  const int code =
      crypto_pwhash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), composed.data(),
                    composed.size(), Bytes(salt), policy_.argon2.operations,
                    policy_.argon2.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  sodium_memzero(composed.data(), composed.size());
  if (code != 0) {
    return base::Error{ErrorCode::kUnavailable, "",
                       fmt::format("a password cannot be hashed: {} bytes of memory are not free",
                                   policy_.argon2.memory_bytes)};
  }
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", policy_.argon2.memory_bytes / 1'024,
                     policy_.argon2.operations, EncodeBase64(salt), EncodeBase64(hash));
}

bool PasswordHasher::Matches(const Turn&, const std::string& encoded, std::string_view password) {
  ++comparisons_;
  // Longer ones were never accepted; without this, text of any size would be worked through.
  if (password.size() > kMaxPasswordBytes) return false;
  std::string composed = Compose(password);
  const int code = crypto_pwhash_str_verify(encoded.c_str(), composed.data(), composed.size());
  sodium_memzero(composed.data(), composed.size());
  return code == 0;
}

void PasswordHasher::CompareWithNobody(const Turn& turn, std::string_view password) {
  (void)Matches(turn, nobody_, password);
}

}  // namespace fansipan::security
