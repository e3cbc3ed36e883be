#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "center/connectors/file_fetch.h"
#include "center/network.h"

namespace fansipan::sources {

/// A file as it came.
struct FetchedFile {
  std::string bytes;
  std::int64_t modified = -1;  ///< when the server says it was changed, Unix seconds; -1: unknown
};

/// How to sign in. Holds secrets.
struct FileSignIn {
  std::string user;
  std::string password;     ///< empty: by key
  std::string private_key;  ///< as OpenSSH or PEM writes it
};

/// One folder at a server of files. Belongs to one thread; every call ends soon after a stop. Names
/// are usable ones (IsUsableName). Errors, whatever is called: those of the way (host_unknown,
/// no_connection, address_not_allowed, source_timeout, transfer_stalled, connection_lost,
/// certificate_refused, host_key_mismatch), kUnavailable sign_in_refused.
class FileServer {
 public:
  virtual ~FileServer() = default;
  /// Begins a session: what follows connects anew, and is checked and signed in anew.
  virtual void Begin(FileSignIn sign_in) = 0;
  /// Ends its connections.
  virtual void End() = 0;
  /// The list as the server writes it, to be parsed. folder_unreadable, listing_too_large.
  virtual base::Result<std::string> List(const std::stop_token& stop) = 0;
  /// file_unreadable, file_too_large.
  virtual base::Result<FetchedFile> Fetch(const std::string& name, std::uint64_t max_bytes,
                                          const std::stop_token& stop) = 0;
  /// When the file was changed, Unix seconds; -1: the server does not tell. file_unreadable.
  virtual base::Result<std::int64_t> ModifiedAt(const std::string& name,
                                                const std::stop_token& stop) = 0;
  /// Into a folder below. file_not_moved.
  virtual base::Status Move(const std::string& name, const std::string& folder,
                            const std::stop_token& stop) = 0;
  /// file_not_deleted.
  virtual base::Status Delete(const std::string& name, const std::stop_token& stop) = 0;
};

/// By SFTP or FTPS with TLS for commands and data.
std::unique_ptr<FileServer> MakeCurlFileServer(const center::FileFetch& fetch,
                                               const center::Reach& reach);

}  // namespace fansipan::sources
