#include <curl/curl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "sources/connectors/file_fetch/file_server.h"
#include "sources/connectors/http/http_client.h"
#include "sources/connectors/internal/guarded_curl.h"

namespace fansipan::sources {
namespace {

constexpr std::uint64_t kMaxListing = 8U << 20U;
constexpr std::uint64_t kMaxChatter = 64U << 10U;

using internal::TransferOptions;
using Prepare = std::function<void(TransferOptions&)>;

/// What a server sends, up to a limit.
struct Sink {
  std::string bytes;
  std::uint64_t max = 0;
  bool too_large = false;
};

std::size_t TakeBytes(char* bytes, std::size_t size, std::size_t count, void* target) {
  auto& sink = *static_cast<Sink*>(target);
  const std::size_t length = size * count;
  if (length > sink.max - sink.bytes.size()) {
    sink.too_large = true;
    return 0;
  }
  sink.bytes.append(bytes, length);
  return length;
}

/// A key that stands in memory alone, under a path that the library can open.
class KeyInMemory {
 public:
  explicit KeyInMemory(const std::string& key) : file_(memfd_create("key", MFD_CLOEXEC)) {
    std::string_view left = key;
    while (file_ >= 0 && !left.empty()) {
      const ssize_t written = write(file_, left.data(), left.size());
      if (written <= 0) break;
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    whole_ = file_ >= 0 && left.empty();
  }
  ~KeyInMemory() {
    if (file_ >= 0) close(file_);
  }
  KeyInMemory(const KeyInMemory&) = delete;
  KeyInMemory& operator=(const KeyInMemory&) = delete;

  bool whole() const { return whole_; }
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_ = -1;
  bool whole_ = false;
};

/// What a command may name: it is written into a line of its own.
bool IsUsablePath(std::string_view path) {
  return std::ranges::none_of(path, [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == 0x7F || c == '"' || c == '\\';
  });
}

base::Error Refused(base::ErrorCode code, const char* reason, std::string message) {
  return {code, reason, std::move(message)};
}

class CurlFileServer final : public FileServer {
 public:
  CurlFileServer(const center::FileFetch& fetch, const center::Reach& reach)
      : fetch_(fetch),
        url_(*center::ParseFileUrl(fetch.url, fetch.implicit_tls)),
        multi_(nullptr, curl_multi_cleanup) {
    guard_.reach = reach;
    guard_.timeout = std::chrono::seconds(fetch.timeout_seconds);
    guard_.data_ports = !IsSftp();
  }

  void Begin(FileSignIn sign_in) override {
    multi_.reset(internal::IsCurlReady() ? curl_multi_init() : nullptr);
    guard_.called.clear();
    sign_in_ = std::move(sign_in);
  }
  void End() override {
    multi_.reset();
    sign_in_ = {};
  }
  base::Result<std::string> List(const std::stop_token& stop) override;
  base::Result<FetchedFile> Fetch(const std::string& name, std::uint64_t max_bytes,
                                  const std::stop_token& stop) override;
  base::Result<std::int64_t> ModifiedAt(const std::string& name,
                                        const std::stop_token& stop) override;
  base::Status Move(const std::string& name, const std::string& folder,
                    const std::stop_token& stop) override;
  base::Status Delete(const std::string& name, const std::stop_token& stop) override;

 private:
  struct Outcome {
    CURLcode code = CURLE_OK;
    std::int64_t modified = -1;
    bool stalled = false;
  };

  bool IsSftp() const { return url_.protocol == center::FileProtocol::kSftp; }
  std::string Place() const { return internal::PlaceOf(guard_.reach); }
  std::string UrlOf(const std::string& name) const;
  std::string PathOf(const std::string& name) const;
  base::Result<Outcome> Run(const std::string& name, Sink& sink, const Prepare& prepare,
                            const std::stop_token& stop);
  void PrepareSecurity(TransferOptions& options);
  void PrepareSignIn(TransferOptions& options, const std::string& key_path) const;
  base::Status Command(const std::vector<std::string>& lines, const std::stop_token& stop,
                       const base::Error& refused);
  /// `own`: what it means that the server refused the thing itself.
  base::Error ErrorOf(const Outcome& outcome, const base::Error& own) const;

