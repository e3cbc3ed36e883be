#include "store/audit_chain.h"

#include <fmt/format.h>

#include <string_view>

#include "base/hash.h"
#include "store/meta_store.h"

namespace fansipan::store {
namespace {

constexpr std::size_t kPage = 500;

void AppendField(std::string& text, std::string_view field) {
  text += fmt::format("{}:", field.size());
  text += field;
}

base::Error Broken(std::uint64_t number, std::string_view how) {
  return {base::ErrorCode::kCorrupt, "audit_chain_broken",
          fmt::format("audit record {}: {}; the chain was changed outside the program, compare it "
                      "with a backup",
                      number, how)};
}

/// What is wrong with `record` as the one after `last` with hash `previous`.
base::Status CheckLink(const AuditRecord& record, std::uint64_t last, const std::string& previous) {
  if (record.number != last + 1) return Broken(last + 1, "is missing or out of order");
  if (record.hash != AuditHash(previous, record.number, record.event)) {
    return Broken(record.number, "does not match its hash");
  }
  return {};
}

base::Status CheckHead(const AuditHead& head, std::uint64_t last, const std::string& hash,
                       const AuditSeal& seal) {
  if (head.number != last) {
    return Broken(last + 1,
                  fmt::format("the chain ends at {}, its head says {}", last, head.number));
  }
  if (head.hash != hash) return Broken(last, "is not the record that the head names");
  const std::string expected = last == 0 ? std::string() : seal(last, hash);
  if (head.seal != expected) return Broken(last, "the seal of the head does not match this key");
  return {};
}

/// A record beyond the head is an addition by hand, unless the head has moved on meanwhile.
base::Status CheckNothingBeyond(MetaStore& store, std::uint64_t last) {
  FANSIPAN_ASSIGN_OR_RETURN(const std::vector<AuditRecord> beyond, store.ReadAudit(last + 1, 1));
  if (beyond.empty()) return {};
  FANSIPAN_ASSIGN_OR_RETURN(const AuditHead head, store.GetAuditHead());
  if (head.number == last) return Broken(beyond.front().number, "stands beyond the chain's head");
  return {};
}

}  // namespace

std::string AuditHash(const std::string& previous, std::uint64_t number, const AuditEvent& event) {
  std::string text;
  AppendField(text, previous);
  AppendField(text, std::to_string(number));
  AppendField(text, std::to_string(event.at.time_since_epoch().count()));
  for (const std::string* field :
       {&event.who, &event.from, &event.what, &event.on, &event.outcome, &event.detail}) {
    AppendField(text, *field);
  }
  return base::ToHex(base::Sha256(text));
}

base::Result<std::uint64_t> VerifyAudit(MetaStore& store, const AuditSeal& seal) {
  // The head is read first: records that are appended meanwhile lie beyond it.
  FANSIPAN_ASSIGN_OR_RETURN(const AuditHead head, store.GetAuditHead());
  std::uint64_t last = 0;
  std::string hash;
  while (last < head.number) {
    FANSIPAN_ASSIGN_OR_RETURN(const std::vector<AuditRecord> page,
                              store.ReadAudit(last + 1, kPage));
    if (page.empty()) break;
    for (const AuditRecord& record : page) {
      if (last == head.number) break;
      FANSIPAN_RETURN_IF_ERROR(CheckLink(record, last, hash));
      last = record.number;
      hash = record.hash;
    }
  }
  FANSIPAN_RETURN_IF_ERROR(CheckHead(head, last, hash, seal));
  FANSIPAN_RETURN_IF_ERROR(CheckNothingBeyond(store, last));
  return last;
}

}  // namespace fansipan::store
