#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "store/journal.h"

namespace fansipan::store {

/// One place where a journal is kept, made new for each test.
class JournalPlace {
 public:
  virtual ~JournalPlace() = default;
  /// The journal kept here; the one opened before is gone by then.
  virtual base::Result<std::unique_ptr<Journal>> Open() = 0;
};

struct JournalEngine {
  std::string name;
  std::function<std::unique_ptr<JournalPlace>()> make_place;
  friend std::ostream& operator<<(std::ostream& out, const JournalEngine& engine) {
    return out << engine.name;
  }
};

/// What every engine's journal does. An engine's tests instantiate it:
/// INSTANTIATE_TEST_SUITE_P(File, JournalContract, testing::Values(JournalEngine{…}));
class JournalContract : public testing::TestWithParam<JournalEngine> {
 protected:
  void SetUp() override;
  void Reopen();

  std::unique_ptr<JournalPlace> place_;
  std::unique_ptr<Journal> journal_;
};

/// All entries from `first`; a failed read fails the test.
std::vector<JournalEntry> ReadEntries(Journal& journal, std::uint64_t first = 1);
/// The same for heads.
std::vector<JournalHead> ReadHeads(Journal& journal, std::uint64_t first = 1);
/// The heads of `entries` from number `first` on.
std::vector<JournalHead> HeadsOf(const std::vector<JournalEntry>& entries, std::uint64_t first = 1);

}  // namespace fansipan::store
