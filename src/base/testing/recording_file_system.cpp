#include "base/testing/recording_file_system.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

namespace fansipan::base {
namespace {

namespace fs = std::filesystem;

std::uint64_t Draw(SeededRandom& random, std::uint64_t below) {
  std::uint64_t number = 0;
  for (const char c : random.Bytes(sizeof(number))) {
    number = number << 8U | static_cast<unsigned char>(c);
  }
  return number % below;
}

bool Toss(SeededRandom& random) { return Draw(random, 2) == 0; }

std::string FolderOf(const std::string& path) { return fs::path(path).parent_path().string(); }

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Error HostError(const std::string& path) {
  return {ErrorCode::kIo, {}, "cannot write the survivors to '" + path + "'"};
}

/// Bytes that reached the device in part: a stretch of zeros or of anything.
void Garble(std::string& content, std::size_t from, SeededRandom& random) {
  if (from >= content.size()) return;
  const std::size_t start = from + Draw(random, content.size() - from);
  const std::size_t length = 1 + Draw(random, content.size() - start);
  const bool zeros = Toss(random);
  content.replace(start, length, zeros ? std::string(length, '\0') : random.Bytes(length));
}

}  // namespace

/// The device behind the recording: what is safely on it, and what still waits in memory.
class RecordingFileSystem::Disk {
 public:
  Disk(std::map<std::string, FileNumber> names, std::map<FileNumber, std::string> contents,
       std::set<std::string> folders)
      : names_(std::move(names)), contents_(std::move(contents)), folders_(std::move(folders)) {}

  void Take(const Step& step) {
    switch (step.kind) {
      case FileOperation::kAppend:
      case FileOperation::kTruncate:
        waiting_content_[step.file].push_back(&step);
        break;
      case FileOperation::kSync:
        for (const Step* waiting : waiting_content_[step.file]) Apply(*waiting);
        waiting_content_.erase(step.file);
        break;
      case FileOperation::kMakeFolder:
        folders_.insert(step.path);
        break;
      case FileOperation::kSyncFolder:
        StoreNamesOf(step.path);
        break;
      default:
        waiting_names_.push_back(&step);
        break;
    }
  }

  void CutPower(SeededRandom& random) {
    const bool first_part = Toss(random);
    const std::size_t kept = Draw(random, waiting_names_.size() + 1);
    for (std::size_t i = 0; i < waiting_names_.size(); ++i) {
      if (first_part ? i < kept : Toss(random)) Apply(*waiting_names_[i]);
    }
    for (const auto& [file, steps] : waiting_content_) KeepPart(steps, contents_[file], random);
  }

  Status WriteTo(const fs::path& folder) const {
    std::error_code error;
    fs::remove_all(folder, error);
    fs::create_directories(folder, error);
    for (const std::string& name : folders_) fs::create_directories(folder / name, error);
    for (const auto& [name, file] : names_) {
      // The removal of a folder may have been kept without that of the files in it.
      fs::create_directories((folder / name).parent_path(), error);
      const auto content = contents_.find(file);
      std::ofstream out(folder / name, std::ios::binary);
      if (content != contents_.end()) out << content->second;
      if (!out.flush()) return HostError((folder / name).string());
    }
    if (error) return HostError(folder.string());
    return {};
  }

 private:
  void Apply(const Step& step) {
    switch (step.kind) {
      case FileOperation::kAppend:
        contents_[step.file] += step.bytes;
        break;
      case FileOperation::kTruncate:
        contents_[step.file].resize(step.size);
        break;
      case FileOperation::kCreate:
        names_[step.path] = step.file;
        break;
      case FileOperation::kRename:
        EraseName(step.from, step.file);
        names_[step.path] = step.file;
        break;
      default:
        EraseName(step.path, step.file);
        folders_.erase(step.path);
        break;
    }
  }

  void EraseName(const std::string& name, FileNumber file) {
    const auto found = names_.find(name);
    if (found != names_.end() && found->second == file) names_.erase(found);
  }

  /// Stores the waiting names of a folder, and of other folders those that a stored rename needs.
  void StoreNamesOf(const std::string& folder) {
    std::set<FileNumber> needed;
    std::vector<bool> chosen(waiting_names_.size(), false);
    for (std::size_t i = waiting_names_.size(); i-- > 0;) {
      const Step& step = *waiting_names_[i];
      const bool touches = FolderOf(step.path) == folder ||
                           (step.kind == FileOperation::kRename && FolderOf(step.from) == folder);
      chosen[i] = touches || needed.contains(step.file);
      if (chosen[i]) needed.insert(step.file);
    }
    std::vector<const Step*> rest;
    for (std::size_t i = 0; i < waiting_names_.size(); ++i) {
      if (chosen[i]) {
        Apply(*waiting_names_[i]);
      } else {
        rest.push_back(waiting_names_[i]);
      }
    }
    waiting_names_ = std::move(rest);
  }

