#include "store/testing/memory_archive.h"

#include <utility>

#include "base/hash.h"

namespace fansipan::store {

MemoryArchive::MemoryArchive(std::shared_ptr<Kept> kept) : kept_(std::move(kept)) {}

void MemoryArchive::FailPuts(std::optional<base::Error> error) {
  const std::lock_guard lock(mutex_);
  failure_ = std::move(error);
}

void MemoryArchive::Damage(const std::string& id) {
  const std::lock_guard lock(mutex_);
  damaged_.insert(id);
}

class MemoryArchive::MemoryDraft final : public Draft {
 public:
  MemoryDraft(MemoryArchive& archive, std::string payload)
      : archive_(archive), payload_(std::move(payload)) {}
  base::Result<std::string> Keep() override { return archive_.Keep(payload_); }

 private:
  MemoryArchive& archive_;
  const std::string payload_;
};

base::Result<std::unique_ptr<Archive::Draft>> MemoryArchive::Begin(std::string_view payload) {
  const std::lock_guard lock(mutex_);
  if (failure_) return *failure_;
  return std::unique_ptr<Draft>(std::make_unique<MemoryDraft>(*this, std::string(payload)));
}

std::string MemoryArchive::Keep(std::string_view payload) {
  const std::lock_guard lock(mutex_);
  std::string id = base::ToHex(base::Sha256(payload));
  kept_->payloads.try_emplace(id, payload);
  damaged_.erase(id);
  return id;
}

base::Result<std::string> MemoryArchive::Get(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_->payloads.find(id);
  if (found == kept_->payloads.end()) {
    return base::Error{base::ErrorCode::kNotFound, "archive_id", "no payload with id " + id};
  }
  if (damaged_.contains(id)) {
    return base::Error{base::ErrorCode::kCorrupt, "content", "payload " + id + " is damaged"};
  }
  return found->second;
}

bool MemoryArchive::Has(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return kept_->payloads.contains(id);
}

base::Result<std::vector<std::string>> MemoryArchive::List() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, payload] : kept_->payloads) ids.push_back(id);
  return ids;
}

}  // namespace fansipan::store
