#include "base/testing/faulty_file_system.h"

#include <algorithm>
#include <utility>

namespace fansipan::base {
namespace {

Error StorageFull(std::string_view path) {
  return {ErrorCode::kStorageFull, {}, "no room left for '" + std::string(path) + "'"};
}

}  // namespace

class FaultyFileSystem::FaultyFile final : public File {
 public:
  FaultyFile(FaultyFileSystem& faulty, std::unique_ptr<File> inner, std::string path)
      : faulty_(faulty), inner_(std::move(inner)), path_(std::move(path)) {}

  Status Append(std::string_view bytes) override {
    FANSIPAN_RETURN_IF_ERROR(faulty_.Meet(FileOperation::kAppend, path_));
    const std::size_t fits = faulty_.TakeRoom(bytes.size());
    FANSIPAN_RETURN_IF_ERROR(inner_->Append(bytes.substr(0, fits)));
    if (fits < bytes.size()) return StorageFull(path_);
    return {};
  }

  Result<std::string> ReadAt(std::uint64_t offset, std::size_t count) const override {
    FANSIPAN_RETURN_IF_ERROR(faulty_.Meet(FileOperation::kRead, path_));
    return inner_->ReadAt(offset, count);
  }

  Result<std::uint64_t> Size() const override { return inner_->Size(); }

  Status Truncate(std::uint64_t size) override {
    FANSIPAN_RETURN_IF_ERROR(faulty_.Meet(FileOperation::kTruncate, path_));
    return inner_->Truncate(size);
  }

  Status Sync() override {
    FANSIPAN_RETURN_IF_ERROR(faulty_.Meet(FileOperation::kSync, path_));
    return inner_->Sync();
  }

 private:
  FaultyFileSystem& faulty_;
  const std::unique_ptr<File> inner_;
  const std::string path_;
};

void FaultyFileSystem::Fail(FileOperation kind, std::string path_part, Error error,
                            std::size_t times) {
  std::lock_guard lock(mutex_);
  faults_.push_back({kind, std::move(path_part), std::move(error), times});
}

void FaultyFileSystem::FailNextSync(std::string path_part) {
  Fail(FileOperation::kSync, std::move(path_part),
       Error{ErrorCode::kIo, {}, "the device lost what was written"});
}

void FaultyFileSystem::LimitStorage(std::uint64_t bytes) {
  std::lock_guard lock(mutex_);
  room_ = bytes;
}

void FaultyFileSystem::FreeStorage() {
  std::lock_guard lock(mutex_);
  room_.reset();
}

std::size_t FaultyFileSystem::failures() const {
  std::lock_guard lock(mutex_);
  return failures_;
}

Status FaultyFileSystem::Meet(FileOperation kind, std::string_view path) {
  std::lock_guard lock(mutex_);
  for (Fault& fault : faults_) {
    const bool meant = fault.kind == kind && path.find(fault.path_part) != std::string_view::npos;
    if (!meant || fault.times == 0) continue;
    --fault.times;
    ++failures_;
    return fault.error;
  }
  return {};
}

std::size_t FaultyFileSystem::TakeRoom(std::size_t wanted) {
  std::lock_guard lock(mutex_);
  if (!room_) return wanted;
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(*room_, wanted));
  *room_ -= taken;
  if (taken < wanted) ++failures_;
  return taken;
}

Status FaultyFileSystem::RefuseWhenFull(std::string_view path) {
  std::lock_guard lock(mutex_);
  if (!room_ || *room_ > 0) return {};
  ++failures_;
  return StorageFull(path);
}

Result<std::unique_ptr<File>> FaultyFileSystem::OpenForAppend(const std::string& path) {
  const bool there = inner_.Exists(path);
  FANSIPAN_RETURN_IF_ERROR(Meet(there ? FileOperation::kOpen : FileOperation::kCreate, path));
  if (!there) FANSIPAN_RETURN_IF_ERROR(RefuseWhenFull(path));
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<File> file, inner_.OpenForAppend(path));
  return std::unique_ptr<File>(std::make_unique<FaultyFile>(*this, std::move(file), path));
}

Result<std::unique_ptr<File>> FaultyFileSystem::OpenForRead(const std::string& path) {
  FANSIPAN_RETURN_IF_ERROR(Meet(FileOperation::kOpen, path));
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<File> file, inner_.OpenForRead(path));
  return std::unique_ptr<File>(std::make_unique<FaultyFile>(*this, std::move(file), path));
}

Result<std::string> FaultyFileSystem::ReadWhole(const std::string& path, std::uint64_t limit) {
  FANSIPAN_RETURN_IF_ERROR(Meet(FileOperation::kOpen, path));
  FANSIPAN_RETURN_IF_ERROR(Meet(FileOperation::kRead, path));
  return inner_.ReadWhole(path, limit);
}

Status FaultyFileSystem::Rename(const std::string& from, const std::string& to) {
  FANSIPAN_RETURN_IF_ERROR(Meet(FileOperation::kRename, from + '\n' + to));
  return inner_.Rename(from, to);
}

Status FaultyFileSystem::Remove(const std::string& path) {
  FANSIPAN_RETURN_IF_ERROR(Meet(FileOperation::kRemove, path));
  return inner_.Remove(path);
}

Status FaultyFileSystem::MakeFolder(const std::string& path) {
  FANSIPAN_RETURN_IF_ERROR(Meet(FileOperation::kMakeFolder, path));
  if (!inner_.Exists(path)) FANSIPAN_RETURN_IF_ERROR(RefuseWhenFull(path));
  return inner_.MakeFolder(path);
}

Status FaultyFileSystem::SyncFolder(const std::string& path) {
  FANSIPAN_RETURN_IF_ERROR(Meet(FileOperation::kSyncFolder, path));
  return inner_.SyncFolder(path);
}

Result<std::vector<std::string>> FaultyFileSystem::List(const std::string& folder) {
  return inner_.List(folder);
}

bool FaultyFileSystem::Exists(const std::string& path) { return inner_.Exists(path); }

Result<std::uint64_t> FaultyFileSystem::FreeBytes(const std::string& path) {
  {
    std::lock_guard lock(mutex_);
    if (room_) return *room_;
  }
  return inner_.FreeBytes(path);
}

}  // namespace fansipan::base
