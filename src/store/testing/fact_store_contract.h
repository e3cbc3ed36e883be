#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "store/fact_store.h"
#include "store/testing/fact_history.h"

namespace fansipan::store {

/// One place where facts are kept, made new for each test.
class FactStorePlace {
 public:
  virtual ~FactStorePlace() = default;
  /// The store kept here; the one opened before is gone by then.
  virtual base::Result<std::unique_ptr<FactStore>> Open() = 0;
};

struct FactStoreEngine {
  std::string name;
  std::function<std::unique_ptr<FactStorePlace>()> make_place;
  friend std::ostream& operator<<(std::ostream& out, const FactStoreEngine& engine) {
    return out << engine.name;
  }
};

/// What every engine's fact store does. An engine's tests instantiate it:
/// INSTANTIATE_TEST_SUITE_P(DuckDb, FactStoreContract, testing::Values(FactStoreEngine{…}));
class FactStoreContract : public testing::TestWithParam<FactStoreEngine> {
 protected:
  void SetUp() override;
  void Reopen();

  /// Appends one entry with the rows; a failure fails the test.
  JournalEntry Deliver(const std::vector<model::Row>& rows,
                       std::optional<model::Sequence> replay_of = std::nullopt);
  void Append(const JournalEntry& entry);

  /// All cases as of the newest sequence: stock, received long ago or later.
  RecordQuery AllCases() const;
  /// Key texts of the records that the query finds, joined by spaces.
  std::string Find(const RecordQuery& query);
  /// The same for a condition over all cases.
  std::string FindWhere(model::Expression condition);

  std::unique_ptr<FactStorePlace> place_;
  std::unique_ptr<FactStore> store_;
  FactHistory history_{CaseDataset()};
};

/// Compares every field. gtest shows the sequence of what differs.
void ExpectSame(const model::Version& actual, const model::Version& expected);
void ExpectSame(const std::vector<model::Version>& actual,
                const std::vector<model::Version>& expected);
void ExpectSame(const model::Delivery& actual, const model::Delivery& expected);
void ExpectSame(const KeptQuarantine& actual, const KeptQuarantine& expected);

}  // namespace fansipan::store
