#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "security/authorisation.h"
#include "security/identity.h"
#include "security/secrets.h"
#include "store/meta_store.h"

namespace fansipan::security {

enum class Outcome { kDone, kRefused, kFailed };

/// What somebody did. `what` is a stable word such as "create_account".
struct Act {
  std::string_view what;
  std::string on;
  Outcome outcome = Outcome::kDone;
  std::string detail;
};

/// The chain of audit records: who, from where, when, what, on what, with what outcome. Each record
/// carries the hash of the one before; the last is sealed with a key of this center. An act that
/// cannot be recorded is reported to its caller as failed. Safe from any thread.
class AuditLog {
 public:
  AuditLog(store::MetaStore& store, const base::Clock& clock, const SecretKey& master);

  /// Durable when it returns.
  base::Status Append(const Identity& who, const Act& act);
  /// Require of authorisation.h, and a refusal is recorded.
  base::Status RequireRecorded(const Identity& who, Action action, const std::string& on,
                               const Object& object = {});
  /// Records from number `first`, at most `limit` (1,000 in any case).
  base::Result<std::vector<store::AuditRecord>> Read(const Identity& who, std::uint64_t first,
                                                     std::size_t limit);
  /// The number of records when the chain is whole; kCorrupt names the first that is not.
  base::Result<std::uint64_t> Verify();

 private:
  store::AuditSeal Seal() const;

  store::MetaStore& store_;
  const base::Clock& clock_;
  const SecretKey key_;
};

/// `text` without anything that could forge or hide a line: control characters, line and paragraph
/// separators, direction marks and malformed UTF-8 become \xNN or \u{NNNN}, a backslash \\. Cut
/// after `limit` bytes at most.
std::string EscapeForRecord(std::string_view text, std::size_t limit);

}  // namespace fansipan::security
