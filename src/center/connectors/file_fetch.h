#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "center/source.h"

namespace fansipan::center {

/// How files are fetched.
enum class FileProtocol { kSftp, kFtps, kHttp };
std::string_view NameOf(FileProtocol protocol);

/// What becomes of a file at the server once its records are durable here.
enum class AfterFetch { kKeep, kMove, kDelete };
std::string_view NameOf(AfterFetch after);

/// Where the files of a source lie. Nothing is decoded.
struct FileUrl {
  FileProtocol protocol = FileProtocol::kSftp;
  bool secure = true;  ///< all but http
  std::string host;    ///< lower case; IPv6 without brackets
  std::uint16_t port = 0;
  std::string folder;  ///< begins and ends with "/"
  std::string file;    ///< empty: the folder's files are meant
};

/// Nothing for anything but an absolute sftp, ftps, https or http URL as ParseUrl takes it, without
/// query. `implicit_tls` decides the port of an ftps URL that names none.
std::optional<FileUrl> ParseFileUrl(std::string_view url, bool implicit_tls = false);

/// True when `*` stands for any characters, none too, and the rest is the same.
bool MatchesFileName(std::string_view pattern, std::string_view name);

/// A source whose files are fetched.
struct FileFetch {
  std::string url;
  std::string files = "*";  ///< of a folder: pattern of the names
  base::Duration every{};   ///< from the end of one asking to the next

  std::string user;    ///< empty with a password: http's bearer token
  std::string secret;  ///< name of the kept secret that is the password or token; may be empty
  std::string key;     ///< sftp: name of the kept secret with the private key; may be empty

  std::string host_key;       ///< sftp: SHA-256 of the server's key, in base64 without "="
  std::string authorities;    ///< ftps, https: PEM, instead of those this machine trusts
  bool implicit_tls = false;  ///< ftps: TLS from the first byte, not from AUTH TLS on

  AfterFetch after = AfterFetch::kKeep;
  std::string move_to;  ///< folder below the files' own, without "/"
  /// End of the name of the empty file that says that a file is finished; empty: it is finished
  /// when two askings in a row find it unchanged.
  std::string marker;
  std::uint32_t max_files = 100;        ///< of one asking
  std::uint32_t timeout_seconds = 300;  ///< of one file, from the first to the last byte
  std::uint32_t stall_seconds = 30;     ///< without a byte
  bool operator==(const FileFetch&) const = default;
};

/// Names of the kept secrets that it needs.
std::set<std::string> SecretsOf(const FileFetch& fetch);

}  // namespace fansipan::center
