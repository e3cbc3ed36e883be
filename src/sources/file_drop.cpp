#include "sources/file_drop.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"
#include "sources/internal/passing_errors.h"
#include "sources/internal/processes/file_handle.h"
#include "sources/internal/utf8.h"

namespace fansipan::sources {
namespace {

using internal::FileHandle;

constexpr std::string_view kDone = "done";
constexpr std::string_view kRefused = "refused";
constexpr std::size_t kFilesPerLook = 256;
constexpr int kMaxNumber = 10'000;

base::Error IoError(std::string_view what, const std::string& path, int number) {
  return {base::ErrorCode::kIo, "",
          fmt::format("cannot {} {}: {}", what, path, std::strerror(number))};
}

bool IsIgnored(const std::string& name) { return name.starts_with('.') || name.ends_with(".part"); }

DropVerdict Refusal(const base::Error& error) {
  const nlohmann::json report = {
      {"code", error.reason.empty() ? std::string(base::NameOf(error.code)) : error.reason},
      {"detail", error.message}};
  return {.accepted = false,
          .report = report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)};
}

/// File names are bytes to the system; what is told about them is text.
std::string AsText(std::string name) {
  if (internal::IsUtf8(name)) return name;
  for (char& c : name) {
    if (static_cast<unsigned char>(c) >= 0x80U) c = '?';
  }
  return name;
}

/// A lease is refused while the file is open for writing; file systems without leases tell nothing.
bool IsOpenForWriting(const FileHandle& file) {
  if (fcntl(file.number(), F_SETLEASE, F_RDLCK) == 0) {
    fcntl(file.number(), F_SETLEASE, F_UNLCK);
    return false;
  }
  return errno == EAGAIN;
}

}  // namespace

/// What the thread sleeps on: changes in the folders, and the wish to stop.
class FileDrop::Wakeup {
 public:
  Wakeup() : changes_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), stop_(eventfd(0, EFD_CLOEXEC)) {}

  /// -1 when the folder cannot be watched: then looks alone find its files.
  int Watch(const std::string& path) const {
    return inotify_add_watch(changes_.number(), path.c_str(),
                             IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR);
  }

  void Stop() const { stop_.WriteAll({reinterpret_cast<const char*>(&kOne), sizeof(kOne)}); }

  void Sleep(std::chrono::milliseconds at_most) const {
    std::array<pollfd, 2> waited{pollfd{changes_.number(), POLLIN, 0},
                                 pollfd{stop_.number(), POLLIN, 0}};
    poll(waited.data(), waited.size(), static_cast<int>(at_most.count()));
  }

  /// Calls `moved_in(watch, name)` for each file that was renamed into a folder.
  template <typename Function>
  void ReadEvents(Function moved_in) const {
    alignas(inotify_event) std::array<char, 16384> buffer;
    while (true) {
      const ssize_t length = read(changes_.number(), buffer.data(), buffer.size());
      if (length <= 0) return;
      for (std::size_t at = 0; at < static_cast<std::size_t>(length);) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
        if ((event->mask & IN_MOVED_TO) != 0U && event->len > 0) moved_in(event->wd, event->name);
        at += sizeof(inotify_event) + event->len;
      }
    }
  }

 private:
  static constexpr std::uint64_t kOne = 1;
  FileHandle changes_;
  FileHandle stop_;
};

FileDrop::FileDrop(Receiver receiver, Settings settings)
    : receiver_(std::move(receiver)), settings_(settings), wakeup_(std::make_unique<Wakeup>()) {}

FileDrop::~FileDrop() { Stop(); }

base::Result<std::unique_ptr<FileDrop>> FileDrop::Open(std::vector<Folder> folders,
                                                       Receiver receiver, Settings settings) {
  std::unique_ptr<FileDrop> drop(new FileDrop(std::move(receiver), settings));
  for (Folder& folder : folders) FANSIPAN_RETURN_IF_ERROR(drop->Watch(std::move(folder)));
  return drop;
}