  static void KeepPart(const std::vector<const Step*>& steps, std::string& content,
                       SeededRandom& random) {
    std::size_t safe = content.size();
    const std::size_t kept = Draw(random, steps.size() + 1);
    for (std::size_t i = 0; i < kept; ++i) {
      const Step& step = *steps[i];
      if (step.kind == FileOperation::kAppend) {
        content += step.bytes;
      } else {
        content.resize(step.size);
        safe = std::min(safe, content.size());
      }
    }
    const bool torn = kept < steps.size() && steps[kept]->kind == FileOperation::kAppend;
    if (torn && Toss(random)) {
      const std::string& bytes = steps[kept]->bytes;
      content += bytes.substr(0, Draw(random, bytes.size() + 1));
    }
    if (Draw(random, 3) == 0) Garble(content, safe, random);
  }

  std::map<std::string, FileNumber> names_;
  std::map<FileNumber, std::string> contents_;
  std::set<std::string> folders_;
  std::map<FileNumber, std::vector<const Step*>> waiting_content_;
  std::vector<const Step*> waiting_names_;
};

class RecordingFileSystem::RecordingFile final : public File {
 public:
  RecordingFile(RecordingFileSystem& recording, std::unique_ptr<File> inner, Step step)
      : recording_(recording), inner_(std::move(inner)), step_(std::move(step)) {}

  Status Append(std::string_view bytes) override {
    std::lock_guard lock(recording_.mutex_);
    const Result<std::uint64_t> before = inner_->Size();
    Status status = inner_->Append(bytes);
    if (!status.ok()) {
      // A refused append may have left a part.
      const Result<std::uint64_t> after = inner_->Size();
      const bool grown = before.ok() && after.ok() && *after > *before;
      bytes = bytes.substr(0, grown ? *after - *before : 0);
    }
    if (!bytes.empty()) {
      Step step = StepOf(FileOperation::kAppend);
      step.bytes = bytes;
      recording_.Record(std::move(step));
    }
    return status;
  }

  Result<std::string> ReadAt(std::uint64_t offset, std::size_t count) const override {
    return inner_->ReadAt(offset, count);
  }

  Result<std::uint64_t> Size() const override { return inner_->Size(); }

  Status Truncate(std::uint64_t size) override {
    std::lock_guard lock(recording_.mutex_);
    FANSIPAN_RETURN_IF_ERROR(inner_->Truncate(size));
    Step step = StepOf(FileOperation::kTruncate);
    step.size = size;
    recording_.Record(std::move(step));
    return {};
  }

  Status Sync() override {
    std::lock_guard lock(recording_.mutex_);
    FANSIPAN_RETURN_IF_ERROR(inner_->Sync());
    recording_.Record(StepOf(FileOperation::kSync));
    return {};
  }

 private:
  Step StepOf(FileOperation kind) const {
    Step step = step_;
    step.kind = kind;
    return step;
  }

  RecordingFileSystem& recording_;
  const std::unique_ptr<File> inner_;
  const Step step_;
};

RecordingFileSystem::RecordingFileSystem(FileSystem& inner, const std::string& root)
    : inner_(inner), root_(fs::path(root).lexically_normal().string()) {
  ReadStart();
}

void RecordingFileSystem::ReadStart() {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root_, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().lexically_relative(root_).string();
    if (entry->is_directory()) {
      start_folders_.insert(name);
    } else {
      start_names_[name] = next_file_;
      start_contents_[next_file_++] = ReadFile(entry->path());
    }
  }
  names_ = start_names_;
}

std::optional<std::string> RecordingFileSystem::Relative(const std::string& path) const {
  const fs::path relative = fs::path(path).lexically_normal().lexically_relative(root_);
  if (relative.empty() || *relative.begin() == "..") return std::nullopt;
  if (relative == ".") return std::string();
  std::string name = relative.string();
  if (name.ends_with('/')) name.pop_back();
  return name;
}

std::size_t RecordingFileSystem::operation_count() const {
  std::lock_guard lock(mutex_);
  return steps_.size();
}

