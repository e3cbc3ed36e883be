#include "simulation/database_simulation.h"

#include <gtest/gtest.h>

#include "simulation/testing/passing_waiter.h"

namespace fansipan::simulation {
namespace {

using std::chrono::seconds;

constexpr base::Timestamp kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

/// Notes what is written, and when.
class NotedTable final : public LicenceTable {
 public:
  explicit NotedTable(const base::Clock& clock) : clock_(clock) {}
  base::Status Create() override { return {}; }
  base::Status Write(const std::vector<Licence>& licences) override {
    for (const Licence& licence : licences) {
      if (fails) return base::Error{base::ErrorCode::kUnavailable, "database_refused", "no"};
      written.push_back({licence, clock_.Now()});
    }
    return {};
  }
  base::Status RenameHolder() override {
    renamed_at = clock_.Now();
    return {};
  }

  std::vector<LicenceChange> written;
  base::Timestamp renamed_at;
  bool fails = false;

 private:
  const base::Clock& clock_;
};

class LicenceDatabaseTest : public testing::Test {
 protected:
  LicenceDatabaseTest() {
    options_.first = 100;
    options_.rate = 2;
    options_.duration = seconds(60);
  }
  base::Status Run() {
    return RunLicenceDatabase(options_, {"02824"}, table_, clock_, waiter_, {});
  }

  base::VirtualClock clock_{kNow};
  PassingWaiter waiter_{clock_};
  NotedTable table_{clock_};
  DatabaseSimulationOptions options_;
};

TEST_F(LicenceDatabaseTest, BeginsWithAHistoryAndGoesOnAtItsRate) {
  ASSERT_TRUE(Run().ok());
  EXPECT_EQ(table_.written.size(), 100U + 120U);
  EXPECT_EQ(table_.written[99].written_at, kNow);
  EXPECT_LT(table_.written[0].licence.updated_at, kNow);
}

TEST_F(LicenceDatabaseTest, LateChangesAreWrittenAfterTheirMoment) {
  options_.first = 0;
  options_.faults.late = 1;
  ASSERT_TRUE(Run().ok());
  ASSERT_FALSE(table_.written.empty());
  for (const LicenceChange& change : table_.written) {
    EXPECT_GE(change.written_at, change.licence.updated_at + seconds(1));
  }
}

TEST_F(LicenceDatabaseTest, FallsSilentAndDrifts) {
  options_.silent_after = seconds(10);
  options_.silent_for = seconds(20);
  options_.drifted_after = seconds(40);
  ASSERT_TRUE(Run().ok());
  for (const LicenceChange& change : table_.written) {
    EXPECT_TRUE(change.written_at < kNow + seconds(10) || change.written_at >= kNow + seconds(30));
  }
  EXPECT_EQ(table_.renamed_at, kNow + seconds(40));
}

TEST_F(LicenceDatabaseTest, EndsWhenTheDatabaseRefuses) {
  table_.fails = true;
  EXPECT_EQ(Run().error().reason, "database_refused");
}

TEST_F(LicenceDatabaseTest, ChangesNoOtherMachineUnlessAllowed) {
  options_.host = "10.0.0.1";
  EXPECT_EQ(Run().error().reason, "bad_option");
  options_.allow_remote = true;
  EXPECT_TRUE(Run().ok());
  options_.table = "a; DROP TABLE b";
  EXPECT_EQ(Run().error().reason, "bad_option");
}

}  // namespace
}  // namespace fansipan::simulation