base::Status FileDrop::Watch(Folder folder) {
  std::error_code error;
  for (const std::string_view below : {kDone, kRefused}) {
    std::filesystem::create_directories(std::filesystem::path(folder.path) / below, error);
    if (error) return IoError("make the drop folder", folder.path, error.value());
  }
  Watched watched;
  watched.watch = wakeup_->Watch(folder.path);
  if (watched.watch < 0) {
    base::LogWarning("{} cannot be watched for changes; it is looked through every {} ms",
                     folder.path, settings_.rescan.count());
  }
  watched.folder = std::move(folder);
  watched_.push_back(std::move(watched));
  return {};
}

void FileDrop::Start() {
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { Run(); });
}

void FileDrop::Stop() {
  stopping_ = true;
  wakeup_->Stop();
  if (thread_.joinable()) thread_.join();
}

void FileDrop::Run() {
  base::NameThread("file-drop");
  while (!stopping_) {
    const Scan scan = ScanOnce();
    if (stopping_) return;
    wakeup_->Sleep(scan.waiting > 0 || scan.taken > 0 ? settings_.settle : settings_.rescan);
  }
}

FileDrop::Scan FileDrop::ScanOnce() {
  const std::lock_guard lock(scanning_);
  ReadEvents();
  Scan scan;
  for (Watched& watched : watched_) ScanFolder(watched, scan);
  return scan;
}

void FileDrop::ReadEvents() {
  wakeup_->ReadEvents([this](int watch, const char* name) {
    for (Watched& watched : watched_) {
      if (watched.watch == watch) watched.moved_in.insert(name);
    }
  });
}

void FileDrop::ScanFolder(Watched& watched, Scan& scan) {
  std::map<std::string, Identity> seen;
  const std::set<std::string> moved_in = std::exchange(watched.moved_in, {});
  std::size_t tried = 0;
  for (const Found& found : List(watched)) {
    const auto before = watched.seen.find(found.name);
    const bool unchanged = before != watched.seen.end() && before->second == found.identity;
    const bool finished = unchanged || moved_in.contains(found.name);
    if (finished && !stopping_ && tried++ < kFilesPerLook && Take(watched, found)) {
      watched.complaints.erase(found.name);
      ++scan.taken;
      continue;
    }
    seen.emplace(found.name, found.identity);
    ++scan.waiting;
  }
  watched.seen = std::move(seen);
  std::erase_if(watched.complaints,
                [&](const auto& entry) { return !watched.seen.contains(entry.first); });
  std::erase_if(watched.unmoved,
                [&](const auto& entry) { return !watched.seen.contains(entry.first); });
}

/// The plain files that may be taken, the oldest first.
std::vector<FileDrop::Found> FileDrop::List(const Watched& watched) const {
  std::vector<Found> found;
  std::error_code error;
  std::filesystem::directory_iterator entry(watched.folder.path, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (IsIgnored(name)) continue;
    const std::optional<Identity> identity = IdentityOf(entry->path().string());
    if (identity) found.push_back({name, *identity});
  }
  if (error) base::LogError("cannot look into {}: {}", watched.folder.path, error.message());
  std::sort(found.begin(), found.end(), [](const Found& left, const Found& right) {
    return std::tie(left.identity.modified, left.name) <
           std::tie(right.identity.modified, right.name);
  });
  return found;
}

std::optional<FileDrop::Identity> FileDrop::IdentityOf(const std::string& path) {
  struct stat state {};
  if (lstat(path.c_str(), &state) != 0 || !S_ISREG(state.st_mode)) return std::nullopt;
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return Identity{.inode = state.st_ino,
                  .size = static_cast<std::uint64_t>(state.st_size),
                  .modified = state.st_mtim.tv_sec * kNanoseconds + state.st_mtim.tv_nsec};
}