std::vector<RecordingFileSystem::Operation> RecordingFileSystem::operations() const {
  std::lock_guard lock(mutex_);
  std::vector<Operation> operations;
  operations.reserve(steps_.size());
  for (const Step& step : steps_) operations.push_back({step.kind, step.path});
  return operations;
}

Status RecordingFileSystem::WriteSurvivors(const std::string& to_folder,
                                           std::size_t operation_count,
                                           SeededRandom& random) const {
  std::lock_guard lock(mutex_);
  Disk disk(start_names_, start_contents_, start_folders_);
  const std::size_t taken = std::min(operation_count, steps_.size());
  for (std::size_t i = 0; i < taken; ++i) disk.Take(steps_[i]);
  disk.CutPower(random);
  return disk.WriteTo(to_folder);
}

Result<std::unique_ptr<File>> RecordingFileSystem::OpenForAppend(const std::string& path) {
  std::lock_guard lock(mutex_);
  FANSIPAN_ASSIGN_OR_RETURN(std::unique_ptr<File> file, inner_.OpenForAppend(path));
  const std::optional<std::string> name = Relative(path);
  if (!name) return file;
  const auto [found, created] = names_.try_emplace(*name, next_file_);
  Step step;
  step.kind = FileOperation::kCreate;
  step.file = found->second;
  step.path = *name;
  if (created) {
    ++next_file_;
    Record(step);
  }
  return std::unique_ptr<File>(
      std::make_unique<RecordingFile>(*this, std::move(file), std::move(step)));
}

Result<std::unique_ptr<File>> RecordingFileSystem::OpenForRead(const std::string& path) {
  return inner_.OpenForRead(path);
}

Result<std::string> RecordingFileSystem::ReadWhole(const std::string& path, std::uint64_t limit) {
  return inner_.ReadWhole(path, limit);
}

Status RecordingFileSystem::Rename(const std::string& from, const std::string& to) {
  std::lock_guard lock(mutex_);
  FANSIPAN_RETURN_IF_ERROR(inner_.Rename(from, to));
  const std::optional<std::string> old_name = Relative(from);
  const std::optional<std::string> new_name = Relative(to);
  const auto found = old_name ? names_.find(*old_name) : names_.end();
  if (found == names_.end() || !new_name) {
    return Error{ErrorCode::kUnsupported,
                 {},
                 "the recording follows files below '" + root_ + "' only, not '" + from + "'"};
  }
  Step step;
  step.kind = FileOperation::kRename;
  step.file = found->second;
  step.from = *old_name;
  step.path = *new_name;
  names_.erase(found);
  names_[*new_name] = step.file;
  Record(std::move(step));
  return {};
}

Status RecordingFileSystem::Remove(const std::string& path) {
  std::lock_guard lock(mutex_);
  FANSIPAN_RETURN_IF_ERROR(inner_.Remove(path));
  const std::optional<std::string> name = Relative(path);
  if (!name) return {};
  Step step;
  step.kind = FileOperation::kRemove;
  step.path = *name;
  const auto found = names_.find(*name);
  step.file = found == names_.end() ? next_file_++ : found->second;
  if (found != names_.end()) names_.erase(found);
  Record(std::move(step));
  return {};
}

Status RecordingFileSystem::MakeFolder(const std::string& path) {
  std::lock_guard lock(mutex_);
  const bool there = inner_.Exists(path);
  FANSIPAN_RETURN_IF_ERROR(inner_.MakeFolder(path));
  const std::optional<std::string> name = Relative(path);
  if (there || !name || name->empty()) return {};
  Step step;
  step.kind = FileOperation::kMakeFolder;
  step.path = *name;
  Record(std::move(step));
  return {};
}

Status RecordingFileSystem::SyncFolder(const std::string& path) {
  std::lock_guard lock(mutex_);
  FANSIPAN_RETURN_IF_ERROR(inner_.SyncFolder(path));
  const std::optional<std::string> name = Relative(path);
  if (!name) return {};
  Step step;
  step.kind = FileOperation::kSyncFolder;
  step.path = *name;
  Record(std::move(step));
  return {};
}

Result<std::vector<std::string>> RecordingFileSystem::List(const std::string& folder) {
  return inner_.List(folder);
}

bool RecordingFileSystem::Exists(const std::string& path) { return inner_.Exists(path); }

Result<std::uint64_t> RecordingFileSystem::FreeBytes(const std::string& path) {
  return inner_.FreeBytes(path);
}

}  // namespace fansipan::base
