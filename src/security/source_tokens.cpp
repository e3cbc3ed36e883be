#include "security/source_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/log.h"

namespace fansipan::security {
namespace {

using base::ErrorCode;

// Lets scanners of repositories and logs find a token that was left there.
constexpr std::string_view kPrefix = "fst_";
constexpr std::size_t kLabelLimit = 100;
constexpr base::Duration kTouchInterval = std::chrono::minutes(1);

}  // namespace

SourceTokens::SourceTokens(const Ports& ports, const SecurityPolicy& policy, AuditLog& audit)
    : ports_(ports), policy_(policy), audit_(audit) {}

base::Result<SourceTokens::Created> SourceTokens::Create(const Identity& actor,
                                                         const std::string& source,
                                                         const std::string& label) {
  const std::string object = "source:" + source;
  FANSIPAN_RETURN_IF_ERROR(
      audit_.RequireRecorded(actor, Action::kAdministerTokens, object, {.source = source}));
  if (label.size() > kLabelLimit || EscapeForRecord(label, 4 * kLabelLimit) != label) {
    return base::Error{ErrorCode::kInvalidArgument, "token_label_invalid",
                       fmt::format("a label is text of at most {} bytes without control characters "
                                   "and backslashes",
                                   kLabelLimit)};
  }
  const std::lock_guard lock(changes_);
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<store::PushToken> present,
                            ports_.store.ListPushTokens(source));
  const auto valid = std::count_if(present.begin(), present.end(),
                                   [](const store::PushToken& token) { return !token.revoked_at; });
  if (static_cast<std::size_t>(valid) >= policy_.tokens_per_source) {
    return base::Error{
        ErrorCode::kTooLarge, "too_many_tokens",
        fmt::format("source '{}' has {} tokens; revoke those that nobody uses", source, valid)};
  }
  std::string token = std::string(kPrefix) + MakeToken(ports_.random);
  FANSIPAN_ASSIGN_OR_RETURN(const store::PushTokenId id,
                            ports_.store.AddPushToken({.source = source,
                                                       .label = label,
                                                       .token_hash = HashToken(token),
                                                       .created_at = ports_.clock.Now()}));
  FANSIPAN_RETURN_IF_ERROR(audit_.Append(
      actor, {.what = "create_token", .on = object, .detail = fmt::format("token {}", id.value)}));
  return Created{id, std::move(token)};
}

base::Result<std::vector<store::PushToken>> SourceTokens::List(const Identity& actor,
                                                               const std::string& source) {
  FANSIPAN_RETURN_IF_ERROR(audit_.RequireRecorded(actor, Action::kAdministerTokens,
                                                  "source:" + source, {.source = source}));
  FANSIPAN_ASSIGN_OR_RETURN(std::vector<store::PushToken> tokens,
                            ports_.store.ListPushTokens(source));
  for (store::PushToken& token : tokens) token.token_hash.clear();
  return tokens;
}

base::Status SourceTokens::Revoke(const Identity& actor, const std::string& source,
                                  store::PushTokenId id) {
  const std::string object = "source:" + source;
  FANSIPAN_RETURN_IF_ERROR(
      audit_.RequireRecorded(actor, Action::kAdministerTokens, object, {.source = source}));
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<store::PushToken> tokens,
                            ports_.store.ListPushTokens(source));
  if (std::none_of(tokens.begin(), tokens.end(),
                   [&](const store::PushToken& token) { return token.id == id; })) {
    return base::Error{ErrorCode::kNotFound, "",
                       fmt::format("source '{}' has no token {}", source, id.value)};
  }
  FANSIPAN_RETURN_IF_ERROR(ports_.store.RevokePushToken(id, ports_.clock.Now()));
  return audit_.Append(
      actor, {.what = "revoke_token", .on = object, .detail = fmt::format("token {}", id.value)});
}

base::Result<Identity> SourceTokens::Verify(std::string_view token,
                                            const std::string& remote_address) {
  // Looked up by its hash: what the time of the search tells says nothing of any stored token.
  FANSIPAN_ASSIGN_OR_RETURN(const std::optional<store::PushToken> found,
                            ports_.store.FindPushToken(HashToken(token)));
  if (!found || found->revoked_at) {
    return base::Error{
        ErrorCode::kUnauthenticated, "push_token_invalid",
        "the push token is wrong or was revoked; ask an administrator for a new one"};
  }
  const base::Timestamp now = ports_.clock.Now();
  if (!found->last_used_at || now - *found->last_used_at >= kTouchInterval) {
    const base::Status touched = ports_.store.TouchPushToken(found->id, now);
    if (!touched.ok()) base::LogWarning("use of push token not noted: {}", touched.error().message);
  }
  return SourceIdentity(*found, remote_address);
}

}  // namespace fansipan::security
