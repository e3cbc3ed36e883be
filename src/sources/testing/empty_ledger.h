#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "sources/committer.h"

namespace fansipan::sources::testing {

/// Knows nothing, so that every row is new.
class EmptyLedger : public Ledger {
 public:
  explicit EmptyLedger(
      std::shared_ptr<const center::Center> center = std::make_shared<center::Center>())
      : center_(std::move(center)) {}
  void Begin(base::Timestamp) override {}
  bool Knows(const model::Version&) override { return false; }
  std::optional<Current> FindCurrent(const model::Version&) override { return std::nullopt; }
  model::Standing Stage(const model::Version&) override { return {}; }
  void Rollback() override {}
  void Publish(const store::JournalEntry&) override {}
  void Advance(base::Timestamp) override {}
  base::Status Complete() override { return {}; }
  base::Status Switch(std::shared_ptr<const center::Center>) override { return {}; }
  std::shared_ptr<const center::Center> center() override { return center_; }

 private:
  std::shared_ptr<const center::Center> center_;
};

}  // namespace fansipan::sources::testing
