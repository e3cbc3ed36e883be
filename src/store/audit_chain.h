#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace fansipan::store {

/// What somebody did, or was refused.
struct AuditEvent {
  base::Timestamp at;
  std::string who;      ///< "account:lan", "source:case_system", "local_operator", "anonymous"
  std::string from;     ///< remote address, empty for the machine itself
  std::string what;     ///< stable name of the act
  std::string on;       ///< the thing it was done on
  std::string outcome;  ///< "done", "refused", "failed"
  std::string detail;
  bool operator==(const AuditEvent&) const = default;
};

/// A link of the chain. `hash` is lower-case hexadecimal SHA-256 over the hash before it and the
/// canonical form of number and event.
struct AuditRecord {
  std::uint64_t number = 0;  ///< 1, 2, 3 … without a gap
  AuditEvent event;
  std::string hash;
  bool operator==(const AuditRecord&) const = default;
};

/// Where the chain ends. The seal binds number and hash to a key that is not in the store, so that
/// a chain that was cut or computed anew is found, too.
struct AuditHead {
  std::uint64_t number = 0;  ///< 0: nothing was recorded yet, hash and seal are empty
  std::string hash;
  std::string seal;
};

/// Makes the seal of a head from its number and hash.
using AuditSeal = std::function<std::string(std::uint64_t number, const std::string& hash)>;

/// The hash that follows `previous` (empty for record 1) for `number` and `event`: SHA-256 over
/// previous hash, number and microseconds since 1970 as decimal text, and the other fields in the
/// order of AuditEvent, each written as its length in bytes in decimal, a colon, its bytes.
std::string AuditHash(const std::string& previous, std::uint64_t number, const AuditEvent& event);

class MetaStore;

/// Reads the whole chain and compares every number, every hash, the head and its seal. kCorrupt
/// names the first record that is wrong. Returns the number of records.
base::Result<std::uint64_t> VerifyAudit(MetaStore& store, const AuditSeal& seal);

}  // namespace fansipan::store
