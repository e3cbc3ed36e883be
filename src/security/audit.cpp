#include "security/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "security/internal/utf8.h"

namespace fansipan::security {
namespace {

constexpr std::size_t kFieldLimit = 256;
constexpr std::size_t kDetailLimit = 1'024;
constexpr std::size_t kPageLimit = 1'000;
constexpr std::string_view kCut = "…";

std::string_view NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDone:
      return "done";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kFailed:
      return "failed";
  }
  return "";
}

/// Controls of both blocks, line and paragraph separators, and marks that turn the direction.
bool IsTreacherous(std::int32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/// How one character, written as `bytes`, is recorded; malformed bytes have a negative `c`.
std::string EscapeOne(std::string_view bytes, std::int32_t c) {
  if (c == '\\') return "\\\\";
  if (c >= 0x80 && IsTreacherous(c)) return fmt::format("\\u{{{:04X}}}", c);
  if (c >= 0 && !IsTreacherous(c)) return std::string(bytes);
  std::string escaped;
  for (const char byte : bytes) {
    escaped += fmt::format("\\x{:02X}", static_cast<unsigned char>(byte));
  }
  return escaped;
}

}  // namespace

std::string EscapeForRecord(std::string_view text, std::size_t limit) {
  std::string escaped;
  std::size_t cut = 0;  // where to cut, should the rest not fit
  std::size_t position = 0;
  while (position < text.size()) {
    const std::size_t start = position;
    const std::int32_t c = NextCharacter(text, position);
    escaped += EscapeOne(text.substr(start, position - start), c);
    if (escaped.size() > limit) return escaped.substr(0, cut).append(kCut);
    if (escaped.size() + kCut.size() <= limit) cut = escaped.size();
  }
  return escaped;
}

AuditLog::AuditLog(store::MetaStore& store, const base::Clock& clock, const SecretKey& master)
    : store_(store), clock_(clock), key_(DeriveKey(master, "audit")) {}

store::AuditSeal AuditLog::Seal() const {
  return [this](std::uint64_t number, const std::string& hash) {
    return Authenticate(key_, fmt::format("{} {}", number, hash));
  };
}

base::Status AuditLog::Append(const Identity& who, const Act& act) {
  const store::AuditEvent event{.at = clock_.Now(),
                                .who = EscapeForRecord(NameForAudit(who), kFieldLimit),
                                .from = EscapeForRecord(who.remote_address, kFieldLimit),
                                .what = EscapeForRecord(act.what, kFieldLimit),
                                .on = EscapeForRecord(act.on, kFieldLimit),
                                .outcome = std::string(NameOf(act.outcome)),
                                .detail = EscapeForRecord(act.detail, kDetailLimit)};
  const auto record = store_.AppendAudit(event, Seal());
  if (!record.ok()) return base::Annotate(record.error(), "audit chain");
  return {};
}

base::Status AuditLog::RequireRecorded(const Identity& who, Action action, const std::string& on,
                                       const Object& object) {
  base::Status allowed = Require(who, action, object);
  if (allowed.ok()) return allowed;
  const Act refused{.what = security::NameOf(action),
                    .on = on,
                    .outcome = Outcome::kRefused,
                    .detail = allowed.error().reason};
  FANSIPAN_RETURN_IF_ERROR(Append(who, refused));
  return allowed;
}

base::Result<std::vector<store::AuditRecord>> AuditLog::Read(const Identity& who,
                                                             std::uint64_t first,
                                                             std::size_t limit) {
  FANSIPAN_RETURN_IF_ERROR(RequireRecorded(who, Action::kReadAudit, ""));
  return store_.ReadAudit(first, std::min(limit, kPageLimit));
}

base::Result<std::uint64_t> AuditLog::Verify() {
  FANSIPAN_ASSIGN_OR_RETURN(const std::uint64_t records, store::VerifyAudit(store_, Seal()));
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<store::Account> accounts, store_.ListAccounts());
  // A chain that was removed whole looks like one that never began, but every account left a
  // record.
  if (records == 0 && !accounts.empty()) {
    return base::Error{base::ErrorCode::kCorrupt, "audit_chain_broken",
                       "there are accounts but no audit record; the chain was removed outside the "
                       "program, compare it with a backup"};
  }
  return records;
}

}  // namespace fansipan::security
