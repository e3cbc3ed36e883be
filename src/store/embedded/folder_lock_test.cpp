#include "store/embedded/folder_lock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/files.h"
#include "base/testing/temporary_folder.h"

namespace fansipan::store {
namespace {

TEST(FolderLock, KeepsASecondHolderOutAndNamesTheFirst) {
  const base::TemporaryFolder folder;
  const auto first = FolderLock::Acquire(folder / "lock");
  ASSERT_TRUE(first.ok());
  const auto second = FolderLock::Acquire(folder / "lock");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, base::ErrorCode::kConflict);
  EXPECT_NE(second.error().message.find(folder / "lock"), std::string::npos);
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos);
}

TEST(FolderLock, IsFreeWhenItsHolderIsGone) {
  const base::TemporaryFolder folder;
  { ASSERT_TRUE(FolderLock::Acquire(folder / "lock").ok()); }
  EXPECT_TRUE(FolderLock::Acquire(folder / "lock").ok());
}

TEST(FolderLock, SaysWhenTheFolderIsMissing) {
  const base::TemporaryFolder folder;
  const auto lock = FolderLock::Acquire(folder / "missing/lock");
  ASSERT_FALSE(lock.ok());
  EXPECT_EQ(lock.error().code, base::ErrorCode::kIo);
}

}  // namespace
}  // namespace fansipan::store
