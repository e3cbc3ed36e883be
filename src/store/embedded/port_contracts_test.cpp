#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "base/testing/temporary_folder.h"
#include "store/embedded/file_archive.h"
#include "store/embedded/file_journal.h"
#include "store/testing/archive_contract.h"
#include "store/testing/fake_journal.h"
#include "store/testing/journal_contract.h"
#include "store/testing/memory_archive.h"

namespace fansipan::store {
namespace {

template <typename Port, typename Engine>
base::Result<std::unique_ptr<Port>> AsPort(base::Result<std::unique_ptr<Engine>> opened) {
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<Port> port, std::move(opened));
  return port;
}

class FileJournalPlace final : public JournalPlace {
 public:
  explicit FileJournalPlace(std::uint64_t segment_bytes) { options_.segment_bytes = segment_bytes; }
  base::Result<std::unique_ptr<Journal>> Open() override {
    return AsPort<Journal>(FileJournal::Open(files_, folder_ / "journal", random_, options_));
  }

 private:
  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
  base::SystemRandom random_;
  FileJournalOptions options_;
};

class FakeJournalPlace final : public JournalPlace {
 public:
  base::Result<std::unique_ptr<Journal>> Open() override {
    return std::unique_ptr<Journal>(std::make_unique<FakeJournal>(kept_));
  }

 private:
  std::shared_ptr<FakeJournal::Kept> kept_ = std::make_shared<FakeJournal::Kept>();
};

class FileArchivePlace final : public ArchivePlace {
 public:
  base::Result<std::unique_ptr<Archive>> Open() override {
    SecretKey key{};
    key[3] = 7;
    return AsPort<Archive>(FileArchive::Open(files_, folder_ / "archive", key));
  }

 private:
  base::TemporaryFolder folder_;
  base::PosixFileSystem files_;
};

class MemoryArchivePlace final : public ArchivePlace {
 public:
  base::Result<std::unique_ptr<Archive>> Open() override {
    return std::unique_ptr<Archive>(std::make_unique<MemoryArchive>(kept_));
  }

 private:
  std::shared_ptr<MemoryArchive::Kept> kept_ = std::make_shared<MemoryArchive::Kept>();
};

JournalEngine FileEngine(const std::string& name, std::uint64_t segment_bytes) {
  return {name, [segment_bytes] { return std::make_unique<FileJournalPlace>(segment_bytes); }};
}

INSTANTIATE_TEST_SUITE_P(
    Engines, JournalContract,
    testing::Values(FileEngine("File", std::uint64_t{64} << 20),
                    FileEngine("FileOfShortSegments", 2'000),
                    FileEngine("FileOfOneEntrySegments", 1),
                    JournalEngine{"Fake", [] { return std::make_unique<FakeJournalPlace>(); }}),
    [](const auto& instance) { return instance.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Engines, ArchiveContract,
    testing::Values(ArchiveEngine{"File", [] { return std::make_unique<FileArchivePlace>(); }},
                    ArchiveEngine{"Memory", [] { return std::make_unique<MemoryArchivePlace>(); }}),
    [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace fansipan::store