/// True when the file was handed over and is gone from the folder.
bool FileDrop::Take(Watched& watched, const Found& found) {
  auto judged = watched.unmoved.find(found.name);
  if (judged == watched.unmoved.end() || judged->second.identity != found.identity) {
    std::optional<DropVerdict> verdict = HandOver(watched, found);
    if (!verdict) return false;
    judged =
        watched.unmoved.insert_or_assign(found.name, Judged{found.identity, *std::move(verdict)})
            .first;
  }
  const base::Status moved = MoveAway(watched, found.name, judged->second.verdict);
  if (!moved.ok()) {
    Complain(watched, found.name, moved.error().message);
    return false;
  }
  watched.unmoved.erase(judged);
  return true;
}

/// Nothing when the file stays for the next look.
std::optional<DropVerdict> FileDrop::HandOver(Watched& watched, const Found& found) {
  if (found.identity.size > watched.folder.limit_bytes) {
    return Refusal({base::ErrorCode::kTooLarge, "payload_too_large",
                    fmt::format("the file has {} bytes, source '{}' allows {}", found.identity.size,
                                watched.folder.source, watched.folder.limit_bytes)});
  }
  auto bytes = Read(watched, found);
  if (!bytes.ok()) {
    Complain(watched, found.name, bytes.error().message);
    return std::nullopt;
  }
  if (!bytes->has_value()) return std::nullopt;
  auto verdict = receiver_({.source = watched.folder.source,
                            .name = AsText(found.name),
                            .bytes = *std::move(bytes).value()});
  if (verdict.ok()) return std::move(verdict).value();
  if (!internal::MayPass(verdict.error().code)) return Refusal(verdict.error());
  Complain(watched, found.name, verdict.error().message);
  return std::nullopt;
}

/// The bytes; nothing when the file is being written or has changed.
base::Result<std::optional<std::string>> FileDrop::Read(const Watched& watched,
                                                        const Found& found) const {
  const std::string path = watched.folder.path + "/" + found.name;
  const FileHandle file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.valid()) return IoError("open", path, errno);
  if (IsOpenForWriting(file)) return std::optional<std::string>();
  std::string bytes(found.identity.size, '\0');
  if (!file.ReadAll(bytes)) return IoError("read", path, errno);
  if (IdentityOf(path) != found.identity || bytes.size() != found.identity.size) {
    return std::optional<std::string>();
  }
  return std::optional(std::move(bytes));
}

base::Status FileDrop::MoveAway(const Watched& watched, const std::string& name,
                                const DropVerdict& verdict) const {
  const std::string from = watched.folder.path + "/" + name;
  const std::string folder =
      fmt::format("{}/{}", watched.folder.path, verdict.accepted ? kDone : kRefused);
  std::error_code ignored;  // an error shows when the file is moved
  std::filesystem::create_directories(folder, ignored);
  for (int number = 0; number < kMaxNumber; ++number) {
    const std::string taken = number == 0 ? name : fmt::format("{}.{}", name, number);
    const std::string report = fmt::format("{}/{}.report.json", folder, taken);
    const FileHandle file(open(report.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    if (!file.valid() && errno == EEXIST) continue;
    if (!file.valid()) return IoError("write", report, errno);
    if (!file.WriteAll(verdict.report + "\n")) return IoError("write", report, errno);
    const std::string to = fmt::format("{}/{}", folder, taken);
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
    const int failed = errno;
    unlink(report.c_str());
    if (failed != EEXIST) return IoError("move away", from, failed);
  }
  return IoError("find a free name for", from, EEXIST);
}

/// Logs a message about a file once, not at every look.
void FileDrop::Complain(Watched& watched, const std::string& name, const std::string& message) {
  std::string& last = watched.complaints[name];
  if (last == message) return;
  last = message;
  base::LogWarning("file '{}' of source '{}' stays in its folder: {}", AsText(name),
                   watched.folder.source, message);
}

}  // namespace fansipan::sources
