#include <algorithm>
#include <chrono>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "center/connectors/file_fetch.h"
#include "sources/connectors/file_fetch/fetch_position.h"
#include "sources/connectors/file_fetch/file_fetch.h"
#include "sources/connectors/file_fetch/private_key.h"
#include "sources/unpacking.h"

namespace fansipan::sources {
namespace {

// Each entry of the journal names all that were taken and are still listed.
constexpr std::size_t kMaxMatching = 1'000;
constexpr std::size_t kMaxNameBytes = 64U << 10U;  // of all their names together
// From here on a change is in another minute than the file's last one, and shows in the list.
constexpr std::int64_t kSettlingSeconds = 60;
constexpr std::string_view kPacked = ".gz";
constexpr std::string_view kUnfinished = ".part";

std::int64_t SecondsOf(base::Timestamp moment) {
  return std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
}

std::string FingerprintOf(const center::FileFetch& fetch) {
  constexpr std::size_t kDigits = 16;
  return base::ToHex(base::Sha256(fetch.url + "\n" + fetch.files)).substr(0, kDigits);
}

/// What concerns one file only, so that the next one can be taken.
bool ConcernsOneFile(const base::Error& error) {
  return error.code == base::ErrorCode::kInvalidArgument ||
         error.code == base::ErrorCode::kTooLarge || error.reason.starts_with("file_");
}

/// A transfer that broke off: of this file, or of all; so it is after some in a row.
bool IsBrokenTransfer(const base::Error& error) {
  return error.reason == "source_timeout" || error.reason == "transfer_stalled" ||
         error.reason == "connection_lost";
}
constexpr int kMostBrokenInARow = 3;

class FolderFetch final : public Connector {
 public:
  FolderFetch(const center::Source& source, std::unique_ptr<FileServer> server,
              base::MetricsRegistry& metrics)
      : source_(source),
        fetch_(*source.file_fetch),
        single_(center::ParseFileUrl(fetch_.url, fetch_.implicit_tls)->file),
        of_(FingerprintOf(fetch_)),
        server_(std::move(server)),
        requests_(metrics.GetCounter("fansipan_connector_requests_total",
                                     "Requests that a connector sent",
                                     {{"source", source.name}, {"connector", "file_fetch"}})) {}

  base::Status Ask(Passage& passage) override;
  base::Duration every() const override { return fetch_.every; }

 private:
  base::Status Begin(Passage& passage);
  base::Status AskSignedIn(Passage& passage);
  base::Result<std::vector<ListedFile>> List(Passage& passage);
  bool IsWanted(const std::string& name) const;
  bool IsFinished(const ListedFile& file, const std::vector<ListedFile>& listed) const;
  base::Result<bool> IsTaken(const ListedFile& file, FetchPosition& position, Passage& passage);
  base::Status TakeFile(const ListedFile& file, FetchPosition& position, Passage& passage);
  base::Result<FetchedFile> FetchWhole(const ListedFile& file, Passage& passage);
  base::Status Leave(const ListedFile& file, const std::vector<ListedFile>& listed,
                     FetchPosition& position, Passage& passage);
  base::Status TakeOrLeave(const ListedFile& file, const std::vector<ListedFile>& listed,
                           FetchPosition& position, Passage& passage);
  base::Status NoteNothingMore(const FetchPosition& position, Passage& passage) const;

