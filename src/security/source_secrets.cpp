#include "security/source_secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "security/secrets.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;

constexpr std::size_t kNameLimit = 64;
constexpr std::size_t kValueLimit = 4'096;
constexpr std::string_view kPurpose = "source secrets";

std::string ContextOf(const std::string& name) { return "source secret:" + name; }

bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kNameLimit && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

// The value is in no message: what was meant as a secret may have been typed nearly right.
base::Status CheckValue(std::string_view value) {
  const bool printable =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (printable && !value.empty() && value.size() <= kValueLimit) return {};
  return base::Error{ErrorCode::kInvalidArgument, "secret_value_invalid",
                     fmt::format("a secret's value has 1 to {} printable ASCII characters in one "
                                 "line; look for a line break or a letter with a mark in it",
                                 kValueLimit)};
}

base::Result<std::string> FromHex(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const std::size_t high = kDigits.find(text[i]);
    const std::size_t low = kDigits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) break;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  if (bytes.size() * 2 == text.size()) return bytes;
  return base::Error{ErrorCode::kCorrupt, "", "a kept secret is damaged; set it again"};
}

}  // namespace

SourceSecrets::SourceSecrets(const Ports& ports, const SecurityPolicy& policy, AuditLog& audit,
                             const SecretKey& master)
    : ports_(ports), policy_(policy), audit_(audit), key_(DeriveKey(master, kPurpose)) {}

base::Status SourceSecrets::CheckName(const std::string& name) {
  if (IsName(name)) return {};
  return base::Error{ErrorCode::kNotFound, "secret_name_invalid",
                     fmt::format("a secret's name has 1 to {} lower-case letters, digits and _, "
                                 "and begins with a letter",
                                 kNameLimit)};
}

base::Status SourceSecrets::Set(const Identity& actor, const std::string& name,
                                const std::string& value) {
  FANSIPAN_RETURN_IF_ERROR(CheckName(name));
  const std::string object = "secret:" + name;
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(actor, Action::kAdministerSecrets, object));
  FANSIPAN_RETURN_IF_ERROR(CheckValue(value));
  const std::lock_guard lock(changes_);
  FANSIPAN_ASSIGN_OR_RETURN(const auto present, ports_.store.ListSecrets());
  const bool known = std::any_of(present.begin(), present.end(),
                                 [&](const auto& secret) { return secret.name == name; });
  if (!known && present.size() >= policy_.source_secrets) {
    return base::Error{
        ErrorCode::kTooLarge, "too_many_secrets",
        fmt::format("{} secrets are kept; remove those that no source names", present.size())};
  }
  const std::string sealed = Encrypt(key_, value, ContextOf(name), ports_.random);
  FANSIPAN_RETURN_IF_ERROR(
      ports_.store.PutSecret({name, base::ToHex(sealed), ports_.clock.Now(), NameForAudit(actor)}));
  return audit_.Append(actor, {.what = known ? "replace_secret" : "set_secret", .on = object});
}

base::Result<std::vector<SourceSecrets::Listed>> SourceSecrets::List(const Identity& actor) {
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(actor, Action::kAdministerSecrets, "secrets"));
  FANSIPAN_ASSIGN_OR_RETURN(auto secrets, ports_.store.ListSecrets());
  std::vector<Listed> listed;
  listed.reserve(secrets.size());
  for (auto& secret : secrets) {
    listed.push_back({std::move(secret.name), secret.set_at, std::move(secret.set_by)});
  }
  return listed;
}

base::Status SourceSecrets::Remove(const Identity& actor, const std::string& name) {
  FANSIPAN_RETURN_IF_ERROR(CheckName(name));
  const std::string object = "secret:" + name;
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(actor, Action::kAdministerSecrets, object));
  const auto removed = ports_.store.RemoveSecret(name);
  if (!removed.ok() && removed.error().code == ErrorCode::kNotFound) {
    return base::Error{ErrorCode::kNotFound, "unknown_secret",
                       fmt::format("no secret '{}' is kept", name)};
  }
  FANSIPAN_RETURN_IF_ERROR(removed);
  return audit_.Append(actor, {.what = "remove_secret", .on = object});
}

base::Result<std::optional<std::string>> SourceSecrets::Find(const std::string& name) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto kept, ports_.store.FindSecret(name));
  if (!kept) return std::optional<std::string>();
  FANSIPAN_ASSIGN_OR_RETURN(const std::string sealed, FromHex(kept->sealed));
  FANSIPAN_ASSIGN_OR_RETURN(std::string value, Decrypt(key_, sealed, ContextOf(name)));
  return std::optional(std::move(value));
}

}  // namespace fansipan::security