  const center::FileFetch& fetch_;
  const center::FileUrl url_;
  internal::Multi multi_;  // keeps the connections of a session
  internal::SocketGuard guard_;
  FileSignIn sign_in_;
};

/// The folder itself for an empty name.
std::string CurlFileServer::UrlOf(const std::string& name) const {
  const char* scheme = IsSftp() ? "sftp" : fetch_.implicit_tls ? "ftps" : "ftp";
  const bool bracketed = url_.host.find(':') != std::string::npos;
  const std::string host = bracketed ? "[" + url_.host + "]" : url_.host;
  return std::string(scheme) + "://" + host + ":" + std::to_string(url_.port) + url_.folder +
         (name.empty() ? "" : EncodeForQuery(name));
}

/// As commands name it: absolute, or from where the sign-in leads.
std::string CurlFileServer::PathOf(const std::string& name) const {
  std::string folder = DecodeFromQuery(url_.folder);
  if (!IsSftp()) {
    folder.erase(0, 1);
  } else if (folder.starts_with("/~/")) {
    folder.erase(0, 3);
  }
  return folder + name;
}

void CurlFileServer::PrepareSecurity(TransferOptions& options) {
  internal::RestrictTransfer(options,
                             IsSftp()              ? "sftp"
                             : fetch_.implicit_tls ? "ftps"
                                                   : "ftp",
                             guard_);
  internal::TrustAuthorities(options, fetch_.authorities);
  if (IsSftp()) {
    options.Set(CURLOPT_SSH_HOST_PUBLIC_KEY_SHA256, fetch_.host_key.c_str());
  } else {
    options.Set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    options.Set(CURLOPT_FTP_FILEMETHOD, static_cast<long>(CURLFTPMETHOD_SINGLECWD));
    options.Set(CURLOPT_FTP_SKIP_PASV_IP, 1L);
  }
  options.Set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  options.Set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(fetch_.stall_seconds));
}

void CurlFileServer::PrepareSignIn(TransferOptions& options, const std::string& key_path) const {
  options.Set(CURLOPT_USERNAME, sign_in_.user.c_str());
  if (key_path.empty()) {
    options.Set(CURLOPT_PASSWORD, sign_in_.password.c_str());
    options.Set(CURLOPT_SSH_AUTH_TYPES,
                static_cast<long>(CURLSSH_AUTH_PASSWORD | CURLSSH_AUTH_KEYBOARD));
    return;
  }
  options.Set(CURLOPT_SSH_PRIVATE_KEYFILE, key_path.c_str());
  options.Set(CURLOPT_SSH_AUTH_TYPES, static_cast<long>(CURLSSH_AUTH_PUBLICKEY));
}

base::Result<CurlFileServer::Outcome> CurlFileServer::Run(const std::string& name, Sink& sink,
                                                          const Prepare& prepare,
                                                          const std::stop_token& stop) {
  const internal::Easy curl(curl_easy_init(), curl_easy_cleanup);
  const KeyInMemory key(sign_in_.private_key);
  if (!curl || !multi_ || !key.whole()) {
    return Refused(base::ErrorCode::kInternal, "", "the library for transfers could not start");
  }
  guard_.refused_address.clear();
  TransferOptions options(curl.get());
  PrepareSecurity(options);
  PrepareSignIn(options, sign_in_.private_key.empty() ? "" : key.path());
  options.Set(CURLOPT_URL, UrlOf(name).c_str());
  options.Set(CURLOPT_WRITEFUNCTION, &TakeBytes);
  options.Set(CURLOPT_WRITEDATA, &sink);
  prepare(options);
  FANSIPAN_RETURN_IF_ERROR(options.Check());
  if (curl_multi_add_handle(multi_.get(), curl.get()) != CURLM_OK) {
    return Refused(base::ErrorCode::kInternal, "", "the library took no transfer");
  }
  Outcome outcome;
  outcome.code = internal::RunTransfer(multi_.get(), curl.get(), stop);
  curl_off_t modified = -1;
  curl_off_t taken = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_FILETIME_T, &modified);
  curl_easy_getinfo(curl.get(), CURLINFO_TOTAL_TIME_T, &taken);
  curl_multi_remove_handle(multi_.get(), curl.get());
  outcome.modified = modified;
  outcome.stalled = outcome.code == CURLE_OPERATION_TIMEDOUT &&
                    std::chrono::microseconds(taken) < guard_.timeout &&
                    std::chrono::microseconds(taken) >= std::chrono::seconds(fetch_.stall_seconds);
  return outcome;
}

base::Error CurlFileServer::ErrorOf(const Outcome& outcome, const base::Error& own) const {
  switch (outcome.code) {
    case CURLE_LOGIN_DENIED:
      return Refused(base::ErrorCode::kUnavailable, "sign_in_refused",
                     Place() + " does not let the user " + sign_in_.user +
                         " in; check user and secret with its operator");
    case CURLE_PEER_FAILED_VERIFICATION:
      if (!IsSftp()) break;
      return Refused(base::ErrorCode::kForbidden, "host_key_mismatch",
                     Place() +
                         " shows another key than host_key says; ask its operator whether "
                         "it was changed, before anything else, and declare the new "
                         "fingerprint");
    case CURLE_USE_SSL_FAILED:
      return Refused(base::ErrorCode::kUnavailable, "tls_refused",
                     Place() + " speaks no TLS; nothing is fetched without it");
    case CURLE_OPERATION_TIMEDOUT:
      if (!outcome.stalled) break;
      return Refused(base::ErrorCode::kDeadlineExceeded, "transfer_stalled",
                     Place() + " sent no byte for " + std::to_string(fetch_.stall_seconds) +
                         " s; check the line, ask its operator");
    case CURLE_REMOTE_ACCESS_DENIED:
    case CURLE_REMOTE_FILE_NOT_FOUND:
    case CURLE_FTP_COULDNT_RETR_FILE:
    case CURLE_QUOTE_ERROR:
    case CURLE_SSH:
      return own;
    default:
      break;
  }
  return internal::TransferError(outcome.code, guard_);
}

base::Result<std::string> CurlFileServer::List(const std::stop_token& stop) {
  Sink sink{.bytes = {}, .max = kMaxListing};
  FANSIPAN_ASSIGN_OR_RETURN(const Outcome outcome, Run(
                                                       "", sink, [](TransferOptions&) {}, stop));
  if (sink.too_large) {
    return Refused(base::ErrorCode::kTooLarge, "listing_too_large",
                   "the list of the folder is longer than 8 MB; have old files moved elsewhere");
  }
  if (outcome.code == CURLE_OK) return std::move(sink.bytes);
  return ErrorOf(outcome, Refused(base::ErrorCode::kUnavailable, "folder_unreadable",
                                  Place() + " does not list the folder of url; check that it is "
                                            "there and that the user may read it"));
}

base::Result<FetchedFile> CurlFileServer::Fetch(const std::string& name, std::uint64_t max_bytes,
                                                const std::stop_token& stop) {
  Sink sink{.bytes = {}, .max = max_bytes};
  const auto prepare = [](TransferOptions& options) { options.Set(CURLOPT_FILETIME, 1L); };
  FANSIPAN_ASSIGN_OR_RETURN(const Outcome outcome, Run(name, sink, prepare, stop));
  if (sink.too_large) {
    return Refused(base::ErrorCode::kTooLarge, "file_too_large",
                   "the file '" + name + "' is longer than " + std::to_string(max_bytes) +
                       " bytes; raise limits.payload, or have it split");
  }
  if (outcome.code == CURLE_OK) return FetchedFile{std::move(sink.bytes), outcome.modified};
  return ErrorOf(outcome, Refused(base::ErrorCode::kUnavailable, "file_unreadable",
                                  Place() + " does not give the file '" + name +
                                      "'; check that the user may read it"));
}

base::Result<std::int64_t> CurlFileServer::ModifiedAt(const std::string& name,
                                                      const std::stop_token& stop) {
  Sink sink{.bytes = {}, .max = kMaxChatter};
  const auto prepare = [this](TransferOptions& options) {
    options.Set(CURLOPT_FILETIME, 1L);
    if (IsSftp()) {
      options.Set(CURLOPT_RANGE, "0-0");
    } else {
      options.Set(CURLOPT_NOBODY, 1L);
    }
  };
  FANSIPAN_ASSIGN_OR_RETURN(const Outcome outcome, Run(name, sink, prepare, stop));
  if (outcome.code == CURLE_OK) return outcome.modified;
  return ErrorOf(outcome, Refused(base::ErrorCode::kUnavailable, "file_unreadable",
                                  Place() + " does not tell of the file '" + name +
                                      "'; check that the user may read it"));
}

base::Status CurlFileServer::Command(const std::vector<std::string>& lines,
                                     const std::stop_token& stop, const base::Error& refused) {
  internal::List commands(nullptr, curl_slist_free_all);
  for (const std::string& line : lines) internal::AppendTo(commands, line);
  Sink sink{.bytes = {}, .max = kMaxChatter};
  const auto prepare = [&](TransferOptions& options) {
    options.Set(CURLOPT_QUOTE, commands.get());
    options.Set(CURLOPT_NOBODY, 1L);
    // An FTP connection stands in the folder that was asked before.
    if (!IsSftp()) options.Set(CURLOPT_FRESH_CONNECT, 1L);
  };
  FANSIPAN_ASSIGN_OR_RETURN(const Outcome outcome, Run("", sink, prepare, stop));
  if (outcome.code == CURLE_OK) return {};
  return ErrorOf(outcome, refused);
}

base::Status CurlFileServer::Move(const std::string& name, const std::string& folder,
                                  const std::stop_token& stop) {
  const std::string from = PathOf(name);
  const std::string to = PathOf(folder + "/" + name);
  const base::Error refused =
      Refused(base::ErrorCode::kUnavailable, "file_not_moved",
              Place() + " does not move the file '" + name + "' to '" + folder +
                  "'; check that the folder is there, has no such file, and that the user may "
                  "write it");
  if (!IsUsablePath(from) || !IsUsablePath(to)) return refused;
  if (IsSftp()) return Command({"rename \"" + from + "\" \"" + to + "\""}, stop, refused);
  return Command({"RNFR " + from, "RNTO " + to}, stop, refused);
}

base::Status CurlFileServer::Delete(const std::string& name, const std::stop_token& stop) {
  const std::string path = PathOf(name);
  const base::Error refused =
      Refused(base::ErrorCode::kUnavailable, "file_not_deleted",
              Place() + " does not delete the file '" + name + "'; check that the user may do so");
  if (!IsUsablePath(path)) return refused;
  return Command({IsSftp() ? "rm \"" + path + "\"" : "DELE " + path}, stop, refused);
}

}  // namespace

std::unique_ptr<FileServer> MakeCurlFileServer(const center::FileFetch& fetch,
                                               const center::Reach& reach) {
  return std::make_unique<CurlFileServer>(fetch, reach);
}

}  // namespace fansipan::sources