  const center::Source& source_;
  const center::FileFetch& fetch_;
  const std::string single_;  ///< the one file that is meant; empty: the folder's
  const std::string of_;
  const std::unique_ptr<FileServer> server_;
  base::Counter& requests_;
  std::vector<ListedFile> seen_;  ///< in the last asking
  std::uint32_t left_ = 0;        ///< files that this asking may still take
  bool delivered_ = false;        ///< in this asking
};

base::Status FolderFetch::Begin(Passage& passage) {
  FileSignIn sign_in;
  sign_in.user = fetch_.user;
  if (fetch_.key.empty()) {
    FANSIPAN_ASSIGN_OR_RETURN(sign_in.password, passage.Secret(fetch_.secret));
  } else {
    FANSIPAN_ASSIGN_OR_RETURN(const std::string kept, passage.Secret(fetch_.key));
    FANSIPAN_ASSIGN_OR_RETURN(sign_in.private_key, DecodePrivateKey(kept, fetch_.key));
  }
  server_->Begin(std::move(sign_in));
  return {};
}

bool FolderFetch::IsWanted(const std::string& name) const {
  if (!single_.empty()) return name == DecodeFromQuery(single_);
  if (!fetch_.marker.empty() && name.ends_with(fetch_.marker)) return false;
  return !name.ends_with(kUnfinished) && center::MatchesFileName(fetch_.files, name);
}

/// All that is listed; the oldest first.
base::Result<std::vector<ListedFile>> FolderFetch::List(Passage& passage) {
  requests_.Add();
  FANSIPAN_ASSIGN_OR_RETURN(const std::string text, server_->List(passage.stop()));
  FANSIPAN_ASSIGN_OR_RETURN(auto files, ParseListing(text, passage.Now()));
  std::size_t wanted = 0;
  std::size_t name_bytes = 0;
  for (const ListedFile& file : files) {
    if (!IsWanted(file.name)) continue;
    ++wanted;
    name_bytes += file.name.size();
  }
  if (!single_.empty() && wanted == 0 && fetch_.after == center::AfterFetch::kKeep) {
    return base::Error{base::ErrorCode::kUnavailable, "file_unreadable",
                       "the file of url is not in its folder; ask its operator"};
  }
  if (wanted > kMaxMatching || name_bytes > kMaxNameBytes) {
    return base::Error{
        base::ErrorCode::kTooLarge, "too_many_files",
        "the folder holds " + std::to_string(wanted) + " files that match, with names of " +
            std::to_string(name_bytes) + " bytes; at most " + std::to_string(kMaxMatching) +
            " and 64 KB of names are kept in sight: declare 'after', or have old files moved "
            "elsewhere"};
  }
  std::ranges::sort(files, {}, [](const ListedFile& file) {
    return std::tuple(file.time.day, file.time.minute, std::string_view(file.name));
  });
  return files;
}

bool FolderFetch::IsFinished(const ListedFile& file, const std::vector<ListedFile>& listed) const {
  if (!fetch_.marker.empty()) {
    return std::ranges::find(listed, file.name + fetch_.marker, &ListedFile::name) != listed.end();
  }
  return std::ranges::any_of(seen_,
                             [&](const ListedFile& earlier) { return IsUnchanged(earlier, file); });
}

/// True when just this state of the file was taken. Within the minute of its last change a further
/// one does not show in the list: then the server is asked for the second.
base::Result<bool> FolderFetch::IsTaken(const ListedFile& file, FetchPosition& position,
                                        Passage& passage) {
  TakenFile* taken = position.Find(file.name);
  if (taken == nullptr || !IsUnchanged(taken->listed, file)) return false;
  // What the list tells to the minute is kept, also once it tells the day only.
  if (file.time.minute >= 0) taken->listed.time = file.time;
  if (taken->settled || taken->modified < 0) return true;
  requests_.Add();
  FANSIPAN_ASSIGN_OR_RETURN(const std::int64_t modified,
                            server_->ModifiedAt(file.name, passage.stop()));
  if (modified != taken->modified) return false;
  taken->settled = SecondsOf(passage.Now()) - taken->taken_at >= kSettlingSeconds;
  return true;
}

/// The bytes, when the file was the same before and after.
base::Result<FetchedFile> FolderFetch::FetchWhole(const ListedFile& file, Passage& passage) {
  requests_.Add(2);
  FANSIPAN_ASSIGN_OR_RETURN(
      FetchedFile fetched, server_->Fetch(file.name, source_.limits.payload_bytes, passage.stop()));
  FANSIPAN_ASSIGN_OR_RETURN(const std::int64_t after,
                            server_->ModifiedAt(file.name, passage.stop()));
  if (fetched.bytes.size() == file.bytes && fetched.modified == after) return fetched;
  return base::Error{base::ErrorCode::kUnavailable, "file_changed_while_fetched",
                     "the file '" + file.name +
                         "' was written to while it was fetched; it is fetched again. If that "
                         "happens often, have it written under a name that ends in .part and "
                         "renamed, or declare a marker"};
}

base::Status FolderFetch::TakeFile(const ListedFile& file, FetchPosition& position,
                                   Passage& passage) {
  FANSIPAN_ASSIGN_OR_RETURN(FetchedFile fetched, FetchWhole(file, passage));
  passage.NoteContact();
  if (file.name.ends_with(kPacked)) {
    FANSIPAN_ASSIGN_OR_RETURN(fetched.bytes,
                              Unpack(fetched.bytes, "gzip", source_.limits.payload_bytes));
  }
  FetchPosition next = position;
  next.Take({.listed = file,
             .modified = fetched.modified,
             .settled = false,
             .taken_at = SecondsOf(passage.Now())});
  FANSIPAN_RETURN_IF_ERROR(passage.DeliverFile(file.name, std::move(fetched.bytes), Encode(next)));
  position = std::move(next);
  delivered_ = true;
  return {};
}

/// Does with a file whose rows are durable what is declared. One that changed meanwhile stays, and
/// is taken anew.
base::Status FolderFetch::Leave(const ListedFile& file, const std::vector<ListedFile>& listed,
                                FetchPosition& position, Passage& passage) {
  if (fetch_.after == center::AfterFetch::kKeep) return {};
  const TakenFile* taken = position.Find(file.name);
  requests_.Add(2);
  FANSIPAN_ASSIGN_OR_RETURN(const std::int64_t modified,
                            server_->ModifiedAt(file.name, passage.stop()));
  if (taken == nullptr || modified != taken->modified) return {};
  // The marker first: one that is left alone would say of the next file of that name that it is
  // finished while it is still being written.
  std::vector<std::string> names;
  const std::string marker = file.name + fetch_.marker;
  const auto is_marker = [&](const ListedFile& other) { return other.name == marker; };
  if (!fetch_.marker.empty() && std::ranges::any_of(listed, is_marker)) names.push_back(marker);
  names.push_back(file.name);
  for (const std::string& name : names) {
    if (fetch_.after == center::AfterFetch::kDelete) {
      FANSIPAN_RETURN_IF_ERROR(server_->Delete(name, passage.stop()));
    } else {
      FANSIPAN_RETURN_IF_ERROR(server_->Move(name, fetch_.move_to, passage.stop()));
    }
  }
  return {};
}

base::Status FolderFetch::TakeOrLeave(const ListedFile& file, const std::vector<ListedFile>& listed,
                                      FetchPosition& position, Passage& passage) {
  if (!IsUsableName(file.name)) {
    return base::Error{base::ErrorCode::kInvalidArgument, "file_name_refused",
                       "the folder holds a file whose name has a quotation mark, a backslash, a "
                       "control character, or is not UTF-8; have it renamed"};
  }
  FANSIPAN_ASSIGN_OR_RETURN(const bool taken, IsTaken(file, position, passage));
  if (!taken) {
    if (left_ == 0 || !IsFinished(file, listed)) return {};
    --left_;
    FANSIPAN_RETURN_IF_ERROR(TakeFile(file, position, passage));
  }
  return Leave(file, listed, position, passage);
}

/// A sign of life when nothing was delivered; what was learnt of taken files in any case.
base::Status FolderFetch::NoteNothingMore(const FetchPosition& position, Passage& passage) const {
  std::string encoded = Encode(position);
  if (encoded == passage.Position()) encoded.clear();
  if (delivered_ && encoded.empty()) return {};
  return passage.Heartbeat(std::move(encoded));
}

base::Status FolderFetch::Ask(Passage& passage) {
  FANSIPAN_RETURN_IF_ERROR(Begin(passage));
  base::Status status = AskSignedIn(passage);
  server_->End();
  return status;
}

base::Status FolderFetch::AskSignedIn(Passage& passage) {
  FANSIPAN_ASSIGN_OR_RETURN(std::vector<ListedFile> listed, List(passage));
  passage.NoteContact();
  FetchPosition position = DecodeFetchPosition(passage.Position(), of_);
  position.KeepListed(listed);
  left_ = fetch_.max_files;
  delivered_ = false;
  std::vector<base::Error> errors;
  base::Status ended;
  int broken = 0;
  for (const ListedFile& file : listed) {
    if (!IsWanted(file.name)) continue;
    base::Status status = TakeOrLeave(file, listed, position, passage);
    broken = !status.ok() && IsBrokenTransfer(status.error()) ? broken + 1 : 0;
    if (status.ok()) continue;
    const bool goes_on = broken > 0 ? broken < kMostBrokenInARow : ConcernsOneFile(status.error());
    if (!goes_on) {
      ended = std::move(status);
      break;
    }
    errors.push_back(std::move(status).error());
  }
  seen_ = std::move(listed);
  FANSIPAN_RETURN_IF_ERROR(ended);
  FANSIPAN_RETURN_IF_ERROR(NoteNothingMore(position, passage));
  if (errors.empty()) return {};
  base::Error first = std::move(errors.front());
  if (errors.size() > 1) {
    first.message += "; " + std::to_string(errors.size() - 1) + " further files are not taken";
  }
  return first;
}

}  // namespace

std::unique_ptr<Connector> MakeFolderFetch(const center::Source& source,
                                           std::unique_ptr<FileServer> server,
                                           base::MetricsRegistry& metrics) {
  return std::make_unique<FolderFetch>(source, std::move(server), metrics);
}

}  // namespace fansipan::sources
