#include "store/embedded/file_archive.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace fansipan::store {
namespace {

constexpr std::string_view kExtension = ".fa";
constexpr std::string_view kUnfinishedExtension = ".unfinished";
constexpr std::size_t kIdDigits = 64;
constexpr std::size_t kFolderDigits = 2;
constexpr std::size_t kWriteBytes = std::size_t{1} << 20;
// So many files of another key are needed to believe that the key file is the wrong one, rather
// than a file damaged.
constexpr std::size_t kKeyProbes = 16;

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char digit) {
    return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
  });
}

bool IsId(std::string_view id) { return id.size() == kIdDigits && IsHex(id); }

std::size_t FolderIndex(const std::string& id) {
  return static_cast<std::size_t>(std::stoul(id.substr(0, kFolderDigits), nullptr, 16));
}

}  // namespace

base::Result<std::unique_ptr<FileArchive>> FileArchive::Open(base::FileSystem& files,
                                                             const std::string& folder,
                                                             const SecretKey& key,
                                                             const FileArchiveOptions& options) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto keys, internal::ArchiveKeys::Derive(key));
  FANSIPAN_RETURN_IF_ERROR(files.MakeFolder(folder));
  std::unique_ptr<FileArchive> archive(new FileArchive(files, folder, keys, options));
  FANSIPAN_RETURN_IF_ERROR(archive->RemoveUnfinished());
  FANSIPAN_RETURN_IF_ERROR(archive->CheckKey());
  return archive;
}

std::string FileArchive::FolderOf(const std::string& id) const {
  return folder_ + "/" + id.substr(0, kFolderDigits);
}

std::string FileArchive::PathOf(const std::string& id) const {
  return FolderOf(id) + "/" + id.substr(kFolderDigits) + std::string(kExtension);
}

base::Status FileArchive::RemoveUnfinished() {
  FANSIPAN_ASSIGN_OR_RETURN(const auto folders, files_.List(folder_));
  for (const std::string& name : folders) {
    if (name.size() != kFolderDigits || !IsHex(name)) continue;
    const std::string folder = folder_ + "/" + name + "/";
    FANSIPAN_ASSIGN_OR_RETURN(const auto entries, files_.List(folder));
    for (const std::string& entry : entries) {
      if (!entry.ends_with(kUnfinishedExtension)) continue;
      std::string path = folder;
      FANSIPAN_RETURN_IF_ERROR(files_.Remove(path.append(entry)));
    }
  }
  return {};
}

base::Status FileArchive::CheckKey() {
  FANSIPAN_ASSIGN_OR_RETURN(const auto ids, List());
  std::size_t of_others = 0;
  for (std::size_t i = 0; i < ids.size() && i < kKeyProbes; ++i) {
    FANSIPAN_ASSIGN_OR_RETURN(const auto file, files_.OpenForRead(PathOf(ids[i])));
    FANSIPAN_ASSIGN_OR_RETURN(const auto header, file->ReadAt(0, internal::kArchiveHeaderBytes));
    const std::string key_id = internal::FindKeyId(header);
    if (key_id == keys_.key_id()) return {};
    if (!key_id.empty()) ++of_others;
  }
  if (of_others == 0) return {};
  return base::Error{base::ErrorCode::kConflict, "other_key",
                     "archive " + folder_ +
                         " was encrypted under another key than the key file holds; put the right "
                         "key file in place"};
}

/// A sealed file beside its place, under another name; none when the payload is kept already.
class FileArchive::FileDraft final : public Draft {
 public:
  FileDraft(FileArchive& archive, std::string id, std::string unfinished)
      : archive_(archive), id_(std::move(id)), unfinished_(std::move(unfinished)) {}
  ~FileDraft() override {
    // Opening the archive removes what stays here.
    if (!unfinished_.empty()) static_cast<void>(archive_.files_.Remove(unfinished_));
  }
  FileDraft(const FileDraft&) = delete;
  FileDraft& operator=(const FileDraft&) = delete;

  base::Result<std::string> Keep() override {
    auto kept = archive_.Keep(id_, unfinished_);
    if (kept.ok()) unfinished_.clear();
    return kept;
  }

 private:
  FileArchive& archive_;
  const std::string id_;
  std::string unfinished_;
};

base::Result<std::unique_ptr<Archive::Draft>> FileArchive::Begin(std::string_view payload) {
  if (poisoned_) return Poison({});
  if (payload.size() > options_.payload_limit) {
    return base::Error{base::ErrorCode::kTooLarge, "payload",
                       "a payload of " + std::to_string(payload.size()) +
                           " bytes is above the archive's limit of " +
                           std::to_string(options_.payload_limit)};
  }
  const std::string id = keys_.IdOf(payload);
  FANSIPAN_RETURN_IF_ERROR(MakeFolderOf(id));
  FANSIPAN_ASSIGN_OR_RETURN(const bool kept, HasIntact(id));
  std::string unfinished;
  if (!kept) {
    unfinished =
        PathOf(id) + "." + std::to_string(next_unfinished_++) + std::string(kUnfinishedExtension);
    FANSIPAN_RETURN_IF_ERROR(Write(unfinished, id, payload));
  }
  return std::unique_ptr<Draft>(std::make_unique<FileDraft>(*this, id, std::move(unfinished)));
}

