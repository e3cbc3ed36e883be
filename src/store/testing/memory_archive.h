#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/archive.h"

namespace fansipan::store {

/// An archive in memory, for tests of whoever uses one. Ids are plain SHA-256. Safe from any
/// thread.
class MemoryArchive final : public Archive {
 public:
  /// What outlives an archive, so that a test can open it again.
  struct Kept {
    std::map<std::string, std::string> payloads;
  };

  explicit MemoryArchive(std::shared_ptr<Kept> kept = std::make_shared<Kept>());

  /// Every Begin gives `error` until nothing is set again.
  void FailPuts(std::optional<base::Error> error);
  /// From now on Get of this id is kCorrupt.
  void Damage(const std::string& id);

  base::Result<std::unique_ptr<Draft>> Begin(std::string_view payload) override;
  base::Result<std::string> Get(const std::string& id) override;
  bool Has(const std::string& id) override;
  base::Result<std::vector<std::string>> List() override;

 private:
  class MemoryDraft;
  std::string Keep(std::string_view payload);

  const std::shared_ptr<Kept> kept_;
  std::mutex mutex_;  // guards what follows, and what is kept
  std::optional<base::Error> failure_;
  std::set<std::string> damaged_;
};

}  // namespace fansipan::store