base::Result<std::string> FileArchive::Keep(const std::string& id, const std::string& unfinished) {
  if (poisoned_) return Poison({});
  if (!unfinished.empty()) {
    const base::Status renamed = files_.Rename(unfinished, PathOf(id));
    if (!renamed.ok()) return NotKept(renamed.error());
  }
  // Also for what was already there: the crash that came after its renaming may have kept its name
  // from the device.
  FANSIPAN_RETURN_IF_ERROR(SyncFolder(FolderOf(id)));
  return id;
}

base::Error FileArchive::NotKept(const base::Error& cause) const {
  return base::Annotate(cause, "archive " + folder_ + ": a payload was not kept");
}

// A damaged copy is no copy: it is written anew while the payload is at hand.
base::Result<bool> FileArchive::HasIntact(const std::string& id) {
  if (!Has(id)) return false;
  const base::Result<std::string> kept = Get(id);
  if (kept.ok()) return true;
  if (kept.error().code == base::ErrorCode::kCorrupt) return false;
  return kept.error();
}

// The folder's own name is synced once in each process's life before anything in it is believed.
base::Status FileArchive::MakeFolderOf(const std::string& id) {
  const std::lock_guard lock(mutex_);
  bool& ready = folder_ready_[FolderIndex(id)];
  if (ready) return {};
  FANSIPAN_RETURN_IF_ERROR(files_.MakeFolder(FolderOf(id)));
  FANSIPAN_RETURN_IF_ERROR(SyncFolder(folder_));
  ready = true;
  return {};
}

base::Status FileArchive::Write(const std::string& path, const std::string& id,
                                std::string_view payload) {
  const base::Status written = WriteSealed(path, id, payload);
  if (written.ok()) return {};
  // What made it fail is what the caller must know; opening removes the leftover too.
  static_cast<void>(files_.Remove(path));
  return NotKept(written.error());
}

base::Status FileArchive::WriteSealed(const std::string& path, const std::string& id,
                                      std::string_view payload) {
  FANSIPAN_ASSIGN_OR_RETURN(const auto file, files_.OpenForAppend(path));
  FANSIPAN_RETURN_IF_ERROR(file->Truncate(0));
  std::string waiting;
  const auto sink = [&](std::string_view bytes) -> base::Status {
    waiting += bytes;
    if (waiting.size() < kWriteBytes) return {};
    base::Status appended = file->Append(waiting);
    waiting.clear();
    return appended;
  };
  FANSIPAN_RETURN_IF_ERROR(internal::SealPayload(keys_, id, payload, sink));
  FANSIPAN_RETURN_IF_ERROR(file->Append(waiting));
  const base::Status synced = file->Sync();
  if (!synced.ok()) return Poison(synced.error());
  return {};
}

base::Status FileArchive::SyncFolder(const std::string& folder) {
  const base::Status synced = files_.SyncFolder(folder);
  if (!synced.ok()) return Poison(synced.error());
  return {};
}

base::Error FileArchive::Poison(const base::Error& cause) {
  poisoned_ = true;
  return {base::ErrorCode::kIo, "sync_failed",
          "archive " + folder_ + ": the disk did not take a write" +
              (cause.message.empty() ? std::string() : " (" + cause.message + ")") +
              ". Nothing is kept until the program is started again; check the disk first"};
}

base::Result<std::string> FileArchive::Get(const std::string& id) {
  if (!IsId(id) || !files_.Exists(PathOf(id))) {
    return base::Error{base::ErrorCode::kNotFound, "archive_id",
                       "archive " + folder_ + " has no payload with this id"};
  }
  FANSIPAN_ASSIGN_OR_RETURN(const auto file, files_.OpenForRead(PathOf(id)));
  base::Result<std::string> payload =
      internal::UnsealPayload(keys_, id, *file, options_.payload_limit);
  if (payload.ok()) return payload;
  return base::Annotate(payload.error(), "archived file " + PathOf(id));
}

bool FileArchive::Has(const std::string& id) { return IsId(id) && files_.Exists(PathOf(id)); }

base::Result<std::vector<std::string>> FileArchive::List() {
  std::vector<std::string> ids;
  FANSIPAN_ASSIGN_OR_RETURN(const auto folders, files_.List(folder_));
  for (const std::string& name : folders) {
    if (name.size() != kFolderDigits || !IsHex(name)) continue;
    FANSIPAN_ASSIGN_OR_RETURN(const auto entries, files_.List(folder_ + "/" + name));
    for (std::string_view entry : entries) {
      if (!entry.ends_with(kExtension)) continue;
      entry.remove_suffix(kExtension.size());
      std::string id = name + std::string(entry);
      if (IsId(id)) ids.push_back(std::move(id));
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace fansipan::store
